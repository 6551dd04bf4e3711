import json

import pytest
import torch

from asklab_trainer.model import Architecture, Lalm
from asklab_trainer.ranking import chance, log_probabilities, scores


class Letters:
    """A token for each character, with its place."""

    size = 50

    def ids(self, text):
        return [4 + ord(c) % 40 for c in text]

    def with_places(self, text):
        return self.ids(text), [(i, i + 1) for i in range(len(text))]


def test_a_candidate_is_ranked_by_its_mean_log_probability():
    torch.manual_seed(1)
    model = Lalm(Architecture(hidden=32, layers=1, heads=4, feedForward=64, embedding=16, keySize=16, answerKinds=("person",) * 7), {"en": 50}).eval()
    focus = {"start": 0, "end": 12}
    asked = [{"text": t, "focus": focus, "answer": a} for t, a in (("Who sat?", {"start": 0, "end": 3}), ("Where did Ann sit?", {"start": 8, "end": 11}), ("Is it so?", None))]
    together = log_probabilities(model, "en", Letters(), "Ann sat here.", asked)
    alone = [log_probabilities(model, "en", Letters(), "Ann sat here.", [a])[0] for a in asked]
    assert together == pytest.approx(alone, abs=1e-4) and all(-6 < x < -1 for x in together)


def test_choices_are_told_apart_by_the_key(tmp_path):
    items = {"en-01": {"A": "rules", "B": "model"}, "en-02": {"A": "model", "B": "rules"}, "en-03": {"A": "model", "B": "rules"}}
    (tmp_path / "key.json").write_text(json.dumps({"en": {"passages": 5, "items": items}}))
    choices = tmp_path / "choices.en.jsonl"
    choices.write_text("".join(json.dumps({"item": i, "better": b}) + "\n" for i, b in zip(items, "BA=")))
    assert scores(tmp_path).endswith("| en | 5 | 2 | 2 | 0 | 1 | 0.500 |")
    choices.write_text(choices.read_text().splitlines()[0] + "\n")
    with pytest.raises(SystemExit, match="1 choices, the sheet 3"):
        scores(tmp_path)


def test_the_chance_of_a_division():
    assert (chance(5, 5), chance(0, 0), chance(8, 0)) == (1, 1, 2 / 256)
