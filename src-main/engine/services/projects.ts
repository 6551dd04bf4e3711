import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { EngineContext } from '../context.ts';
import { askSample, sampleHead } from '../generate/sample.ts';
import { importFile } from '../io/import.ts';
import { newestVersion } from '../store/migrate.ts';
import { checkFile, takesLong } from '../store/check.ts';
import { applicationId, leftAs, liesAsLeft, writable } from '../store/open.ts';
import { addPerson } from '../store/people.ts';
import { Project } from '../store/project.ts';
import { repair } from '../store/repair.ts';

const recentList = z.array(
  z.object({
    path: z.string(),
    name: z.string(),
    openedAt: z.number(),
    left: z.object({ size: z.number(), changedAt: z.number() }).nullable().default(null), // as it was closed here last
    decided: z.number().default(0), // of its candidates, as it was open here last
    candidates: z.number().default(0),
  }),
);
const recentLimit = 20;

/** Holds the one open project; `use` closes the last and takes the next. */
export interface ProjectHolder {
  use(project: Project | null): Promise<void>;
  current(): Project | null;
}

export interface ProjectServices {
  handlers: Handlers<Contract>['projects'];
  /** Makes a project the open one and remembers it among the recent ones. */
  use: (project: Project) => Promise<ReturnType<Project['info']>>;
  /** Opens a file, unless it is open already. A large one that does not lie as it was left is read through first, apart. */
  open: (path: string, signal: AbortSignal) => Promise<ReturnType<Project['info']>>;
  /** Closes the open project. */
  close: () => Promise<void>;
}

export function createProjects(context: EngineContext, holder: ProjectHolder): ProjectServices {
  const recentsPath = join(context.userData, 'recents.json');

  function recents(): z.infer<typeof recentList> {
    try {
      return recentList.parse(JSON.parse(readFileSync(recentsPath, 'utf8')));
    } catch {
      return []; // Missing or spoilt: the list is a convenience, the projects are elsewhere.
    }
  }

  function remember(list: z.infer<typeof recentList>): void {
    mkdirSync(context.userData, { recursive: true });
    writeFileSync(`${recentsPath}.new`, JSON.stringify(list.slice(0, recentLimit)));
    renameSync(`${recentsPath}.new`, recentsPath);
  }

  async function close(): Promise<void> {
    const open = holder.current();
    const path = open?.path;
    const progress = open && progressOf(open);
    await holder.use(null);
    if (path === undefined || !existsSync(path)) return;
    const left = leftAs(path);
    remember(recents().map((entry) => (entry.path === path ? { ...entry, ...progress, left } : entry)));
  }

  async function use(project: Project): Promise<ReturnType<Project['info']>> {
    await close();
    await holder.use(project);
    const info = project.info();
    remember([
      { path: info.path, name: info.name, openedAt: Date.now(), left: null, ...progressOf(project) },
      ...recents().filter((entry) => entry.path !== info.path),
    ]);
    context.emit('changed', { project: true, counts: true, passages: true, jobs: true });
    return info;
  }

  /** The same file by another way, a link or a relative path, is no second opening of it. */
  function isOpen(path: string): boolean {
    const current = holder.current();
    return current !== null && existsSync(path) && realpathSync(path) === realpathSync(current.path);
  }

  async function open(path: string, signal: AbortSignal): Promise<ReturnType<Project['info']>> {
    const left = recents().find((entry) => entry.path === path)?.left ?? null;
    const asLeft = existsSync(path) && liesAsLeft(path, left);
    // One that was not closed and may not be written is read through in the copy that opening it makes.
    const closed = existsSync(path) && (writable(path) || leftAs(path) !== null);
    const apart = !asLeft && !isOpen(path) && closed && takesLong(path);
    if (apart) {
      context.emit('progress', { of: `check ${path}`, share: 0 });
      await checkFile(path, signal);
    }
    return isOpen(path) ? context.project().info() : use(Project.open(path, asLeft || apart));
  }

  const samplePath = join(context.resources, 'samples', 'sample.jsonl');

  const handlers: ProjectServices['handlers'] = {
    recents: () =>
      recents().map(({ left: _, ...entry }) => {
        const open = holder.current();
        return open?.path === entry.path
          ? { ...entry, ...progressOf(open), trouble: null }
          : { ...entry, trouble: troubleOf(entry.path) };
      }),
    create: ({ path, name, person }) => use(Project.create(path, { name, person })),
    open: ({ path }, { signal }) => open(path, signal),
    async openSample({ folder }) {
      const target = freeName(folder ?? join(context.userData, 'projects'), 'Water and fire');
      mkdirSync(dirname(target), { recursive: true });
      const project = Project.create(target, { name: 'Water and fire', person: 'Me' });
      await importFile(project, { path: samplePath }, { questionsAs: 'none' }, () => undefined);
      askSample(project);
      return use(project);
    },
    sample: () => sampleHead(samplePath),
    async close() {
      await close();
      return {};
    },
    current: () => holder.current()?.info() ?? null,
    counts: () => context.project().counts(),
    repair: ({ path }) => repair(path, freeName(dirname(path), `${basename(path, '.asklab')} repaired`)),
    addPerson({ name, role }) {
      addPerson(context.project().database, { name, role });
      context.emit('changed', { project: true });
      return context.project().info();
    },
    usePerson({ id }) {
      context.project().usePerson(id);
      context.emit('changed', { project: true, counts: true });
      return context.project().info();
    },
  };
  return { handlers, use, open, close };
}

function progressOf(project: Project): { decided: number; candidates: number } {
  const { accepted, edited, rejected, candidates } = project.counts();
  return { decided: accepted + edited + rejected, candidates };
}

function freeName(folder: string, name: string): string {
  for (let count = 1; ; count += 1) {
    const path = join(folder, `${name}${count === 1 ? '' : ` ${count}`}.asklab`);
    if (!existsSync(path)) return path;
  }
}

function troubleOf(path: string): 'missing' | 'damaged' | 'newer' | 'foreign' | 'read-only' | null {
  if (!existsSync(path)) return 'missing';
  try {
    const database = new Database(path, { readonly: true, timeout: 0 }); // open elsewhere: no trouble
    const id = database.pragma('application_id', { simple: true });
    const version = Number(database.pragma('user_version', { simple: true }));
    database.close();
    if (id !== applicationId) return 'foreign';
    if (version > newestVersion) return 'newer';
    return writable(path) ? null : 'read-only';
  } catch (error) {
    const code = String((error as { code?: string }).code);
    if (code.startsWith('SQLITE_BUSY')) return null;
    // Its journal would have to be written: what opening it makes a copy for.
    return code.startsWith('SQLITE_CANTOPEN') && !writable(path) ? 'read-only' : 'damaged';
  }
}
