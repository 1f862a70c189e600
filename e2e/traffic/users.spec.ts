import { joinCanary } from '../../fixtures/canaryTraffic.ts';
import { expect, nightTeardown as test } from '../../fixtures/test.ts';
import { USUAL_RAMP } from '../../loop/canary/ramp.ts';

// One test a user, so that --shard deals users to machines, and --workers to the cores of each.
const users = USUAL_RAMP.at(-1)?.users ?? 0;

for (let number = 0; number < users; number++) {
  test(`user ${number + 1} talks through the open canary`, async ({ dse, convex, opsRun, traffic }) => {
    const sent = await joinCanary({ dse, convex, opsRun, traffic }, number);
    expect(sent.every(({ arm }) => arm === 'control' || arm === 'canary')).toBe(true);
  });
}
