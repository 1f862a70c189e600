import { expect, test } from '../../fixtures/appTest.ts';

test('a message gets an answer, a signature card and its change of the Blueprint', async ({ autopilot }) => {
  const answer = await autopilot.send('Please remember that the rent is due on the 3rd.');
  expect(answer).toMatchObject({ status: 'complete', arm: 'none', tool: 'memory_append' });
  await expect(autopilot.answers.last().getByTestId('blueprint-change')).toHaveAttribute(
    'data-section',
    'memory',
  );
});
