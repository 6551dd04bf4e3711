/** A project with a round of each kind given out to five people, and one run after another of what they do with it. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { createRound } from '../../src-main/engine/rounds/create.ts';
import { correctionScope } from '../../src-main/engine/store/corrections.ts';
import type { NewEvent, Scope } from '../../src-main/engine/store/history.ts';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { selection, type Selection } from '../../src-main/shared/contract/rounds.ts';
import { seed } from './seed.ts';

const decisions = {
  accept: { verdict: 'accept' },
  edit: { verdict: 'accept', question: 'Where is it?' },
  other: { verdict: 'accept', question: 'On what does it stand?' },
  reject: { verdict: 'reject', reason: 'ungrammatical', note: 'No verb.' },
  reset: { verdict: 'reset' },
} as const;
type Decision = keyof typeof decisions;
const decisionKinds = Object.keys(decisions) as Decision[];
export const workKinds = [...decisionKinds, 'flag', 'undo', 'redo'] as const;
export const leadKinds = [
  ...(['settle', 'settle edit', 'settle reset', 'return', 'correct', 'again', 'tags', 'flag', 'answer'] as const),
  ...(['aside', 'bulk', 'undo', 'redo', 'undo settle', 'redo settle'] as const),
  ...(['language', 'sentences', 'undo passage', 'redo passage'] as const),
];

/** Somebody works on a question of a package. */
export interface WorkStep {
  desk: number;
  item: number;
  kind: (typeof workKinds)[number];
}
/** Somebody does something at the lead's machine. */
export interface LeadStep {
  person: number;
  item: number;
  early: boolean;
  lead: (typeof leadKinds)[number];
}

/** Without waiting for the disk: a test opens thousands of files. */
function quick(project: Project): Project {
  project.database.pragma('synchronous = OFF');
  return project;
}

const at = <T>(list: readonly T[], place: number): T => list[place % list.length] as T;

export class Office {
  readonly base: string;
  readonly people: string[] = [];
  readonly items: string[] = [];
  readonly checks: string[] = [];
  readonly packages: string[] = []; // files in which a person may work
  private readonly folder: string;
  private readonly kinds = new Map<string, string>();
  private days = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.base = join(folder, 'base.asklab');
  }

  static async found(folder: string): Promise<Office> {
    const office = new Office(folder);
    await office.fill();
    return office;
  }

  /** Four open questions and four decided ones, of which two are disputed already. */
  private async fill(): Promise<void> {
    const project = quick(Project.create(this.base, { name: 'Lighthouses', person: 'Lead Lovelace' }));
    this.items.push(...seed(project, 8));
    const roles = ['annotator', 'checker', 'checker', 'adjudicator', 'adjudicator'] as const;
    roles.forEach((role, index) => this.people.push(addPerson(project.database, { name: `Person ${index}`, role })));
    const [author = '', second = '', third = '', fourth = '', fifth = ''] = this.people;
    const decide = (item: string, kind: Decision): NewEvent => ({ kind: 'decide', item, payload: decisions[kind] });
    this.items.slice(4).forEach((item, index) => {
      project.history.append(author, [decide(item, at(['accept', 'reject', 'edit', 'accept'] as const, index))]);
    });
    const make = async (change: Partial<Selection>): Promise<string> => {
      const chosen = selection.parse({ onlyUnchecked: false, ...change });
      const signal = new AbortController().signal;
      const { id, kind } = await createRound(project, chosen, { name: chosen.kind, practice: [] }, signal);
      this.kinds.set(id, kind);
      return id;
    };
    const early = await make({ kind: 'check', people: [second, third], overlap: 2, count: 2 });
    for (const { item } of project.rounds.assigned(early, second)) {
      project.history.append(second, [decide(item, 'reject')], early);
      project.history.append(third, [decide(item, 'other')], early);
    }
    const check = await make({ kind: 'check', people: [second, third, fourth, fifth] });
    this.checks.push(early, check);
    await make({ kind: 'review', people: this.people, overlap: 3 });
    await make({ kind: 'adjudicate', people: [fourth, fifth] });
    const score = project.rounds.add({ kind: 'score', name: 'Campaign', overlap: 5, shown: {}, hidden: {} }).id;
    this.kinds.set(score, 'score');
    const scored = this.items.slice(0, 4).map((id, index) => {
      const { passageId, question } = project.candidate(id);
      return { item: `score${index}`, passageId, shown: { question }, hidden: { systems: ['one'] } };
    });
    project.rounds.addItems(score, scored);
    for (const person of this.people) {
      const own = scored.map(({ item }, position) => ({ person, item, position }));
      project.rounds.assign(score, own);
    }
    for (const { id } of project.rounds.list())
      for (const person of project.rounds.assignees(id)) {
        const path = join(this.folder, `package ${this.packages.length}.asklab`);
        openPackage(writePackage(project, id, person), path).close();
        this.packages.push(path);
      }
    project.close();
  }

  /** 'review' is what is decided at the lead's machine. */
  kindOf(round: string): string {
    return round === 'review' ? 'lead' : (this.kinds.get(round) ?? round);
  }

  begin(): Day {
    return new Day(this, join(this.folder, `day ${(this.days += 1)}`));
  }
}

