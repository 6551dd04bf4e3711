import type {
  CampaignSettings,
  CampaignSystem,
  Criterion,
  Practice,
  SystemSource,
} from '../../../src-main/shared/contract/campaigns.ts';
import type { Language, Problem } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { standardCriteria } from '../../app/criteria.ts';
import { errorText, t } from '../../app/i18n.ts';
import { preferences } from '../../app/preferences.svelte.ts';
import { languages } from '../../ui/languages.ts';
import { written } from '../../ui/practice.ts';
import { pickFiles } from './pick.ts';

export interface Choice {
  name: string;
  source: SystemSource;
  languages: Language[];
}

/** A campaign being set up; the paper's study is what stands there at first. */
export class Draft {
  name = $state('');
  systems = $state<CampaignSystem[]>([]);
  languages = $state<Language[]>([]);
  perLanguage = $state(50);
  seed = $state(1);
  layout = $state<CampaignSettings['layout']>('question');
  repeats = $state(0);
  criteria = $state<Criterion[]>(standardCriteria(preferences.locale));
  guidelines = $state<Partial<Record<Language, string>>>({});
  practice = $state<Practice[]>([]);
  raters = $state<{ name: string; languages: Language[] }[]>([1, 2, 3].map(() => ({ name: '', languages: [] })));
  choices = $state.raw<Choice[]>([]);
  available = $state.raw<{ language: Language; passages: number }[]>([]);
  problems = $state.raw<{ system: string; problems: Problem[] }[]>([]);
  error = $state<string | null>(null);
  busy = $state(false);

  /** What still has to be filled in, or null. */
  get missing(): string | null {
    if (this.systems.length < 2) return t('campaigns.needSystems');
    if (this.languages.length === 0) return t('campaigns.needLanguages');
    if (this.name.trim() === '') return t('campaigns.needName');
    if (this.namedRaters.length === 0) return t('campaigns.needRaters');
    return null;
  }
  get namedRaters(): { name: string; languages: Language[] }[] {
    return this.raters
      .filter((rater) => rater.name.trim() !== '')
      .map((rater) => ({ ...rater, languages: rater.languages.length === 0 ? this.languages : rater.languages }));
  }

  async read(): Promise<void> {
    this.choices = await engine.campaigns.sources({});
    const people = this.choices.find((choice) => choice.source.kind === 'reference');
    if (people) this.add({ ...people, name: t('campaigns.people') });
  }

  add({ name, source }: Pick<Choice, 'name' | 'source'>): void {
    const taken = new Set(this.systems.map((system) => system.name));
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name} ${count}`;
    this.systems = [...this.systems, { name: free, source }];
    void this.inspect();
  }

  async addFile(): Promise<void> {
    for (const path of await pickFiles('outputs')) {
      const file = path.split(/[\\/]/).at(-1) ?? path;
      this.add({ name: file.replace(/\.[^.]+$/, ''), source: { kind: 'file', path } });
    }
  }

  remove(index: number): void {
    this.systems = this.systems.filter((_, at) => at !== index);
    void this.inspect();
  }

  /** How many passages every chosen system has a question for. */
  async inspect(): Promise<void> {
    if (this.systems.length === 0) return;
    try {
      this.error = null;
      const found = await engine.campaigns.inspect({
        systems: $state.snapshot(this.systems),
        languages: [...languages],
      });
      this.available = found.languages;
      this.problems = found.systems
        .filter((system) => system.problems.length > 0)
        .map((system) => ({ system: system.name, problems: system.problems }));
      const usable = found.languages.filter((entry) => entry.passages > 0).map((entry) => entry.language);
      const kept = this.languages.filter((language) => usable.includes(language));
      this.languages = kept.length > 0 ? kept : usable;
    } catch (error) {
      this.error = errorText(error);
    }
  }

  addCriterion(): void {
    const id = `own-${Date.now().toString(36)}`;
    this.criteria = [...this.criteria, { id, name: '', question: '', anchors: ['', '', ''] }];
  }

  /** Plain values: what crosses the port may hold no reactive proxies. */
  settings(): CampaignSettings {
    const { systems, criteria, practice, namedRaters, languages: chosen, perLanguage, seed, repeats, layout } = this;
    return $state.snapshot({
      name: this.name.trim(),
      systems,
      languages: chosen,
      perLanguage,
      seed,
      criteria: criteria.filter((criterion) => criterion.name.trim() !== ''),
      guidelines: chosen.map((language) => ({ language, text: (this.guidelines[language] ?? '').trim() })),
      practice: written(practice),
      repeats,
      layout,
      raters: namedRaters,
    }) as CampaignSettings;
  }

  /** Makes the campaign and returns its id, or null with the reason shown. */
  async create(): Promise<string | null> {
    this.busy = true;
    try {
      this.error = null;
      const { campaign } = await engine.campaigns.create(this.settings());
      return campaign.id;
    } catch (error) {
      this.error = errorText(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
