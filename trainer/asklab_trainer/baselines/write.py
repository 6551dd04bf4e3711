"""A baseline's questions as JSON lines: python -m asklab_trainer.baselines.write CHECKPOINT --input PASSAGES.jsonl --language en --output OUT.jsonl.

Input rows hold {"id", "passage", "lang"?}: passages, pairs, or the app's exports; each passage is asked about once.
Output rows {"id", "lang", "passage", "system", "output", "candidates"} are read by `asklab metrics --outputs`, Evaluate and scoring campaigns.
"""
import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from ..data import Rows, encoder_of
from ..model import load_checkpoint
from ..pairs import read_pairs
from ..passage import WORD
from ..recipe import Recipe
from .search import beam
from .systems import SYSTEMS

# Words whose capital at a sentence's start says nothing about their spelling.
FUNCTION_WORDS = set("""a an the this that these those it he she they we you i his her its their our your in on at by for from with to of as and or but if when
 while after before during since although however also many most some other one two there here both each no not is was are were be has have had who what where why how
 le la les l un une des du de d en dans il elle ils elles on nous vous je ce cette ces son sa ses leur leurs au aux à par pour sur avec sans mais et ou où si est
 sont était lors après avant depuis selon ainsi comme quand qui que quel quelle dès chez entre plus""".split())
SENTENCE_END = re.compile(r"[.!?。！？।…][\"'”’»)\]]*\s*$")


def load_baseline(path):
    """(model, checkpoint) of a baseline."""
    saved = load_checkpoint(path)
    recipe = Recipe(**saved["recipe"])
    if recipe.system not in SYSTEMS:
        raise SystemExit(f"{path} holds {recipe.system}, no baseline: pack it (asklab_trainer.pack) and ask it with `asklab generate`.")
    model = SYSTEMS[recipe.system].model(recipe.build(), saved["vocabularySizes"])
    model.load_state_dict(saved["model"])
    return model.eval(), saved


def restored(text, passage, language):
    """A lower-cased output as a person would write it: the passage's spelling of its words, spaces at marks, a capital. The app does so for LALM (src-main/inference/text/restore.ts)."""
    spellings = {}
    for m in WORD.finditer(passage):
        start = m.start() == 0 or SENTENCE_END.search(passage[max(0, m.start() - 12):m.start()])
        if not (start and m[0].lower() in FUNCTION_WORDS):
            spellings.setdefault(m[0].lower(), Counter())[m[0]] += 1
    text = WORD.sub(lambda m: spellings[m[0]].most_common(1)[0][0] if m[0] in spellings else m[0], " ".join(text.split()))
    text = re.sub(r" ([,.)\]])", r"\1", re.sub(r"([(\[]) ", r"\1", text))
    if language == "zh":
        text = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", text).replace("?", "？")
    text = re.sub(r"\s*([?!;？])", "\u202f\\1" if language == "fr" else r"\1", text)
    return re.sub(r"[^\W\d_]", lambda m: m[0].upper(), text, count=1)


def decoding_vocabulary(folder, language, size):
    """A mask [V] of the tokens that the language's rows hold, so that a shared vocabulary writes one language (as XNLG decodes zero-shot)."""
    allowed = torch.zeros(size, dtype=torch.bool)
    allowed[:4] = True
    for part in ("text", "train", "dev"):
        file = Path(folder) / f"{language}.{part}.npz"
        if file.exists():
            rows = Rows.load(file)
            allowed[torch.from_numpy(np.concatenate([np.unique(rows.tokens), np.unique(rows.targets)]).astype(np.int64))] = True
    return allowed


def write(checkpoint, source, output, language, candidates=4, beams=4, vocabulary=None, rows=None):
    """Asks about each passage of file `source` in `language`; `vocabulary`, `rows`: other places of the vocabulary and of rows for the decoding vocabulary. Returns the number of passages."""
    model, saved = load_baseline(checkpoint)
    system, c = saved["recipe"]["system"], model.config
    file = vocabulary or saved["vocabularies"].get(language) or saved["vocabularies"].get("shared")
    if file is None:
        raise SystemExit(f"{checkpoint} was trained on {', '.join(saved['vocabularies'])}, not on {language}.")
    if not Path(file).exists():
        raise SystemExit(f"{file}: the checkpoint's vocabulary is no longer there. Name it with --vocabulary.")
    encoder = encoder_of(file, c.lowerCase)
    allowed = decoding_vocabulary(rows, language, encoder.size) if rows else None
    device = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")
    model.to(device)
    seen = set()
    with open(output, "w", encoding="utf-8") as out:
        for row in read_pairs(source, (), language):
            ids = encoder.ids(row["passage"])[:c.maximumSource]
            if row["passage"] in seen or not ids:
                continue
            seen.add(row["passage"])
            found = beam(model, language, ids, beams=max(beams, candidates), allowed=None if allowed is None else allowed.to(device))
            texts = {}
            for tokens, score in found:
                text = encoder.text(tokens)
                text = restored(text, row["passage"], language) if c.lowerCase else text
                texts.setdefault(text, round(score, 4))
            kept = [{"text": text, "score": score} for text, score in texts.items() if text.strip()][:candidates]
            out.write(json.dumps({"id": str(row.get("id", len(seen))), "lang": language, "passage": row["passage"], "system": system,
                                  "output": kept[0]["text"] if kept else "", "candidates": kept}, ensure_ascii=False) + "\n")
    return len(seen)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("checkpoint"), p.add_argument("--input", required=True), p.add_argument("--output", required=True), p.add_argument("--language", required=True)
    p.add_argument("--candidates", type=int, default=4), p.add_argument("--beams", type=int, default=4)
    p.add_argument("--vocabulary", help="where the checkpoint's vocabulary is now"), p.add_argument("--rows", help="asklab_trainer.data's folder: write only tokens seen in the language")
    a = p.parse_args()
    print(f"{a.output}: {write(a.checkpoint, a.input, a.output, a.language, a.candidates, a.beams, a.vocabulary, a.rows)} passages")


if __name__ == "__main__":
    main()
