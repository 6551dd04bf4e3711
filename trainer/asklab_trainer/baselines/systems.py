"""The systems of section 4.4 by name, with the sizes that their papers give."""
from dataclasses import dataclass, replace

from .bert import MultiBert
from .clqg import Clqg
from .layers import Shape
from .nqg import Nqg
from .transformer import Transformer
from .xnlg import Xnlg


@dataclass
class System:
    model: type
    shape: Shape  # its default sizes
    tasks: tuple  # of a recipe's tasks, those it can train on
    vocabulary: str  # "one": one language's; "each": one per language; "shared": one for all


SYSTEMS = {
    "transformer": System(Transformer, Shape(), ("question",), "one"),
    "nqg++": System(Nqg, Shape(), ("question",), "one"),
    "multi-bert": System(MultiBert, Shape(768, 12, heads=12, feedForward=3072, activation="gelu", maximumSource=440), ("question", "mask"), "shared"),
    "clqg": System(Clqg, Shape(300, 4, 4, 1, 6, 1200), ("question", "denoise", "translate"), "each"),
    "xnlg": System(Xnlg, Shape(1024, 10, 6, heads=8, feedForward=4096, embedding=1024, activation="gelu"), ("question", "mask", "denoise"), "shared"),
}


def shape_of(name, settings):
    """The system's Shape with a recipe's `architecture` over it."""
    return replace(SYSTEMS[name].shape, **settings)


def errors_of(recipe, mistyped):
    """What is wrong with a recipe for a baseline. `mistyped`: recipe.py's, which parts settings that fit from errors."""
    if recipe.system not in SYSTEMS:
        return [f"unknown system: {recipe.system} (known: lalm, {', '.join(SYSTEMS)})"]
    system, settings = SYSTEMS[recipe.system], recipe.architecture
    if isinstance(settings, str):
        return [f"{recipe.system} has no presets: give fields of its architecture"]
    settings, errors = mistyped(Shape, settings)
    shape = shape_of(recipe.system, settings)
    errors += shape.errors()
    errors += [f"{recipe.system} cannot train on the task {k} (it can: {', '.join(system.tasks)})" for k in recipe.tasks if k not in system.tasks]
    if system.vocabulary == "one" and len(recipe.languages) != 1:
        errors.append(f"{recipe.system} is trained a language at a time: name one with --languages")
    if (system.vocabulary == "shared") != recipe.sharedLow:
        errors.append(f"{recipe.system} needs sharedLow: {'true (one vocabulary for all languages)' if system.vocabulary == 'shared' else 'false (a vocabulary for each language)'}")
    if recipe.system == "multi-bert" and shape.maximumSource + shape.maximumTarget > 509:
        errors.append("multi-bert has 512 places: maximumSource + maximumTarget must be at most 509")
    if recipe.adversarial or recipe.freezeLow or recipe.freezeShared:
        errors.append("adversarial, freezeLow and freezeShared belong to lalm; a baseline's parts are frozen by name (freeze)")
    return errors
