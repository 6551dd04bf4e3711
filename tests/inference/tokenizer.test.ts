import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../src-main/inference/protobuf.ts';
import { PieceType, readSentencePieceFile } from '../../src-main/inference/tokenizer/model-file.ts';
import { Tokenizer } from '../../src-main/inference/tokenizer/tokenizer.ts';
import { FIXTURE, readJson } from './helpers.ts';
import { LINE_LANGUAGES, madeUpLines } from './tokenizer-lines.ts';

const BUNDLE = join(import.meta.dirname, '../../resources/models/lalm-five-languages/vocabulary');

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

  // Ids of sentencepiece 0.1.97 and 0.2.1; sums rounded to float32 before they are compared give the mirrored segmentation.
  it.each([
    [[-9.300000190734863, -6.110000133514404, -4.206999778747559], 'xxxxxxxxxx', [1, 4, 3, 4, 3]],
    [[-9.301369667053223, -6.110710144042969, -4.207330226898193], 'xxxxx', [1, 4, 3]],
    [[-9.302740097045898, -6.111420154571533, -4.20766019821167], 'xxxxxxxx', [1, 4, 4, 3]],
  ])('breaks ties as the reference does: %j %s', (scores, text, ids) => {
    const model = new ProtobufWriter();
    const add = (piece: string, score: number, type: number): void => {
      model.message(1, new ProtobufWriter().string(1, piece).float(2, score).varint(3, type));
    };
    add('<unk>', 0, 2);
    add('\u2581', -2, 1);
    ['x', 'xx', 'xxx'].forEach((piece, i) => add(piece, scores[i] ?? 0, 1));
    model.message(2, new ProtobufWriter().varint(3, 1)).message(3, new ProtobufWriter().string(1, 'identity'));
    expect([...new Tokenizer(model.finish()).encode(text).ids]).toEqual(ids);
  });

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

  interface LineGolden {
    lines: Record<string, string>;
    models: Record<string, Record<string, string[]>>;
    bundle: Record<string, { lines: string; rows: string[]; first: string }>;
  }
  const lineGolden = readJson<LineGolden>('tokenizer-golden.json');
  function digest(rows: readonly string[]): string {
    return createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 16);
  }

  function expectRows(tokenizer: Tokenizer, lines: readonly string[], golden: readonly string[]): void {
    const size = lines.length / golden.length;
    const rows = lines.map((line) => {
      const { ids } = tokenizer.encode(line);
      return `${ids.join(' ')}|${tokenizer.decode(ids)}`;
    });
    expect(golden.length).toBeGreaterThan(0);
    golden.forEach((expected, block) => {
      const from = block * size;
      expect(digest(rows.slice(from, from + size)), `lines ${from} to ${from + size}`).toBe(expected);
    });
  }

  describe.each(LINE_LANGUAGES)('on 10,000 lines: %s', (language) => {
    const lines = madeUpLines(language);
    it("are the script's lines", () => {
      expect(lines).toHaveLength(10_000);
      expect(digest(lines)).toBe(lineGolden.lines[language]);
    });
    it.each(Object.keys(lineGolden.models))('ids and texts of %s', (name) => {
      const tokenizer = new Tokenizer(readFileSync(join(FIXTURE, `${name}.model`)));
      expectRows(tokenizer, lines, lineGolden.models[name]?.[language] ?? []);
    });
    it("ids and texts of the bundled model's vocabulary, on 10,000 lines of its own pieces", () => {
      const file = readFileSync(join(BUNDLE, `${language}.model`));
      const normal = readSentencePieceFile(file).pieces.filter(({ type }) => type === PieceType.normal);
      const own = madeUpLines(
        language,
        normal.map(({ text }) => text.replaceAll('\u2581', ' ')),
      );
      const golden = lineGolden.bundle[language];
      expect(digest(own)).toBe(golden?.lines);
      const tokenizer = new Tokenizer(file);
      expect(tokenizer.encode(own[0] ?? '').ids.join(' ')).toBe(golden?.first);
      expectRows(tokenizer, own, golden?.rows ?? []);
    });
  });
});
