import { randomBytes } from 'node:crypto';
import {
  practice as practiceSchema,
  type CampaignSettings,
  type CampaignSystem,
  type Practice,
} from '../../shared/contract/campaigns.ts';
import { generator as generatorSchema, type Generator } from '../../shared/contract/generation.ts';
import type { Job, Language } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import { why } from '../../shared/problems.ts';
import type { EngineContext } from '../context.ts';
import type { JobControl } from '../jobs/runner.ts';
import { seededRandom } from '../statistics/random.ts';
import { uuidV7 } from '../store/ids.ts';
import { addPerson } from '../store/people.ts';
import type { Project } from '../store/project.ts';
import { askerOf, type Asker } from './ask.ts';
import { CampaignOutputs, findCampaign, hiddenOf, type CampaignHidden, type CampaignShown } from './campaign.ts';
import { chooseRepeats, raterOrder, withRepeats, type Placed } from './order.ts';
import { givenQuestions, type Given } from './outputs.ts';
import { drawPassages, type Place } from './sample.ts';

const chunk = 24;

export type FindGenerator = (id: string) => Generator;

/** What each system has already written; null for one that generates when the campaign is made. */
function givenBy(project: Project, systems: readonly CampaignSystem[], seed: number): Map<string, Given | null> {
  return new Map(systems.map(({ name, source }) => [name, givenQuestions(project, source, seed)]));
}

/** Passages that every system has a question for, or can be asked about. */
function eligiblePlaces(
  project: Project,
  { systems, languages }: Pick<CampaignSettings, 'systems' | 'languages'>,
  given: ReadonlyMap<string, Given | null>,
  find: FindGenerator,
): Place[] {
  const spoken = systems.flatMap(({ source }) =>
    source.kind === 'generator' ? [new Set(find(source.generator).languages.map((entry) => entry.language))] : [],
  );
  const places = project.database
    .prepare('SELECT id AS passage, document_id AS document, language FROM passages ORDER BY id')
    .all() as Place[];
  return places.filter(
    ({ passage, language }) =>
      languages.includes(language) &&
      [...given.values()].every((one) => one === null || one.questions.has(passage)) &&
      spoken.every((known) => known.has(language)),
  );
}

/** What the systems offer: passages by language that can be sampled, and what each has written. */
export function inspectSystems(
  project: Project,
  { systems, languages }: Pick<CampaignSettings, 'systems' | 'languages'>,
  find: FindGenerator,
): { places: Place[]; given: Map<string, Given | null> } {
  const given = givenBy(project, systems, 1);
  return { places: eligiblePlaces(project, { systems, languages }, given, find), given };
}

/**
 * Draws the sample, stores what systems have already written and makes the job that asks the others.
 * Errors: 'invalid-input' when two systems share a name, a name would show to raters, or nothing can be sampled.
 */
export function startCampaign(
  project: Project,
  settings: CampaignSettings,
  find: FindGenerator,
): { id: string; job: Job } {
  refuseRevealing(settings);
  const given = givenBy(project, settings.systems, settings.seed);
  const sample = drawPassages(eligiblePlaces(project, settings, given, find), settings);
  if (sample.length === 0) throw told('error.invalid-input.no-common-passage');
  const id = uuidV7();
  const { layout, criteria } = settings;
  const shown: CampaignShown = {
    layout,
    criteria,
    practice: withIds(settings.practice, []),
  };
  return project.transaction(() => {
    const job = project.jobs.create({
      kind: 'campaign',
      title: settings.name,
      total: null,
      settings: { campaign: id },
    });
    const generators = generatorsOf(project, settings.systems, find);
    const hidden: CampaignHidden = { settings, sample, jobId: job.id, generators };
    project.rounds.add({ id, kind: 'score', name: settings.name, overlap: settings.raters.length, shown, hidden });
    for (const { language, text } of settings.guidelines)
      if (text.trim() !== '') project.rounds.setGuideline(id, language, text);
    const outputs = new CampaignOutputs(project, id);
    const keys: string[] = [];
    for (const [name, written] of given) {
      if (written === null) keys.push(...sample.map((passage) => jobKey(name, passage)));
      else
        outputs.add(
          name,
          new Map(
            sample.flatMap((passage) => {
              const question = written.questions.get(passage);
              return question === undefined ? [] : [[passage, question] as const];
            }),
          ),
        );
    }
    project.jobs.addItems(job.id, keys);
    return { id, job: project.jobs.get(job.id) };
  });
}

