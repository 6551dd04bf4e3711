"""A bundle, or a baseline's checkpoint, on held-out passages, beside copying, the rules and the paper: python -m asklab_trainer.evaluate BUNDLE --pairs FOLDER --out FOLDER.

The questions are written by `asklab generate` (a baseline's by baselines/write.py) and scored by `asklab metrics`, so that the table holds what the app does:
one question a passage (the app's first; of LALM as published, the likeliest of beam 4 about the whole passage), all questions of the passage as references, the paper's tokenisation; and shares over every question asked.
Writes questions, `evaluation.json`, `evaluation.md` (the model card's tables) and `samples.jsonl`; with `--record` the numbers also go into the bundle's manifest.
"""
import argparse
import json
import random
import subprocess
import time
from pathlib import Path

from .data import find_split, read_pairs
from .vocab import LANGUAGES

APP = Path(__file__).parents[2] / "scripts/asklab.mjs"
SHOWN = ("bleu1", "bleu2", "bleu3", "bleu4", "meteor", "rougeL")
# Table 2 of the paper: BLEU-4, METEOR, ROUGE-L, on its own data and splits.
PAPER = {
    "NQG++": {"en": (15.09, 18.04, 40.24), "zh": (20.32, 18.95, 29.87), "ko": (7.95, 14.81, 24.13), "fr": (5.03, 13.19, 31.66), "hi": (10.10, 24.32, 34.91)},
    "LALM base": {"en": (21.95, 21.30, 48.23), "zh": (38.32, 27.99, 44.49), "ko": (12.19, 20.11, 34.88), "fr": (13.95, 18.20, 42.80), "hi": (32.21, 34.22, 49.14)},
    "LALM large + ADM": {"en": (24.94, 23.28, 51.42), "zh": (44.10, 33.04, 46.40), "ko": (12.93, 21.10, 35.02), "fr": (15.28, 19.92, 44.51), "hi": (35.19, 36.25, 51.23)},
}

# The same of the other baselines, shown where one of them is evaluated; the paper gives some languages only.
PAPER_BASELINES = {
    "transformer": {"en": (14.03, 17.62, 40.79), "zh": (22.75, 17.24, 30.14), "ko": (7.11, 14.30, 22.17), "fr": (4.48, 13.05, 32.17), "hi": (9.77, 23.85, 33.16)},
    "multi-bert": {"en": (17.19, 18.38, 44.82), "zh": (35.08, 26.10, 38.46), "ko": (10.35, 18.10, 31.28), "fr": (8.95, 15.91, 39.34), "hi": (23.15, 30.29, 41.06)},
    "clqg": {"en": (17.63, 18.91, 43.34), "zh": (34.96, 26.54, 40.11), "ko": (8.97, 17.22, 29.34), "fr": (10.18, 16.28, 41.23), "hi": (20.24, 29.15, 40.64)},
    "xnlg": {"en": (19.98, 20.24, 46.51), "zh": (37.40, 27.13, 42.15), "fr": (12.93, 18.37, 40.96)},
}
# The rest of Table 2, and Table 6: 256 hidden, 4 layers, without pre-training.
PAPER_OTHERS = {
    "LALM share": {"en": (20.96, 20.23, 47.47), "zh": (36.11, 27.28, 43.25), "ko": (11.93, 19.85, 34.10), "fr": (13.38, 17.75, 41.15), "hi": (30.35, 33.80, 48.82)},
    "LALM large": {"en": (23.50, 22.15, 50.34), "zh": (43.19, 32.38, 45.16), "ko": (12.58, 20.96, 34.79), "fr": (14.87, 18.84, 43.11), "hi": (34.02, 35.97, 50.94)},
    "LALM not pre-trained (Table 6)": {"en": (14.35, 17.41, 33.52), "zh": (22.25, 21.43, 37.94), "hi": (12.92, 24.19, 33.10)},
    "LALM + ADM not pre-trained (Table 6)": {"en": (15.94, 18.24, 36.24), "zh": (24.10, 22.05, 38.78), "hi": (14.13, 23.77, 34.24)},
}


