import { expect, test } from '@playwright/test';
import { counted, dollars, duration, percent, points, pointsWords, probability, whole } from './figures.ts';

test('percent has at most one decimal and does not break from its sign', () => {
  expect(percent(0.64)).toBe('64\u00a0%');
  expect(percent(0.6449)).toBe('64.5\u00a0%');
  expect(percent(1)).toBe('100\u00a0%');
});

test('points carry a sign, and zero carries none', () => {
  expect(points(0.14)).toBe('+14');
  expect(points(-0.025)).toBe('\u22122.5');
  expect(points(0.0001)).toBe('0');
  expect(pointsWords(0.01)).toBe('+1 point');
  expect(pointsWords(-0.01)).toBe('\u22121 point');
  expect(pointsWords(0)).toBe('0 points');
});

test('durations use the unit that a reader would', () => {
  expect(duration(0)).toBe('0 ms');
  expect(duration(999)).toBe('999 ms');
  expect(duration(12_345)).toBe('12.3 s');
  expect(duration(59_999)).toBe('1 min');
  expect(duration(245_000)).toBe('4 min 5 s');
  expect(duration(3_600_000)).toBe('1 h');
  expect(duration(4_320_000)).toBe('1 h 12 min');
});

test('counts, thousands, probabilities and money read plainly', () => {
  expect(counted(1, 'test')).toBe('1 test');
  expect(counted(2, 'reply', 'replies')).toBe('2 replies');
  expect(whole(1_284_311)).toBe('1\u202f284\u202f311');
  expect(whole(999)).toBe('999');
  expect(probability(0.5)).toBe('0.5');
  expect(probability(0.0304)).toBe('0.0304');
  expect(probability(0.05)).toBe('0.05');
  expect(probability(0.00001)).toBe('below 0.0001');
  expect(probability(1)).toBe('1');
  expect(dollars(null)).toBe('price unknown');
  expect(dollars(0.00123)).toBe('$0.00123');
  expect(dollars(1.5)).toBe('$1.50');
});