/** One history: the lead's project and the packages as they were given out, and what happens from then on. */
export class Day {
  readonly lead: Project;
  readonly desks = new Map<number, Project>();
  private readonly office: Office;
  private readonly prefix: string;
  private readonly paths: string[] = [];
  private readonly open: Project[] = [];
  private sentBack: string | null = null; // the item that was returned last

  constructor(office: Office, prefix: string) {
    this.office = office;
    this.prefix = prefix;
    this.lead = this.copy();
  }

  /** The lead's project as it was when everything was given out. */
  copy(of = this.office.base): Project {
    const path = `${this.prefix} ${this.paths.length}.asklab`;
    copyFileSync(of, path);
    this.paths.push(path);
    const project = quick(Project.open(path));
    this.open.push(project);
    return project;
  }

  /** A person's own file, made when it is first needed. */
  desk(place: number): Project {
    const key = place % this.office.packages.length;
    const known = this.desks.get(key);
    if (known) return known;
    const made = this.copy(at(this.office.packages, key));
    this.desks.set(key, made);
    return made;
  }

  works({ desk: place, item: which, kind }: WorkStep): void {
    const desk = this.desk(place);
    const { id } = desk.person();
    const round = at(desk.rounds.list(), 0);
    const { item } = at(desk.rounds.assigned(round.id, id), which);
    if (kind === 'undo' || kind === 'redo') this.takeBack(desk, id, kind, round.id, { round: round.id });
    else if (round.kind === 'score') {
      const scores = { fluency: decisionKinds.indexOf(kind as Decision) % 3 };
      desk.history.append(id, [{ kind: 'score', item, payload: { scores, comment: kind }, seconds: 2 }], round.id);
    } else if (kind === 'flag') desk.history.append(id, [{ kind, item, payload: { flag: 'look' } }], round.id);
    else desk.history.append(id, [{ kind: 'decide', item, payload: decisions[kind], seconds: 2 }], round.id);
  }

  leads({ person: who, item: which, early, lead: kind }: LeadStep): void {
    const { items, people, checks } = this.office;
    const { history, rounds } = this.lead;
    const lead = this.lead.person().id;
    const person = at([lead, ...people], who);
    const item = at(items, which);
    const check = checks[early ? 0 : 1] ?? '';
    const checked = at(rounds.assigned(check, at(rounds.assignees(check), who)), which).item;
    const settle = (payload: object): unknown =>
      history.append(lead, [{ kind: 'settle', item: checked, payload: { ...payload } }], check);
    switch (kind) {
      case 'settle':
        return void settle(which % 2 === 0 ? decisions.accept : decisions.reject);
      case 'settle edit':
        return void settle(decisions.edit);
      case 'settle reset':
        return void settle(decisions.reset);
      case 'return':
        this.sentBack = checked;
        return void history.append(
          lead,
          [{ kind, item: checked, payload: { to: people[0], note: 'Ask about the sea.' } }],
          check,
        );
      case 'correct': // the author answers
        return void history.append(people[0] ?? '', [
          { kind: 'decide', item: this.sentBack ?? checked, payload: decisions.other },
        ]);
      case 'again':
        return void history.append(person, [{ kind: 'decide', item, payload: at(Object.values(decisions), who) }]);
      case 'tags':
        return void history.append(person, [{ kind, item, payload: { type: 'where', difficulty: 'hard' } }]);
      case 'flag':
        return void history.append(person, [{ kind, item, payload: { flag: which % 2 === 0 ? 'look' : null } }]);
      case 'answer':
        return void history.append(person, [{ kind, item, payload: { answer: { start: 0, end: 10 } } }]);
      case 'aside':
        return void history.append(person, [{ kind, item, payload: { reasons: ['copied'] } }]);
      case 'bulk':
        return void history.append(
          person,
          items.slice(which % 6).map((one) => ({ kind: 'decide', item: one, payload: decisions.accept })),
        );
      case 'undo':
      case 'redo':
        return this.takeBack(this.lead, person, kind, 'review');
      case 'language':
      case 'sentences': {
        const { passageId } = this.lead.candidate(item);
        const cut = 10 + (who % 3);
        const sentences = [
          { start: 0, end: cut },
          { start: cut, end: 30 },
        ];
        const language = kind === 'language' ? { language: at(['fr', 'hi'], who) } : {};
        const events: NewEvent[] = [{ kind, item: passageId, payload: { ...language, sentences } }];
        return void history.append(person, events, correctionScope.round);
      }
      case 'undo passage':
      case 'redo passage':
        return this.takeBack(
          this.lead,
          person,
          kind === 'undo passage' ? 'undo' : 'redo',
          correctionScope.round,
          correctionScope,
        );
      default: // of a settlement or a return
        return this.takeBack(this.lead, lead, kind === 'undo settle' ? 'undo' : 'redo', 'review', {
          kinds: ['settle', 'return'],
        });
    }
  }

  private takeBack(project: Project, person: string, kind: 'undo' | 'redo', round: string, scope?: Scope): void {
    const target = project.history[kind === 'undo' ? 'undoable' : 'redoable'](person, scope);
    if (target) project.history.append(person, [{ kind, item: target.group, payload: {} }], round);
  }

  end(): void {
    for (const project of this.open) project.close();
    for (const path of this.paths) rmSync(path);
  }
}
