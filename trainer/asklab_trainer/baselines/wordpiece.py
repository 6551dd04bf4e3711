"""BERT's WordPiece with a published vocab.txt, so that published weights can be used: the same calls as data.Encoder.

Its four special tokens take this trainer's ids: [UNK] 0, [SEP] 1, [CLS] 2 (the end mark, which also opens BERT's sequence), [MASK] 3.
"""
import unicodedata
from pathlib import Path

SPECIAL = ("[UNK]", "[SEP]", "[CLS]", "[MASK]")


def is_mark(c):
    """Characters that BERT sets apart: punctuation of every script, and ASCII's other signs."""
    return unicodedata.category(c).startswith("P") or (c.isascii() and c.isprintable() and not c.isalnum() and not c.isspace())


def is_ideograph(c):
    return any(a <= ord(c) <= b for a, b in ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F)))


class WordPiece:
    def __init__(self, file, lower=False):
        names = Path(file).read_text(encoding="utf-8").rstrip("\n").split("\n")
        missing = [s for s in SPECIAL if s not in names]
        if missing:
            raise ValueError(f"{file} is no BERT vocabulary: it has no {', '.join(missing)}.")
        special = [names.index(s) for s in SPECIAL]
        self.order = special + [i for i in range(len(names)) if i not in special]  # our id -> line of the file
        self.names = [names[i] for i in self.order]
        self.known, self.lower, self.size = {n: i for i, n in enumerate(self.names)}, lower, len(names)

    def basic(self, text):
        """Character ranges of words and marks."""
        start = None
        for i, c in enumerate(text + " "):
            alone = is_mark(c) or is_ideograph(c)
            if start is not None and (c.isspace() or alone):
                yield start, i
                start = None
            if alone:
                yield i, i + 1
            elif start is None and not c.isspace():
                start = i

    def with_places(self, text):
        folded = text.lower() if self.lower and len(text.lower()) == len(text) else text
        ids, places = [], []
        for start, end in self.basic(folded):
            found, a = [], start
            while a < end and end - start <= 100:
                b = next((b for b in range(end, a, -1) if ("##" if a > start else "") + folded[a:b] in self.known), None)
                if b is None:
                    break
                found.append((self.known[("##" if a > start else "") + folded[a:b]], (a, b)))
                a = b
            if a < end:
                found = [(0, (start, end))]
            ids += [i for i, _ in found]
            places += [p for _, p in found]
        return ids, places

    def ids(self, text):
        return self.with_places(text)[0]

    def text(self, ids):
        return " ".join(self.names[i] for i in ids).replace(" ##", "")
