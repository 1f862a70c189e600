import { expect, test } from '@playwright/test';
import { catalog } from '../loop/catalog/catalog.ts';
import { respond } from '../loop/catalog/respond.ts';
import { selectTool } from '../loop/catalog/selectTool.ts';
import { DEFAULTS_TIME_MS } from './openPredicts.ts';

test('no default that a message may run lasts longer than an open predict is given', () => {
  const inChat = [selectTool, respond, ...catalog.filter(({ chat }) => chat)];
  const longest = Math.max(...inChat.map(({ defaults }) => defaults.budgets.maxTimeMs));
  expect(longest).toBe(DEFAULTS_TIME_MS);
});