def write_rows(path, rows):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def app(*words):
    done = subprocess.run(["node", str(APP), *map(str, words)], capture_output=True, text=True)
    if done.returncode not in (0, 2):
        raise SystemExit(f"asklab {words[0]} failed:\n{done.stderr}")
    return done.stdout


def metrics(language, references, outputs, *more):
    columns = json.loads(app("metrics", "--lang", language, "--references", references, "--outputs", outputs, "--samples", 200, "--json", *more))
    signatures = {v["metric"]: v["signature"] for v in columns["columns"][0]["values"]}
    return {c["system"]: {v["metric"]: v["score"] for v in c["values"]} for c in columns["columns"]}, columns["items"], signatures


def forms(questions, values):
    """The shares that a system's metrics hold already."""
    return {"questions": questions, "form": values["questionForm"]["value"], "endMark": values["endMark"]["value"], "distinct": values["distinctOutputs"]["value"]}


def shares(language, out, name, rows, references):
    """Of every question of a system: how many have a question's form, an end mark, are unlike the others, copied, or contain the answer they ask for."""
    flat = [(f"{r['id']}#{i}", r["id"], c) for r in rows for i, c in enumerate(r["candidates"])]
    if not flat:
        return {}
    write_rows(out / f"{language}.{name}.all.jsonl", [{"id": i, "output": c["text"]} for i, _, c in flat])
    write_rows(out / f"{language}.references.all.jsonl", [{"id": i, "references": references[p]["references"]} for i, p, _ in flat])
    scores, _, _ = metrics(language, out / f"{language}.references.all.jsonl", out / f"{language}.{name}.all.jsonl", "--no-baselines")
    values = next(iter(scores.values()))
    aimed = [(references[p]["passage"][c["answer"]["start"]:c["answer"]["end"]], c["text"]) for _, p, c in flat if c.get("answer")]
    return {**forms(len(flat), values), "answerInside": 100 * sum(a.lower() in q.lower() for a, q in aimed) / max(1, len(aimed)), "asked": len(aimed)}


def as_published(bundle):
    """Whether a bundle is LALM without what is beyond the paper: neither focus nor pointer."""
    manifest = Path(bundle) / "manifest.json"
    architecture = json.loads(manifest.read_text(encoding="utf-8"))["architecture"] if manifest.exists() else {}
    return architecture.get("focus") is False and architecture.get("pointer", True) is None


def evaluate_language(language, pairs, bundle, out, candidates, limit):
    passages = {}
    for row in read_pairs(pairs, (), language):
        entry = passages.setdefault(row["passage"], {"id": row["id"], "lang": language, "passage": row["passage"], "references": []})
        entry["references"].append(row["question"])
    chosen = list(passages.values())
    if limit and len(chosen) > limit:
        chosen = random.Random(1).sample(chosen, limit)
    references = {r["id"]: r for r in chosen}
    files = {k: out / f"{language}.{k}.jsonl" for k in ("passages", "references", "model", "rules")}
    write_rows(files["passages"], [{k: r[k] for k in ("id", "lang", "passage")} for r in chosen])
    write_rows(files["references"], [{k: r[k] for k in ("id", "passage", "references")} for r in chosen])
    begun, asked = time.time(), {}
    for name, model in (("model", bundle), ("rules", "rules")):
        if str(model).endswith(".pt"):
            from .baselines.write import write
            write(model, files["passages"], files[name], language, candidates)
        else:
            plain = ("--plain",) if name == "model" and as_published(model) else ()
            app("generate", "--input", files["passages"], "--output", files[name], "--model", model, "--candidates", candidates, "--beam", 4, "--device", "cpu", *plain)
        asked[name] = [json.loads(x) for x in files[name].read_text(encoding="utf-8").splitlines()]
    seconds = time.time() - begun
    scores, items, signatures = metrics(language, files["references"], files["model"])
    scores = dict(zip(("model", "central sentence", "rules"), scores.values()))
    found = {name: shares(language, out, name, rows, references) for name, rows in asked.items()}
    return {"passages": items, "system": asked["model"][0].get("system", "lalm"), "seconds": seconds, "scores": scores, "signatures": {m: signatures[m] for m in SHOWN},
            "shares": {"model": found["model"], "central sentence": forms(items, scores["central sentence"]), "rules": found["rules"]},
            "samples": [(references[r["id"]]["passage"], r["candidates"]) for r in random.Random(7).sample(asked["model"], min(60, len(asked["model"])))]}


