import { generationSettings } from '../../shared/contract/generation.ts';
import type { Language, Passage } from '../../shared/contract/types.ts';
import { ruleCandidates } from '../../shared/rules/generate.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { isProblem } from '../io/readers/entry.ts';
import { read } from '../io/readers/read.ts';
import { openSource } from '../io/source.ts';
import type { Project } from '../store/project.ts';
import { rulesGenerator } from './generators.ts';
import { proposeByRules } from './rules.ts';
import { storeQuestions } from './store.ts';

/** Asks by rules about the sample's passages, so that the first screen has work; each language's last passage is left to try. */
export function askSample(project: Project): void {
  const passages = [...project.passageIds({})].map((id) => project.passage(id));
  const last = new Map<string, Passage>(passages.map((passage) => [passage.language, passage]));
  const asked = passages.filter((passage) => last.get(passage.language) !== passage);
  const settings = generationSettings.parse({ generator: rulesGenerator.id });
  const job = project.jobs.create({ kind: 'generate', title: rulesGenerator.name, total: null, settings });
  const ids = asked.map((passage) => passage.id);
  project.jobs.addItems(job.id, ids);
  const run = { jobId: job.id, generator: rulesGenerator, settings, provider: 'CPU', precision: null };
  let questions = 0;
  for (const passage of asked) questions += storeQuestions(project, passage, proposeByRules(passage, settings), run);
  project.jobs.update(job.id, { state: 'done', done: ids.length, endedAt: Date.now(), result: { questions } });
}

/** How many passages the sample file holds, and the first of each language that the rules can ask about. */
export async function sampleHead(
  path: string,
): Promise<{ passages: number; rows: { language: Language; title: string; question: string }[] }> {
  const rows = new Map<Language, { language: Language; title: string; question: string }>();
  let passages = 0;
  for await (const entry of read(await openSource({ path }), 'jsonl', { questionsAs: 'none' })) {
    if (isProblem(entry)) continue;
    passages += 1;
    const { language, text, title } = entry;
    if (language === null || rows.has(language)) continue;
    const sentences = splitSentences(text, language);
    const question = ruleCandidates({ passage: text, language, sentences, limit: 1 })[0]?.text;
    if (question !== undefined) rows.set(language, { language, title, question });
  }
  return { passages, rows: [...rows.values()] };
}
