"""A training recipe: a YAML file whose every error is reported at once."""
from dataclasses import dataclass, field, fields
from pathlib import Path

import yaml

from .model import PRESETS, Architecture


@dataclass
class Recipe:
    system: str = "lalm"  # or a baseline of section 4.4: transformer, nqg++, multi-bert, clqg, xnlg
    architecture: object = field(default_factory=dict)  # a preset's name, or fields of Architecture (with `preset` to start from one); of a baseline, fields of baselines/layers.py's Shape
    languages: list = field(default_factory=list)  # trained on these; empty: every language of the vocabularies (the mono and multi switches of section 4.7)
    sharedLow: bool = False  # one vocabulary (shared.model) for all languages: LALM_share with one low level, Multi-BERT, XNLG
    vocabularySizes: dict = field(default_factory=dict)  # language -> size; filled from the vocabularies where they are given
    sets: dict = field(default_factory=lambda: {"train": 1.0})  # <language>.<set>.npz -> share of the rows drawn, or a share for each language
    overlap: dict = field(default_factory=dict)  # language -> least share of a question's weight that stands in its sentence
    tasks: dict = field(default_factory=lambda: {"question": 1.0})  # question, denoise, next, of baselines mask, translate -> share of the rows
    ask: dict = field(default_factory=lambda: {"free": 0.15, "sentence": 0.3, "span": 0.55})  # how a question row is asked
    draft: float = 0.5  # of the rows with a draft that are asked about their span, the share that shows it; needs maximumDraft
    noise: float = 0.1  # of each of the four noises (section 4.2)
    steps: int = 1000  # optimiser steps
    positions: int = 1500  # positions a micro-batch, padding included
    accumulate: int = 1  # micro-batches a step and process
    rate: float = 2e-3  # highest learning rate
    sharedRate: float = 1.0  # of that, for the shared Transformer
    compareRate: float = 1.0  # of that, for its queries and keys: at 2e-3 their scores grew past 200 within 9,000 steps and every head looked at one token
    warmup: float = 0.08  # share of the steps
    betas: list = field(default_factory=lambda: [0.9, 0.98])  # of Adam
    epsilon: float = 1e-8  # of Adam
    clip: float = 1.0  # gradient norm
    dropout: float = 0.0  # of what each block adds
    power: float = 0.5  # languages are drawn with p ~ n^power
    unseenWeight: dict = field(default_factory=dict)  # language -> loss weight of target tokens absent from the source
    freezeLow: bool = False  # as the paper fine-tunes: embedding, LSTM and output stand still
    freezeShared: bool = False  # the shared Transformer stands still: a language joins by its low level alone
    freeze: list = field(default_factory=list)  # of a baseline, the parts that stand still: words, encoder, decoder
    adversarial: float = 0.0  # weight of Eq. 5 for the low level; 0 switches the discriminator off
    discriminatorEvery: int = 10  # generator steps for one of the discriminator
    precision: str = "fp32"  # or bf16: the body in bfloat16, softmax and loss in float32; or bf16-products: float32, but matrix products may round what they multiply
    seed: int = 1  # of weights and data order
    every: int = 200  # steps between checkpoints
    devBatches: int = 20  # micro-batches a language of the dev set at each checkpoint; 0 for none

    def build(self):
        """The Architecture, or a baseline's Shape."""
        a = self.architecture
        if self.system != "lalm":
            from .baselines.systems import shape_of
            return shape_of(self.system, a)
        if isinstance(a, str):
            return PRESETS[a]
        rest = {k: v for k, v in a.items() if k != "preset"}
        base = PRESETS[a["preset"]] if "preset" in a else Architecture()
        return Architecture(**{**{f.name: getattr(base, f.name) for f in fields(base)}, **rest})


def mistyped(kind, settings, but=()):
    """(settings that `kind` knows and whose type fits, an error for each other one); those named in `but` go through unseen."""
    types, good, errors = {f.name: type(getattr(kind(), f.name)) for f in fields(kind)}, {}, []
    for name, value in settings.items():
        want = types.get(name)
        if name in but:
            good[name] = value
        elif want is None:
            errors.append(f"unknown {'setting' if kind is Recipe else 'architecture setting'}: {name}")
        elif isinstance(value, bool) == (want is bool) and isinstance(value, (int, float) if want is float else (list, tuple) if want is tuple else want):
            good[name] = value
        else:
            errors.append(f"{name} must be {KINDS_OF_VALUE[want]}, not {value!r}")
    return good, errors


KINDS_OF_VALUE = {int: "a whole number", float: "a number", bool: "true or false", str: "a word", list: "a list", tuple: "a list", dict: "a table of names and values"}
ABOVE_NOTHING = ("rate", "sharedRate", "compareRate", "epsilon", "clip")
NOT_BELOW_NOTHING = ("adversarial", "power", "devBatches")


