import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { findCampaign } from '../../src-main/engine/campaigns/campaign.ts';
import { Queue } from '../../src-main/engine/campaigns/queue.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import type { Project } from '../../src-main/engine/store/project.ts';
import { caller, studyProject } from './campaign.ts';

/** A lead's project with passages and a file of outputs, made anew for each test of a file. */
export class Study {
  folder = '';
  outputs = '';
  private running: Engine | null = null;
  private readonly opened: Project[] = [];

  constructor() {
    beforeEach(async () => {
      this.folder = mkdtempSync(join(tmpdir(), 'asklab-campaigns-'));
      this.running = createEngine({ userData: this.folder, resources: 'resources', emit: () => undefined });
      ({ outputs: this.outputs } = await studyProject(this.engine, this.folder, 16));
    });
    afterEach(async () => {
      for (const project of this.opened.splice(0)) project.close();
      await this.engine.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  get engine(): Engine {
    if (this.running === null) throw new Error('no engine');
    return this.running;
  }

  readonly call: ReturnType<typeof caller> = (service, method, input) => caller(this.engine)(service, method, input);

  readonly lead = (): Project => {
    const project = this.engine.project();
    if (!project) throw new Error('no project');
    return project;
  };

  readonly personId = (name: string): string =>
    this.lead()
      .people()
      .find((person) => person.name === name)?.id ?? '';

  /** The rater's own project, made from the package. */
  readonly raterProject = (campaign: string, name: string): Project => {
    const bytes = writePackage(this.lead(), campaign, this.personId(name));
    const project = openPackage(bytes, join(this.folder, `${name}.asklab`));
    this.opened.push(project);
    return project;
  };
}

export function queueIn(project: Project): Queue {
  const round = project.rounds.list()[0]?.id ?? '';
  return new Queue(project, findCampaign(project, round), project.person().id);
}

/** Scores everything by a rule of the wording alone: raters know nothing else. */
export function scoreAll(project: Project, rate: (question: string, criterion: string) => 0 | 1 | 2): void {
  const { practiceTotal, total } = queueIn(project).summary();
  for (let at = 0; at < practiceTotal + total; at += 1) {
    const [item] = queueIn(project).page(at);
    if (!item) throw new Error('no item');
    const scores = Object.fromEntries(
      ['fluency', 'answerable', 'significance'].map((criterion) => [criterion, rate(item.question, criterion)]),
    );
    queueIn(project).score(item.id, { scores, comment: at === 3 ? 'odd, "odd"' : '', seconds: 5 });
  }
}

export const rate =
  (offset: number) =>
  (question: string, criterion: string): 0 | 1 | 2 =>
    (question.startsWith('Where') || question.startsWith('Où')
      ? 2
      : (question.length + criterion.length + offset) % 2) as 0 | 1 | 2;
