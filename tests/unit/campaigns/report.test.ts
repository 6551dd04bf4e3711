import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportFiles } from '../../../src-main/engine/campaigns/files.ts';
import { reportOf } from '../../../src-main/engine/campaigns/report.ts';
import { readScores, writeScores, type ScoreRow } from '../../../src-main/engine/campaigns/scores.ts';
import { seededRandom } from '../../../src-main/engine/statistics/random.ts';

const criteria = ['Fluency', 'Answerable', 'Significance'];

/** `passages` passages of two languages scored by three raters; `means` are each system's expected score. */
function study(passages: number, means: Record<string, number>, repeats = 0): ScoreRow[] {
  const random = seededRandom(7);
  const draw = (mean: number): number => Math.max(0, Math.min(2, Math.round(mean + (random() - 0.5) * 1.6)));
  const rows: ScoreRow[] = [];
  for (let passage = 0; passage < passages; passage += 1) {
    for (const [system, mean] of Object.entries(means)) {
      for (const criterion of criteria) {
        for (const rater of ['Ana', 'Bo', 'Chen']) {
          const row: ScoreRow = {
            campaign: 'Autumn study',
            language: passage % 2 === 0 ? 'en' : 'zh',
            passage: `p${passage}`,
            title: `Title, with a comma ${passage}`,
            words: 30,
            item: `${passage}-${system}`,
            question: `Who lit lamp ${passage} | "${system}"?`,
            system,
            human: system === 'People',
            criterion,
            rater,
            position: passage,
            repeat: 0,
            score: draw(mean),
            seconds: 4.5,
            comment: passage === 3 ? 'two\nlines' : '',
          };
          rows.push(row);
          if (passage < repeats) rows.push({ ...row, repeat: 1, score: passage === 0 ? 0 : row.score });
        }
      }
    }
  }
  return rows;
}

const two = { Neural: 1.4, Rules: 0.8, People: 1.8 };

test('means by system and criterion are those of a sum by hand, and lie in their interval', async () => {
  const rows = study(40, two);
  const { sections } = await reportOf(rows);
  expect(sections.map((section) => section.language)).toEqual([null, 'en', 'zh']);
  for (const [language, section] of [[null, sections[0]] as const, ['zh', sections[2]] as const]) {
    for (const system of Object.keys(two)) {
      for (const criterion of [...criteria, null]) {
        const own = rows.filter(
          (row) =>
            row.system === system &&
            (criterion === null || row.criterion === criterion) &&
            (language === null || row.language === language),
        );
        const cell = section?.table.find((entry) => entry.system === system && entry.criterion === criterion);
        expect(cell?.scores).toBe(own.length);
        expect(cell?.mean?.value).toBeCloseTo(own.reduce((sum, row) => sum + row.score, 0) / own.length, 5);
        expect(cell?.mean?.low).toBeLessThanOrEqual(cell?.mean?.value ?? -1);
        expect(cell?.mean?.high).toBeGreaterThanOrEqual(cell?.mean?.value ?? 9);
      }
    }
  }
});

test('a large difference is clear after Holm, none is where systems are the same', async () => {
  const apart = (await reportOf(study(40, two))).sections[0];
  const pair = apart?.differences.find(
    (entry) => entry.left === 'Neural' && entry.right === 'Rules' && entry.criterion === null,
  );
  expect(pair?.difference.value).toBeGreaterThan(0.3);
  expect(pair?.adjusted).toBeLessThan(0.01);
  expect(pair?.adjusted).toBeGreaterThanOrEqual(pair?.p ?? 1);
  expect(pair?.effect).toBeGreaterThan(0.5);
  const alike = (await reportOf(study(40, { A: 1, B: 1 }))).sections[0];
  expect(alike?.differences.every((entry) => entry.adjusted > 0.05)).toBe(true);
});

test('the smallest difference that can be seen shrinks with the root of the passages', async () => {
  const power = async (passages: number): Promise<number> =>
    (await reportOf(study(passages, two))).sections[0]?.power.find((entry) => entry.criterion === null)?.smallest ?? 0;
  const few = await power(20);
  const many = await power(80);
  expect(few).toBeGreaterThan(0);
  expect(few / many).toBeGreaterThan(1.6);
  expect(few / many).toBeLessThan(2.5);
});

