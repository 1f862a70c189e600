/** @jsxImportSource hono/jsx */
import type { Receipt } from '../../../loop/contract/receipt.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import {
  ArtifactLink,
  CanaryLink,
  NightLink,
  ReceiptLink,
  RequestLink,
  RowLink,
  SignatureLink,
  TraceLink,
} from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { counted, dollars, duration, percent, whole } from '../wording/figures.ts';
import { pageOf, signatureName } from '../wording/links.ts';
import { plainOutput, prettyJson } from '../wording/plainJson.ts';

/** Whether the answer was right, where the expected one is known. */
export interface Outcome {
  readonly exampleId: string;
  readonly correct: boolean;
  readonly at: number;
}

/** What a receipt's page shows; `?format=json` answers it. */
export interface ReceiptView {
  readonly receipt: Receipt;
  readonly outcome: Outcome | null;
}

/** The record of one predict, every field of it. */
export function receiptPage({ receipt, outcome }: ReceiptView) {
  return page({
    title: `Receipt ${receipt.receiptId}`,
    kicker: (
      <>
        Receipt of one prediction, <When at={receipt.startedAt} />
      </>
    ),
    heading: headingOf(receipt),
    children: (
      <>
        <ResultSection receipt={receipt} outcome={outcome} />
        <WhatRan receipt={receipt} />
        <Calls receipt={receipt} />
        <Budgets receipt={receipt} />
        <Hashes receipt={receipt} />
      </>
    ),
  });
}

function headingOf({ signatureId, result, ms, arm }: Receipt): string {
  const name = signatureName(signatureId);
  const where = arm === 'none' ? '' : ` on the ${arm} arm`;
  if (!result.ok) return `${name} failed with ${result.error.code}${where} after ${duration(ms)}`;
  const answer = plainOutput(result.output);
  return answer.length <= 60
    ? `${name} answered ${answer}${where} in ${duration(ms)}`
    : `${name} answered${where} in ${duration(ms)}`;
}

function ResultSection({ receipt: { result, signatureId }, outcome }: ReceiptView) {
  return (
    <Section id="result" title="Result">
      {outcome && (
        <p>
          <Mark of={outcome.correct ? 'passed' : 'failed'} text={outcome.correct ? 'right' : 'wrong'} />{' '}
          compared with example <RowLink signatureId={signatureId} exampleId={outcome.exampleId} />,{' '}
          <When at={outcome.at} />.
        </p>
      )}
      {result.ok ? (
        <pre>{typeof result.output === 'string' ? result.output : prettyJson(result.output)}</pre>
      ) : (
        <p class="error">
          <code>{result.error.code}</code>: <LinkedText text={result.error.message} />
        </p>
      )}
    </Section>
  );
}

function WhatRan({ receipt }: { receipt: Receipt }) {
  const { usage, render } = receipt;
  return (
    <Section id="what-ran" title="What ran">
      <Facts
        facts={[
          ['Signature', <SignatureLink signatureId={receipt.signatureId} />],
          ['compiled_id', <ArtifactLink compiledId={receipt.compiledId} />],
          ['Strategy', receipt.strategy],
          ['Purpose', receipt.purpose],
          ['Arm', receipt.arm],
          ['Bucket', receipt.bucket === null ? null : `${receipt.bucket} of 10 000`],
          ['Canary', receipt.canaryId && <CanaryLink canaryId={receipt.canaryId} />],
          ['Night', receipt.opsRunId && <NightLink runId={receipt.opsRunId} />],
          ['Request', <RequestLink requestId={receipt.requestId} />],
          ['Thread', receipt.threadId && <code>{receipt.threadId}</code>],
          ['Unit (user)', receipt.unit && <code>{receipt.unit}</code>],
          ['Provider', receipt.provider],
          ['Time', duration(receipt.ms)],
          ['Tokens', `${whole(usage.inputTokens)} in, ${whole(usage.outputTokens)} out (${usage.mark})`],
          ['Cost', dollars(receipt.costUsd)],
          [
            'Prompt',
            `${counted(render.messages, 'message')}, ${counted(render.chars, 'character')}, ${counted(render.fewShots, 'worked example')}`,
          ],
          ['Context pressure', `${percent(receipt.contextPressure)} of the prompt or output budget`],
          ['Repairs', String(receipt.repairs)],
          ['Trace', receipt.traceId && <TraceLink traceId={receipt.traceId} receiptId={receipt.receiptId} />],
          ['Receipt', <ReceiptLink receiptId={receipt.receiptId} />],
          ['Format', `${receipt.format}, version ${receipt.formatVersion}`],
        ]}
      />
    </Section>
  );
}

function Calls({ receipt: { calls } }: { receipt: Receipt }) {
  return (
    <Section id="calls" title="Model calls">
      {calls.length === 0 ? (
        <p class="faint">None were made.</p>
      ) : (
        <DataTable
          caption="Model calls in order"
          columns={[
            { head: 'Role' },
            { head: 'Model' },
            { head: 'Tries', figures: true },
            { head: 'Time', figures: true },
            { head: 'Tokens in', figures: true },
            { head: 'Tokens out', figures: true },
            { head: 'Error' },
          ]}
          rows={calls.map(call => [
            call.role,
            <>
              {call.actualModel ?? 'no answer'}
              {call.actualModel !== call.configuredModel && (
                <span class="under faint">configured: {call.configuredModel}</span>
              )}
              {call.fallbackUsed && <span class="under faint">fallback used</span>}
            </>,
            String(call.attempts),
            duration(call.ms),
            tokens(call.usage.inputTokens),
            `${tokens(call.usage.outputTokens)} (${call.usage.mark})`,
            call.error ?? '',
          ])}
        />
      )}
    </Section>
  );
}

function Budgets({ receipt: { budgets } }: { receipt: Receipt }) {
  const { limits, used } = budgets;
  return (
    <Section id="budgets" title="Budgets">
      <DataTable
        compact
        caption="Limits of this prediction and what it used"
        columns={[{ head: 'Budget' }, { head: 'Used', figures: true }, { head: 'Limit', figures: true }]}
        rows={[
          ['Time', duration(used.timeMs), duration(limits.maxTimeMs)],
          ['Model calls', String(used.lmCalls), String(limits.maxLmCalls)],
          ['Sub model calls', String(used.subLmCalls), limitOf(limits.maxSubLmCalls)],
          ['Tool calls', String(used.toolCalls), limitOf(limits.maxToolCalls)],
          ['Controller turns', String(used.rlmIterations), limitOf(limits.maxRlmIterations)],
          ['Output characters', whole(used.outputChars), whole(limits.maxOutputChars)],
          [
            'Prompt characters',
            used.promptChars === undefined ? 'not told' : whole(used.promptChars),
            limits.maxPromptChars === undefined ? 'none set' : whole(limits.maxPromptChars),
          ],
        ]}
      />
    </Section>
  );
}

function Hashes({ receipt: { hashes, compiledId } }: { receipt: Receipt }) {
  const compiled = (
    <a href={pageOf.artifact(compiledId)}>
      <code>{compiledId}</code>
    </a>
  );
  const others = Object.entries(hashes).map(([name, hash]) => [name, hash && <code>{hash}</code>] as const);
  return (
    <Section id="hashes" title="Hashes">
      <Facts facts={[['compiled_id', compiled], ...others]} />
    </Section>
  );
}

/** Nobody counted is not zero. */
function tokens(count: number | null): string {
  return count === null ? 'not told' : whole(count);
}

function limitOf(budget: number | undefined): string {
  return budget === undefined ? 'none allowed' : String(budget);
}
