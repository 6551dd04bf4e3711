import {
  goesBeside,
  type Decoding,
  type DeviceMeasure,
  type GenerationSettings,
  type Generator,
} from '../../../src-main/shared/contract/generation.ts';
import type { Job, Language, PassageFilter } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { generatorFor } from '../../app/generators.ts';
import { errorText, locales } from '../../app/i18n.ts';

export type Scope = 'given' | 'none' | 'all';
type Method = Decoding['method'];
type Latest = Awaited<ReturnType<(typeof engine)['generation']['latest']>>;

async function languagesHere(signal: AbortSignal): Promise<Language[]> {
  const found = await Promise.all(
    locales.map(async ({ value }) => {
      const { rows } = await engine.passages.list({ filter: { languages: [value] }, limit: 1 }, { signal });
      return rows.length > 0 ? [value] : [];
    }),
  );
  return found.flat();
}

/** The next run's settings and what its passages, generators and forerunners are. */
export class Generate {
  given = $state.raw<PassageFilter | null>(null);
  scope = $state<Scope>('none');
  counts = $state.raw<Partial<Record<Scope, number>>>({});
  languages = $state.raw<Language[]>([]); // in which the project has passages
  generators = $state.raw<Generator[]>([]);
  generator = $state('');
  device = $state<GenerationSettings['device']>('auto');
  focus = $state<GenerationSettings['focus']>('sentences');
  candidates = $state(6);
  method = $state<Method>('beam');
  beams = $state(4);
  groups = $state(2);
  diversity = $state(0.6);
  temperature = $state(1);
  topP = $state(0.95);
  seed = $state(1);
  minimumLength = $state(3);
  maximumLength = $state(40);
  unfinished = $state(true);
  duplicate = $state(true);
  copied = $state(false);
  latest = $state.raw<Latest>([]);
  /** Share accepted of what was decided, by the generator's name. */
  accepted = $state.raw<ReadonlyMap<string, { share: number; decided: number }>>(new Map());
  error = $state<string | null>(null);
  starting = $state(false);
  loaded = $state(false);
  measuring = $state(false);
  /** What the devices did with a model, by its id. */
  measures = $state.raw<ReadonlyMap<string, DeviceMeasure[]>>(new Map());
  #reading = new AbortController();

  get chosen(): Generator | null {
    return this.generators.find((one) => one.id === this.generator) ?? null;
  }
  get filter(): PassageFilter {
    if (this.scope === 'given' && this.given !== null) return this.given;
    return this.scope === 'none' ? { state: 'none' } : {};
  }
  get count(): number | null {
    return this.counts[this.scope] ?? null;
  }
  get ready(): boolean {
    return this.chosen !== null && this.chosen.problem === null && (this.count ?? 0) > 0 && !this.starting;
  }

  async read(): Promise<void> {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    try {
      const [generators, all, given, summary, languages] = await Promise.all([
        engine.generation.generators({}, { signal }),
        engine.passages.count({ filter: {} }, { signal }),
        this.given === null ? null : engine.passages.count({ filter: this.given }, { signal }),
        engine.insights.summary({}, { signal }),
        languagesHere(signal),
      ]);
      if (signal.aborted) return;
      const usable = generators.filter((one) => one.problem === null);
      this.loaded = true;
      this.languages = languages;
      this.generators = [...usable].sort(
        (left, right) => Number(right.kind === 'rules') - Number(left.kind === 'rules'),
      );
      if (this.chosen === null) this.generator = generatorFor(usable)?.id ?? '';
      this.counts = {
        none: all.withoutCandidates,
        all: all.passages,
        ...(given === null ? {} : { given: given.passages }),
      };
      this.accepted = new Map(
        summary.byGenerator.map(({ key, accepted, edited, rejected }) => {
          const decided = accepted + edited + rejected;
          return [key, { share: decided === 0 ? 0 : (accepted + edited) / decided, decided }];
        }),
      );
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    }
  }

  /** Whether the next run would not wait for those at work. */
  goesBeside(open: readonly Job[]): boolean {
    return this.chosen !== null && goesBeside({ passages: this.filter, generator: this.chosen }, open);
  }

  async measure(): Promise<void> {
    const { generator } = this;
    this.measuring = true;
    try {
      const measured = await engine.generation.measure({ generator });
      this.measures = new Map([...this.measures, [generator, measured]]);
    } catch (error) {
      this.error = errorText(error);
    } finally {
      this.measuring = false;
    }
  }

  async readLatest(jobId: string): Promise<void> {
    try {
      this.latest = await engine.generation.latest({ jobId, limit: 8 });
    } catch (error) {
      this.error = errorText(error);
    }
  }

  async start(): Promise<void> {
    if (!this.ready) return;
    this.starting = true;
    try {
      await engine.generation.start({
        passages: this.filter,
        generator: this.generator,
        device: this.device,
        candidates: whole(this.candidates, 1, 40),
        focus: this.focus,
        decoding: {
          method: this.method,
          beams: whole(this.beams, 1, 16),
          groups: whole(this.groups, 1, 8),
          diversity: within(this.diversity, 0, 5),
          temperature: within(this.temperature, 0.05, 3),
          topP: within(this.topP, 0.05, 1),
          minimumLength: whole(this.minimumLength, 0, 40),
          maximumLength: whole(this.maximumLength, 4, 64),
        },
        seed: whole(this.seed, 0, 2 ** 31 - 1),
        setAside: { unfinished: this.unfinished, duplicate: this.duplicate, copied: this.copied },
      });
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
    } finally {
      this.starting = false;
    }
  }

  async control(job: Job, action: 'pause' | 'resume' | 'cancel'): Promise<void> {
    try {
      await engine.jobs[action]({ id: job.id });
    } catch (error) {
      this.error = errorText(error);
    }
  }
}

function within(value: number, least: number, most: number): number {
  const number = Number(value);
  return Math.min(most, Math.max(least, Number.isFinite(number) ? number : least));
}
function whole(value: number, least: number, most: number): number {
  return Math.round(within(value, least, most));
}
