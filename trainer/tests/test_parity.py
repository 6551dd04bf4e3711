"""The trainer's model against the independent reference cases that the app's runtime is tested with."""
import json
from pathlib import Path

import pytest
import torch

from asklab_trainer.pack import unpack

FIXTURE = Path(__file__).parents[2] / "tests/inference/fixture"


@pytest.mark.parametrize("name", ["pointer", "plain-pointer", "published", "shared", "kinds"])
def test_scores_equal_the_reference(name):
    model = unpack(FIXTURE / name)
    language = next(iter(model.low))
    for case in json.loads((FIXTURE / "decode.json").read_text())[name]:
        source, answers = case["tokens"], case["greedy"] + case["beam"]
        for answer in answers:
            target = answer["tokens"] + [2] * answer["complete"]
            ids = torch.tensor([source + [1] + target])[:, :-1]
            segments = torch.tensor([case["segments"] + [case.get("separatorSegment", 0)] + [0] * (ids.shape[1] - len(source) - 1)])
            with torch.no_grad():
                log_p = model(language, ids, segments, torch.tensor([len(source)]), torch.tensor([ids.shape[1]]))[0][0]
            total = log_p[torch.arange(len(target)), torch.tensor(target)].sum().item()
            assert abs(total - answer["total"]) < 1e-3
