import { expect, test } from '@playwright/test';
import { normalCdf, normalDensity } from './normal.ts';
import { normalQuantile } from './normalQuantile.ts';

test('the chance below a quantile is the one that the quantile was asked for, tails included', () => {
  for (const p of [1e-6, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999])
    expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 5);
});

test('the density is the slope of the chance', () => {
  for (const z of [-3, -0.4, 0, 1.7])
    expect((normalCdf(z + 0.01) - normalCdf(z - 0.01)) / 0.02).toBeCloseTo(normalDensity(z), 4);
});
