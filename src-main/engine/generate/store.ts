import type { GenerationSettings, Generator } from '../../shared/contract/generation.ts';
import type { Lineage, Passage } from '../../shared/contract/types.ts';
import { compareFew } from '../io/near-questions.ts';
import { ownSignals } from '../io/signals.ts';
import type { Project } from '../store/project.ts';
import { chooseQuestions, type Proposal } from './choose.ts';

export interface Run {
  jobId: string;
  generator: Generator;
  settings: GenerationSettings;
  provider: string | null;
  precision: Lineage['precision'];
}

/** Chooses among the proposals and stores them with the passage's item in one transaction. Returns how many were added. */
export function storeQuestions(project: Project, passage: Passage, proposals: readonly Proposal[], run: Run): number {
  const existing = project.candidates(passage.id).map((candidate) => candidate.original);
  const chosen = chooseQuestions(proposals, existing, passage, run.settings.candidates);
  const added = project.transaction(() => {
    const candidates = chosen.map((proposal) => {
      const signals = {
        ...ownSignals(passage, proposal.text),
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
        lineage: lineageOf(proposal, run),
        asideReasons: asideReasons(signals, run.settings),
      };
    });
    const stored = project.addCandidates(passage.id, candidates).filter((one) => one.added).length;
    project.jobs.finishItem(run.jobId, passage.id, 'done');
    return stored;
  });
  compareFew(project);
  return added;
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

function lineageOf(proposal: Proposal, run: Run): Lineage {
  const neural = run.generator.kind === 'model';
  return {
    generator: run.generator.id,
    generatorName: run.generator.name,
    hash: run.generator.hash,
    provider: run.provider,
    precision: run.precision,
    focus: run.settings.focus,
    decoding: neural ? { ...run.settings.decoding } : null,
    seed: neural ? run.settings.seed : null,
    rank: proposal.rank,
    score: proposal.score,
    raw: proposal.raw,
    jobId: run.jobId,
  };
}
