import type { Project } from '../../src-main/engine/store/project.ts';

/** One document with `count` passages of one question each; the same rows in every project. Returns the questions' ids. */
export function seed(project: Project, count: number): string[] {
  return project.transaction(() => seedRows(project, count));
}

function seedRows(project: Project, count: number): string[] {
  const documentId = project.addDocument({ key: 'seed', title: 'Seed', source: 'seed.txt' });
  return Array.from({ length: count }, (_, index) => {
    const text = `Lighthouse number ${index} stands on the cliff.`;
    const sentences = [{ start: 0, end: text.length }];
    const { id } = project.addPassage({
      documentId,
      position: index + 1,
      text,
      title: `Passage ${index}`,
      language: 'en',
      sentences,
      words: 7,
      externalId: null,
    });
    return project.addCandidate({
      passageId: id,
      original: `Where does lighthouse number ${index} stand?`,
      focus: null,
      sentence: 0,
      answer: null,
      score: null,
      signals: {
        length: 40,
        copiedShare: 0,
        endsAsQuestion: true,
        hasQuestionWord: true,
        unfinished: false,
        repeatedNgram: false,
        languageMismatch: false,
        duplicateOf: null,
      },
      lineage: {
        generator: 'test',
        generatorName: 'Test',
        hash: null,
        provider: null,
        decoding: null,
        seed: null,
        rank: null,
        score: null,
        raw: '',
        jobId: null,
      },
      asideReasons: [],
    }).id;
  });
}
