import type {
  CampaignPractice,
  CampaignReport,
  CampaignRow,
  Practice,
  ReportSection,
} from '../../../src-main/shared/contract/campaigns.ts';
import type { RoundSummary } from '../../../src-main/shared/contract/rounds.ts';
import type { Language } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText, t } from '../../app/i18n.ts';
import { merging } from '../../app/merging.svelte.ts';
import { refusalText } from '../../app/refusals.ts';
import { session } from '../../app/session.svelte.ts';
import { pickFiles, pickFolder } from './pick.ts';

/** The campaigns of the project, the one looked at, and its report. */
export class Campaigns {
  list = $state.raw<CampaignRow[] | null>(null);
  selected = $state<string | null>(null);
  report = $state.raw<CampaignReport | null>(null);
  guidelines = $state.raw<RoundSummary['guidelines'] | null>(null);
  practice = $state.raw<CampaignPractice | null>(null);
  counting = $state(false);
  waiting = $state<string | null>(null); // why there is no report yet
  part = $state<Language | 'all'>('all');
  error = $state<string | null>(null);
  #cancel: AbortController | null = null;

  get campaign(): CampaignRow | null {
    return this.list?.find((one) => one.id === this.selected) ?? null;
  }
  get section(): ReportSection | null {
    const language = this.part === 'all' ? null : this.part;
    return this.report?.sections.find((one) => one.language === language) ?? this.report?.sections[0] ?? null;
  }

  async read(): Promise<void> {
    await this.guard(async () => {
      this.list = await engine.campaigns.list({});
      if (this.campaign === null) this.selected = this.list[0]?.id ?? null;
      await this.#readShown();
    });
    await this.readReport();
  }

  async select(id: string): Promise<void> {
    if (id === this.selected) return;
    this.selected = id;
    this.part = 'all';
    await this.guard(() => this.#readShown());
    await this.readReport();
  }

  /** What raters read: the guidelines and the practice. */
  async #readShown(): Promise<void> {
    const { selected } = this;
    const [guidelines, practice] =
      selected === null
        ? [null, null]
        : await Promise.all([
            engine.rounds.guidelines({ roundId: selected }),
            engine.campaigns.practice({ campaign: selected }),
          ]);
    if (this.selected !== selected) return;
    this.guidelines = guidelines;
    this.practice = practice;
  }

  async setPractice(items: Practice[]): Promise<boolean> {
    const { campaign } = this;
    if (!campaign) return false;
    await this.guard(async () => {
      this.practice = await engine.campaigns.setPractice({ campaign: campaign.id, practice: items });
    });
    return this.error === null;
  }

  /** A new version for the packages written from now on; answers whether it was stored. */
  async setGuideline(language: Language, text: string): Promise<boolean> {
    const { campaign } = this;
    if (!campaign) return false;
    await this.guard(async () => {
      this.guidelines = (await engine.rounds.setGuideline({ roundId: campaign.id, language, text })).guidelines;
    });
    return this.error === null;
  }

  step(by: 1 | -1): void {
    const list = this.list ?? [];
    const next = list[list.findIndex((one) => one.id === this.selected) + by];
    if (next) void this.select(next.id);
  }

  /** Counted anew when scores came in; an older count still running is stopped. */
  async readReport(): Promise<void> {
    this.#cancel?.abort();
    this.report = null;
    this.waiting = null;
    const { campaign } = this;
    if (campaign === null || campaign.raters.every((rater) => rater.done === 0)) return;
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.counting = true;
    try {
      this.report = await engine.campaigns.report({ campaign: campaign.id }, { signal: cancel.signal });
    } catch (error) {
      if (!cancel.signal.aborted) this.waiting = errorText(error);
    } finally {
      if (this.#cancel === cancel) this.counting = false;
    }
  }

  stepLanguage(): void {
    const parts = ['all' as const, ...(this.report?.sections.flatMap((section) => section.language ?? []) ?? [])];
    this.part = parts[(parts.indexOf(this.part) + 1) % parts.length] ?? 'all';
  }

  async writePackages(): Promise<void> {
    const { campaign } = this;
    const folder = await pickFolder();
    if (!campaign || folder === null) return;
    await this.guard(async () => {
      const files = await engine.rounds.writePackages({ roundId: campaign.id, folder });
      const [first] = files;
      frame.notify(t('campaigns.packed', { count: files.length }), {
        label: t('score.reveal'),
        run: () => void (first && window.asklabDesktop?.revealPath(first.path)),
      });
    });
  }

  async merge(paths?: readonly string[]): Promise<void> {
    const chosen = paths ?? (await pickFiles('return'));
    if (chosen.length === 0) return;
    await this.guard(async () => {
      const merged = await merging.run(chosen);
      const refused = merged.filter((one) => one.refused !== null);
      this.list = await engine.campaigns.list({});
      await this.readReport();
      if (refused.length > 0) throw new Error(refused.map(refusalText).join(' '));
      if (merged.length === chosen.length)
        frame.notify(t('campaigns.merged', { count: merged.reduce((sum, one) => sum + one.added, 0) }));
    });
  }

  async scoreAs(person: string): Promise<void> {
    await this.guard(async () => session.setProject(await engine.projects.usePerson({ id: person })));
  }

  async close(): Promise<void> {
    const { campaign } = this;
    if (!campaign) return;
    await this.guard(async () => {
      await engine.campaigns.close({ campaign: campaign.id });
      this.list = await engine.campaigns.list({});
    });
  }

  async saveReport(): Promise<void> {
    const { campaign } = this;
    const folder = await pickFolder();
    if (!campaign || folder === null) return;
    await this.guard(async () => {
      const { files } = await engine.campaigns.saveReport({ campaign: campaign.id, folder });
      const first = `${folder}/${files[0] ?? ''}`;
      frame.notify(t('campaigns.saved', { files: files.join(', ') }), {
        label: t('score.reveal'),
        run: () => void window.asklabDesktop?.revealPath(first),
      });
    });
  }

  async copyLatex(): Promise<void> {
    const { campaign } = this;
    if (!campaign) return;
    await this.guard(async () => {
      const { text } = await engine.campaigns.latex({ campaign: campaign.id });
      await navigator.clipboard.writeText(text);
      frame.notify(t('campaigns.copied'));
    });
  }

  async guard(work: () => Promise<void>): Promise<void> {
    try {
      this.error = null;
      await work();
    } catch (error) {
      this.error = errorText(error);
      frame.assertive = this.error;
    }
  }
}
