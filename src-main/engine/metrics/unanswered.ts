/**
 * A passage without a question counts as 0, in metrics and in human scoring alike: a system gains nothing by silence. How
 * many there are stands beside its name, wherever its numbers do.
 */
export function labelOf(system: string, unanswered: number, passages: number): string {
  return unanswered === 0
    ? system
    : `${system} (no question for ${unanswered} of ${passages} passages, each counts as 0)`;
}
