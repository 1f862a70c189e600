import { expect, test } from '@playwright/test';
import { promptDiff } from '../../../loop/compile/promptDiff.ts';
import { pageStyle } from '../browser/pageStyle.ts';
import { PromptDiff } from './promptDiff.tsx';

test('changed words are told apart without colours, on paper too: struck out or underlined, and said to screen readers', async ({
  page,
}) => {
  const report = {
    promptDiff: promptDiff('Choose the best tool.', 'Choose the one tool.'),
    decision: 'improved',
  } as const;
  await page.setContent(`<style>${pageStyle}</style>${PromptDiff({ report })}`);
  for (const media of ['screen', 'print'] as const) {
    await page.emulateMedia({ media });
    await expect(page.locator('del')).toHaveCSS('text-decoration-line', 'line-through');
    await expect(page.locator('ins')).toHaveCSS('text-decoration-line', 'underline');
  }
  await expect(page.locator('.removed')).toHaveText('removed line: Choose the (removed: best) tool.');
  await expect(page.locator('.added')).toHaveText('added line: Choose the (added: one) tool.');
});