/** What the systems that are generators are known by: a bundle's hash, else the id; questions of several hashes have none. */
function generatorsOf(
  project: Project,
  systems: readonly CampaignSystem[],
  find: FindGenerator,
): Record<string, string> {
  const known = systems.flatMap(({ name, source }) => {
    if (source.kind === 'generator') return [[name, find(source.generator).hash ?? source.generator]];
    if (source.kind !== 'project') return [];
    const hashes = project.database
      .prepare("SELECT DISTINCT coalesce(lineage ->> 'hash', generator) FROM candidates WHERE generator = ?")
      .pluck()
      .all(source.generator) as string[];
    return hashes.length === 1 ? [[name, hashes[0]]] : [];
  });
  return Object.fromEntries(known) as Record<string, string>;
}

/** Raters read the name, the criteria, the guidelines and the practice: none may hold a system's name. */
function refuseRevealing(settings: CampaignSettings): void {
  const names = settings.systems.map((system) => system.name);
  if (new Set(names).size < names.length) throw told('error.invalid-input.same-systems');
  if (new Set(settings.raters.map((rater) => rater.name)).size < settings.raters.length)
    throw told('error.invalid-input.same-raters');
  const criteria = settings.criteria.flatMap(({ name, question, anchors }) => [name, question, ...anchors]);
  refuseNames(names, [settings.name, ...criteria, ...settings.guidelines.map(({ text }) => text)].join('\n'));
  refuseNamesIn(names, settings.practice);
}

/** Error 'invalid-input' when an explanation holds a system's name. */
function refuseNamesIn(names: readonly string[], practice: readonly Practice[]): void {
  refuseNames(names, practice.map((entry) => entry.explanation).join('\n'));
}

/** Each practice question under an id of its own; one that was there before keeps its id, and its scores. */
function withIds(practice: readonly Practice[], before: CampaignShown['practice']): CampaignShown['practice'] {
  const known = new Map(before.map(({ id, ...entry }) => [JSON.stringify(practiceSchema.parse(entry)), id]));
  return practice.map((entry) => {
    const text = JSON.stringify(practiceSchema.parse(entry));
    const id = known.get(text) ?? randomId();
    known.delete(text);
    return { ...practiceSchema.parse(entry), id };
  });
}

/** Stores a new version of the practice. Error 'invalid-input' when an explanation holds a system's name. */
export function changePractice(project: Project, id: string, practice: readonly Practice[]): number {
  const names = hiddenOf(project, id).settings.systems.map((system) => system.name);
  refuseNamesIn(names, practice);
  return project.rounds.setPractice(id, withIds(practice, findCampaign(project, id).shown.practice));
}

/** Error 'invalid-input' when a text that raters read holds a system's name. */
export function refuseNames(names: readonly string[], text: string): void {
  const shown = names.find((name) => text.includes(name));
  if (shown !== undefined) throw told('error.invalid-input.name-shown', { name: shown });
}

