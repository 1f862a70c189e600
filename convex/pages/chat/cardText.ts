import type { SignatureCard } from '../../../loop/contract/autopilot.ts';
import { counted, duration, whole } from '../wording/figures.ts';
import { shortHash, signatureName } from '../wording/links.ts';

/** What a signature card says, for the server's page and for the browser script alike. */
export function cardText(card: SignatureCard) {
  const name = signatureName(card.signatureId);
  const chose = card.tool === null ? '' : card.tool === 'none' ? ' chose no tool' : ` chose ${card.tool}`;
  return {
    summary: card.error === null ? `${name}${chose}` : `${name} failed`,
    aside: [card.arm === 'none' ? '' : `${card.arm} arm`, duration(card.ms)].filter(Boolean).join(' · '),
    tool: card.tool ?? 'does not choose one',
    time: duration(card.ms),
    compiledId: shortHash(card.compiledId),
    counters: countersText(card),
    error: card.error ?? 'none',
  };
}

function countersText({ counters, budget }: SignatureCard): string {
  if (!counters) return 'not kept';
  const { inputTokens, outputTokens, repairs, toolCalls } = counters;
  const parts = [
    `${whole(inputTokens)} tokens in, ${whole(outputTokens)} out`,
    counted(repairs, 'repair'),
    counted(toolCalls, 'tool call'),
  ];
  return [...(budget ? [`budget ${budget}`] : []), ...parts].join(', ');
}

/** The notice of a Blueprint change. */
export function changeText({ section, text }: { section: string; text: string }): string {
  return `Added to ${section.replaceAll('_', ' ')}: ${text}`;
}
