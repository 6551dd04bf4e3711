import sys

import pytest
import torch

from asklab_trainer import average
from asklab_trainer.model import Lalm, load_checkpoint
from asklab_trainer.pack import pack, unpack
from asklab_trainer.recipe import Recipe


def model(seed, **sizes):
    torch.manual_seed(seed)
    return Lalm(Recipe(architecture={"preset": "bundle", "hidden": 16, "heads": 2, "layers": 1, "embedding": 8, "keySize": 4, "feedForward": 16}).build(), sizes or {"en": 20})


def test_weights_between_a_bundle_and_a_checkpoint(tmp_path, monkeypatch):
    one, two = model(1), model(2)
    (tmp_path / "v.model").write_bytes(b"vocabulary")
    pack(one, tmp_path / "bundle", {"en": tmp_path / "v.model"}, "fp32")
    torch.save({"model": two.state_dict(), "optimizer": {}, "recipe": {"steps": 3}, "step": 3}, tmp_path / "two.pt")
    monkeypatch.setattr(sys, "argv", ["average", str(tmp_path / "bundle"), str(tmp_path / "two.pt"), str(tmp_path / "out.pt"), "--share", "0.25"])
    average.main()
    saved = load_checkpoint(tmp_path / "out.pt")
    before = unpack(tmp_path / "bundle").state_dict()
    assert all(torch.allclose(saved["model"][k], 0.75 * before[k] + 0.25 * v, atol=1e-6) for k, v in two.state_dict().items())
    assert saved["recipe"] == {"steps": 3, "averaged": 0.25} and "optimizer" not in saved


def test_models_of_other_sizes_and_other_shares_are_refused():
    with pytest.raises(ValueError, match="sizes or languages"):
        average.average(model(1).state_dict(), model(1, en=21).state_dict(), 0.5)
    with pytest.raises(ValueError, match="from 0 to 1"):
        average.average({}, {}, 1.5)