/** Asks the systems that generate now, then mixes everything and gives it to the raters. Goes on where it stopped. */
export async function prepareCampaign(
  context: EngineContext,
  job: Job,
  control: JobControl,
  find: FindGenerator,
): Promise<Record<string, unknown>> {
  const project = context.project();
  const id = String(job.settings['campaign']);
  const { settings } = hiddenOf(project, id);
  const outputs = new CampaignOutputs(project, id);
  const askers = new Map<string, Asker>();
  let done = job.done;
  for (;;) {
    await control.checkpoint();
    const keys = project.jobs.pendingItems(job.id, chunk);
    const [first] = keys;
    if (first === undefined) break;
    const { system } = fromKey(first);
    const source = settings.systems.find((one) => one.name === system)?.source;
    if (source?.kind !== 'generator') throw new AsklabError('internal', 'A job item names no system of its campaign.');
    const generator = generatorSchema.parse(find(source.generator));
    const asker = askers.get(system) ?? askerOf(context, generator);
    askers.set(system, asker);
    const own = keys.filter((key) => fromKey(key).system === system);
    const questions = await asker.ask(
      own.map((key) => project.passage(fromKey(key).passage)),
      control.signal,
    );
    project.transaction(() => {
      outputs.add(system, questions);
      for (const key of own) {
        const answered = questions.has(fromKey(key).passage);
        project.jobs.finishItem(job.id, key, answered ? 'done' : 'failed');
        if (!answered)
          control.problem({
            file: fromKey(key).passage,
            line: null,
            ...why('problem.noQuestion', { system }),
          });
      }
    });
    done += own.length;
    control.progress({ done });
  }
  const questions = project.transaction(() => openCampaign(project, id));
  context.emit('changed', { project: true, rounds: true });
  return { campaign: id, questions };
}

/** Makes the items and gives them to the raters. Returns how many items there are. */
export function openCampaign(project: Project, id: string): number {
  const { settings } = hiddenOf(project, id);
  const languages = languagesOf(project, id);
  const items = new Map<string, { item: string; passage: string; question: string; systems: string[] }>();
  for (const { system, passage, question } of new CampaignOutputs(project, id).all()) {
    const text = question.trim();
    const key = `${passage}\n${text.normalize('NFC')}`;
    const known = items.get(key);
    if (known) known.systems.push(system);
    else items.set(key, { item: randomId(), passage, question: text, systems: [system] });
  }
  // Rows in the order of their random ids: not even the lead's file keeps a system's questions together.
  const list = [...items.values()].sort((left, right) => (left.item < right.item ? -1 : 1));
  project.rounds.addItems(
    id,
    list.map(({ item, passage, question, systems }) => ({
      item,
      passageId: passage,
      shown: { question },
      hidden: { systems },
    })),
  );
  const placed = list.map(({ item, passage }): Placed => ({ item, passage, language: languages.get(passage) ?? 'en' }));
  const twice = new Map<string, string>(); // item to the id of its repeat
  settings.raters.forEach((rater, at) => {
    const random = seededRandom(settings.seed * 1009 + at);
    const order = raterOrder(placed, { languages: rater.languages, layout: settings.layout }, random);
    const repeats = chooseRepeats(order, settings.repeats, random);
    for (const { item } of repeats) {
      if (twice.has(item)) continue;
      const own = list.find((one) => one.item === item);
      const repeat = randomId();
      twice.set(item, repeat);
      if (own)
        project.rounds.addItems(id, [
          {
            item: repeat,
            passageId: own.passage,
            shown: { question: own.question },
            hidden: { systems: own.systems, repeatOf: item },
          },
        ]);
    }
    const again = repeats.map((one) => ({ ...one, item: twice.get(one.item) ?? one.item }));
    const whole = withRepeats(order, again, settings.layout, random);
    const person = personNamed(project, rater.name);
    project.rounds.assign(
      id,
      whole.map(({ item }, position) => ({ person, item, position })),
    );
  });
  return list.length;
}

function languagesOf(project: Project, id: string): Map<string, Language> {
  const rows = project.database
    .prepare(
      'SELECT DISTINCT p.id, p.language FROM campaign_outputs o JOIN passages p ON p.id = o.passage_id WHERE o.round_id = ?',
    )
    .all(id) as { id: string; language: Language }[];
  return new Map(rows.map((row) => [row.id, row.language]));
}

function personNamed(project: Project, name: string): string {
  const known = project.people().find((person) => person.name === name);
  return known?.id ?? addPerson(project.database, { name, role: 'checker' });
}

const randomId = (): string => randomBytes(16).toString('hex');
const jobKey = (system: string, passage: string): string => `${passage}#${system}`;
function fromKey(key: string): { passage: string; system: string } {
  const at = key.indexOf('#');
  return { passage: key.slice(0, at), system: key.slice(at + 1) };
}
