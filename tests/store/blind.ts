/** A lead's project with a real bundle, the rules, a file of outputs and people as systems, by names no text holds by chance. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listGenerators } from '../../src-main/engine/generate/generators.ts';
import type { Project } from '../../src-main/engine/store/project.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import type { Generator } from '../../src-main/shared/contract/generation.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { Apps, type App } from '../contract/apps.ts';
import { criteria } from './campaign.ts';

export const folderOfBundle = 'lalm-five-languages';
export const people = {
  lead: 'Zuleika Ampersand',
  author: 'Perpetua Ocelot',
  checker: 'Ignatius Marmot',
  other: 'Wilhelmina Tapir',
  judge: 'Sibyl Quagga',
};
const systems = { bundle: 'Zorblatt neural', file: 'Quuxnet large', reference: 'Wibble writers' };
/** What the first person says of a question: never a word of a passage. */
const said = { note: 'bandicoot', flag: 'dugong', type: 'wallaby', reason: 'off-topic' as const };
const passageCount = 18;
const decidedPassages = 12;

export class BlindStudy {
  readonly apps: Apps;
  readonly folder: string;
  readonly lead: App;
  readonly bundle: Generator;
  private readonly inference: SpawnedInference[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.apps = new Apps(folder);
    this.lead = this.apps.start('lead', () => {
      const started = spawnInference();
      this.inference.push(started);
      return Promise.resolve(started.port);
    });
    const bundle = listGenerators('resources', folder).find(({ id }) => id === folderOfBundle);
    if (!bundle?.hash) throw new Error('The bundle is not there.');
    this.bundle = bundle;
  }

  async close(): Promise<void> {
    await this.apps.close();
    for (const process of this.inference) process.kill();
  }

  get project(): Project {
    const project = this.lead.engine.project();
    if (!project) throw new Error('No project.');
    return project;
  }

  personId(name: string): string {
    return this.project.people().find((person) => person.name === name)?.id ?? '';
  }

  async run(job: Job): Promise<void> {
    const ended = await this.lead.engine.runner()?.wait(job.id);
    if (ended?.state !== 'done') throw new Error(ended?.message ?? 'The job did not end.');
  }

  /** Passages with people's questions; questions by the rules and by the bundle, two thirds of them decided. */
  async fill(): Promise<void> {
    const { call } = this.lead;
    await call.projects.create({ path: join(this.folder, 'lead.asklab'), name: 'Harbour study', person: people.lead });
    const places = Array.from({ length: passageCount }, (_, at) => `Cape ${String.fromCharCode(65 + at)}orran`);
    const rows = places.map((place, at) => ({
      id: `numbat-${at}`,
      text: `The lighthouse of ${place} was built in ${1700 + at} by the engineer John Smeaton. It stands on a rock in the northern sea.`,
      question: `Who built the lighthouse of ${place}?`,
    }));
    const write = (name: string, lines: readonly object[]): string => {
      const path = join(this.folder, name);
      writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'));
      return path;
    };
    await this.run(await call.importing.start({ sources: [{ path: write('quokka-march.jsonl', rows) }] }));
    for (const generator of [rulesVersion, this.bundle.id])
      await this.run(await call.generation.start({ generator, candidates: 2, passages: {} }));
    for (const name of [people.author, people.checker, people.other]) await call.people.add({ name });
    await call.people.add({ name: people.judge, role: 'adjudicator' });
    await call.projects.usePerson({ id: this.personId(people.author) });
    const passages = this.project.database.prepare('SELECT id FROM passages ORDER BY row').pluck().all() as string[];
    let turn = 0;
    for (const passageId of passages.slice(0, decidedPassages))
      for (const { id: candidateId } of this.project.candidates(passageId)) {
        const rejected = { verdict: 'reject' as const, reason: said.reason, note: said.note };
        const kept = [
          { verdict: 'accept' as const, note: said.note },
          { verdict: 'accept' as const, question: `Which rock carries lighthouse number ${turn}?` },
        ];
        await call.review.setFlag({ candidateId, flag: said.flag });
        await call.review.setTags({ candidateId, type: said.type, difficulty: 'hard' });
        await call.review.decide({ candidateId, seconds: 4.5, ...(kept[turn % 3] ?? rejected) });
        turn += 1;
      }
    // A question of a person's own, which only the lineage and the history tell from a model's.
    const written = { passageId: passages[0] ?? '', question: 'Where does the bell hang?' };
    const { candidates } = await call.review.write(written);
    for (const { id: candidateId } of candidates)
      await call.review.decide({ candidateId, verdict: 'reject', reason: said.reason, note: said.note });
    await call.projects.usePerson({ id: this.personId(people.lead) });
    const outputs = places.map((place, at) => ({
      id: `numbat-${at}`,
      output: `On what does ${place}'s lighthouse stand?`,
    }));
    write('quuxnet-outputs.jsonl', outputs);
  }

