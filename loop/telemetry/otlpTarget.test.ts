import { expect, test } from '@playwright/test';
import { otlpTarget } from './otlpTarget.ts';

test('without an address nothing is exported', () => {
  expect(otlpTarget({})).toBeNull();
  expect(otlpTarget({ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' })).toBeNull();
});

test('the general address gets the path of traces, and the one for traces stands as it is', () => {
  const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
  expect(otlpTarget(general)).toEqual({ url: 'http://collector:4318/v1/traces', headers: {} });
  const both = { ...general, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://other/spans' };
  expect(otlpTarget(both)?.url).toBe('https://other/spans');
});

test('headers are decoded, and a value may hold an equals sign', () => {
  const target = otlpTarget({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YWJj=, x-team = night,broken',
  });
  expect(target?.headers).toEqual({ authorization: 'Basic YWJj=', 'x-team': 'night' });
});
