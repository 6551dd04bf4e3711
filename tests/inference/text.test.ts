import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBundle } from '../../src-main/inference/bundle/bundle.ts';
import { lowerCased } from '../../src-main/inference/text/lower-case.ts';
import { prepareItem, sentenceAt, windowStart } from '../../src-main/inference/text/prepare.ts';
import { detokenised, restoreText } from '../../src-main/inference/text/restore.ts';
import { FIXTURE, readJson } from './helpers.ts';

describe('source', () => {
  it('lower-cases as the trainer does, and keeps every place', () => {
    for (const [text = '', lower] of readJson<string[][]>('lower-case.json')) expect(lowerCased(text)).toBe(lower);
  });
  it('marks the answer behind a letter whose lower case is longer', async () => {
    const bundle = await loadBundle(join(FIXTURE, 'pointer'));
    const text = 'İİİİ and the bridge of stone is old.';
    const start = text.indexOf('stone');
    const { source } = prepareItem(bundle, { id: 'x', text, language: 'en', answer: { start, end: start + 5 } });
    const marked = [...source.tokens].filter((_, i) => source.segments[i] === 2);
    expect(bundle.languages.get('en')?.tokenizer.decode(marked).trim()).toBe('stone');
  });
  it("marks focus and answer, and takes the answer's sentence as focus", async () => {
    const bundle = await loadBundle(join(FIXTURE, 'pointer'));
    const text = 'The boat. The bridge of stone is old.';
    const start = text.indexOf('stone');
    const { source, focus } = prepareItem(bundle, { id: 'x', text, language: 'en', answer: { start, end: start + 5 } });
    expect(focus && text.slice(focus.start, focus.end)).toBe('The bridge of stone is old.');
    const { tokenizer } = bundle.languages.get('en') ?? {};
    const marked = (segment: number): string =>
      (tokenizer?.decode([...source.tokens].filter((_, i) => source.segments[i] === segment)) ?? '').trim();
    expect(marked(2)).toBe('stone');
    expect(marked(0)).toBe('the boat.');
    expect(marked(1).startsWith('the bridge of')).toBe(true);
  });
  it("marks the separator with the answer's kind where the model knows it", async () => {
    const bundle = await loadBundle(join(FIXTURE, 'pointer'));
    const architecture = { ...bundle.manifest.architecture, answerKinds: ['place', 'thing'] };
    const knowing = { ...bundle, manifest: { ...bundle.manifest, architecture } };
    const item = { id: 'x', text: 'The bridge of stone is old.', language: 'en', answer: { start: 14, end: 19 } };
    const mark = (answerKind?: string, of = knowing): number | undefined =>
      prepareItem(of, { ...item, ...(answerKind === undefined ? {} : { answerKind }) }).source.separatorSegment;
    expect([mark('thing'), mark('person'), mark(), mark('thing', bundle)]).toEqual([
      4,
      undefined,
      undefined,
      undefined,
    ]);
  });
  it('puts a draft behind the source where the model reads drafts and an answer is marked', async () => {
    const bundle = await loadBundle(join(FIXTURE, 'pointer'));
    const architecture = { ...bundle.manifest.architecture, answerKinds: ['place', 'thing'], maximumDraft: 30 };
    const reading = { ...bundle, manifest: { ...bundle.manifest, architecture } };
    const answer = { start: 14, end: 19 };
    const item = { id: 'x', text: 'The bridge of stone is old.', language: 'en', draft: 'The BRIDGE of what is old?' };
    const plain = prepareItem(bundle, { ...item, answer }).source;
    const { tokens, segments } = prepareItem(reading, { ...item, answer }).source;
    const { tokenizer } = bundle.languages.get('en') ?? {};
    expect(tokens.length).toBe(segments.length);
    expect([...tokens.slice(0, plain.tokens.length)]).toEqual([...plain.tokens]);
    expect([...segments.slice(0, plain.tokens.length)]).toEqual([...plain.segments]);
    expect(new Set(segments.slice(plain.tokens.length))).toEqual(new Set([5]));
    expect([...tokens.slice(plain.tokens.length)]).toEqual([
      ...(tokenizer?.encode('the bridge of what is old?').ids ?? []),
    ]);
    expect(prepareItem(reading, { ...item, focus: { start: 0, end: 27 } }).source.tokens).toEqual(plain.tokens);
    const short = { ...reading, manifest: { ...reading.manifest, architecture: { ...architecture, maximumDraft: 3 } } };
    expect(prepareItem(short, { ...item, answer }).source.tokens).toEqual(plain.tokens);
  });
  it('refuses a span outside the text and an unknown language', async () => {
    const bundle = await loadBundle(join(FIXTURE, 'pointer'));
    expect(() =>
      prepareItem(bundle, { id: 'x', text: 'short', language: 'en', focus: { start: 0, end: 99 } }),
    ).toThrowError(/ends at 99/);
    expect(() => prepareItem(bundle, { id: 'x', text: 'short', language: 'xx' })).toThrowError(
      /does not know the language/,
    );
  });
  it('puts the window around the focus', () => {
    expect(windowStart(100, 24, null)).toBe(0);
    expect(windowStart(100, 24, { from: 50, to: 60 })).toBe(43);
    expect(windowStart(100, 24, { from: 95, to: 99 })).toBe(76);
    expect(windowStart(100, 24, { from: 0, to: 4 })).toBe(0);
    expect(windowStart(10, 24, { from: 5, to: 6 })).toBe(0);
  });
  it('begins at the start for a model without focus, wherever the answer is', async () => {
    const text = `${'The old library stands near the river. '.repeat(8)}The bridge of stone is old.`;
    const start = text.indexOf('stone');
    const item = { id: 'x', text, language: 'en', answer: { start, end: start + 5 } };
    const read = async (name: string): Promise<string> => {
      const bundle = await loadBundle(join(FIXTURE, name));
      const { source } = prepareItem(bundle, item);
      expect([...source.segments].some((segment) => segment > 0)).toBe(bundle.manifest.architecture.focus);
      return bundle.languages.get('en')?.tokenizer.decode(source.tokens) ?? '';
    };
    expect(await read('published')).toMatch(/^the old library(?!.*stone)/u);
    expect(await read('pointer')).toContain('stone');
  });
  it('finds Chinese and Hindi sentences', () => {
    expect(sentenceAt('他来了。谁走了？', 5, 'zh')).toEqual({ start: 4, end: 8 });
    expect(sentenceAt('यह एक है। वह दो है।', 12, 'hi').start).toBe(10);
  });
});

