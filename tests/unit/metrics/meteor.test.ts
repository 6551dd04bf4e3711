import { gzipSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { readInstalledMeteor, readParaphrases } from '../../../src-main/engine/metrics/meteor/installed.ts';
import { normaliseEnglish } from '../../../src-main/engine/metrics/meteor/normalise.ts';
import { addMeteor, meteorScore, meteorStatistics } from '../../../src-main/engine/metrics/meteor/score.ts';
import { meteorFor, type MeteorSources } from '../../../src-main/engine/metrics/meteor/settings.ts';
import { readWordNet } from '../../../src-main/engine/metrics/meteor/wordnet.ts';
import type { TokenProfile } from '../../../src-main/engine/metrics/tokenise.ts';
import type { Language } from '../../../src-main/shared/text/language.ts';
import expected from '../../golden/metrics/expected.json' with { type: 'json' };
import { synthetic } from '../../golden/metrics/synthetic.ts';

const resources = join(import.meta.dirname, '../../../resources');
const synonymSets = await readWordNet(resources);
const folder = mkdtempSync(join(tmpdir(), 'asklab-meteor-'));
afterAll(() => rmSync(folder, { recursive: true }));

function scores(
  language: Language,
  profile: TokenProfile,
  sources: MeteorSources = { synonymSets },
): { corpus: number; each: number[]; variant: string } {
  const { settings, words, variant } = meteorFor(language, profile, sources);
  const cut = (text: string): string[] => words(text.split(' '));
  const statistics = synthetic(language).map((item) =>
    meteorStatistics(cut(item.output), item.references.map(cut), settings),
  );
  const { parameters } = settings;
  return {
    corpus: meteorScore(addMeteor(statistics), parameters),
    each: statistics.map((item) => meteorScore(item, parameters)),
    variant,
  };
}

/** 0.1 points, by which the corpus scores may differ; they differ by a tenth of it at most. */
const tolerance = 0.001;

describe.each(Object.entries(expected.languages))('METEOR of %s', (code, { meteor }) => {
  const language = code as Language;
  it('equals the jar on English settings and normalisation', () => {
    const own = scores(language, 'paper');
    expect(Math.abs(own.corpus - meteor.paper.corpus)).toBeLessThan(tolerance / 10);
    const equal = meteor.paper.each.filter((score, at) => Math.abs(score - (own.each[at] ?? 0)) < 1e-9);
    expect(equal.length).toBeGreaterThanOrEqual(39);
  });
  it('equals the jar on the language’s settings', () => {
    const own = scores(language, 'plain');
    expect(Math.abs(own.corpus - meteor.plain.corpus)).toBeLessThan(tolerance / 10);
    meteor.plain.each.forEach((score, at) => expect(own.each[at]).toBeCloseTo(score, 9));
  });
});

describe('METEOR of English', () => {
  const golden = expected.languages.en.meteor;
  it('is within 0.1 points of the jar with METEOR’s own function words', () => {
    expect(golden.ownWords.corpus).not.toBe(golden.paper.corpus);
    expect(Math.abs(scores('en', 'paper').corpus - golden.ownWords.corpus)).toBeLessThan(tolerance);
  });
  it('equals the jar with a paraphrase table', async () => {
    const file = join(folder, 'table.gz');
    writeFileSync(file, gzipSync(readFileSync(join(import.meta.dirname, '../../golden/metrics/paraphrases.txt'))));
    const texts = synthetic('en')
      .flatMap((item) => [item.output, ...item.references])
      .map((text) => normaliseEnglish(text.toLowerCase()));
    const own = scores('en', 'paper', { synonymSets, paraphrases: await readParaphrases(file, texts) });
    expect(own.variant).toContain('paraphrase');
    expect(Math.abs(own.corpus - golden.paraphrase.corpus)).toBeLessThan(tolerance / 10);
    expect(golden.paraphrase.corpus).not.toBeCloseTo(golden.paper.corpus, 4);
  });
});

describe('METEOR’s sources', () => {
  it('knows WordNet’s synonyms, of irregular forms too', () => {
    const share = (left: string, right: string): boolean =>
      (synonymSets?.(left) ?? []).some((set) => synonymSets?.(right).includes(set));
    expect(share('autumn', 'fall')).toBe(true);
    expect(share('men', 'man')).toBe(true);
    expect(share('began', 'starting')).toBe(true);
    expect(share('ship', 'salt')).toBe(false);
  });
  it('runs without synonyms where the file is missing, and says so', async () => {
    expect(await readWordNet(folder)).toBeNull();
    expect(meteorFor('en', 'paper', { synonymSets: null }).variant).toContain('stages:exact+stem|');
  });
  it('reads a person’s own METEOR, and refuses a folder without it', async () => {
    await expect(readInstalledMeteor(folder)).rejects.toThrow('meteor-1.5.jar');
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'meteor-1.5.jar'), zipSync({ 'function/english.words': Buffer.from('the\nof\n') }));
    expect(await readInstalledMeteor(folder)).toEqual({ functionWords: new Set(['the', 'of']), paraphraseFile: null });
    writeFileSync(join(folder, 'data', 'paraphrase-en.gz'), gzipSync(''));
    const installed = await readInstalledMeteor(folder);
    expect(installed.paraphraseFile).toMatch(/paraphrase-en\.gz$/u);
    const { variant } = meteorFor('en', 'paper', { synonymSets, installedWords: installed.functionWords });
    expect(variant).toContain('function:meteor-1.5');
  });
  it('normalises as METEOR does', () => {
    expect(normaliseEnglish("wait... what's the u.s. 1,000-ton 'ship', mr. x?").join(' ')).toBe(
      "wait ... what 's the us 1,000 ton ' ship ' , mr. x ?",
    );
    expect(normaliseEnglish('नाव?').join(' ')).toBe('न ा व ?');
  });
});
