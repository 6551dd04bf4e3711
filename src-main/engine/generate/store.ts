import type { GenerationSettings, Generator } from '../../shared/contract/generation.ts';
import type { Lineage, Passage } from '../../shared/contract/types.ts';
import { questionSignals } from '../../shared/text/signals.ts';
import type { Project } from '../store/project.ts';
import { chooseQuestions, type Proposal } from './choose.ts';

export interface Run {
  jobId: string;
  generator: Generator;
  settings: GenerationSettings;
  provider: string | null;
}

/** Chooses among the proposals and stores them with the passage's item in one transaction. Returns how many were added. */
export function storeQuestions(project: Project, passage: Passage, proposals: readonly Proposal[], run: Run): number {
  const existing = project.candidates(passage.id).map((candidate) => candidate.original);
  const chosen = chooseQuestions(proposals, existing, passage, run.settings.candidates);
  return project.transaction(() => {
    const candidates = chosen.map((proposal, rank) => {
      const found = questionSignals({ question: proposal.text, passage: passage.text, language: passage.language });
      const signals = {
        length: found.length,
        copiedShare: found.copiedShare,
        endsAsQuestion: found.endsAsQuestion,
        hasQuestionWord: found.hasQuestionWord,
        unfinished: found.unfinished || !found.endsAsQuestion,
        repeatedNgram: found.repeatedNgram,
        languageMismatch: found.languageMismatch || found.scriptMismatch,
        duplicateOf: project.duplicateQuestion(proposal.text, passage.language),
      };
      return {
        passageId: passage.id,
        original: proposal.text,
        focus: proposal.focus,
        sentence: sentenceOf(passage, proposal.focus),
        answer: proposal.answer,
        score: proposal.score,
        signals,
        lineage: lineageOf(proposal, rank, run),
        asideReasons: asideReasons(signals, run.settings),
      };
    });
    const added = project.addCandidates(passage.id, candidates).filter((stored) => stored.added).length;
    project.jobs.finishItem(run.jobId, passage.id, 'done');
    return added;
  });
}

/** Why the rules set a question aside: never a rejection, always undoable. */
export function asideReasons(
  signals: { unfinished: boolean; languageMismatch: boolean; duplicateOf: string | null; copiedShare: number },
  settings: Pick<GenerationSettings, 'setAside'>,
): string[] {
  const reasons: string[] = [];
  if (settings.setAside.unfinished && signals.unfinished) reasons.push('unfinished');
  if (settings.setAside.unfinished && signals.languageMismatch) reasons.push('language');
  if (settings.setAside.duplicate && signals.duplicateOf !== null) reasons.push('duplicate');
  if (settings.setAside.copied && signals.copiedShare > 0.8) reasons.push('copied');
  return reasons;
}

function sentenceOf(passage: Passage, focus: Proposal['focus']): number | null {
  if (!focus) return null;
  const index = passage.sentences.findIndex((sentence) => sentence.start <= focus.start && focus.start < sentence.end);
  return index < 0 ? null : index;
}

function lineageOf(proposal: Proposal, rank: number, run: Run): Lineage {
  const neural = run.generator.kind === 'model';
  return {
    generator: run.generator.id,
    generatorName: run.generator.name,
    hash: run.generator.hash,
    provider: run.provider,
    decoding: neural ? { ...run.settings.decoding } : null,
    seed: neural ? run.settings.seed : null,
    rank,
    score: proposal.score,
    raw: proposal.raw,
    jobId: run.jobId,
  };
}
