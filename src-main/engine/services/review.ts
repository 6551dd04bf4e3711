import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { BulkProgress, Candidate, Passage, Span } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import type { EngineContext } from '../context.ts';
import { compareFew } from '../io/near-questions.ts';
import { ownSignals } from '../io/signals.ts';
import { blindFor } from '../rounds/queue.ts';
import type { NewEvent } from '../store/history.ts';
import { givenLineage } from '../store/new-rows.ts';
import type { Project } from '../store/project.ts';
import { removeFilter, savedFilters, saveFilter } from '../store/saved-filters.ts';
import { bulk, bulkCount, takeBack } from './bulk.ts';
import { listQuestions } from './matches.ts';
import { itemOf, neighbours, queue } from './queue.ts';

type Handler = Handlers<Contract>['review'];
type Reviewed = Awaited<ReturnType<Handler['decide']>>;

export function createReview(context: EngineContext): Handler {
  function writable(): Project {
    const project = context.project();
    if (project.readOnly)
      throw new AsklabError('read-only', 'This project is read-only. Copy it to a place where you may write.');
    return project;
  }

  function append(event: NewEvent): Reviewed {
    const project = writable();
    project.candidate(event.item); // refuses an unknown id before anything is written
    project.history.append(project.person().id, [event]);
    return reviewed(project, [event.item]);
  }

  function reviewed(project: Project, items: readonly string[]): Reviewed {
    const candidates = items.map((item) => project.candidate(item));
    context.emit('changed', {
      counts: true,
      passages: [...new Set(candidates.map((candidate) => candidate.passageId))],
    });
    return { candidates, savedAt: Date.now(), ...labels(project) };
  }

  const tell = (progress: BulkProgress): void => context.emit('bulk', progress);

  async function again(kind: 'undo' | 'redo', signal: AbortSignal): Promise<Reviewed> {
    const project = writable();
    return reviewed(project, await takeBack(project, kind, signal, tell));
  }

  return {
    queue: (input) => queue(context.project(), input),
    neighbours: (input) => neighbours(context.project(), input),
    item: ({ passageId }) => itemOf(context.project(), passageId),
    list: (input) => listQuestions(context.project(), input),
    decide({ candidateId, verdict, question, reason, note, seconds }) {
      if (verdict === 'reject' && reason === undefined)
        throw new AsklabError('invalid-input', 'A rejection needs a reason.');
      if (verdict === 'reject' && reason === 'other' && !note)
        throw new AsklabError('invalid-input', 'The reason "other" needs a note.');
      const stood = context.project().candidate(candidateId);
      const changed = question !== undefined && question !== stood.original;
      const payload = {
        verdict,
        ...(changed ? { question } : {}),
        ...(reason ? { reason } : {}),
        ...(note ? { note } : {}),
        saw: { question: stood.question }, // as in a round, which has guidelines too
      };
      return append({ kind: 'decide', item: candidateId, payload, seconds });
    },
    write({ passageId, question, answer, sentence, seconds }) {
      const project = writable();
      const passage = project.passage(passageId);
      checkAnswer(passage, answer);
      if (sentence !== null && sentence >= passage.sentences.length)
        throw new AsklabError('invalid-input', `The passage has no sentence ${sentence}.`);
      const person = project.person();
      const written = project.transaction(() => {
        const { id } = project.addCandidate({
          passageId,
          original: question,
          focus: null,
          sentence,
          answer,
          score: null,
          signals: signalsOf(project, passage, question),
          lineage: givenLineage('person', person.name, question),
          asideReasons: [],
        });
        project.history.append(person.id, [{ kind: 'write', item: id, payload: { question }, seconds }]);
        return id;
      });
      compareFew(project);
      return reviewed(project, [written]);
    },
    setAnswer({ candidateId, answer }) {
      const project = writable();
      checkAnswer(project.passage(project.candidate(candidateId).passageId), answer);
      return append({ kind: 'answer', item: candidateId, payload: { answer } });
    },
    setTags: ({ candidateId, type, difficulty }) =>
      append({ kind: 'tags', item: candidateId, payload: { type, difficulty } }),
    setFlag: ({ candidateId, flag }) => append({ kind: 'flag', item: candidateId, payload: { flag } }),
    bulkCount: ({ filter }, { signal }) => bulkCount(context.project(), filter, signal),
    async bulk(input, { signal }) {
      const project = writable();
      try {
        const done = await bulk(project, input, signal, tell);
        return { ...done, savedAt: Date.now(), ...labels(project) };
      } finally {
        context.emit('changed', { counts: true, passages: true });
      }
    },
    undo: (_, { signal }) => again('undo', signal),
    redo: (_, { signal }) => again('redo', signal),
    history({ candidateId }) {
      const project = context.project();
      const names = project.names();
      const { original, passageId } = project.candidate(candidateId);
      if (blindFor(project, project.person().id, passageId).has(candidateId))
        throw told('error.invalid-input.check-first');
      let before: string | null = original;
      return project.history.of(candidateId).map((event) => {
        const question = event.payload['question'];
        const after = typeof question === 'string' ? question : null;
        const reason = event.payload['reason'];
        const entry = {
          id: event.id,
          at: event.at,
          person: names.get(event.person) ?? event.person,
          kind: event.kind,
          before,
          after,
          reason: typeof reason === 'string' ? reason : null,
          seconds: event.seconds,
        };
        before = after ?? before;
        return entry;
      });
    },
    saveFilter: (saved) => saveFilter(writable(), 'review', saved),
    removeFilter: ({ name }) => removeFilter(writable(), 'review', name),
    filters: () => savedFilters(context.project(), 'review'),
  };
}

function checkAnswer({ text }: Passage, answer: Span | null): void {
  if (answer && (answer.start >= answer.end || answer.end > text.length)) {
    throw new AsklabError('invalid-input', 'The answer must lie inside the passage.');
  }
}

/** Every signal of a question as the contract carries it. */
function signalsOf(
  project: Project,
  passage: Pick<Passage, 'text' | 'language'>,
  question: string,
): Candidate['signals'] {
  return { ...ownSignals(passage, question), duplicateOf: project.duplicateQuestion(question, passage.language) };
}

/** Keys of what undo and redo would take back or bring again; the page has a word for each. */
function labels(project: Project): { undo: string | null; redo: string | null } {
  const person = project.person().id;
  const key = (entry: { kind: string; verdict: string | null } | null): string | null =>
    entry && (entry.verdict ?? entry.kind);
  return { undo: key(project.history.undoable(person)), redo: key(project.history.redoable(person)) };
}
