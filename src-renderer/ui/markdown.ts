export interface Piece {
  kind: 'plain' | 'strong' | 'emphasis' | 'code';
  text: string;
}
export interface Block {
  kind: 'heading' | 'paragraph' | 'list' | 'numbered';
  lines: Piece[][];
}

/** Cuts a line at **strong**, *emphasis* and `code`. */
export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of line.matchAll(/\*\*(.+?)\*\*|\*(\S.*?)\*|`([^`]+)`/g)) {
    if (match.index > at) found.push({ kind: 'plain', text: line.slice(at, match.index) });
    const [whole, strong, emphasis, code] = match;
    if (strong !== undefined) found.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) found.push({ kind: 'emphasis', text: emphasis });
    else found.push({ kind: 'code', text: code ?? '' });
    at = match.index + whole.length;
  }
  if (at < line.length) found.push({ kind: 'plain', text: line.slice(at) });
  return found;
}

/** Headings, list items and paragraphs, as CommonMark has them at their simplest. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let open: Block | null = null; // what a following line may still belong to
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^[-*+]\s+(.*)$/.exec(line);
    const numbered = /^\d+[.)]\s+(.*)$/.exec(line);
    const kind = heading ? 'heading' : item ? 'list' : numbered ? 'numbered' : 'paragraph';
    const content = pieces((heading ?? item ?? numbered)?.[1] ?? line);
    if (line === '') open = null;
    else if (open !== null && open.kind === kind && kind !== 'heading') {
      if (kind === 'paragraph') open.lines[0]?.push({ kind: 'plain', text: ' ' }, ...content);
      else open.lines.push(content);
    } else {
      open = { kind, lines: [content] };
      found.push(open);
    }
  }
  return found;
}
