"""Passages and questions -> token rows: python -m asklab_trainer.data --pairs FOLDER --vocabularies FOLDER --out FOLDER [--recipe R.yaml].

Input lines: {"id", "lang", "passage", "question", "answer"?: text or {"text", "start"}, "source"?: dataset name}, gzip or plain:
files `<language>.<split>.jsonl[.gz]`, or `<split>.jsonl` with all languages, as `asklab export --format lalm` writes.
A row may have a "draft", what the rules ask about the same answer; `--drafts FOLDER`, files of the same names that scripts/rule-pairs.ts wrote about
the same passages, finds one for a person's question, and those rows also stand alone in `<language>.edits.npz`.
Output, one `<language>.<split>.npz` each: a passage's tokens once, and rows that point into it (class Rows); sources.json names what they come from.
"""
import argparse
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import sentencepiece as spm

from .kinds import kind_of
from .pairs import add_source_options, find_split, note_sources, open_text, read_drafts, read_pairs, sources_of
from .passage import Weights, answer_span, focus_of, has_question_word, sentences
from .vocab import LANGUAGES

FREE, SENTENCE, SPAN, KIND = 0, 1, 2, 3
NEAR_DRAFT = 0.4  # of a question's weight, at least so much stands in a draft that it could be an edit of
FIELDS = ("passage", "focus", "focusEnd", "span", "spanEnd", "target", "targetEnd", "overlap", "kind", "draft", "draftEnd")


class Rows:
    """Token rows of one language. Passage i is tokens[starts[i]:starts[i + 1]]; a row's focus and span are token ranges in it, -1 where unknown; its overlap is in percent, its kind an index in KINDS, -1 in a language whose kinds are not read; its question and its draft are ranges of `targets`, a draft's -1 where there is none."""

    def __init__(self, tokens, starts, sentenceStarts, sentences, targets, rows):
        missing = np.full((len(rows), len(FIELDS) - rows.shape[1]), -1, np.int64)  # rows written before drafts were
        self.tokens, self.starts, self.targets, self.rows = tokens, starts, targets, np.concatenate([rows, missing], 1)
        self.sentenceStarts, self.sentences = sentenceStarts, sentences

    def __len__(self):
        return len(self.rows)

    def passage(self, i):
        return self.tokens[self.starts[i]:self.starts[i + 1]]

    def sentence_ranges(self, i):
        return self.sentences[self.sentenceStarts[i]:self.sentenceStarts[i + 1]]

    def example(self, index, ask, maximum_source, maximum_target, draft=None):
        """{"source", "segments", "separator", "target"} of row `index`, asked free, about its sentence, about its span, or about its span by kind; falls back to what the row has. `draft`: Architecture.draft, to show the row's draft behind its span's source."""
        p, focus, focus_end, span, span_end, target, target_end, _, kind, drafted, drafted_end = self.rows[index]
        separator = 3 + int(kind) if ask == KIND and span >= 0 and kind >= 0 else 0
        ask = min(ask, SPAN)
        ids = self.passage(p)
        if span < 0:
            ask = min(ask, SENTENCE)
        if focus < 0:
            ask = FREE
        start = window(len(ids), maximum_source, *((span, span_end) if ask == SPAN else (focus, focus_end) if ask == SENTENCE else (None, None)))
        source = ids[start:start + maximum_source].tolist()
        segments = [0] * len(source)
        if ask >= SENTENCE:
            for i in range(max(0, focus - start), min(len(source), focus_end - start)):
                segments[i] = 1
        if ask == SPAN:
            for i in range(max(0, span - start), min(len(source), span_end - start)):
                segments[i] = 2
            mark, most = draft or (0, 0)
            if 0 <= drafted < drafted_end <= drafted + most:  # a longer one is not shown
                shown = self.targets[drafted:drafted_end].tolist()
                source, segments = source + shown, segments + [mark] * len(shown)
        return {"source": source, "segments": segments, "separator": separator, "target": self.targets[target:target_end][:maximum_target - 1].tolist()}

    def close(self, minimum):
        """The rows whose question takes at least `minimum` of its weight from its sentence: the less a question has to invent, the sooner a small model learns from it."""
        return self.where(self.rows[:, 7] >= 100 * minimum)

    def drafted(self):
        """The rows that have a draft."""
        return self.where(self.rows[:, 9] >= 0)

    def where(self, kept):
        return Rows(self.tokens, self.starts, self.sentenceStarts, self.sentences, self.targets, self.rows[kept])

    def save(self, path):
        np.savez_compressed(path, tokens=self.tokens, starts=self.starts, targets=self.targets, rows=self.rows,
                            sentenceStarts=self.sentenceStarts, sentences=self.sentences)

    @classmethod
    def load(cls, path):
        a = np.load(path)
        return cls(a["tokens"], a["starts"], a["sentenceStarts"], a["sentences"], a["targets"], a["rows"])

    @classmethod
    def join(cls, parts):
        """Several sets as one."""
        if len(parts) == 1:
            return parts[0]
        tokens, targets, rows, starts, sentence_starts, ranges = [], [], [], [np.zeros(1, np.int64)], [np.zeros(1, np.int64)], []
        for p in parts:
            r = p.rows.copy()
            r[:, 0] += sum(len(s) - 1 if i == 0 else len(s) for i, s in enumerate(starts))
            r[:, 5:7] += sum(map(len, targets))
            r[r[:, 9] >= 0, 9:] += sum(map(len, targets))
            rows.append(r)
            starts.append(p.starts[1:] + sum(map(len, tokens)))
            sentence_starts.append(p.sentenceStarts[1:] + sum(map(len, ranges)))
            tokens.append(p.tokens), targets.append(p.targets), ranges.append(p.sentences)
        return cls(*(np.concatenate(x) for x in (tokens, starts, sentence_starts, ranges, targets, rows)))


