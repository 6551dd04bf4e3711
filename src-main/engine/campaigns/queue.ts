import type { ScoringItem, ScoringQueue, Scores } from '../../shared/contract/campaigns.ts';
import type { Language } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { seenWith } from '../rounds/queue.ts';
import type { Event } from '../store/derive.ts';
import type { Project } from '../store/project.ts';
import { deriveVote, type Vote } from '../store/round-derive.ts';
import { prepare } from '../store/statements.ts';
import { itemShown, type Campaign, type CampaignShown } from './campaign.ts';

interface Entry {
  id: string;
  practice: boolean;
  passageId: string | null; // null: a practice passage, which is not in the project
  question: string;
  vote: Vote | null;
}

/** Practice is kept apart, so that it is neither returned nor counted. */
export const practiceRound = (campaign: string): string => `${campaign}/practice`;

/** One person's work in a campaign, in that person's order: practice, then the questions. */
export class Queue {
  private readonly project: Project;
  private readonly campaign: Campaign;
  private readonly person: string;
  private readonly entries: readonly Entry[];

  constructor(project: Project, campaign: Campaign, person: string) {
    this.project = project;
    this.campaign = campaign;
    this.person = person;
    const assigned = project.rounds.assigned(campaign.id, person);
    this.entries = [
      ...practiceFor(project, campaign, person).map((entry) => ({
        id: entry.id,
        practice: true,
        passageId: null,
        question: entry.question,
        vote: practiceVote(project, campaign.id, entry.id, person),
      })),
      ...assigned.map((item) => ({
        id: item.item,
        practice: false,
        passageId: item.passageId,
        question: itemShown.parse(item.shown).question,
        vote: project.rounds.vote(campaign.id, item.item, person),
      })),
    ];
  }

  get empty(): boolean {
    return this.entries.length === 0;
  }

  get open(): number {
    return this.entries.filter((entry) => !entry.practice && !this.complete(entry)).length;
  }

  summary(): ScoringQueue {
    const { id, name, shown } = this.campaign;
    const practice = this.entries.filter((entry) => entry.practice);
    const questions = this.entries.filter((entry) => !entry.practice);
    const marks = questions.map((entry) => (this.complete(entry) ? ('done' as const) : ('open' as const)));
    return {
      campaign: id,
      name,
      layout: shown.layout,
      criteria: shown.criteria,
      guidelines: this.project.rounds
        .guidelines(id)
        .map(({ language, version, text }) => ({ language, version, text })),
      done: marks.filter((mark) => mark === 'done').length,
      total: questions.length,
      practiceDone: practice.filter((entry) => this.complete(entry)).length,
      practiceTotal: practice.length,
      marks,
    };
  }

  /** The item at a place, or the first with something open; with the layout 'passage' all of its passage. */
  page(at: number | null): ScoringItem[] {
    const first = this.entries.findIndex((entry) => !this.complete(entry));
    const place = Math.max(0, Math.min(at ?? (first < 0 ? this.entries.length - 1 : first), this.entries.length - 1));
    const entry = this.entries[place];
    if (!entry) return [];
    if (entry.practice || this.campaign.shown.layout === 'question') return [this.item(place)];
    const together = (other: number): boolean =>
      this.entries[other]?.practice === false && this.entries[other].passageId === entry.passageId;
    let from = place;
    while (together(from - 1)) from -= 1;
    const items: ScoringItem[] = [];
    for (let next = from; together(next); next += 1) items.push(this.item(next));
    return items;
  }

  /** Error: 'not-found' for an item of somebody else. */
  find(item: string): ScoringItem {
    const place = this.entries.findIndex((entry) => entry.id === item);
    if (place < 0) throw new AsklabError('not-found', 'This question is not yours to score.', { item });
    return this.item(place);
  }

