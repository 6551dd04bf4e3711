import type { Span } from '../../shared/contract/types.ts';
import { exactKey, similarity } from '../../shared/text/fingerprint.ts';
import type { Language } from '../../shared/text/language.ts';
import { faultWeight, isSound, questionFaults, type AskedPassage } from './faults.ts';

/** One question a generator proposes for a passage. */
export interface Proposal {
  text: string;
  raw: string;
  focus: Span | null;
  answer: Span | null;
  score: number | null;
  rank: number;
  /** What the rules ask about the same answer. */
  draft?: string;
}

/** From this share of common n-grams on a question says what the rules' does: two that can each go wrong agree. */
const agreement = 0.8;
/** Above this share of common n-grams two questions ask the same in other words. */
const nearDuplicate = 0.8;

interface Judged {
  readonly proposal: Proposal;
  readonly sound: boolean;
  readonly weight: number;
  /** Its place in the generator's order where the rules agree with it, else null: the rules' best is asked first. */
  readonly agreed: number | null;
}

/**
 * At most `limit` proposals that ask about different things, best first. Sound ones (faults.ts) come before all others,
 * which are taken only where a passage would otherwise have no question at all. Those that the rules agree with come first,
 * in the rules' own order, then the less faulty. Answers and sentences take turns, each with its best; a near-duplicate of a
 * question already chosen, or already standing at the passage, gives its place to the next best. The score decides last: it
 * rewards sure copying.
 */
export function chooseQuestions(
  proposals: readonly Proposal[],
  existing: readonly string[],
  passage: AskedPassage,
  limit: number,
): Proposal[] {
  const judged = proposals.map((proposal, place) => judge(proposal, passage, place));
  const sound = judged.filter((one) => one.sound);
  const chosen = takeTurns(sound.length > 0 ? sound : judged, existing, passage.language, sound.length > 0 ? limit : 1);
  return chosen
    .sort((left, right) => better(left, right) || (right.proposal.score ?? 0) - (left.proposal.score ?? 0))
    .map(({ proposal }) => proposal);
}

function judge(proposal: Proposal, passage: AskedPassage, place: number): Judged {
  const answer = proposal.answer ? passage.text.slice(proposal.answer.start, proposal.answer.end) : null;
  const { focus, score, draft } = proposal;
  // A rule may name the passage's subject for a pronoun; a model that leaves its sentence mostly invents.
  const sentence = focus && score !== null ? passage.text.slice(focus.start, focus.end) : null;
  const faults = questionFaults(proposal.text, passage, answer, sentence);
  const agrees = draft !== undefined && similarity(proposal.text, draft, passage.language) >= agreement;
  return { proposal, sound: isSound(faults), weight: faultWeight(faults), agreed: agrees ? place : null };
}

/** Below 0 where `left` comes first. */
function better(left: Judged, right: Judged): number {
  if (left.agreed !== null && right.agreed !== null) return left.agreed - right.agreed;
  return Number(right.agreed !== null) - Number(left.agreed !== null) || left.weight - right.weight;
}

function takeTurns(
  judged: readonly Judged[],
  existing: readonly string[],
  language: Language,
  limit: number,
): Judged[] {
  const turns = new Map<string, Judged[]>();
  for (const one of judged) {
    const { focus, answer } = one.proposal;
    const key = answer ? `${answer.start}:${answer.end}` : focus ? `${focus.start}` : 'free';
    turns.set(key, [...(turns.get(key) ?? []), one]);
  }
  for (const list of turns.values())
    list.sort((left, right) => better(left, right) || left.proposal.rank - right.proposal.rank);
  const byFirst = [...turns.values()].sort(([left], [right]) => (left && right ? better(left, right) : 0));

  const chosen: Judged[] = [];
  const standing = [...existing];
  const keys = new Set(existing.map(exactKey));
  while (chosen.length < limit && byFirst.some((list) => list.length > 0)) {
    for (const list of byFirst) {
      if (chosen.length >= limit) break;
      const next = takeDistinct(list, standing, keys, language);
      if (!next) continue;
      chosen.push(next);
      standing.push(next.proposal.text);
      keys.add(exactKey(next.proposal.text));
    }
  }
  return chosen;
}

function takeDistinct(
  list: Judged[],
  standing: readonly string[],
  keys: ReadonlySet<string>,
  language: Language,
): Judged | null {
  for (;;) {
    const next = list.shift();
    if (!next) return null;
    const { text } = next.proposal;
    if (keys.has(exactKey(text))) continue;
    if (standing.every((other) => similarity(text, other, language) < nearDuplicate)) return next;
  }
}
