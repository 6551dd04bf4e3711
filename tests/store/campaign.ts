import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignRow, CampaignSettings, Criterion } from '../../src-main/shared/contract/campaigns.ts';
import type { Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';

export function caller(engine: Engine): <Answer>(service: string, method: string, input?: unknown) => Promise<Answer> {
  return (service, method, input = {}) =>
    dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<never>;
}

const anchors: Criterion['anchors'] = ['no', 'partly', 'yes'];
export const criteria: Criterion[] = [
  { id: 'fluency', name: 'Fluency', question: 'Is it well formed?', anchors },
  { id: 'answerable', name: 'Answerable', question: 'Does the passage answer it?', anchors },
  { id: 'significance', name: 'Significance', question: 'Is it worth asking?', anchors },
];

/** Names that no text of the campaign holds by chance. */
export const secretNames = { rules: 'Zorblatt templates', file: 'Quuxnet large', people: 'Wibble writers' };

/** A new project with passages of two languages, each with a person's question, and a file of outputs for them. */
export async function studyProject(engine: Engine, folder: string, passages: number): Promise<{ outputs: string }> {
  const call = caller(engine);
  const places = ['Cordouan', 'Pharos', 'Eddystone', 'Fastnet', 'Skerryvore', 'Hook Head', 'Kõpu', 'Lindau'];
  const texts = Array.from({ length: passages }, (_, at) => {
    const name = `${places[at % places.length] ?? ''} ${Math.floor(at / places.length) + 1}`;
    return at % 2 === 0
      ? {
          id: `en-${at}`,
          text: `The lighthouse of ${name} was built in ${1600 + at}. It stands on a rock in the sea.`,
          question: `When was the lighthouse of ${name} built?`,
          output: `Where does the lighthouse of ${name} stand?`,
        }
      : {
          id: `fr-${at}`,
          text: `Le phare de ${name} a été construit en ${1600 + at}. Il se dresse sur un rocher dans la mer.`,
          question: `Quand le phare de ${name} a-t-il été construit ?`,
          output: `Où se dresse le phare de ${name} ?`,
        };
  });
  await call('projects', 'create', { path: join(folder, 'lead.asklab'), name: 'Study', person: 'Lena' });
  const source = join(folder, 'passages.jsonl');
  writeFileSync(source, texts.map(({ id, text, question }) => JSON.stringify({ id, text, question })).join('\n'));
  const job = await call<Job>('importing', 'start', { sources: [{ path: source }] });
  await engine.runner()?.wait(job.id);
  const outputs = join(folder, 'outputs.jsonl');
  writeFileSync(outputs, texts.map(({ id, output }) => JSON.stringify({ id, output })).join('\n'));
  return { outputs };
}

export function studySettings(outputs: string, change: Partial<CampaignSettings> = {}): CampaignSettings {
  return {
    name: 'Autumn study',
    systems: [
      { name: secretNames.people, source: { kind: 'reference' } },
      { name: secretNames.rules, source: { kind: 'generator', generator: rulesVersion } },
      { name: secretNames.file, source: { kind: 'file', path: outputs } },
    ],
    languages: ['en', 'fr'],
    perLanguage: 4,
    seed: 11,
    criteria,
    guidelines: [
      { language: 'en', text: 'Read the passage first.' },
      { language: 'fr', text: 'Lisez d’abord le passage.' },
    ],
    practice: [
      {
        language: 'en',
        passage: 'Rain fell.',
        question: 'What fell?',
        scores: { fluency: 2, answerable: 2, significance: 1 },
        explanation: 'The passage says it in two words.',
      },
    ],
    repeats: 2,
    layout: 'question',
    raters: ['Ana', 'Bo', 'Chen'].map((name) => ({ name, languages: ['en', 'fr'] })),
    ...change,
  };
}

/** Makes the campaign and waits until it is open. */
export async function openStudy(engine: Engine, settings: CampaignSettings): Promise<CampaignRow> {
  const call = caller(engine);
  const made = await call<{ campaign: CampaignRow; job: Job }>('campaigns', 'create', settings);
  const ended = await engine.runner()?.wait(made.job.id);
  if (ended?.state !== 'done') throw new Error(ended?.message ?? `the job ended ${ended?.state ?? 'never'}`);
  const row = (await call<CampaignRow[]>('campaigns', 'list')).find((one) => one.id === made.campaign.id);
  if (!row) throw new Error('the campaign is not listed');
  return row;
}
