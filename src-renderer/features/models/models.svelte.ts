import type { Generator } from '../../../src-main/shared/contract/generation.ts';
import { engine } from '../../app/client.ts';
import { errorText } from '../../app/i18n.ts';

/** The generators on this computer, and the bundle that was refused last. */
export class Models {
  list = $state.raw<Generator[]>([]);
  active = $state(0);
  loaded = $state(false);
  adding = $state(false);
  error = $state<string | null>(null);
  refused = $state.raw<{ name: string; reason: string } | null>(null);

  get current(): Generator | null {
    return this.list[this.active] ?? null;
  }
  get removable(): boolean {
    return this.current?.kind === 'model' && this.current.path !== null;
  }
  async read(): Promise<void> {
    try {
      this.list = await engine.generation.generators({});
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