test('repeats count for self-agreement and for nothing else', async () => {
  const plain = await reportOf(study(20, two));
  const withRepeats = await reportOf(study(20, two, 5));
  expect(withRepeats.sections[0]?.table).toEqual(plain.sections[0]?.table);
  expect(withRepeats.sections[0]?.agreement).toEqual(plain.sections[0]?.agreement);
  expect(plain.sections[0]?.repeats).toEqual([]);
  const own = withRepeats.sections[0]?.repeats.find((entry) => entry.rater === 'Ana');
  expect(own?.pairs).toBe(5 * 3 * 3);
  expect(own?.same).toBeGreaterThan(0.7);
  expect(own?.same).toBeLessThan(1);
});

test('a question of two systems is one item for agreement and a score for both', async () => {
  const rows = study(10, { A: 1.5 });
  const shared = [...rows, ...rows.map((row) => ({ ...row, system: 'B' }))];
  const section = (await reportOf(shared)).sections[0];
  expect(section?.items).toBe(10);
  expect(section?.agreement).toEqual((await reportOf(rows)).sections[0]?.agreement);
  expect(section?.differences[0]).toMatchObject({ left: 'A', right: 'B', p: 1, effect: null });
  expect(section?.worst[0]?.systems).toEqual(['A', 'B']);
});

test('agreement that cannot be told says why, and missing scores leave the rest', async () => {
  const one = study(6, two).filter((row) => row.rater === 'Ana');
  expect((await reportOf(one)).sections[0]?.agreement[0]?.alpha).toEqual({ undefinedBecause: 'tooFewRaters' });
  const same = study(6, two).map((row) => ({ ...row, score: 2 }));
  expect((await reportOf(same)).sections[0]?.agreement[0]?.alpha).toEqual({ undefinedBecause: 'oneCategoryOnly' });
  const holes = study(6, two).filter((row) => !(row.rater === 'Bo' && row.system === 'Rules'));
  const section = (await reportOf(holes)).sections[0];
  expect(section?.byRater.find((entry) => entry.rater === 'Bo' && entry.system === 'Rules')?.mean).toBeNull();
  expect(section?.table.find((cell) => cell.system === 'Rules' && cell.criterion === null)?.mean).not.toBeNull();
});

test('a passage that a system has no question for counts as 0 for it, and is counted beside its mean', async () => {
  const all = study(8, two);
  const gone = new Set(['p0', 'p2']);
  const rows = all.filter((row) => !(row.system === 'Rules' && gone.has(row.passage)));
  const said = all
    .filter((row) => row.system === 'Rules' && gone.has(row.passage) && row.rater === 'Ana')
    .map((row): ScoreRow => ({ ...row, item: '', question: '', rater: '', score: 0 }));
  const nowhere = { ...(said[0] as ScoreRow), passage: 'nobody has scored this one' };
  const report = await reportOf(readScores(writeScores([...rows, ...said, nowhere]), 'scores.csv'));
  expect(report.raters).toEqual(['Ana', 'Bo', 'Chen']);
  const [section, english, chinese] = report.sections;
  const kept = rows.filter((row) => row.system === 'Rules');
  const answered = kept.reduce((sum, row) => sum + row.score, 0) / kept.length;
  expect(section).toMatchObject({ passages: 8, items: 8 * 3 - 2, scores: rows.length });
  expect(section?.unanswered).toEqual([
    { system: 'Rules', passages: 2, answered: expect.closeTo(answered, 5) as number },
  ]);
  expect(english?.unanswered[0]?.passages).toBe(2);
  expect(chinese?.unanswered).toEqual([]);
  const average = section?.table.find((cell) => cell.system === 'Rules' && cell.criterion === null)?.mean?.value;
  expect(average).toBeCloseTo((answered * 6) / 8, 5);
  const byRater = section?.byRater.filter((cell) => cell.system === 'Rules' && cell.criterion === null) ?? [];
  expect(byRater.reduce((sum, cell) => sum + (cell.mean ?? 0), 0) / 3).toBeCloseTo(average ?? -1, 5);
  expect(section?.differences.find((entry) => entry.right === 'Rules')?.passages).toBe(8);
  const { 'report.md': markdown, 'table.tex': latex } = reportFiles(report);
  expect(markdown).toContain('| Rules (no question for 2 of 8 passages, each counts as 0) |');
  expect(markdown).toContain(`Over its own questions alone the average of Rules is ${answered.toFixed(2)}.`);
  expect(latex).toContain('Rules (no question for 2 of 8 passages, each counts as 0) &');
});

