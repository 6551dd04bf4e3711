import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../src-main/inference/tokenizer/tokenizer.ts';
import { FIXTURE, readJson } from './helpers.ts';

type Golden = Record<string, { text: string; ids: number[]; decoded: string }[]>;

describe('tokenizer equals SentencePiece', () => {
  const golden = readJson<Golden>('tokenizer.json');
  for (const name of ['plain', 'bytes']) {
    const tokenizer = new Tokenizer(readFileSync(join(FIXTURE, `${name}.model`)));
    it.each(golden[name] ?? [])(`${name}: $text`, ({ text, ids, decoded }) => {
      expect([...tokenizer.encode(text).ids]).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(decoded);
    });
  }

  it('gives UTF-16 offsets of the text each token came from', () => {
    const tokenizer = new Tokenizer(readFileSync(join(FIXTURE, 'bytes.model')));
    const text = '🦊 the  ﬁne library';
    const { starts, ends } = tokenizer.encode(text);
    expect(starts[0]).toBe(0);
    expect(ends[ends.length - 1]).toBe(text.length);
    for (let i = 1; i < starts.length; i++) expect(starts[i]).toBeGreaterThanOrEqual(starts[i - 1] ?? 0);
    const library = tokenizer.encode('the library');
    expect(library.ends[library.ends.length - 1]).toBe(11);
  });

  it('refuses a file that is no model', () => {
    expect(() => new Tokenizer(new Uint8Array([1, 2, 3]))).toThrowError(/not a usable SentencePiece model/);
  });

  const folder = join(import.meta.dirname, '../golden/inference');
  const languages = ['en', 'fr', 'zh', 'hi', 'ko'].filter(
    (language) =>
      existsSync(join(folder, `tokenizer.${language}.json`)) && existsSync(join(folder, `${language}.model`)),
  );
  it.runIf(languages.length > 0).each(languages)("equals the trainer's golden ids: %s", (language) => {
    const tokenizer = new Tokenizer(readFileSync(join(folder, `${language}.model`)));
    const cases = JSON.parse(readFileSync(join(folder, `tokenizer.${language}.json`), 'utf8')) as {
      text: string;
      ids: number[];
    }[];
    for (const { text, ids } of cases) expect([...tokenizer.encode(text).ids], text).toEqual(ids);
  });
});
