/**
 * Lower case that keeps every character's place, as the trainer's Encoder.fold does (trainer/asklab_trainer/data.py): a letter
 * whose lower case is longer, İ alone, stays as it is.
 */
export function lowerCased(text: string): string {
  const whole = text.toLowerCase();
  if (whole.length === text.length) return whole;
  return Array.from(text, (character) => {
    const lower = character.toLowerCase();
    return lower.length === character.length ? lower : character;
  }).join('');
}
