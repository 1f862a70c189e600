/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import type { CompileReport } from '../../../loop/contract/compile.ts';
import { Section } from '../pieces/page.tsx';
import { counted } from '../wording/figures.ts';
import { foldDiff } from '../wording/foldDiff.ts';
import { type MarkedLine, markedLines } from '../wording/markedLines.ts';

/**
 * What the new prompt of a compile changes, line by line, and in a line that was rewritten word by word; or would have changed, where
 * nothing proved better. Whether it came to serve is told elsewhere: a canary may have stopped it.
 */
export function PromptDiff({ report }: { report: Pick<CompileReport, 'promptDiff' | 'decision'> }) {
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
        decision === 'improved'
          ? 'What the new prompt changes'
          : 'What the best new prompt would have changed'
      }
      lead={[
        decision === 'improved' ? '' : "Nothing was changed: today's prompt stays.",
        `${counted(added, 'line')} added, ${counted(removed, 'line')} removed, from today's prompt to the new one.`,
      ]
        .filter(Boolean)
        .join(' ')}
    >
      <div class="diff">
        {foldDiff(markedLines(diff)).map((run, at) =>
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

function Line({ line: { op, text, words } }: { line: MarkedLine }) {
  if (op === 'same') return <div>{text || ' '}</div>;
  const said = op === 'add' ? 'added' : 'removed';
  return (
    <div class={said}>
      <span class="visually-hidden">{said} line: </span>
      {words === null ? <Changed op={op}>{text || ' '}</Changed> : <Words op={op} words={words} />}
    </div>
  );
}

/** A rewritten line: the words that it does not share with the other are marked, for eyes and for screen readers. */
function Words({ op, words }: { op: 'add' | 'del'; words: NonNullable<MarkedLine['words']> }) {
  const said = op === 'add' ? 'added' : 'removed';
  return (
    <>
      {words.map(word =>
        word.op === 'same' ? (
          word.text
        ) : (
          <Changed op={op} word>
            <span class="visually-hidden">({said}: </span>
            {word.text}
            <span class="visually-hidden">)</span>
          </Changed>
        ),
      )}
    </>
  );
}

interface ChangedProps {
  readonly op: 'add' | 'del';
  /** Part of a line of which other parts stayed. */
  readonly word?: boolean;
  readonly children?: Child;
}

function Changed({ op, word, children }: ChangedProps) {
  const kind = word ? 'word' : undefined;
  return op === 'add' ? <ins class={kind}>{children}</ins> : <del class={kind}>{children}</del>;
}