  /** Appends the scores as they stand after the change; the newest event of an item counts. */
  score(
    item: string,
    change: { scores: Record<string, 0 | 1 | 2 | null>; comment?: string | undefined; seconds: number },
  ): void {
    const before = this.find(item);
    const known = new Set(this.campaign.shown.criteria.map((criterion) => criterion.id));
    const unknown = Object.keys(change.scores).find((criterion) => !known.has(criterion));
    if (unknown !== undefined) throw new AsklabError('invalid-input', `This campaign has no criterion "${unknown}".`);
    const scores = Object.fromEntries(
      Object.entries({ ...before.scores, ...change.scores }).filter(([, value]) => value !== null),
    );
    const saw = { question: before.question, ...seenWith(this.project, this.campaign.id, before.language) };
    const payload = { scores, comment: change.comment ?? before.comment, saw };
    const round = before.practice ? practiceRound(this.campaign.id) : this.campaign.id;
    this.project.history.append(this.person, [{ kind: 'score', item, payload, seconds: change.seconds }], round);
  }

  /** Takes the newest scores back that stand, of questions before those of practice. Returns the item, or null. */
  undo(): string | null {
    for (const round of [this.campaign.id, practiceRound(this.campaign.id)]) {
      const newest = this.project.history.undoable(this.person, { round, kinds: ['score'] });
      if (!newest) continue;
      const [item] = this.project.history.itemsOf(newest.group);
      this.project.history.append(this.person, [{ kind: 'undo', item: newest.group, payload: {} }], round);
      return item ?? null;
    }
    return null;
  }

  get undoable(): boolean {
    return [this.campaign.id, practiceRound(this.campaign.id)].some(
      (round) => this.project.history.undoable(this.person, { round, kinds: ['score'] }) !== null,
    );
  }

  private item(position: number): ScoringItem {
    const entry = this.entries[position];
    if (!entry) throw new AsklabError('not-found', 'There is no question at this place.');
    const text = this.textOf(entry);
    const told = entry.practice && this.complete(entry);
    const practice = this.campaign.shown.practice.find((one) => one.id === entry.id);
    return {
      id: entry.id,
      position,
      practice: entry.practice,
      ...text,
      question: entry.question,
      scores: scoresOf(entry.vote),
      comment: commentOf(entry.vote),
      explanation: told ? (practice?.explanation ?? null) : null,
      expected: told ? (practice?.scores ?? null) : null,
    };
  }

  private textOf(entry: Entry): { language: Language; title: string; passage: string } {
    if (entry.passageId !== null) {
      const { language, title, text } = this.project.passage(entry.passageId);
      return { language, title, passage: text };
    }
    const practice = this.campaign.shown.practice.find((one) => one.id === entry.id);
    return { language: practice?.language ?? 'en', title: '', passage: practice?.passage ?? '' };
  }

  private complete(entry: Entry): boolean {
    const scores = scoresOf(entry.vote);
    return this.campaign.shown.criteria.every((criterion) => scores[criterion.id] !== undefined);
  }
}

export function scoresOf(vote: Vote | null): Scores {
  return (vote?.payload['scores'] as Scores | undefined) ?? {};
}

export function commentOf(vote: Vote | null): string {
  return typeof vote?.payload['comment'] === 'string' ? vote.payload['comment'] : '';
}

/** Practice in the languages that the person scores. */
function practiceFor(project: Project, { id, shown }: Campaign, person: string): CampaignShown['practice'] {
  const languages = project.rounds.languages(id, person);
  return shown.practice.filter((entry) => languages.includes(entry.language));
}

/** Practice is no item of the round, so its scores are read from the events. */
function practiceVote(project: Project, campaign: string, item: string, person: string): Vote | null {
  const events = project.history
    .of(item)
    .filter((event: Event) => event.person === person && event.round === practiceRound(campaign));
  const last = prepare(
    project.database,
    "SELECT kind FROM events WHERE item = ? AND kind IN ('undo', 'redo') ORDER BY clock DESC, id DESC LIMIT 1",
  ).pluck();
  return deriveVote(events, { has: (group) => last.get(group) === 'undo' });
}
