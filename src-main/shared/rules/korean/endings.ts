const adjectives =
  /(?:크|작|많|적|높|낮|같|좋|길|짧|넓|좁|깊|강하|약하|중요하|필요하|가능하|다르|유명하|비슷하|가깝|멀|어렵|쉽)$/u;

/** Index of a syllable's final consonant (0 for none, 20 for ㅆ), or -1 where it is no syllable. */
export function finalOf(syllable: string): number {
  const code = syllable.codePointAt(0) ?? 0;
  return code >= 0xac00 && code <= 0xd7a3 ? (code - 0xac00) % 28 : -1;
}

/** Whether a statement ends in the copula 이다, or 다 right after a noun. */
export function isCopula(plain: string): boolean {
  if (/이다$/u.test(plain)) return !/(?:보이다|높이다|줄이다|쓰이다)$/u.test(plain);
  const before = plain.charAt(plain.length - 2);
  return finalOf(before) === 0 && !adjectives.test(plain.slice(0, -1)) && !/(?:하|되|니|르|이|지|크)다$/u.test(plain);
}

/** Gives a statement in 다 its question ending, or null where the ending is not one this rule knows. */
export function asQuestion(statement: string): string | null {
  const text = statement.trim();
  if (!text.endsWith('다')) return null;
  // "불립 니다": a broken word gives no ending.
  if (/(?:^|\s)니다$/u.test(text)) return null;
  const stem = text.slice(0, -1);
  const last = stem.charAt(stem.length - 1);
  const code = last.codePointAt(0) ?? 0;
  const final = finalOf(last);
  if (/니$/u.test(stem) && finalOf(stem.charAt(stem.length - 2)) === 17) return `${stem}까`;
  if (final === 20 || /(?:있|없|였)$/u.test(stem)) return `${stem}는가`;
  if (/는$/u.test(stem) && stem.length > 1) return `${stem}가`;
  if (final === 4) return `${stem.slice(0, -1)}${String.fromCharCode(code - 4)}는가`;
  if (/아니$/u.test(stem)) return `${stem.slice(0, -1)}닌가`;
  if (/이$/u.test(stem) && !/(?:^|\s|돋|엿|들여다)(?:보|높|줄|쓰)이$/u.test(stem)) return `${stem.slice(0, -1)}인가`;
  if (adjectives.test(stem)) {
    if (final > 0) return `${stem}은가`;
    return final === 0 ? `${stem.slice(0, -1)}${String.fromCharCode(code + 4)}가` : null;
  }
  if (final === 0 && !/[하되르지]$/u.test(stem)) return `${stem}인가`;
  if (/하$/u.test(stem)) return `${stem.slice(0, -1)}한가`;
  return null;
}
