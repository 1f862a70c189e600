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

/** A sentence that begins with its verdict, as in `Kept: ...`, with the verdict as a mark. */
export function MarkedSentence({ of: word, sentence }: { of: string; sentence: string }) {
  const colon = sentence.indexOf(': ');
  if (colon < 0) return <>{sentence}</>;
  return (
    <>
      <Mark of={word} text={sentence.slice(0, colon)} />
      <span class="visually-hidden">:</span> {sentence.charAt(colon + 2).toUpperCase()}
      {sentence.slice(colon + 3)}
    </>
  );
}
