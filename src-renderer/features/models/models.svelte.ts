import type { Standing } from '../../../src-main/shared/contract/campaigns.ts';
import type { Generator } from '../../../src-main/shared/contract/generation.ts';
import { engine } from '../../app/client.ts';
import { errorText } from '../../app/i18n.ts';

/** The generators on this computer, and the bundle that was refused last. */
export class Models {
  list = $state.raw<Generator[]>([]);
  active = $state(0);
  /** Two of them side by side, by id; null: only the one looked at is shown. */
  sideA = $state<string | null>(null);
  sideB = $state<string | null>(null);
  /** What became of each generator's questions in the open project, by its stored name. */
  accepted = $state.raw<ReadonlyMap<string, { accepted: number; decided: number }>>(new Map());
  /** Blind scores, by identity. */
  standings = $state.raw<ReadonlyMap<string, Standing>>(new Map());
  loaded = $state(false);
  adding = $state(false);
  error = $state<string | null>(null);
  refused = $state.raw<{ name: string; reason: string } | null>(null);

  get current(): Generator | null {
    return this.list[this.active] ?? null;
  }
  get sides(): { side: 'A' | 'B' | null; model: Generator }[] {
    const found = (['A', 'B'] as const).flatMap((side) => {
      const model = this.list.find((one) => one.id === (side === 'A' ? this.sideA : this.sideB));
      return model === undefined ? [] : [{ side, model }];
    });
    if (found.length === 2) return found;
    return this.current === null ? [] : [{ side: null, model: this.current }];
  }
  /** Puts the model looked at on a side; the other side takes another one if it has none. */
  place(side: 'A' | 'B'): void {
    const id = this.current?.id ?? null;
    const other = this.list.find((one) => one.id !== id && one.problem === null)?.id ?? null;
    if (side === 'A') {
      this.sideA = id;
      if (this.sideB === null || this.sideB === id) this.sideB = other;
    } else {
      this.sideB = id;
      if (this.sideA === null || this.sideA === id) this.sideA = other;
    }
  }
  get removable(): boolean {
    return this.current !== null && this.current.addedAt !== null;
  }
  async read(): Promise<void> {
    try {
      const [list, { byGenerator }, standings] = await Promise.all([
        engine.generation.generators({}),
        engine.insights.summary({}),
        engine.campaigns.standings({}),
      ]);
      this.list = list;
      this.standings = new Map(standings.map((one) => [one.generator, one]));
      this.accepted = new Map(
        byGenerator.map(({ key, accepted, edited, rejected }) => [
          key,
          { accepted: accepted + edited, decided: accepted + edited + rejected },
        ]),
      );
      this.active = Math.max(0, Math.min(this.active, this.list.length - 1));
    } catch (error) {
      this.error = errorText(error);
    }
    this.loaded = true;
  }
  move(by: number): void {
    this.active = Math.max(0, Math.min(this.active + by, this.list.length - 1));
  }
  async add(): Promise<void> {
    const [path] = (await window.asklabDesktop?.openFileDialog({ kind: 'model' })) ?? [];
    if (path !== undefined) await this.addPath(path);
  }
  async addPath(path: string): Promise<void> {
    this.adding = true;
    this.refused = null;
    try {
      const added = await engine.generation.addModel({ path });
      await this.read();
      this.active = Math.max(
        0,
        this.list.findIndex((one) => one.id === added.id),
      );
    } catch (error) {
      this.refused = { name: path.split(/[\\/]/).at(-1) ?? path, reason: errorText(error) };
    } finally {
      this.adding = false;
    }
  }
  async remove(): Promise<void> {
    const { current } = this;
    if (current === null) return;
    try {
      await engine.generation.removeModel({ id: current.id });
      await this.read();
    } catch (error) {
      this.error = errorText(error);
    }
  }
}
