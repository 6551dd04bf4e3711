"""A blind reading of what asklab_trainer.evaluate asked: python -m asklab_trainer.reading sheet EVALUATION OUT; then … reading scores EVALUATION OUT.

`sheet` writes `sheet.<language>.jsonl`, questions of the model, of the rules and of people about the same passages, shuffled, under numbers that say nothing,
and `key.json`, which the reader must not see. A reader adds `ratings.<language>.jsonl`: {"item", "fluency", "answerability", "significance"}, each 0, 1 or 2.
`scores` writes `scores.csv`, which `asklab campaign report` turns into the paper's Table 5.
"""
import csv
import json
import random
import sys
from pathlib import Path

from .vocab import LANGUAGES

CRITERIA = ("fluency", "answerability", "significance")
COLUMNS = ("campaign", "language", "passage", "title", "item", "question", "system", "human", "criterion", "rater", "position", "repeat", "score", "seconds", "comment")


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sheet(evaluation, out, count=50, seed=3):
    """`count` passages a language on which the model asked something: its first question, the rules' where they have one, one of the people's."""
    out.mkdir(parents=True, exist_ok=True)
    r, key = random.Random(seed), {}
    for language in LANGUAGES:
        if not (evaluation / f"{language}.model.jsonl").exists():
            continue
        asked = {s: {x["id"]: x["candidates"][0]["text"] for x in read(evaluation / f"{language}.{s}.jsonl") if x["candidates"]} for s in ("model", "rules")}
        passages = {x["id"]: x for x in read(evaluation / f"{language}.references.jsonl")}
        asked_by_model = sorted(asked["model"])
        rows = []
        for i in r.sample(asked_by_model, min(count, len(asked_by_model))):
            questions = {"model": asked["model"][i], "rules": asked["rules"].get(i), "people": r.choice(passages[i]["references"])}
            rows += [(i, system, question) for system, question in questions.items() if question]
        r.shuffle(rows)
        lines = []
        for n, (i, system, question) in enumerate(rows):
            item = f"{language}-{n + 1:03d}"
            key[item] = {"passage": i, "system": system, "question": question, "language": language}
            lines.append(json.dumps({"item": item, "passage": passages[i]["passage"], "question": question}, ensure_ascii=False))
        (out / f"sheet.{language}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (out / "key.json").write_text(json.dumps(key, ensure_ascii=False))


def scores(out):
    key = json.loads((out / "key.json").read_text())
    with open(out / "scores.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for path in sorted(out.glob("ratings.*.jsonl")):
            for n, row in enumerate(read(path)):
                k = key[row["item"]]
                for criterion in CRITERIA:
                    writer.writerow(("reading", k["language"], k["passage"], "", row["item"], k["question"], k["system"], int(k["system"] == "people"), criterion,
                                     "reader", n, 0, row[criterion], 0, ""))


def main():
    what, evaluation, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sheet(evaluation, out) if what == "sheet" else scores(out)


if __name__ == "__main__":
    main()
