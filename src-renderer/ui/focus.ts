type TextField = HTMLTextAreaElement | HTMLInputElement;

/** An attachment: the field has the focus, behind its text. */
export function focusEnd(field: TextField): void {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** Nothing in particular has the focus: the page, or the frame of its screen. */
export function idle(now: Element | null): boolean {
  return now === null || now === document.body || now.matches('[data-screen]');
}

/** Says whether single letters act: the focus is nowhere or inside `root`, and nothing is typed. Stops when called. */
export function watchFocus(root: () => HTMLElement | undefined, say: (focused: boolean) => void): () => void {
  const look = (): void => {
    const now = document.activeElement;
    const typing =
      now instanceof HTMLInputElement || now instanceof HTMLTextAreaElement || now instanceof HTMLSelectElement;
    say(idle(now) || (root()?.contains(now) === true && !typing));
  };
  const later = (): void => queueMicrotask(look);
  look();
  document.addEventListener('focusin', look);
  document.addEventListener('focusout', later);
  return () => {
    document.removeEventListener('focusin', look);
    document.removeEventListener('focusout', later);
  };
}
