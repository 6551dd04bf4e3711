"""Trains on encoded pairs, all languages jointly: python -m asklab_trainer.finetune --recipe R.yaml --data D.json --out FOLDER.

The data file maps a language to rows {"source": ids, "segments": 0/1/2 each, "target": ids}.
Killed at any step it continues from the last checkpoint with the same result (CPU, one seed).
"""
import argparse
import json
import os
import random
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import torch
import yaml

from .model import END, SEPARATOR, Architecture, Lalm


@dataclass
class Recipe:
    architecture: dict = field(default_factory=dict)  # fields of Architecture
    vocabularySizes: dict = field(default_factory=dict)  # language -> size
    vocabularies: dict = field(default_factory=dict)  # language -> SentencePiece file
    steps: int = 1000  # optimiser steps
    positions: int = 1500  # positions a step, padding included
    rate: float = 2e-3  # highest learning rate
    warmup: float = 0.08  # share of the steps
    clip: float = 1.0  # gradient norm
    power: float = 0.5  # languages are drawn with p ~ n^power
    unseenWeight: dict = field(default_factory=dict)  # language -> loss weight of target tokens absent from the source
    freezeLow: bool = False  # as the paper fine-tunes
    seed: int = 1  # of weights and data order
    every: int = 200  # steps between checkpoints


def read_recipe(path):
    raw = yaml.safe_load(Path(path).read_text())
    errors = [f"unknown setting: {k}" for k in raw if k not in {f.name for f in fields(Recipe)}]
    known = {f.name for f in fields(Architecture)}
    errors += [f"unknown architecture setting: {k}" for k in raw.get("architecture", {}) if k not in known]
    if not errors:
        errors += Architecture(**raw.get("architecture", {})).errors()
        errors += [] if raw.get("vocabularySizes") else ["vocabularySizes names no language"]
    if errors:
        raise ValueError("\n".join(errors))
    return Recipe(**raw)


def collate(rows):
    n = max(len(r["source"]) + 1 + len(r["target"]) for r in rows)
    ids, segments = torch.zeros(len(rows), n, dtype=torch.long), torch.zeros(len(rows), n, dtype=torch.long)
    answers, weights = torch.zeros(len(rows), n, dtype=torch.long), torch.zeros(len(rows), n)
    for i, r in enumerate(rows):
        sequence, target = r["source"] + [SEPARATOR] + r["target"], r["target"] + [END]
        ids[i, :len(sequence)] = torch.tensor(sequence)
        segments[i, :len(r["source"])] = torch.tensor(r["segments"])
        answers[i, :len(target)] = torch.tensor(target)
        weights[i, :len(target)] = torch.tensor([1.0 if w in r["source"] or w == END else 2.0 for w in target])
    s = torch.tensor([len(r["source"]) for r in rows])
    return ids, segments, s, s + 1 + torch.tensor([len(r["target"]) for r in rows]), answers, weights


def loss_of(model, language, rows, unseen=1.0):
    ids, segments, s, n, answers, weights = collate(rows)
    log_p, valid, _ = model(language, ids, segments, s, n)
    steps = log_p.shape[1]
    w = torch.where(weights[:, :steps] == 2.0, torch.tensor(float(unseen)), torch.tensor(1.0)) * valid
    return -(log_p.gather(2, answers[:, :steps, None])[..., 0] * w).sum() / w.sum()


def train(recipe, data, out, stop_at=None):
    """Runs to the recipe's end, or to `stop_at`; returns the model and this run's losses."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    order = random.Random(recipe.seed)
    model = Lalm(Architecture(**recipe.architecture), recipe.vocabularySizes)
    if recipe.freezeLow:
        model.low.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, recipe.rate, betas=(0.9, 0.98))
    first, file = 0, out / "checkpoint.pt"
    if file.exists():
        saved = torch.load(file, map_location="cpu", **({"weights_only": False} if torch.__version__ >= "2" else {}))
        model.load_state_dict(saved["model"]), optimizer.load_state_dict(saved["optimizer"])
        order.setstate(saved["order"]), torch.set_rng_state(saved["rng"])
        first = saved["step"]
    languages = sorted(data)
    shares = [len(data[k]) ** recipe.power for k in languages]
    losses, positions, start = [], 0, time.time()
    for step in range(first, recipe.steps if stop_at is None else stop_at):
        warm = max(1, int(recipe.warmup * recipe.steps))
        factor = min((step + 1) / warm, (recipe.steps - step) / max(1, recipe.steps - warm))
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * factor
        language = order.choices(languages, shares)[0]
        rows, used = [], 0
        while not rows or used < recipe.positions:
            rows.append(order.choice(data[language]))
            used += len(rows[-1]["source"]) + len(rows[-1]["target"]) + 1
        loss = loss_of(model, language, rows, recipe.unseenWeight.get(language, 1.0))
        optimizer.zero_grad(set_to_none=True)  # a language not drawn has no gradient, on every version
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, recipe.clip)
        optimizer.step()
        losses.append(loss.item())
        positions += used
        if (step + 1) % recipe.every == 0 or step + 1 == recipe.steps:
            print(f"step {step + 1} loss {loss.item():.3f} {positions / (time.time() - start):.0f} positions/s", flush=True)
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "order": order.getstate(), "rng": torch.get_rng_state(),
                        "step": step + 1, "architecture": asdict(model.config), "vocabularySizes": recipe.vocabularySizes,
                        "vocabularies": recipe.vocabularies, "recipe": asdict(recipe)}, out / "checkpoint.new")
            os.replace(out / "checkpoint.new", file)
    return model, losses


def main():
    p = argparse.ArgumentParser()
    for name in ("--recipe", "--data", "--out"):
        p.add_argument(name, required=True)
    a = p.parse_args()
    train(read_recipe(a.recipe), json.loads(Path(a.data).read_text()), a.out)


if __name__ == "__main__":
    main()
