import type { ArmCounts, CanaryView, SoakView } from '../../../loop/contract/canary.ts';
import type { GateReport } from '../../../loop/contract/compile.ts';
import type { TestCounts } from '../../../loop/contract/opsRun.ts';
import { counted, probability } from '../wording/figures.ts';
import type { Night } from './nightModel.ts';

/** One reason why a change was, or was not, safe. `held` is null while it is not known. */
export interface SafetyCheck {
  readonly held: boolean | null;
  readonly what: string;
  readonly detail: string;
}

/** What the sealed examples said, without the examples. */
export type GateDecision = Omit<GateReport, 'fixed' | 'broken' | 'perLabel'>;

/** The decision of a gate report. */
export function decisionOf({ fixed: _, broken: __, perLabel: ___, ...decision }: GateReport): GateDecision {
  return decision;
}

/** What stood between a better score and the users: sealed test, canary, browser tests, soak. */
export function safetyChecks(evidence: {
  night: Night;
  gate: GateDecision | null;
  canary: CanaryView | null;
  soak: SoakView | null;
  tests: TestCounts;
}): SafetyCheck[] {
  const { night, gate, canary, soak, tests } = evidence;
  return [gateCheck(gate), canaryCheck(canary), testsCheck(tests, night.running), soakCheck(night, soak)];
}

/** The paired test in one clause: `p = 0.0012, at most 0.0304 allowed`. */
export function testClause({ pValue, alpha }: Pick<GateReport, 'pValue' | 'alpha'>): string {
  return `p ${pValue < 0.0001 ? '' : '= '}${probability(pValue)}, at most ${probability(alpha)} allowed`;
}

function gateCheck(gate: GateDecision | null): SafetyCheck {
  const what = 'Sealed examples';
  if (gate === null) return { held: null, what, detail: 'They were not opened: no candidate asked for it.' };
  const opened = `The search never saw these ${gate.n} examples; this was opening ${gate.opening} of this data revision.`;
  const tested = gate.passed
    ? 'Chance alone would hardly show such a gain'
    : 'Chance alone could show such a difference';
  return { held: gate.passed, what, detail: `${opened} ${tested} (paired test: ${testClause(gate)}).` };
}

function canaryCheck(canary: CanaryView | null): SafetyCheck {
  const what = 'Canary';
  if (canary === null)
    return { held: null, what, detail: 'No canary was started: no user got another prompt.' };
  const { control, canary: tried } = canary.counts;
  const seen = `Users with today's prompt: ${armWords(control)}. Users with the new one: ${armWords(tried)}.`;
  const { verdict, reasons } = canary.verdict;
  if (canary.status === 'running')
    return { held: null, what, detail: `Still open, verdict so far: ${verdict}. ${seen}` };
  return {
    held: verdict === 'pass',
    what,
    detail: `${seen} Verdict: ${verdict}. ${reasons.join(' ')}`.trim(),
  };
}

function armWords({ n, failures, correct, wrong }: ArmCounts): string {
  const judged = correct + wrong;
  const right = judged === 0 ? 'none judged yet' : `${correct} of ${judged} judged answers right`;
  return `${counted(n, 'message')}, ${failures} failed, ${right}`;
}

function testsCheck(tests: TestCounts, running: boolean): SafetyCheck {
  const what = 'Browser tests';
  const bad = tests.failed + tests.interrupted + tests.did_not_run;
  const rest = [
    tests.failed > 0 ? `${tests.failed} failed` : '',
    tests.flaky > 0 ? `${tests.flaky} flaky` : '',
    tests.interrupted > 0 ? `${tests.interrupted} interrupted` : '',
    tests.did_not_run > 0 ? `${tests.did_not_run} did not run` : '',
  ].filter(Boolean);
  const detail = `${[`${counted(tests.passed, 'test')} passed`, ...rest].join(', ')}.`;
  if (bad > 0) return { held: false, what, detail };
  return { held: running || tests.passed === 0 ? null : true, what, detail };
}

function soakCheck(night: Night, soak: SoakView | null): SafetyCheck {
  const what = 'Soak';
  if (night.verdict === 'rolled_back')
    return {
      held: false,
      what,
      detail: `The promotion was taken back: ${night.reason ?? 'no reason given'}`,
    };
  if (soak === null) return { held: null, what, detail: 'Not reached: nothing was promoted.' };
  const { served, outcome, reason } = soak;
  const seen = `With the new prompt for everybody, ${counted(served.n, 'answer was', 'answers were')} watched and ${served.failures} failed.`;
  return { held: outcome === 'healthy' ? true : null, what, detail: `${seen} ${reason}` };
}
