import { describe, expect, it } from 'vitest';
import {
  askedOf,
  decodingRequest as request,
  itemsFor,
  proposalsFrom,
} from '../../../src-main/engine/generate/model.ts';
import { asideReasons } from '../../../src-main/engine/generate/store.ts';
import { generationSettings } from '../../../src-main/shared/contract/generation.ts';
import { decodingRequest } from '../../../src-main/shared/inference.ts';
import type { Passage } from '../../../src-main/shared/contract/types.ts';
import { ruleCandidates } from '../../../src-main/shared/rules/generate.ts';
import { splitSentences } from '../../../src-main/shared/text/sentences.ts';

const text = 'The bridge was opened in 1932 by Jane Porter. It is red. Ships pass under it every day.';

function passage(references: Passage['references'] = []): Passage {
  return {
    ...{ id: 'p', documentId: 'd', documentTitle: '', position: 1, documentPassages: 1, title: '', excerpt: '' },
    ...{ language: 'en', words: 0, candidates: 0, undecided: 0, accepted: 0, externalId: null },
    text,
    sentences: splitSentences(text, 'en'),
    references,
  };
}

const settings = (focus: 'sentences' | 'span' | 'free', candidates = 6) =>
  generationSettings.parse({ generator: 'm', focus, candidates });

describe('what the model is asked', () => {
  it('spreads over the answer-like spans of the sentences, then the sentences without one, then the whole', () => {
    const items = itemsFor(passage(), settings('sentences'));
    const marked = items.flatMap(({ answer }) => (answer ? [text.slice(answer.start, answer.end)] : []));
    expect(marked).toContain('in 1932');
    const year = items.find(({ answer }) => answer && text.slice(answer.start, answer.end) === 'in 1932');
    expect(year?.answerKind).toBe('time');
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    for (const { focus, answer } of items) {
      if (answer && focus) expect([focus.start <= answer.start, answer.end <= focus.end]).toEqual([true, true]);
    }
    const asked = new Set(items.flatMap(({ focus }) => (focus ? [focus.start] : [])));
    expect(asked.size).toBe(3);
    expect(items.at(-1)).not.toHaveProperty('focus');
    expect(itemsFor(passage(), settings('sentences', 1)).length).toBeLessThan(items.length);
  });

  it('asks first about the spans that the rules ask about, with the kind of their question', () => {
    const rules = ruleCandidates({ passage: text, language: 'en', sentences: splitSentences(text, 'en'), limit: 12 });
    const items = itemsFor(passage(), settings('sentences'));
    expect(rules.length).toBeGreaterThan(0);
    expect(items.slice(0, rules.length).map(({ answer }) => answer)).toEqual(rules.map(({ answer }) => answer));
    expect(items[rules.findIndex(({ rule }) => rule === 'en.when')]?.answerKind).toBe('time');
  });

  it('asks about the marked spans only, or about the whole passage', () => {
    const answer = { start: 25, end: 29 };
    const items = itemsFor(passage([{ id: 'r', question: '', answer }]), settings('span'));
    expect(items.map((item) => item.answer)).toEqual([answer]);
    expect(itemsFor(passage(), settings('free'))).toHaveLength(1);
  });

  it('asks a model without focus marks about the whole passage once, whatever was chosen', () => {
    const answer = { start: 25, end: 29 };
    const marked = passage([{ id: 'r', question: '', answer }]);
    for (const focus of ['sentences', 'span'] as const) {
      const wanted = askedOf({ focus: false }, settings(focus));
      expect(itemsFor(marked, wanted)).toEqual([{ id: 'p#0', text, language: 'en' }]);
      expect(request(wanted.decoding, wanted).outputs).toBe(6);
      expect(askedOf({ focus: true }, settings(focus)).focus).toBe(focus);
    }
  });

  it('gives each proposal the answer it was asked about', () => {
    const items = itemsFor(passage(), settings('sentences'));
    const outputs = [
      { text: 'When?', raw: 'when ?', tokens: [4, 5], score: -1, ranking: -1, complete: true, focus: null },
    ];
    const results = items.map(({ id }) => ({ id, outputs })).reverse(); // as they come in
    const proposals = proposalsFrom(results, items);
    expect(proposals.map((proposal) => proposal.answer)).toEqual(items.map((item) => item.answer ?? null));
    const rules = ruleCandidates({ passage: text, language: 'en', sentences: splitSentences(text, 'en'), limit: 12 });
    expect(proposals.flatMap(({ draft }) => draft ?? [])).toEqual(rules.map((rule) => rule.text));
  });
});

it('asks the runtime for beams that it takes, whatever the form offers', () => {
  for (const focus of ['sentences', 'free'] as const)
    for (const method of ['greedy', 'beam', 'diverse-beam', 'sampling'] as const)
      for (const beams of [1, 2, 5, 16])
        for (const groups of [1, 2, 3, 8])
          for (const candidates of [1, 6, 17, 40]) {
            const asked = {
              ...settings(focus, candidates),
              decoding: { ...settings(focus).decoding, method, beams, groups },
            };
            const sent = request(asked.decoding, asked);
            expect(decodingRequest.safeParse(sent).success, JSON.stringify(sent)).toBe(true);
            const [all, parts, outputs] = [sent.beams ?? 0, sent.groups ?? 0, sent.outputs ?? 0];
            if (method === 'diverse-beam') expect(all % parts, `${all} beams in ${parts} groups`).toBe(0);
            expect(outputs).toBeLessThanOrEqual(method === 'greedy' ? 1 : all);
          }
});

it('sets aside what the settings name, for the signals that say so', () => {
  const signals = { unfinished: true, languageMismatch: true, duplicateOf: 'x', copiedShare: 0.81 };
  const all = { unfinished: true, duplicate: true, copied: true };
  expect(asideReasons(signals, { setAside: all })).toEqual(['unfinished', 'language', 'duplicate', 'copied']);
  expect(asideReasons(signals, { setAside: { ...all, unfinished: false, copied: false } })).toEqual(['duplicate']);
  const fine = { unfinished: false, languageMismatch: false, duplicateOf: null, copiedShare: 0.8 };
  expect(asideReasons(fine, { setAside: all })).toEqual([]);
});
