import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Language } from '../../shared/contract/types.ts';
import { told } from '../../shared/told.ts';
import type { EngineContext } from '../context.ts';
import { evaluateJob } from '../evaluation/run.ts';
import { EvaluationStore } from '../evaluation/store.ts';
import { exportTables } from '../evaluation/table.ts';
import { listGenerators } from '../generate/generators.ts';
import { rougeLF1 } from '../metrics/rouge.ts';
import { tokenise } from '../metrics/tokenise.ts';

export function createEvaluation(context: EngineContext): Handlers<Contract>['evaluation'] {
  const store = (): EvaluationStore => new EvaluationStore(context.project().database);
  context.handle('evaluate', (job, control) => evaluateJob(context, job, control));
  return {
    available({ passages }) {
      const project = context.project();
      const counts = new Map<Language, number>();
      for (const id of store().withReferences(project.passageIds(passages))) {
        const { language } = project.passage(id);
        counts.set(language, (counts.get(language) ?? 0) + 1);
      }
      return [...counts].map(([language, count]) => ({ language, passages: count }));
    },
    start(settings) {
      const project = context.project();
      const { source } = settings;
      let hash: string | null = null; // of the bundle that answers: its id may stand for another one tomorrow
      if (source.kind === 'generator') {
        const generators = listGenerators(context.resources, context.userData);
        const generator = generators.find(({ id }) => id === source.generator);
        if (generator === undefined) throw told('error.not-found.generator', { name: source.generator });
        hash = generator.hash;
      }
      const counts = new Map<Language, number>();
      const ids = store()
        .withReferences(project.passageIds(settings.passages))
        .filter((id) => {
          const { language } = project.passage(id);
          const count = (counts.get(language) ?? 0) + 1;
          counts.set(language, count);
          return count <= (settings.perLanguage ?? Infinity);
        });
      if (ids.length === 0) throw told('error.invalid-input.no-references');
      const job = project.jobs.create({
        kind: 'evaluate',
        title: settings.name,
        total: null,
        settings: { ...settings, hash },
      });
      project.jobs.addItems(job.id, ids);
      return context.runner().start(job);
    },
    tables: ({ id }) => store().tables(id),
    items({ id, language, system, other, metric, order, offset, limit }) {
      const project = context.project();
      const others = new Map(
        other === null
          ? []
          : store()
              .outputs(id, language, other)
              .map((output) => [output.passageId, output] as const),
      );
      const rows = store()
        .outputs(id, language, system)
        .map((output) => {
          const against = others.get(output.passageId);
          const own = output.scores[metric] ?? 0;
          return { output, against, rank: against === undefined ? own : own - (against.scores[metric] ?? 0) };
        })
        .sort((left, right) => (order === 'worst' ? left.rank - right.rank : right.rank - left.rank));
      return {
        total: rows.length,
        items: rows.slice(offset, offset + limit).map(({ output, against }) => {
          const passage = project.passage(output.passageId);
          const questions = passage.references.map(({ question }) => question);
          return {
            passageId: passage.id,
            title: passage.title || passage.text.slice(0, 80),
            output: output.output,
            reference: nearest(output.output, questions, language),
            references: questions.length,
            scores: output.scores,
            other: against === undefined ? null : { output: against.output, score: against.scores[metric] ?? 0 },
          };
        }),
      };
    },
    exported: ({ id, format }) => exportTables(context.project().jobs.get(id).title, store().tables(id), format),
  };
}

/** The reference that shares the longest word order with a question. */
function nearest(question: string, references: readonly string[], language: Language): string {
  const cut = (text: string): string[] => tokenise(text, language, 'plain');
  const own = cut(question);
  let best = '';
  let most = -1;
  for (const reference of references) {
    const score = rougeLF1(own, [cut(reference)]);
    if (score <= most) continue;
    most = score;
    best = reference;
  }
  return best;
}
