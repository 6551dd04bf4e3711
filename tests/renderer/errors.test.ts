/** What a person is told about a failure, in the language of the window. */
import { expect, test } from 'vitest';
import english from '../../resources/locales/en.errors.json';
import { toWireError } from '../../src-main/shared/ipc/server.ts';
import { failureOf, told, type Told } from '../../src-main/shared/told.ts';
import { failureMessage } from '../../src-renderer/app/messages.ts';

const keys = (Object.keys(english) as Told[]).filter((key) => key.split('.').length === 3);
const valuesOf = (key: Told): string[] => [...english[key].matchAll(/\{(\w+)\}/gu)].map((match) => match[1] ?? '');

test.each(keys)('%s: its values stand in the sentence of each language, and of the command line', (key) => {
  const values = Object.fromEntries(valuesOf(key).map((name) => [name, `<${name}>`]));
  const error = told(key, values);
  for (const value of Object.values(values)) expect(error.message).toContain(value);
  const sentences = (['en', 'zh', 'ko', 'fr', 'hi'] as const).map((language) =>
    failureMessage(language, toWireError(error)),
  );
  expect(sentences[0]).toBe(error.message);
  expect(new Set(sentences).size).toBe(5);
  for (const sentence of sentences) for (const value of Object.values(values)) expect(sentence).toContain(value);
});

test('a failure of inference is told by its own code; what nobody foresaw keeps its words', () => {
  const missing = Object.assign(new Error('lacks'), { code: 'missing-file', details: { files: ['a', 'b'] } });
  expect(failureOf(missing)).toEqual({ code: 'missing-file', message: 'lacks', details: { files: 'a, b' } });
  const device = Object.assign(new Error('no'), { code: 'device-unavailable', details: { device: 'webgpu' } });
  expect(failureMessage('fr', failureOf(device))).toMatch(/^webgpu n’est pas utilisable/u);
  expect(failureMessage('fr', failureOf(new TypeError('x is undefined')))).toContain('x is undefined');
});
