import { expect, test } from '@playwright/test';
import { plainInput, plainOutput, plainText } from './plainJson.ts';

test('an input is led by what a person said', () => {
  expect(plainInput({ blueprintHint: 'Agent: Max', message: 'call me Ada' })).toEqual({
    main: 'call me Ada',
    rest: 'blueprintHint: Agent: Max',
  });
  expect(plainInput({ a: 1, b: [2] })).toEqual({ main: '{"a":1,"b":[2]}', rest: '' });
  expect(plainInput('hello')).toEqual({ main: 'hello', rest: '' });
});

test('an output with one field is that field', () => {
  expect(plainOutput({ tool: 'none' })).toBe('none');
  expect(plainOutput({ score: 0.5 })).toBe('0.5');
  expect(plainOutput({ a: 1, b: 2 })).toBe('{"a":1,"b":2}');
  expect(plainOutput(null)).toBe('null');
});

test('a text that was cut is shown as it is', () => {
  expect(plainText('{"tool":"none"}', plainOutput)).toBe('none');
  expect(plainText('{"tool":"no… (9 more characters)', plainOutput)).toBe('{"tool":"no… (9 more characters)');
});