def errors_of(raw):
    """Everything that is wrong with a recipe's settings; what has the wrong type is left out of the checks of ranges."""
    if not isinstance(raw, dict):
        return ["a recipe is a table of settings, `name: value` a line"]
    good, errors = mistyped(Recipe, raw, but=("architecture",))
    a = good.get("architecture", {})
    if not isinstance(a, (str, dict)):
        errors.append(f"architecture must be a preset's name or a table of names and values, not {a!r}")
        a = good["architecture"] = {}
    r = Recipe(**good)
    if r.system != "lalm":
        from .baselines import systems
        return errors + systems.errors_of(r, mistyped) + common_errors(r)
    preset = a if isinstance(a, str) else a.get("preset")
    if preset is not None and preset not in PRESETS:
        errors.append(f"unknown architecture preset: {preset} (known: {', '.join(PRESETS)})")
        r.architecture = {} if isinstance(a, str) else {k: v for k, v in a.items() if k != "preset"}
    if isinstance(r.architecture, dict):
        r.architecture, more = mistyped(Architecture, r.architecture, but=("preset",))
        errors += more
    shape = r.build()
    errors += shape.errors() + common_errors(r)
    errors += [f"lalm cannot train on the task {k}" for k in r.tasks if k in ("mask", "translate")]
    if r.freeze:
        errors.append("freeze names a baseline's parts; of lalm freezeLow keeps the low level still")
    if r.ask.get("kind") and not shape.answerKinds:
        errors.append("ask by kind needs an architecture with answerKinds")
    if shape.lowLevel == "shared" and not r.sharedLow:
        errors.append("lowLevel shared needs sharedLow: true")
    if r.freezeLow and r.freezeShared:
        errors.append("with freezeLow and freezeShared nothing learns: switch one off")
    if r.freezeLow and r.adversarial:
        errors.append("adversarial training moves the low level: switch freezeLow or adversarial off")
    return errors


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def common_errors(r):
    """What may be wrong with any system's recipe."""
    errors = []
    for name, table, allowed in (("tasks", r.tasks, ("question", "denoise", "next", "mask", "translate")), ("ask", r.ask, ("free", "sentence", "span", "kind")), ("sets", r.sets, None)):
        errors += [f"unknown {name} entry: {k}" for k in table if allowed and k not in allowed]
        shares = [s for v in table.values() for s in (v.values() if isinstance(v, dict) and name == "sets" else [v])]
        errors += [f"{name} must hold shares above 0"] if not shares or not all(map(is_number, shares)) or min(shares) < 0 or sum(shares) <= 0 else []
    for name in ("overlap", "unseenWeight", "vocabularySizes"):
        errors += [f"{name} of {k} must be a number of 0 or more, not {v!r}" for k, v in getattr(r, name).items() if not is_number(v) or v < 0]
    for name in ("steps", "positions", "accumulate", "every", "discriminatorEvery"):
        errors += [f"{name} must be 1 or more"] if getattr(r, name) < 1 else []
    for name in ("warmup", "noise", "dropout"):
        errors += [f"{name} must be in 0..1"] if not 0 <= getattr(r, name) < 1 else []
    errors += ["draft must be in 0..1"] if not 0 <= r.draft <= 1 else []
    errors += [f"{name} must be above 0" for name in ABOVE_NOTHING if getattr(r, name) <= 0]
    errors += [f"{name} must be 0 or more" for name in NOT_BELOW_NOTHING if getattr(r, name) < 0]
    if len(r.betas) != 2 or not all(is_number(b) and 0 <= b < 1 for b in r.betas):
        errors.append("betas must be two numbers in 0..1")
    if r.precision not in ("fp32", "bf16", "bf16-products"):
        errors.append("precision must be fp32, bf16 or bf16-products")
    return errors


def read_raw(path):
    """A recipe's settings, over those of the recipe it `extends` (a file beside it)."""
    try:
        raw = yaml.safe_load(Path(path).read_text()) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise ValueError(f"{path}:\n" + "\n".join(errors_of(raw)))
    base = raw.pop("extends", None)
    if base is not None and not (Path(path).parent / str(base)).is_file():
        raise ValueError(f"{path}: extends names {base}, which is not beside it")
    return {**(read_raw(Path(path).parent / base) if base else {}), **raw}


def read_recipe(path, **changes):
    """The recipe with `changes` over it. Raises ValueError with every error."""
    raw = {**read_raw(path), **{k: v for k, v in changes.items() if v}}
    errors = errors_of(raw)
    if errors:
        raise ValueError(f"{path}:\n" + "\n".join(errors))
    return Recipe(**raw)
