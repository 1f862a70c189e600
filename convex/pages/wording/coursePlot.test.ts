import { expect, test } from '@playwright/test';
import type { BoundedPoint } from '../../../loop/canary/bounds.ts';
import { coursePlot } from './coursePlot.ts';

const point = (bounds: Partial<BoundedPoint>): BoundedPoint => ({
  at: 0,
  control: { bad: 0, good: 0 },
  canary: { bad: 0, good: 0 },
  stopsFrom: null,
  passesTo: null,
  ...bounds,
});

test('shares run over the samples of both arms, up to the next tenth above the bounds', () => {
  const plot = coursePlot([
    point({ control: { bad: 1, good: 4 }, canary: { bad: 0, good: 5 } }),
    point({ control: { bad: 2, good: 8 }, canary: { bad: 1, good: 9 }, stopsFrom: 4, passesTo: 1 }),
  ]);
  expect(plot).toMatchObject({ samples: 20, top: 0.5 });
  expect(plot.control).toBe('50,60 100,60');
  expect(plot.canary).toBe('50,100 100,80');
});

test('what stops lies between its bound and the upper edge, what passes between its bound and the lower', () => {
  const plot = coursePlot([
    point({ control: { bad: 2, good: 8 }, canary: { bad: 1, good: 9 }, stopsFrom: 4, passesTo: 2 }),
    point({ control: { bad: 4, good: 16 }, canary: { bad: 2, good: 18 }, stopsFrom: 8, passesTo: 4 }),
  ]);
  expect(plot.stops).toBe('50,0 50,20 100,20 100,0');
  expect(plot.passes).toBe('50,100 50,60 100,60 100,100');
});

test('an arm or a bound that is not there is not drawn, and a share above the edge stays at it', () => {
  const plot = coursePlot([point({ canary: { bad: 1, good: 0 } }), point({ canary: { bad: 1, good: 99 } })]);
  expect(plot.control).toBe('');
  expect(plot.stops).toBe('');
  expect(plot.canary).toBe('1,0 100,90');
  expect(coursePlot([])).toMatchObject({ canary: '', samples: 1, top: 1 });
});
