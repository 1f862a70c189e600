/** @jsxImportSource hono/jsx */

/** How good news is: decides the colour only, the words always stand beside it. */
export type Tone = 'good' | 'bad' | 'warn' | 'calm';

const tones: Record<string, Tone> = {
  promoted: 'good',
  passed: 'good',
  pass: 'good',
  winner: 'good',
  kept: 'calm',
  control: 'calm',
  running: 'calm',
  skipped: 'calm',
  rejected: 'calm',
  stopped: 'warn',
  hold: 'warn',
  flaky: 'warn',
  did_not_run: 'warn',
  interrupted: 'warn',
  rolled_back: 'bad',
  failed: 'bad',
  fail: 'bad',
};

/** A word that stands for a verdict or an outcome. */
export function Mark({ of: word, text }: { of: string; text?: string }) {
  return <span class={`mark ${tones[word] ?? 'calm'}`}>{text ?? word.replaceAll('_', ' ')}</span>;
}
