"""The paper's comparisons, one command each: python -m asklab_trainer.paper COMPARISON --pairs P --data D --vocabularies V --out W.

`mono` section 4.7 and Table 3, `pre-training` section 4.9 and Table 6, `zero-shot` section 4.8 and Table 7. Every run is trained,
packed and evaluated; `W/<comparison>.md` puts its figures beside the paper's. Run it again after a kill: it goes on, and what two
comparisons share is trained once. `--over SETTINGS.yaml` lays settings over every recipe, so that a small machine can do them.
"""
import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .recipe import read_raw

RECIPES = Path(__file__).parents[1] / "recipes"


@dataclass
class Run:
    name: str
    recipe: str
    start: str = ""  # the run whose weights it begins from
    languages: tuple = ()  # trained on these; empty: all
    asked: dict = field(default_factory=dict)  # language evaluated -> the paper's BLEU-4, METEOR, ROUGE-L (None where not given)
    settings: dict = field(default_factory=dict)


PRETRAIN = Run("pretrained", "paper-pretrain.yaml")
TUNED = Run("tuned", "paper-finetune.yaml", "pretrained")


def tuned(asked):
    return Run(TUNED.name, TUNED.recipe, TUNED.start, asked=asked)


MONO = {"en": ((20.61, None, 47.15), (17.93, None, 45.02)), "zh": ((36.03, None, 41.73), (34.22, None, 40.12))}
ZERO = {"zh": (10.94, 11.94, 15.89), "ko": (5.95, 13.32, 16.77), "fr": (6.32, 11.06, 15.22), "hi": (10.89, 26.42, 33.01)}
NQG = {"zh": (17.74, 18.06, 22.44), "ko": (5.07, 14.35, 16.42), "fr": (5.54, 9.63, 23.02), "hi": (9.03, 23.47, 32.84)}
PLANS = {
    "mono": [
        PRETRAIN, tuned({"en": (21.95, None, 48.23), "zh": (38.32, None, 44.49)}),
        *(Run(f"tuned-{k}", "paper-mono.yaml", "pretrained", (k,), {k: both}) for k, (both, _) in MONO.items()),
        # Of one language there is nothing to tell apart: no discriminator (the paper's footnote 8).
        *(Run(f"pretrained-{k}", "paper-pretrain.yaml", languages=(k,), settings={"adversarial": 0}) for k in MONO),
        *(Run(f"alone-{k}", "paper-mono.yaml", f"pretrained-{k}", (k,), {k: alone}) for k, (_, alone) in MONO.items()),
    ],
    "pre-training": [
        Run("scratch", "paper-scratch.yaml", asked={"en": (14.35, 17.41, 33.52), "zh": (22.25, 21.43, 37.94), "hi": (12.92, 24.19, 33.10)}),
        Run("scratch-adm", "paper-scratch-adm.yaml", asked={"en": (15.94, 18.24, 36.24), "zh": (24.10, 22.05, 38.78), "hi": (14.13, 23.77, 34.24)}),
        PRETRAIN, tuned({"en": (21.95, 21.30, 48.23), "zh": (38.32, 27.99, 44.49), "hi": (30.35, 34.80, 48.82)}),
    ],
    "zero-shot": [
        *(Run(f"nqg-{k}", "baselines/nqg.yaml", languages=(k,), asked={k: paper}) for k, paper in NQG.items()),
        PRETRAIN, Run("zero-shot", "paper-zero-shot.yaml", "pretrained", asked=ZERO),
    ],
}


def program(name, *words):
    print(f"\n{name} " + " ".join(map(str, words)), flush=True)
    subprocess.run([sys.executable, "-m", f"asklab_trainer.{name}", *map(str, words)], cwd=Path(__file__).parents[1], check=True)


def recipe_of(run, over):
    """The run's recipe with the run's settings and `over` laid over it; a named architecture stays the one to start from."""
    raw = {**read_raw(RECIPES / run.recipe), **run.settings}
    own = raw.get("architecture", {})
    merged = {**raw, **over}
    if "architecture" in over:
        merged["architecture"] = {**({"preset": own} if isinstance(own, str) else own), **over["architecture"]}
    return {**merged, **({"languages": list(run.languages)} if run.languages else {})}


def train(run, a, over, out):
    """Trains a run to its end, unless it is there. True where it trained."""
    recipe = recipe_of(run, over)
    state = out / run.name / "run.json"
    if state.exists() and json.loads(state.read_text())["step"] >= recipe.get("steps", 1000):
        return False
    file = out / f"{run.name}.yaml"
    file.write_text(yaml.safe_dump(recipe, allow_unicode=True))
    start = ("--from", out / run.start / "checkpoint.pt") if run.start else ()
    program("finetune", "--recipe", file, "--data", a.data, "--vocabularies", a.vocabularies, "--out", out / run.name, *start)
    return True


def evaluate(run, a, out, again):
    """language -> scores of the run's questions; asks again only where it was trained anew."""
    folder = out / run.name
    missing = [k for k in run.asked if again or not (folder / f"test-{k}/evaluation.json").exists()]
    model = folder / "checkpoint.pt"
    if not recipe_of(run, {}).get("system"):
        if missing:
            program("pack", model, folder / "bundle", "--precision", "fp32", "--name", run.name)
        model = folder / "bundle"
    for k in missing:
        program("evaluate", model, "--pairs", a.pairs, "--out", folder / f"test-{k}", "--languages", k, *(("--limit", a.limit) if a.limit else ()))
    return {k: json.loads((folder / f"test-{k}/evaluation.json").read_text())[k] for k in run.asked}


def cells(result, system):
    """A system's scores and how many passages they are of."""
    return " | ".join([*(f"{result['scores'][system][m]['value']:.1f}" for m in ("bleu4", "meteor", "rougeL", "copiedShare")), str(result["passages"])])


def table(rows):
    """`rows`: (run, language -> result of evaluate)."""
    lines = ["| language | run | BLEU-4 | METEOR | ROUGE-L | copied share | passages | *paper: BLEU-4, METEOR, ROUGE-L* |", "|---|---|---|---|---|---|---|---|"]
    for language in dict.fromkeys(k for run, _ in rows for k in run.asked):
        for run, results in rows:
            if language in results:
                paper = ", ".join("–" if v is None else f"{v:.2f}" for v in run.asked[language])
                lines.append(f"| {language} | {run.name} | {cells(results[language], 'model')} | *{paper}* |")
        of_all = next(results[language] for _, results in rows if language in results)
        for system in ("central sentence", "rules"):  # the same in every run
            lines.append(f"| {language} | {system} | {cells(of_all, system)} | |")
    return "\n".join(lines) + "\n"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("comparison", choices=PLANS)
    for name in ("--pairs", "--data", "--vocabularies", "--out"):
        p.add_argument(name, required=True, type=lambda x: Path(x).resolve())
    p.add_argument("--over", help="YAML of settings for every recipe"), p.add_argument("--limit", type=int, help="test passages a language, drawn with a fixed seed")
    a = p.parse_args()
    over = yaml.safe_load(Path(a.over).read_text()) if a.over else {}
    a.out.mkdir(parents=True, exist_ok=True)
    rows, trained = [], set()
    for run in PLANS[a.comparison]:
        if train(run, a, over, a.out) or run.start in trained:
            trained.add(run.name)
        if run.asked:
            rows.append((run, evaluate(run, a, a.out, run.name in trained)))
    (a.out / f"{a.comparison}.md").write_text(table(rows))
    print("\n" + table(rows))


if __name__ == "__main__":
    main()
