import * as z from 'zod';
import type { Json } from '../contract/json.ts';
import type { Params } from '../contract/params.ts';
import type { ChatMessage } from '../lm/message.ts';
import type { PromptBlock } from '../promptIr.ts';
import type { Signature } from '../signature.ts';

export interface RenderedPrompt {
  readonly messages: ChatMessage[];
  /** JSON schema the answer must fit; null for text answers. */
  readonly outputSchema: Json | null;
  readonly chars: number;
}

/** The messages for one input: a system message from the IR, few-shots as turns, then the input. */
export function render(signature: Signature, params: Params, input: Json): RenderedPrompt {
  const { system, fewShots, outputSchema, fields, chars } = prefixOf(signature, params);
  const question = renderFields(fields, input);
  return {
    messages: [system, ...fewShots, { role: 'user', content: question }],
    outputSchema,
    chars: chars + question.length,
  };
}

interface PromptPrefix {
  readonly system: ChatMessage;
  readonly fewShots: readonly ChatMessage[];
  readonly outputSchema: Json | null;
  readonly fields: readonly string[];
  readonly chars: number;
}

// A compile renders hundreds of inputs under the same params: everything but the input is built once.
const prefixes = new WeakMap<Params, PromptPrefix>();

function prefixOf(signature: Signature, params: Params): PromptPrefix {
  const known = prefixes.get(params);
  if (known) return known;
  const fields = signature.prompt.flatMap(block => (block.kind === 'Context' ? block.fields : []));
  const outputSchema = params.decode.policy === 'text' ? null : outputSchemaOf(signature);
  const system: ChatMessage = {
    role: 'system',
    content: signature.prompt
      .map(block => renderBlock(block, params, outputSchema))
      .filter(text => text !== '')
      .join('\n\n'),
  };
  const shown = signature.prompt.some(block => block.kind === 'FewShot') ? params.fewShots : [];
  const fewShots = shown.flatMap((shot): ChatMessage[] => [
    { role: 'user', content: renderFields(fields, shot.input) },
    {
      role: 'assistant',
      content: typeof shot.output === 'string' ? shot.output : JSON.stringify(shot.output),
    },
  ]);
  const chars = system.content.length + fewShots.reduce((sum, message) => sum + message.content.length, 0);
  const prefix = { system, fewShots, outputSchema, fields, chars };
  prefixes.set(params, prefix);
  return prefix;
}

function renderBlock(block: PromptBlock, params: Params, outputSchema: Json | null): string {
  switch (block.kind) {
    case 'System':
      return block.text;
    case 'Instruction':
      return `# Instruction\n${params.instruction}`;
    case 'ToolPolicy':
      return `# Tools\n${block.text}\n${block.tools.map(tool => `- ${tool.name}: ${tool.description}`).join('\n')}`;
    case 'OutputFormat':
      return outputSchema === null
        ? ''
        : `# Output\nAnswer with one JSON object that fits this JSON schema:\n${JSON.stringify(outputSchema)}`;
    case 'FewShot':
    case 'Context':
      return '';
  }
}

function outputSchemaOf(signature: Signature): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(signature.output);
  return JSON.parse(JSON.stringify(schema)) as Json;
}

function renderFields(fields: readonly string[], input: Json): string {
  const record = input !== null && typeof input === 'object' && !Array.isArray(input) ? input : {};
  return fields
    .map(field => {
      const value = record[field] ?? '';
      return `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
    })
    .join('\n');
}
