"""Does the model order the rules' questions better than the rules do? python -m asklab_trainer.ranking sheet OUT --bundle BUNDLE --pairs FOLDER; then … ranking scores OUT.

The model's rank of a candidate is its log-probability per token, given its sentence, its answer and the answer's kind: what the app asks the model with.
`sheet` writes `sheet.<language>.jsonl`, the rules' first and the model's first question on passages where they differ, in random order as A and B,
and `key.json`, which the reader must not see. A reader adds `choices.<language>.jsonl`: {"item", "better": "A", "B" or "="}. `scores` prints the table.
"""
import argparse
import json
import random
from math import comb
from pathlib import Path

import torch

from .data import FREE, KIND, Encoder, encode_pairs
from .evaluate import app, write_rows
from .pack import unpack
from .pairs import find_split, read_pairs
from .reading import read
from .tasks import collate
from .vocab import LANGUAGES

MOST = 12  # candidates of a passage


def log_probabilities(model, language, encoder, passage, candidates):
    """Mean log-probability of a candidate's tokens, of each; `candidates` have text, focus and, mostly, answer."""
    pairs = []
    for c in candidates:
        span = c["answer"] or c["focus"]
        pairs.append({"passage": passage, "question": c["text"], "answer": passage[span["start"]:span["end"]], "answerStart": span["start"],
                      "sentence": (c["focus"]["start"], c["focus"]["end"])})
    rows, _ = encode_pairs(pairs, language, encoder, need_form=False)
    config = model.config
    examples = [rows.example(i, KIND if c["answer"] else FREE, config.maximumSource, config.maximumTarget) for i, c in enumerate(candidates)]
    with torch.no_grad():
        score, valid, _ = model.score(language, *collate(examples)[:5])
    return (score.masked_fill(~valid, 0).sum(1) / valid.sum(1)).tolist()


def sheet(bundle, out, pairs, split, count):
    """The first `count` passages a language, in a seeded order, on which the rules have two questions or more."""
    out.mkdir(parents=True, exist_ok=True)
    model, key = unpack(bundle).eval(), {}
    for language in LANGUAGES:
        passages = sorted({r["passage"] for r in read_pairs(find_split(pairs, language, split), (), language)})
        r = random.Random(f"ranking {language}")
        r.shuffle(passages)
        passages = {str(i): p for i, p in enumerate(passages) if all(ord(c) < 1 << 16 for c in p)}  # the app counts UTF-16 units
        write_rows(out / f"{language}.passages.jsonl", [{"id": i, "lang": language, "passage": p} for i, p in passages.items()])
        app("generate", "--input", out / f"{language}.passages.jsonl", "--output", out / f"{language}.rules.jsonl", "--model", "rules", "--candidates", MOST)
        asked = [x for x in read(out / f"{language}.rules.jsonl") if len(x["candidates"]) > 1][:count]
        encoder, lines, key[language] = Encoder(Path(bundle) / f"vocabulary/{language}.model", model.config.lowerCase), [], {"passages": len(asked), "items": {}}
        for x in asked:
            passage, candidates = passages[x["id"]], x["candidates"]
            ranks = log_probabilities(model, language, encoder, passage, candidates)
            shown = [("rules", candidates[0]), ("model", candidates[ranks.index(max(ranks))])]
            if shown[0][1] is shown[1][1]:
                continue
            r.shuffle(shown)
            item = f"{language}-{len(lines) + 1:02d}"
            key[language]["items"][item] = {letter: system for letter, (system, _) in zip("AB", shown)}
            lines.append({"item": item, "passage": passage, **{letter: c["text"] for letter, (_, c) in zip("AB", shown)}})
        write_rows(out / f"sheet.{language}.jsonl", lines)
    (out / "key.json").write_text(json.dumps(key))


def chance(wins, losses):
    """Two-sided sign test: how often a coin would divide `wins + losses` as unevenly."""
    n = wins + losses
    return min(1.0, 2 * sum(comb(n, k) for k in range(max(wins, losses), n + 1)) / 2 ** n)


def scores(out):
    lines = ["| language | passages | the same question | the model's better | the rules' better | equal | chance |", "|---|---|---|---|---|---|---|"]
    for language, k in json.loads((out / "key.json").read_text()).items():
        better = [k["items"][x["item"]].get(x["better"], "=") for x in read(out / f"choices.{language}.jsonl")]
        if len(better) != len(k["items"]):
            raise SystemExit(f"choices.{language}.jsonl has {len(better)} choices, the sheet {len(k['items'])}.")
        model, rules = better.count("model"), better.count("rules")
        lines.append(f"| {language} | {k['passages']} | {k['passages'] - len(better)} | {model} | {rules} | {better.count('=')} | {chance(model, rules):.3f} |")
    return "\n".join(lines)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("what", choices=("sheet", "scores")), p.add_argument("out", type=Path)
    p.add_argument("--bundle"), p.add_argument("--pairs"), p.add_argument("--split", default="dev"), p.add_argument("--count", type=int, default=40)
    a = p.parse_args()
    if a.what == "sheet":
        sheet(a.bundle, a.out, a.pairs, a.split, a.count)
    else:
        print(scores(a.out))


if __name__ == "__main__":
    main()
