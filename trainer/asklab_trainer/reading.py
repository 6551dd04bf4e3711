"""A blind reading of what asklab_trainer.evaluate asked: python -m asklab_trainer.reading sheet EVALUATION OUT [NAME=EVALUATION …]; then … reading scores OUT.

`sheet` writes `sheet.<language>.jsonl`, questions of the model, of the rules and of people about the same passages, shuffled, under numbers that say nothing,
and `key.json`, which the reader must not see; NAME is another model, evaluated on the same passages. A reader adds `ratings.<language>.jsonl`: {"item", "fluency", "answerability", "significance"}, each 0, 1 or 2.
`scores` writes `scores.csv`, which `asklab campaign report` turns into the paper's Table 5.
"""
import csv
import json
import random
import sys
from pathlib import Path

from .vocab import LANGUAGES

CRITERIA = ("fluency", "answerability", "significance")
COLUMNS = ("campaign", "language", "passage", "title", "words", "item", "question", "system", "human", "criterion", "rater", "position", "repeat", "score", "seconds", "comment")


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sheet(evaluation, out, count=50, seed=3, others=()):
    """`count` passages a language on which the model asked something: its first question, the rules' where they have one, one of the people's, and the first of each of `others` ((name, evaluation), …)."""
    out.mkdir(parents=True, exist_ok=True)
    key = {}
    for language in LANGUAGES:
        if not (evaluation / f"{language}.model.jsonl").exists():
            continue
        files = {"model": evaluation / f"{language}.model.jsonl", "rules": evaluation / f"{language}.rules.jsonl", **{name: folder / f"{language}.model.jsonl" for name, folder in others}}
        asked = {s: {x["id"]: x["candidates"][0]["text"] for x in read(file) if x["candidates"]} for s, file in files.items()}
        passages = {x["id"]: x for x in read(evaluation / f"{language}.references.jsonl")}
        r = random.Random(f"{seed} {language}")  # of its own, so that no other system moves the passages
        asked_by_model = sorted(asked["model"])
        rows = []
        for i in r.sample(asked_by_model, min(count, len(asked_by_model))):
            questions = {"model": asked["model"][i], "rules": asked["rules"].get(i), "people": r.choice(passages[i]["references"])}
            questions |= {name: asked[name].get(i) for name, _ in others}
            # What several systems ask is read once: twice it would be two opinions of one thing.
            rows += [(i, [name for name, other in questions.items() if other == question], question) for question in dict.fromkeys(questions.values()) if question]
        r.shuffle(rows)
        lines = []
        for n, (i, systems, question) in enumerate(rows):
            item = f"{language}-{n + 1:03d}"
            key[item] = {"passage": i, "systems": systems, "question": question, "language": language, "words": len(passages[i]["passage"].split())}
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
                for system in k["systems"]:
                    for criterion in CRITERIA:
                        writer.writerow(("reading", k["language"], k["passage"], "", k["words"], row["item"], k["question"], system, int(system == "people"), criterion, "reader", n, 0, row[criterion], 0, ""))


def main():
    what, *paths = sys.argv[1:]
    if what == "scores":
        return scores(Path(paths[-1]))
    sheet(Path(paths[0]), Path(paths[1]), others=[(name, Path(folder)) for name, folder in (x.split("=", 1) for x in paths[2:])])


if __name__ == "__main__":
    main()
