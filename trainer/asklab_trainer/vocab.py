"""SentencePiece unigram models, one a language: python -m asklab_trainer.vocab --pairs FOLDER --text FOLDER --out FOLDER --size 16000 --size hi=8000.

Reads the training rows as asklab_trainer.data does (passages and questions, --only and --exclude) and `<language>.txt.gz` (plain text, optional).
"""
import argparse
import io
import random
import re
from pathlib import Path

import sentencepiece as spm

from .pairs import EXCLUDED, add_source_options, find_split, open_text, read_pairs

LANGUAGES = ("en", "zh", "ko", "fr", "hi")


def train(lines, out, size=30000):
    """Trains on lines that are already lower-cased; fewer pieces than `size` where the text runs out. A size below the number of characters ends the program and leaves no file."""
    model = io.BytesIO()
    try:
        spm.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=model, model_type="unigram", vocab_size=size, hard_vocab_limit=False,
            byte_fallback=True, normalization_rule_name="nmt_nfkc", unk_id=0, bos_id=-1, eos_id=-1, pad_id=-1,
            control_symbols=["<sep>", "</s>", "<mask>"], character_coverage=0.9995, minloglevel=1)
    except RuntimeError as error:
        needed = re.search(r"(\d+) vs (\d+)", str(error))
        raise SystemExit(f"{out}: {f'the text has {needed[2]} characters and marks to spell with, more than --size {size}. Give at least {needed[2]}.' if needed else error}") from error
    Path(out).write_bytes(model.getvalue())


def corpus(language, pairs, text=None, exclude=EXCLUDED, only=(), characters=12_000_000, seed=1):
    """Lower-cased lines of at most 1,000 characters: every training passage and question of the sets that `only` and `exclude` leave, then plain text up to `characters`."""
    found, file = find_split(pairs, language, "train"), Path(text) / f"{language}.txt.gz" if text else None
    plain = file is not None and file.exists()
    if not found and not plain:
        raise SystemExit(f"{pairs} has no training rows of {language} ({language}.train.jsonl[.gz] or train.jsonl), and there is no {language}.txt.gz in --text either.")
    lines, passages = [], set()
    for row in read_pairs(found, exclude, language, only) if found else ():
        lines.append(row["question"])
        if row["passage"] not in passages:
            passages.add(row["passage"])
            lines.append(row["passage"])
    if plain:
        with open_text(file) as opened:
            more = list(opened)
        random.Random(seed).shuffle(more)
        room = characters - sum(map(len, lines))
        for line in more:
            room -= len(line)
            if room < 0:
                break
            lines.append(line.strip())
    for line in lines:
        for start in range(0, len(line), 1000):
            yield line[start:start + 1000].lower()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--pairs", required=True), p.add_argument("--text"), p.add_argument("--out", required=True)
    p.add_argument("--size", action="append", default=[], help="30000, or hi=8000 for one language")
    p.add_argument("--languages", nargs="+", default=LANGUAGES)
    p.add_argument("--shared", action="store_true", help="one vocabulary for all languages, shared.model (LALM_share: --size 100000)")
    add_source_options(p)
    a = p.parse_args()
    sizes = dict(s.split("=") for s in a.size if "=" in s)
    common = next((s for s in a.size if "=" not in s), 30000)
    Path(a.out).mkdir(parents=True, exist_ok=True)

    def lines(language):
        return corpus(language, a.pairs, a.text, a.exclude, a.only)

    if a.shared:
        train((line for k in a.languages for line in lines(k)), Path(a.out) / "shared.model", int(common))
        return
    for language in a.languages:
        train(lines(language), Path(a.out) / f"{language}.model", int(sizes.get(language, common)))
        print(f"{language}: {spm.SentencePieceProcessor(model_file=str(Path(a.out) / f'{language}.model')).vocab_size()} pieces", flush=True)


if __name__ == "__main__":
    main()
