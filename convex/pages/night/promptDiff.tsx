/** @jsxImportSource hono/jsx */
import type { CompileReport } from '../../../loop/contract/compile.ts';
import { Section } from '../pieces/page.tsx';
import { counted } from '../wording/figures.ts';
import { type DiffLine, foldDiff } from '../wording/foldDiff.ts';

/** What a compile changed in the prompt, line by line; or would have changed, where nothing proved better. */
export function PromptDiff({ report }: { report: CompileReport }) {
  const { promptDiff: diff, decision } = report;
  const added = diff.filter(line => line.op === 'add').length;
  const removed = diff.filter(line => line.op === 'del').length;
  if (added + removed === 0)
    return (
      <Section id="prompt" title="What changed in the prompt">
        <p>Nothing: today's prompt stays.</p>
      </Section>
    );
  return (
    <Section
      id="prompt"
      title={
        decision === 'improved' ? 'What changed in the prompt' : 'What the best new prompt would have changed'
      }
      lead={[
        decision === 'improved' ? '' : "Nothing was changed: today's prompt stays.",
        `${counted(added, 'line')} added, ${counted(removed, 'line')} removed, from today's prompt to the new one.`,
      ]
        .filter(Boolean)
        .join(' ')}
    >
      <div class="diff">
        {foldDiff(diff).map((run, at) =>
          run.folded ? (
            <details id={`unchanged-${at}`}>
              <summary>{counted(run.lines.length, 'unchanged line')}</summary>
              {run.lines.map(line => (
                <Line line={line} />
              ))}
            </details>
          ) : (
            run.lines.map(line => <Line line={line} />)
          ),
        )}
      </div>
    </Section>
  );
}

function Line({ line: { op, text } }: { line: DiffLine }) {
  if (op === 'add') return <ins>{text || ' '}</ins>;
  if (op === 'del') return <del>{text || ' '}</del>;
  return <div>{text || ' '}</div>;
}