def window(length, size, start=None, end=None):
    """The first token of the source window (docs/model-bundle.md): centred on [start, end), at 0 without a focus."""
    if start is None or length <= size:
        return 0
    return min(max((start + end) // 2 - size // 2, 0), length - size)


class Encoder:
    """Tokens of a text with the character range of each; text is lower-cased first where the model is."""

    def __init__(self, file, lower=True):
        self.pieces, self.lower = spm.SentencePieceProcessor(model_file=str(file)), lower
        self.size = self.pieces.vocab_size()

    def ids(self, text):
        return self.pieces.encode(self.fold(text))

    def fold(self, text):
        """Lower case that keeps every character's place: a letter whose lower case is longer stays as it is."""
        if not self.lower:
            return text
        low = text.lower()
        return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

    def with_places(self, text):
        folded = self.fold(text)
        if hasattr(spm, "ImmutableSentencePieceText"):  # up to 0.2.1; 0.2.2 has another name for the same
            pieces = self.pieces.encode(folded, out_type="immutable_proto").pieces
            return [p.id for p in pieces], [(p.begin, p.end) for p in pieces]
        found = self.pieces.encode(folded, return_type="offset_mapping")
        return found["ids"], found["offsets"]

    def words(self):
        """What each piece spells, without the mark of a word's start."""
        return [self.pieces.id_to_piece(i).lstrip("\u2581") for i in range(self.size)]

    def text(self, ids):
        return self.pieces.decode(list(ids))


def encoder_of(file, lower=True):
    """A vocabulary's encoder: a SentencePiece model, or BERT's vocab.txt."""
    if str(file).endswith(".txt"):
        from .baselines.wordpiece import WordPiece
        return WordPiece(file, lower)
    return Encoder(file, lower)


def vocabularies_in(folder):
    """Language, or "shared", -> file: <name>.model of asklab_trainer.vocab, shared.txt of a published BERT."""
    return {f.stem: str(f) for f in [*Path(folder).glob("shared.txt"), *sorted(Path(folder).glob("*.model"))]}


def tokens_of(ids, encoder):
    """Token ids as an array that can hold them: a shared vocabulary of 100,000 goes beyond 16 bits."""
    return np.array(ids, np.uint16 if encoder.size <= 1 << 16 else np.int32)


def token_range(places, start, end):
    """The tokens that overlap at least one character of [start, end)."""
    inside = [i for i, (a, b) in enumerate(places) if a < end and b > start]
    return (inside[0], inside[-1] + 1) if inside else (-1, -1)


def draft_for(span, question, drafts, weights):
    """Of a passage's drafts, (start, end, text) each, the one whose answer shares most with `span`, if it asks nearly what the question does; else None."""
    def shared(d):
        return min(span[1], d[1]) - max(span[0], d[0])
    best = max(drafts, key=lambda d: shared(d) / (max(span[1], d[1]) - min(span[0], d[0])), default=None)
    if best is None or shared(best) <= 0:
        return None
    return best[2] if focus_of(best[2], [(0, len(best[2]))], question, weights)[1] >= NEAR_DRAFT else None


def encode_pairs(pairs, language, encoder, weights=None, minimum_overlap=0.2, need_form=True, maximum_passage=1200, drafts=None):
    """Rows of (passage, question, answer?, draft?) dictionaries and a Counter of what was left out. `drafts`: passage -> (start, end, text) of what the rules ask about it."""
    pairs = list(pairs)
    weights = weights or Weights({p["passage"] for p in pairs}, language)
    tokens, starts, sentence_starts, ranges, targets, rows, known = [], [0], [0], [], [], [], {}
    used, left = 0, Counter()
    for p in pairs:
        text, question = p["passage"], p["question"]
        if need_form and not has_question_word(question, language):
            left["no question word"] += 1
            continue
        if text not in known:
            ids, places = encoder.with_places(text)
            ids, places = ids[:maximum_passage], places[:maximum_passage]
            spans = sentences(text)
            known[text] = (len(starts) - 1, places, spans)
            tokens.append(tokens_of(ids, encoder))
            starts.append(starts[-1] + len(ids))
            found = [r for r in (token_range(places, a, b) for a, b in spans) if r[0] >= 0]
            ranges += found
            sentence_starts.append(len(ranges))
        index, places, spans = known[text]
        if "answerStart" in p:
            span = (p["answerStart"], p["answerStart"] + len(p["answer"]))
            focus = p.get("sentence") or next((r for r in spans if r[0] <= span[0] < r[1]), (0, len(text)))
            share = focus_of(text, [focus], question, weights)[1]
            if text[span[0]:span[1]] != p["answer"]:
                left["answer not at its place"] += 1
                continue
        elif not spans:
            left["empty passage"] += 1
            continue
        else:
            i, share = focus_of(text, spans, question, weights, p.get("answer"))
            focus = spans[i]
            span = answer_span(text, focus, question, weights, p.get("answer"))
        if share < minimum_overlap and "answerStart" not in p:
            left["little overlap"] += 1
            continue
        f, s = token_range(places, *focus), token_range(places, *span) if span else (-1, -1)
        if s[0] >= 0 and (s[1] - s[0] >= f[1] - f[0] - 1):
            s = (-1, -1)
        target = encoder.ids(question)
        draft = (p.get("draft") or draft_for(span, question, (drafts or {}).get(text, ()), weights)) if s[0] >= 0 else None
        drafted = encoder.ids(draft) if draft else []
        targets += [tokens_of(target, encoder), tokens_of(drafted, encoder)]
        end = used + len(target)
        rows.append((index, *f, *s, used, end, min(100, round(100 * share)), kind_of(question, language), *((end, end + len(drafted)) if drafted else (-1, -1))))
        used = end + len(drafted)
    flat = np.concatenate(tokens) if tokens else np.zeros(0, np.uint16)
    return Rows(flat, np.array(starts, np.int64), np.array(sentence_starts, np.int64), np.array(ranges, np.int32).reshape(-1, 2),
                np.concatenate(targets) if targets else np.zeros(0, np.uint16), np.array(rows, np.int64).reshape(-1, len(FIELDS))), left


def encode_text(lines, encoder, maximum_passage=1200):
    """Passages without questions, for pre-training."""
    tokens, starts, sentence_starts, ranges = [], [0], [0], []
    for line in lines:
        ids, places = encoder.with_places(line.strip())
        ids, places = ids[:maximum_passage], places[:maximum_passage]
        if len(ids) < 12:
            continue
        tokens.append(tokens_of(ids, encoder))
        starts.append(starts[-1] + len(ids))
        ranges += [r for r in (token_range(places, a, b) for a, b in sentences(line.strip())) if r[0] >= 0]
        sentence_starts.append(len(ranges))
    return Rows(np.concatenate(tokens), np.array(starts, np.int64), np.array(sentence_starts, np.int64), np.array(ranges, np.int32).reshape(-1, 2),
                np.zeros(0, np.uint16), np.zeros((0, len(FIELDS)), np.int64))


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--pairs", help="folder of <language>.<split>.jsonl[.gz]"), p.add_argument("--text", help="folder of <language>.txt.gz")
    p.add_argument("--vocabularies", required=True), p.add_argument("--out", required=True)
    p.add_argument("--languages", nargs="+", default=LANGUAGES), p.add_argument("--splits", nargs="+", default=["train", "dev"])
    p.add_argument("--drafts", help="folder of what the rules ask about the same passages")
    add_source_options(p)
    p.add_argument("--cased", action="store_true"), p.add_argument("--need-form", action="store_true", help="leave out questions without a question word, in every split")
    a = p.parse_args()
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    vocabularies = vocabularies_in(a.vocabularies)
    for language in a.languages:
        file = vocabularies.get(language, vocabularies.get("shared"))
        if file is None:
            raise SystemExit(f"{a.vocabularies} has no vocabulary for {language}. Make one with asklab_trainer.vocab.")
        encoder = encoder_of(file, not a.cased)
        weights = None
        for split in a.splits if a.pairs else ():
            path = find_split(a.pairs, language, split)
            if path is None:
                continue
            pairs = list(read_pairs(path, a.exclude, language, a.only))
            weights = weights or Weights({r["passage"] for r in pairs}, language)
            drafts = read_drafts(find_split(a.drafts, language, split)) if a.drafts else {}
            rows, left = encode_pairs(pairs, language, encoder, weights, need_form=split == "train" or a.need_form, minimum_overlap=0.2 if split == "train" else 0, drafts=drafts)
            if not len(rows):
                print(f"{language}.{split}: no rows in {path.name}", flush=True)
                continue
            edits, made = rows.drafted(), {split: rows}
            if drafts and split == "train" and len(edits):
                made["edits"] = edits
            for name, part in made.items():
                part.save(out / f"{language}.{name}.npz")
            note_sources(out, dict.fromkeys((f"{language}.{name}" for name in made), sources_of(path, language, pairs)))
            print(f"{language}.{split}: {len(rows)} rows, {int((rows.rows[:, 3] >= 0).sum())} with an answer span, {len(edits)} with a draft; left out: {dict(left) or 'none'}", flush=True)
        if a.text:
            with open_text(Path(a.text) / f"{language}.txt.gz") as lines:
                rows = encode_text(lines, encoder)
            rows.save(out / f"{language}.text.npz")
            note_sources(out, {f"{language}.text": [f"plain text {language}.txt.gz"]})
            print(f"{language}.text: {len(rows.starts) - 1} passages, {len(rows.tokens)} tokens", flush=True)


if __name__ == "__main__":
    main()
