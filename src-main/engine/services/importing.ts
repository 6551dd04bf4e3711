import type { Handlers } from '../../shared/contract/define.ts';
import { importOptions, importSource } from '../../shared/contract/importing.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job } from '../../shared/contract/types.ts';
import { z } from 'zod';
import { detectLanguage } from '../../shared/text/language.ts';
import type { EngineContext } from '../context.ts';
import { importFile, readSource, type Imported } from '../io/import.ts';
import { isProblem, roleOf, type ReadPassage } from '../io/readers.ts';
import type { JobControl } from '../jobs/runner.ts';

const importJob = z.object({ sources: z.array(importSource), options: importOptions });
const previewRows = 50;

export function createImporting(context: EngineContext): Handlers<Contract>['importing'] {
  async function run(job: Job, control: JobControl): Promise<Record<string, unknown>> {
    const { sources, options } = importJob.parse(job.settings);
    const total: Imported = { passages: 0, references: 0, candidates: 0, duplicates: 0 };
    for (const [index, source] of sources.entries()) {
      await control.checkpoint();
      const imported = await importFile(context.project(), source, options, (problem) => control.problem(problem));
      for (const key of ['passages', 'references', 'candidates', 'duplicates'] as const) total[key] += imported[key];
      control.progress({ done: index + 1 });
      context.emit('changed', { counts: true, passages: true });
    }
    return { ...total };
  }

  return {
    inspect({ source, options }) {
      const found = readSource(source, options);
      const passages = found.reads.filter((entry): entry is ReadPassage => !isProblem(entry));
      const problems = found.reads.filter((entry) => isProblem(entry));
      return {
        format: found.format,
        encoding: found.encoding,
        bytes: found.bytes,
        columns: columnsOf(found.format, found.text).map(({ name, examples }) => ({
          name,
          examples,
          role: importRole(roleOf(name, options)),
        })),
        preview: passages.slice(0, previewRows).map((entry) => ({
          title: entry.title,
          text: entry.text,
          language: options.language ?? entry.language ?? detectLanguage(entry.text).language,
          questions: entry.questions.map((question) => question.question),
          line: entry.line,
        })),
        passages: passages.length,
        questions: passages.reduce((sum, entry) => sum + entry.questions.length, 0),
        problems: problems.slice(0, 1000),
      };
    },
    start({ sources, options }) {
      const project = context.project();
      const title = sources
        .map((source) => ('path' in source ? source.path.split(/[\\/]/).at(-1) : source.title))
        .join(', ');
      const job = project.jobs.create({ kind: 'import', title, total: sources.length, settings: { sources, options } });
      context.runner().register('import', run);
      return context.runner().start(job);
    },
  };
}

type Role = 'text' | 'title' | 'document' | 'language' | 'id' | 'question' | 'answer' | 'answerStart' | 'ignore';

function importRole(role: string): Role {
  const known: readonly Role[] = ['text', 'title', 'document', 'language', 'id', 'question', 'answer', 'answerStart'];
  return known.find((entry) => entry === role) ?? 'ignore';
}

/** Names and first values of a table's or a JSON file's columns. */
function columnsOf(format: string, text: string): { name: string; examples: string[] }[] {
  if (format === 'jsonl') {
    const rows = text
      .split(/\r?\n/, 20)
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as Record<string, unknown>];
        } catch {
          return [];
        }
      })
      .filter((row) => typeof row === 'object' && row !== null);
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return names.map((name) => ({
      name,
      examples: rows.slice(0, 3).map((row) => String(row[name] ?? '').slice(0, 80)),
    }));
  }
  if (format !== 'csv' && format !== 'tsv') return [];
  const delimiter = format === 'csv' ? ',' : '\t';
  const header = text.slice(0, text.search(/\r?\n|$/)).split(delimiter);
  return header.map((name) => ({ name: name.replace(/^"|"$/g, ''), examples: [] }));
}
