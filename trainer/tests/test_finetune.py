import random
from pathlib import Path

import pytest
import torch

from asklab_trainer.finetune import Recipe, read_recipe, train

RECIPES = sorted((Path(__file__).parents[1] / "recipes").glob("*.yaml"))
TINY = dict(hidden=16, layers=1, heads=2, feedForward=32, embedding=8, keySize=8)


def data():
    r = random.Random(3)
    return {k: [dict(source=[r.randrange(4, 40) for _ in range(6)], segments=[0, 1, 2, 1, 0, 0], target=[r.randrange(4, 40) for _ in range(3)])
                for _ in range(20)] for k in ("en", "fr")}


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_every_recipe_loads(path):
    read_recipe(path)


def test_recipe_errors_come_together(tmp_path):
    (tmp_path / "r.yaml").write_text("stepz: 3\narchitecture: { hiden: 2 }\n")
    with pytest.raises(ValueError, match="stepz\n.*hiden"):
        read_recipe(tmp_path / "r.yaml")


def test_five_stops_change_nothing(tmp_path):
    recipe = Recipe(TINY, {"en": 40, "fr": 40}, steps=40, positions=60, every=3)
    whole, losses = train(recipe, data(), tmp_path / "whole")
    for stop in sorted(random.Random(9).sample(range(1, 40), 5)):
        train(recipe, data(), tmp_path / "broken", stop)
    again, tail = train(recipe, data(), tmp_path / "broken")
    assert losses[-len(tail):] == tail
    assert all(torch.equal(a, b) for a, b in zip(whole.state_dict().values(), again.state_dict().values()))
