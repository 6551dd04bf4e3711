/** Practice with a passage and a question: of a check round or of a campaign. */
export function written<Item extends { passage: string; question: string }>(practice: readonly Item[]): Item[] {
  return practice.filter(({ passage, question }) => passage.trim() !== '' && question.trim() !== '');
}