  async round(kind: 'review' | 'check' | 'adjudicate', names: readonly string[]): Promise<string> {
    const { id } = await this.lead.call.rounds.create({
      kind,
      name: 'Autumn',
      people: names.map((name) => this.personId(name)),
      overlap: names.length,
      guidelines: [{ language: 'en', text: 'Keep what the passage answers.' }],
    });
    return id;
  }

  /** Two raters score the bundle, which generates now, a file and people. */
  async campaign(): Promise<string> {
    const { campaign, job } = await this.lead.call.campaigns.create({
      name: 'Autumn',
      systems: [
        { name: systems.bundle, source: { kind: 'generator', generator: this.bundle.id } },
        { name: systems.file, source: { kind: 'file', path: join(this.folder, 'quuxnet-outputs.jsonl') } },
        { name: systems.reference, source: { kind: 'reference' } },
      ],
      languages: ['en'],
      perLanguage: 6,
      criteria,
      guidelines: [{ language: 'en', text: 'Read the passage first.' }],
      repeats: 2,
      raters: [people.checker, people.other].map((name) => ({ name, languages: ['en' as const] })),
    });
    await this.run(job);
    const ofBundle = `SELECT count(*) FROM round_items, json_each(hidden, '$.systems') WHERE round_id = ? AND value = ?`;
    if (this.project.database.prepare(ofBundle).pluck().get(campaign.id, systems.bundle) === 0)
      throw new Error('The bundle wrote no question for the campaign.');
    return campaign.id;
  }

  /** Everything that must not leave the project for this person; an adjudicator reads what the first person said. */
  secrets(name: string, kind: 'review' | 'check' | 'adjudicate' | 'score'): string[] {
    const { database } = this.project;
    const all = (sql: string): string[] => database.prepare(sql).pluck().all() as string[];
    const hash = this.bundle.hash ?? '';
    const others = this.project.people().filter((person) => person.name !== name);
    // As the lineage of what the bundle wrote stores it.
    const [stored = ''] = all(
      "SELECT DISTINCT lineage ->> 'hash' FROM candidates WHERE lineage ->> 'hash' IS NOT NULL",
    );
    if (stored !== hash) throw new Error('The lineage holds another hash than the list of generators.');
    const first = Object.values(said);
    const edited = all("SELECT original FROM candidates JOIN states ON id = candidate_id WHERE status = 'edited'");
    const shown = new Set(all("SELECT shown ->> '$.question' FROM round_items"));
    const wordings = edited.filter((text) => ![...shown].some((one) => one.includes(text)));
    return [
      ...Object.values(systems),
      ...[hash, hash.slice(0, 8), this.bundle.id, this.bundle.name, folderOfBundle, rulesVersion],
      ...['quokka', 'quuxnet', 'numbat', 'Harbour study', join(this.folder, 'lead')],
      ...others.flatMap((person) => [person.id, person.name, ...person.name.split(' ')]),
      ...(kind === 'adjudicate' ? [] : [...first, ...wordings]),
      ...all('SELECT id FROM candidates'),
      ...all('SELECT id FROM passages'),
      ...all('SELECT id FROM documents'),
      ...all('SELECT id FROM jobs'),
      ...(kind === 'score' ? all('SELECT item FROM round_items') : []),
      this.project.value('sealKey') ?? 'no key',
      this.project.value('device') ?? 'no device',
    ];
  }
}

/** A secret as other encodings write it, base64 from each of its three beginnings. */
function forms(secret: string): Buffer[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = Math.floor(((before + bytes.length) * 8) / 6); // characters that only the secret decides
    return text.slice(Math.ceil((before * 8) / 6), whole);
  });
  const digits = secret.replaceAll('-', '');
  const binary = /^(?:[0-9a-f]{2}){8,}$/.test(digits) ? [Buffer.from(digits), Buffer.from(digits, 'hex')] : [];
  const wide = Buffer.from(secret, 'utf16le');
  return [...base64.map((text) => Buffer.from(text)), wide, Buffer.from(wide).swap16(), ...binary];
}

/** Which secrets bytes hold: plain and in hexadecimal whatever the case, else in base64, UTF-16 or, of an id, as its bytes. */
export function foundIn(bytes: Uint8Array, secrets: readonly string[]): string[] {
  const whole = Buffer.from(bytes);
  const text = whole.toString('latin1').toLowerCase();
  return [...new Set(secrets)].filter((secret) => {
    const plain = Buffer.from(secret.toLowerCase());
    const hex = [plain, Buffer.from(secret)].map((one) => one.toString('hex'));
    return (
      [plain.toString('latin1'), ...hex].some((one) => text.includes(one)) ||
      forms(secret).some((one) => whole.includes(one))
    );
  });
}
