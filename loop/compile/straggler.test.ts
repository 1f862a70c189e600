import { expect, test } from '@playwright/test';
import { onceMore, Patience } from './straggler.ts';

const at = () => {
  let sleeping: (() => void) | null = null;
  let resubmits = 0;
  return {
    late: () => sleeping?.(),
    count: () => resubmits,
    options: {
      sleep: () =>
        new Promise<void>(resolve => {
          sleeping = resolve;
        }),
      isFailure: (answer: string) => answer === 'failed',
      onResubmit: () => {
        resubmits++;
      },
    },
  };
};

test('a call that is late is asked once more, the first answer counts, and the other is aborted', async () => {
  const { late, count, options } = at();
  const signals: AbortSignal[] = [];
  const answer = onceMore(
    signal => {
      signals.push(signal);
      return signals.length === 1 ? new Promise<string>(() => undefined) : Promise.resolve('second');
    },
    100,
    options,
  );
  late();
  expect(await answer).toBe('second');
  expect(signals.map(signal => signal.aborted)).toEqual([true, true]);
  expect(count()).toBe(1);
});

test('a call in time is asked once', async () => {
  const { count, options } = at();
  expect(await onceMore(async () => 'first', 100, options)).toBe('first');
  expect(count()).toBe(0);
});

test('when one of the two fails, the other still counts; when both do, it has failed', async () => {
  for (const [second, wanted] of [
    ['right', 'right'],
    ['failed', 'failed'],
  ] as const) {
    const { late, options } = at();
    let end: (answer: string) => void = () => undefined;
    let calls = 0;
    const answer = onceMore(
      () =>
        calls++ === 0
          ? new Promise<string>(resolve => {
              end = resolve;
            })
          : Promise.resolve(second),
      100,
      options,
    );
    late();
    end('failed');
    expect(await answer).toBe(wanted);
  }
});

test('what is late follows from how long nearly all others took', () => {
  const patience = new Patience();
  for (let i = 0; i < 19; i++) patience.answered(1_000);
  expect(patience.limitMs, 'too little is known').toBeNull();
  patience.answered(60_000);
  expect(patience.limitMs).toBe(240_000);
  for (let i = 0; i < 100; i++) patience.answered(1_000);
  expect(patience.limitMs).toBe(4_000);
  for (let i = 0; i < 200; i++) patience.answered(10);
  expect(patience.limitMs, 'nothing below two seconds is').toBe(2_000);
});