def tables(results):
    lines = ["| language | system | BLEU-1 | BLEU-2 | BLEU-3 | BLEU-4 | METEOR | ROUGE-L | copied share |", "|---|---|---|---|---|---|---|---|---|"]
    for language, r in results.items():
        paper = {**PAPER, **{k: v for k, v in PAPER_BASELINES.items() if k == r.get("system") and language in v}}
        for system, values in r["scores"].items():
            cells = [f"{values[m]['value']:.1f} ({values[m]['low']:.1f} to {values[m]['high']:.1f})" if m == "bleu4" else f"{values[m]['value']:.1f}" for m in SHOWN]
            lines.append(f"| {language} | {system}, n = {r['passages']} | " + " | ".join(cells) + f" | {values['copiedShare']['value']:.0f} |")
        for system, rows in paper.items():
            b, m, g = rows.get(language, ("", "", ""))
            lines.append(f"| {language} | *paper, {system}* | | | | {b} | {m} | {g} | |")
    lines += ["", "| language | system | questions | question form % | ends as a question % | distinct % | contain the answer asked for % |", "|---|---|---|---|---|---|---|"]
    for language, r in results.items():
        for system, s in r["shares"].items():
            if s:
                lines.append(f"| {language} | {system} | {s['questions']} | {s['form']:.1f} | {s['endMark']:.1f} | {s['distinct']:.1f} | " + (f"{s['answerInside']:.1f} (of {s['asked']}) |" if "asked" in s else "none is asked for |"))
    lines += ["", "| paper: BLEU-4, METEOR, ROUGE-L | " + " | ".join(results) + " |", "|---" * (len(results) + 1) + "|"]
    for system, rows in {**PAPER_BASELINES, **PAPER, **PAPER_OTHERS}.items():
        lines.append(f"| {system} | " + " | ".join(", ".join(f"{v:.2f}" for v in rows[k]) if k in rows else "" for k in results) + " |")
    return "\n".join(lines) + "\n"


def record(bundle, results, split):
    """Puts each evaluated language's numbers into the manifest; the bundle's hash in the app does not hang on them."""
    file = Path(bundle) / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    for language, r in results.items():
        systems = {name: {m: round(values[m]["value"], 1) for m in (*SHOWN, "copiedShare")} | {k: round(v, 1) for k, v in r["shares"][name].items()} for name, values in r["scores"].items()}
        manifest["metrics"][language] = {"split": split, "passages": r["passages"], **systems, "signatures": r["signatures"]}
    file.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("bundle"), p.add_argument("--pairs", required=True), p.add_argument("--out", required=True)
    p.add_argument("--split", default="test"), p.add_argument("--languages", nargs="+", default=LANGUAGES)
    p.add_argument("--candidates", type=int, default=4), p.add_argument("--limit", type=int, help="passages a language, drawn with a fixed seed")
    p.add_argument("--record", action="store_true", help="write the numbers into the bundle's manifest")
    a = p.parse_args()
    if a.record and not (Path(a.bundle) / "manifest.json").is_file():
        p.error("--record needs a bundle's folder")
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    results = {}
    for language in a.languages:
        file = find_split(a.pairs, language, a.split)
        if not file or next(iter(read_pairs(file, (), language)), None) is None:
            print(f"{language}: nothing to evaluate in split {a.split}", flush=True)
            continue
        results[language] = evaluate_language(language, file, a.bundle, out, a.candidates, a.limit)
        print(tables({language: results[language]}), flush=True)
    if a.record:
        record(a.bundle, results, a.split)
    samples = {k: r.pop("samples") for k, r in results.items()}
    (out / "evaluation.json").write_text(json.dumps(results, indent=1))
    (out / "evaluation.md").write_text(tables(results))
    write_rows(out / "samples.jsonl", [{"lang": k, "passage": t, "candidates": c} for k, rows in samples.items() for t, c in rows])


if __name__ == "__main__":
    main()
