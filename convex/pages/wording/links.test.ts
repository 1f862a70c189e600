import { expect, test } from '@playwright/test';
import { pageOf, shortHash, signatureName, signatureTitle } from './links.ts';

test('ids with slashes and at signs survive in an address', () => {
  const signatureId = '@openagents/autopilot/blueprint/SelectTool.v1';
  const address = pageOf.signature(signatureId);
  expect(address).toBe('/dse/signature/%40openagents%2Fautopilot%2Fblueprint%2FSelectTool.v1');
  expect(decodeURIComponent(address.slice('/dse/signature/'.length))).toBe(signatureId);
  expect(signatureName(signatureId)).toBe('SelectTool.v1');
  expect(signatureTitle(signatureId)).toBe('SelectTool');
});

test('hashes are shortened, other ids are not', () => {
  expect(shortHash(`sha256:${'3f9a1c02'.repeat(8)}`)).toBe('3f9a1c02');
  expect(shortHash('night-1')).toBe('night-1');
});
