import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import { practiceItem as practiceEntry, type MergedFile, type RoundSummary } from '../../shared/contract/rounds.ts';
import { AsklabError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { hiddenOf, knowsSystems } from '../campaigns/campaign.ts';
import { refuseNames } from '../campaigns/prepare.ts';
import { writeWhole } from '../packages/file.ts';
import { mergeReturn } from '../packages/returned.ts';
import { writePackage } from '../packages/write.ts';
import { roundAgreement } from '../rounds/agreement.ts';
import { checkedBlind, createRound, plan, practiceItem, refuseChecked } from '../rounds/create.ts';
import { summarise } from '../rounds/summary.ts';
import { addPerson, changePerson } from '../store/people.ts';
import type { Project } from '../store/project.ts';
import { readFile, safeName } from './checking.ts';

/** The lead's side: rounds, packages, what comes back, agreement. */
export function createRounds(context: EngineContext): Handlers<Contract>['rounds'] {
  const summary = (roundId: string): RoundSummary => {
    const project = context.project();
    return summarise(project, project.rounds.get(roundId));
  };
  const changed = (): void => context.emit('changed', { rounds: true });

  return {
    list() {
      const project = context.project();
      return project.rounds.list().map((round) => summarise(project, round));
    },
    preview: async (selection, { signal }) => (await plan(context.project(), selection, signal)).preview,
    async create({ name, guidelines, practice, ...selection }, { signal }) {
      const project = context.project();
      const round = await createRound(project, selection, { name, practice }, signal);
      for (const { language, text } of guidelines)
        if (text.trim() !== '') project.rounds.setGuideline(round.id, language, text);
      changed();
      return summary(round.id);
    },
    guidelines({ roundId }) {
      const { rounds } = context.project();
      return rounds
        .guidelines(rounds.get(roundId).id)
        .map(({ language, version, text }) => ({ language, version, text }));
    },
    setGuideline({ roundId, language, text }) {
      const project = context.project();
      const { id, kind } = project.rounds.get(roundId);
      if (kind === 'score' && knowsSystems(project, id)) {
        const { settings } = hiddenOf(project, id);
        refuseNames(
          settings.systems.map((system) => system.name),
          text,
        );
      }
      project.rounds.setGuideline(id, language, text);
      changed();
      return summary(roundId);
    },
    close({ roundId }) {
      context.project().rounds.close(roundId);
      changed();
      return summary(roundId);
    },
    practice({ roundId }) {
      const { rounds } = context.project();
      const { version, items } = rounds.practice(checkRound(context.project(), roundId));
      return { version, items: practiceEntry.array().parse(items) };
    },
    setPractice({ roundId, practice }) {
      const project = context.project();
      const id = checkRound(project, roundId);
      const items = practice.map((one) => {
        if (!('candidateId' in one)) return one;
        refuseChecked(project, id, one.candidateId);
        return practiceItem(project, one.candidateId, one.explanation);
      });
      const explained = practice.flatMap((one) => ('candidateId' in one ? [one.candidateId] : []));
      const version = project.rounds.setPractice(id, items, explained);
      changed();
      return { version, items };
    },
    practiceChoices({ limit, roundId }) {
      const project = context.project();
      const ids = project.database
        .prepare(
          `SELECT candidate_id FROM states WHERE status IN ('rejected', 'accepted', 'edited') AND NOT ${checkedBlind('candidate_id')}
           ORDER BY status <> 'rejected', state ->> '$.note' IS NULL, state ->> '$.reason', candidate_id LIMIT ?`,
        )
        .pluck()
        .all(roundId, limit) as string[];
      return ids.map((candidateId) => ({
        candidateId,
        ...practiceItem(project, candidateId, project.candidate(candidateId).note ?? ''),
      }));
    },
    writePackages({ roundId, folder, people }) {
      const project = context.project();
      const round = project.rounds.get(roundId);
      mkdirSync(folder, { recursive: true });
      const written = project.rounds
        .assignees(roundId)
        .filter((person) => people?.includes(person) ?? true)
        .map((person) => {
          const name = project.names().get(person) ?? person;
          const path = join(folder, `${safeName(round.name)} ${safeName(name)}.asklab-package`);
          const items = project.rounds.assigned(roundId, person).length;
          writeWhole(path, writePackage(project, roundId, person));
          return { person, name, path, items };
        });
      changed();
      return written;
    },
    async mergeReturns({ paths }, { signal }) {
      const project = context.project();
      const results: MergedFile[] = [];
      for (const [at, path] of paths.entries()) {
        const onProgress = (share: number): void =>
          context.emit('progress', { of: 'merge', share: (at + share) / paths.length });
        onProgress(0);
        await turn();
        if (signal.aborted) break;
        try {
          const merged = mergeReturn(project, readFile(path), onProgress);
          const person = project.names().get(merged.person) ?? null;
          const round = project.rounds.get(merged.round).name;
          results.push({ path, person, round, added: merged.added, known: merged.known, refused: null, message: null });
        } catch (error) {
          if (!(error instanceof AsklabError)) throw error;
          const reason = error.details['reason'];
          const refused = typeof reason === 'string' ? reason : error.code;
          results.push({ path, person: null, round: null, added: 0, known: 0, refused, message: error.message });
        }
      }
      context.emit('progress', { of: 'merge', share: 1 });
      context.emit('changed', { rounds: true, counts: true, passages: true });
      return results;
    },
    agreement({ roundId, samples }, { signal }) {
      const project = context.project();
      project.rounds.get(roundId);
      return roundAgreement(project, roundId, {
        samples,
        signal,
        onProgress: (share) => context.emit('progress', { of: `agreement ${roundId}`, share }),
      });
    },
  };
}

/** Error: 'invalid-input' for a campaign, whose practice is scored. */
function checkRound(project: Project, roundId: string): string {
  const { id, kind } = project.rounds.get(roundId);
  if (kind === 'score') throw new AsklabError('invalid-input', 'This is a scoring campaign, not a check round.');
  return id;
}

export function createPeople(context: EngineContext): Handlers<Contract>['people'] {
  const told = (): ReturnType<Handlers<Contract>['people']['add']> => {
    context.emit('changed', { project: true, rounds: true });
    return context.project().info();
  };
  return {
    add({ name, role }) {
      addPerson(context.project().database, { name, role: role ?? 'checker' });
      return told();
    },
    change({ id, name, role, colour }) {
      const change = { ...(name ? { name } : {}), ...(role ? { role } : {}), ...(colour ? { colour } : {}) };
      changePerson(context.project().database, id, change);
      return told();
    },
  };
}