describe('written text', () => {
  const restored = (decoded: string, text: string, draft?: string, language = 'en'): string =>
    restoreText(decoded, { text, language, ...(draft === undefined ? {} : { draft }) }, true);
  it("restores the passage's spelling and the first capital", () => {
    const passage = 'The 2012 Act was signed by Percy Shelley. However, NATO objected. McDonald agreed with the act.';
    expect(restored('what did percy shelley and nato sign with mcdonald in the 2012 act ?', passage)).toBe(
      'What did Percy Shelley and NATO sign with McDonald in the 2012 Act?',
    );
    expect(restored('where is İstanbul ?', 'The city of İSTANBUL is old.')).toBe('Where is İSTANBUL?');
  });
  it("takes a draft's spelling where the draft says the same", () => {
    const passage = 'Le journal La Nación le dit. La Nación est lue à La Plata.';
    const draft = 'Qui lit La Nación dans la ville ?';
    expect(restored('qui lit la nación dans la ville ?', passage, draft, 'fr')).toBe(draft.replace(' ?', '\u202f?'));
    expect(restored('qui lit le journal ?', passage, draft, 'fr')).toBe('Qui lit le journal\u202f?');
  });
  it.each([
    ['fr', 'qui perd son statut de prieuré en 1529 ?', 'qui perd son statut de prieuré en 1529\u202f?'],
    ['zh', '谁 建造 了 这座桥?', '谁建造了这座桥？'],
    ['hi', 'पुल किसने बनाया ?', 'पुल किसने बनाया?'],
    ['ko', '누가 다리를 지었습니까 ?', '누가 다리를 지었습니까?'],
    ['en', 'who built the bridge ( of stone ) , and when ?', 'who built the bridge (of stone), and when?'],
    ['en', 'who built it', 'who built it'],
  ])('%s: %s', (language, decoded, written) => expect(detokenised(decoded, language)).toBe(written));
});
