import { z } from 'zod';
import type { Handlers } from '../../shared/contract/define.ts';
import { importOptions, importSource } from '../../shared/contract/importing.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job, Language, Problem } from '../../shared/contract/types.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import type { EngineContext } from '../context.ts';
import { Importer } from '../io/import.ts';
import { ImportJournal } from '../io/journal.ts';
import { isProblem, type ImportFormat, type ImportOptions, type ReadPassage } from '../io/readers/entry.ts';
import { detectFormat, read, rowReaders } from '../io/readers/read.ts';
import { roleOf } from '../io/readers/rows.ts';
import { openSource, type Source } from '../io/source.ts';
import type { JobControl } from '../jobs/runner.ts';
import { importedPassageId } from '../store/new-rows.ts';

type Importing = Handlers<Contract>['importing'];
type Inspected = Awaited<ReturnType<Importing['inspect']>>;

const importJob = z.object({ sources: z.array(importSource), options: importOptions });
const previewRows = 50;
const problemRows = 1000;
const smallFile = 8 * (1 << 20);

export function createImporting(context: EngineContext): Importing {
  context.handle(
    'import',
    (job, control) => runImport(context, job, control),
    async (job, pause) => {
      const any = await new ImportJournal(context.project(), job.id).undo(pause);
      if (any) context.emit('changed', { counts: true, passages: true });
    },
  );
  return {
    async inspect({ source, options }) {
      const opened = await openSource(source, options.encoding);
      const format = detectFormat(opened, options);
      return {
        format,
        encoding: opened.encoding,
        bytes: opened.bytes,
        columns: await columnsOf(opened, format, options),
        ...(await previewOf(opened, format, options, (id) => isKnown(context, id))),
      };
    },
    start({ sources, options }) {
      const project = context.project();
      const title = sources.map((source) => ('path' in source ? source.path.split(/[\\/]/u).at(-1) : source.title));
      const settings = { sources, options };
      const job = project.jobs.create({ kind: 'import', title: title.join(', '), total: null, settings });
      return context.runner().start(job);
    },
  };
}

/** Imports a job's sources. A stopped one starts over, which adds what is missing; a cancelled or failed one takes back what it added. */
export async function runImport(
  context: EngineContext,
  job: Job,
  control: JobControl,
): Promise<Record<string, unknown>> {
  const project = context.project();
  const { sources, options } = importJob.parse(job.settings);
  const journal = new ImportJournal(project, job.id);
  project.database.prepare('DELETE FROM job_problems WHERE job_id = ?').run(job.id);
  project.jobs.update(job.id, { problems: 0, done: 0 });
  try {
    const sizes = await Promise.all(sources.map(async (source) => (await openSource(source, options.encoding)).bytes));
    const all = sizes.reduce((sum, bytes) => sum + bytes, 0);
    const importer = new Importer(project, options, (problem) => control.problem(problem), {
      journal,
      checkpoint: () => control.checkpoint(),
      // How many passages there will be is known by the bytes only.
      passed: (done, share) => control.progress({ done, total: share > 0 ? Math.round(done / share) : null }),
    });
    let before = 0;
    for (const [index, source] of sources.entries()) {
      const bytes = sizes[index] ?? 0;
      await importer.take(source, before / all, (before + bytes) / all);
      before += bytes;
    }
    await importer.finish();
    const added = journal.added();
    journal.forget();
    return { ...importer.imported, ...added };
  } finally {
    context.emit('changed', { counts: true, passages: true });
  }
}

async function previewOf(
  source: Source,
  format: ImportFormat,
  options: ImportOptions,
  isKnown: (id: string) => boolean,
): Promise<Pick<Inspected, 'preview' | 'passages' | 'questions' | 'problems' | 'languages' | 'keys' | 'known'>> {
  const preview: Inspected['preview'] = [];
  const problems: Problem[] = [];
  const small = source.bytes <= smallFile;
  const seen = new Map<string, Language | null>();
  const known: number[] = [];
  let questions = 0;
  const languages = new Map<Language | null, number>();
  for await (const entry of read(source, format, options)) {
    if (isProblem(entry)) {
      if (problems.length < problemRows) problems.push(entry);
    } else {
      questions += entry.questions.length;
      // Rows of one passage stand for one passage, as they do when they are imported.
      const id = importedPassageId(entry.document, entry.text);
      const before = seen.get(id);
      const language = before === undefined ? languageOf(entry, options) : before;
      if (before === undefined) {
        seen.set(id, language);
        languages.set(language, (languages.get(language) ?? 0) + 1);
        if (isKnown(id)) known.push(keyOf(id));
      }
      if (preview.length < previewRows) preview.push(previewRow(entry, language));
    }
    if (!small && preview.length + problems.length >= previewRows) break;
  }
  return {
    preview,
    problems,
    passages: small ? seen.size : null,
    questions: small ? questions : null,
    languages: [...languages]
      .map(([language, count]) => ({ language, passages: count }))
      .sort((left, right) => right.passages - left.passages),
    keys: Array.from(seen.keys(), keyOf),
    known,
  };
}

/** 48 bits of an id. */
function keyOf(id: string): number {
  return Number.parseInt(id.slice(0, 12), 16);
}

/** Without a project nothing is known: a file may be looked at before one is made. */
function isKnown(context: EngineContext, id: string): boolean {
  try {
    return context.project().hasPassage(id);
  } catch {
    return false;
  }
}

function languageOf(entry: ReadPassage, options: ImportOptions): Language | null {
  return options.language ?? entry.language ?? detectLanguage(entry.text).language;
}

function previewRow(entry: ReadPassage, language: Language | null): Inspected['preview'][number] {
  return {
    title: entry.title,
    text: entry.text,
    language,
    questions: entry.questions.map((question) => question.question),
    line: entry.line,
  };
}

/** Names, roles and first values of the columns of a table or a list of objects. */
async function columnsOf(source: Source, format: ImportFormat, options: ImportOptions): Promise<Inspected['columns']> {
  const examples = new Map<string, string[]>();
  let rows = 0;
  for await (const row of rowReaders[format]?.(source) ?? []) {
    if (isProblem(row)) continue;
    for (const [name, value] of Object.entries(row.values)) {
      const known = examples.get(name) ?? [];
      if (known.length < 3) known.push(shown(value));
      examples.set(name, known);
    }
    if ((rows += 1) >= 20) break;
  }
  return [...examples].map(([name, values]) => ({ name, role: roleOf(name, options), examples: values }));
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, plain) ?? '');
  return text.slice(0, 80).toWellFormed();
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
