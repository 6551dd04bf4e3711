import type { PassageSet } from '../../../src-main/shared/contract/sets.ts';
import type { PassageFilter } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { errorText, t } from '../../app/i18n.ts';
import { session } from '../../app/session.svelte.ts';

/** The dialog that chooses a diverse set: its form, then the job at work, then what came of it. */
export class Choice {
  open = $state(false);
  passages = $state.raw<PassageFilter>({});
  available = $state<number | null>(null);
  exact = $state(true);
  amount = $state<number | string>(20);
  unit = $state<'number' | 'share'>('number');
  equal = $state<'no' | 'yes'>('no');
  seed = $state<number | string>(1);
  name = $state('');
  jobId = $state<string | null>(null);
  error = $state<string | null>(null);
  /** The set shown with its evidence: one that is there, or the one just chosen. */
  shown = $state<string | null>(null);

  get job() {
    return session.jobs.find(({ id }) => id === this.jobId) ?? null;
  }
  get set(): PassageSet | null {
    const name = this.shown ?? (this.job?.state === 'done' ? this.job.title : null);
    return session.sets.find((set) => set.name === name) ?? null;
  }
  get number(): number {
    const amount = Number(this.amount) || 0;
    return Math.round(this.unit === 'share' ? ((this.available ?? 0) * amount) / 100 : amount);
  }
  get taken(): boolean {
    return session.sets.some(({ name }) => name === this.name.trim());
  }
  get ready(): boolean {
    return this.number >= 1 && (this.available ?? 0) > 0 && this.name.trim() !== '' && !this.taken;
  }

  async begin(passages: PassageFilter): Promise<void> {
    this.passages = passages;
    this.jobId = this.shown = this.error = this.available = null;
    this.name = freeName();
    this.open = true;
    try {
      const { passages: available, exact } = await engine.passages.count({ filter: passages });
      this.available = available;
      this.exact = exact;
    } catch (error) {
      this.error = errorText(error);
    }
  }
  show(name: string): void {
    this.jobId = null;
    this.shown = name;
    this.open = true;
  }
  async start(): Promise<void> {
    if (!this.ready) return;
    try {
      const { passages, number } = this;
      const seed = Math.abs(Math.round(Number(this.seed) || 0));
      const asked = { name: this.name.trim(), passages, number, seed, equal: this.equal === 'yes' };
      this.jobId = (await engine.sets.choose(asked)).id;
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
    }
  }
}

function freeName(): string {
  const names = new Set(session.sets.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = t('sets.proposed', { number });
    if (!names.has(name)) return name;
  }
}