test('questions scored faster than reading allows are counted by rater and language, said, and left in', async () => {
  // Six words take 0.6 s, the passage's thirty 2 s more where it comes first.
  const rows = study(4, two, 1).map((row): ScoreRow => {
    const first = row.system === 'Neural' && row.repeat === 0;
    const position = Number(row.passage.slice(1)) * 3 + Object.keys(two).indexOf(row.system) + row.repeat * 100;
    const question = 'Who lit the lamp at night?';
    return { ...row, position, question, seconds: row.rater === 'Ana' ? 0.5 : row.rater === 'Bo' && first ? 2.5 : 3 };
  });
  const report = await reportOf(readScores(writeScores(rows), 'scores.csv'));
  const [whole, , chinese] = report.sections;
  expect(whole?.pace).toEqual([
    { rater: 'Ana', questions: 15, fast: 15, share: 1 }, // the three shown again too
    { rater: 'Bo', questions: 15, fast: 4, share: 0.266667 },
    { rater: 'Chen', questions: 15, fast: 0, share: 0 },
  ]);
  expect(chinese?.pace[1]).toEqual({ rater: 'Bo', questions: 6, fast: 2, share: 0.333333 });
  const slow = await reportOf(rows.map((row) => ({ ...row, seconds: 60 })));
  expect({ ...whole, pace: [] }).toEqual({ ...slow.sections[0], pace: [] });
  expect(reportFiles(report)['report.md']).toContain(
    '| Bo | 15 | 4 | 27 % |\n| Chen | 15 | 0 | 0 % |\n\nFast: faster than 600 words a minute in the question and, where the passage comes first, 900 through it. Nothing is left out for it.',
  );
});

test('a question of two systems is one question for speed', async () => {
  const rows = study(3, { A: 1.5 }).map((row) => ({ ...row, seconds: 0 }));
  const shared = [...rows, ...rows.map((row) => ({ ...row, system: 'B' }))];
  expect((await reportOf(shared)).sections[0]?.pace[0]).toEqual({ rater: 'Ana', questions: 3, fast: 3, share: 1 });
});

test('scores survive CSV, whatever their text', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const row = fc.record<ScoreRow>({
    campaign: text,
    language: fc.constantFrom('en', 'zh', 'ko', 'fr', 'hi'),
    passage: text,
    title: text,
    words: fc.nat(),
    item: text,
    question: text,
    system: text,
    human: fc.boolean(),
    criterion: text,
    rater: text,
    position: fc.nat(),
    repeat: fc.nat(1),
    score: fc.nat(2),
    seconds: fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Math.abs(value)),
    comment: text,
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      expect(readScores(writeScores(rows), 'scores.csv')).toEqual(rows);
    }),
  );
});

test('a spoilt CSV is refused with its line', () => {
  const good = writeScores(study(2, two));
  expect(() => readScores(good.replace('\nAutumn study,en', '\nAutumn study,xx'), 'scores.csv')).toThrow(
    /scores\.csv:2: language/,
  );
  expect(() => readScores('a,b\n1,2\n', 'scores.csv')).toThrow(/lacks the column campaign/);
  expect(() => readScores('', 'scores.csv')).toThrow(/no scores/);
});

test('the command line gives the same bytes from the CSV alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklab-report-'));
  try {
    const rows = study(12, two, 2);
    writeFileSync(join(folder, 'scores.csv'), writeScores(rows));
    const run = (...options: string[]): string =>
      spawnSync(
        process.execPath,
        ['src-main/cli/main.ts', 'campaign', 'report', join(folder, 'scores.csv'), ...options],
        { encoding: 'utf8' },
      ).stdout;
    const files = reportFiles(await reportOf(rows));
    expect(run('--format', 'latex')).toBe(files['table.tex']);
    run('--output', join(folder, 'out'));
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe(text);
    expect(files['report.md']).toMatch(/With 12 passages a difference of the average under 0\.\d\d cannot be seen/);
    expect(files['table.tex']).toContain('\\textbf{');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
