import json
import random

import pytest
import torch

from asklab_trainer.calibrate import KEPT, Magnitudes, calibrate
from asklab_trainer.model import Architecture, Lalm
from asklab_trainer.pack import pack

SMALL = Architecture(hidden=16, layers=2, heads=2, feedForward=32, embedding=8, keySize=8)


def rows(count, seed=1):
    draw = random.Random(seed)
    return [{"source": [draw.randrange(4, 30) for _ in range(n)], "segments": [0] * n, "target": [5, 6, 7]}
            for n in (draw.randrange(3, 12) for _ in range(count))]


def model():
    torch.manual_seed(2)
    return Lalm(SMALL, {"en": 30, "fr": 30})


def test_percentile_equals_the_sorted_one_over_many_parts():
    values = torch.randn(50_000, generator=torch.Generator().manual_seed(3))
    seen = Magnitudes()
    for part in values.split(777):
        seen.add(part)
    assert seen.percentile() == values.abs().sort(descending=True).values[5].item()
    assert len(seen.largest) == KEPT


def test_scales_cover_every_product_and_do_not_depend_on_order():
    m, data = model().train(), {"en": rows(6), "fr": rows(4, 5)}
    scales = calibrate(m, data)
    assert set(scales) == {f"blocks.{n}.{p}" for n in (0, 1) for p in ("attention.input", "attention.output", "mlp.input", "mlp.middle")} | {
        f"output.{p}.input.{language}" for p in ("dense", "vocabulary") for language in ("en", "fr")}
    assert all(value > 0 for value in scales.values()) and m.training
    assert not any(module._forward_hooks for module in m.modules())
    back = calibrate(m, {k: v[::-1] for k, v in reversed(data.items())})
    assert {k: pytest.approx(v, rel=1e-5) for k, v in scales.items()} == back


def test_the_first_product_s_scale_is_that_of_its_input():
    m, row = model().eval(), rows(1)[0]
    ids = torch.tensor([row["source"] + [1] + row["target"]])
    with torch.no_grad():
        x = m.low["en"](ids) + m.shared.segment.weight[0]
        largest = m.shared.blocks[0].attention.norm(x).abs().max().item()
    assert calibrate(m, {"en": [row]})["blocks.0.attention.input"] == pytest.approx(largest / 127, rel=1e-5)


def test_a_language_without_rows_stays_in_fp32():
    scales = calibrate(model(), {"en": rows(2), "fr": []})
    assert "output.dense.input.en" in scales and "output.dense.input.fr" not in scales
    with pytest.raises(ValueError, match="needs rows"):
        calibrate(model(), {"en": []})


def test_pack_writes_the_scales_of_int8_bundles(tmp_path):
    vocabulary = tmp_path / "v.model"
    vocabulary.write_bytes(b"")
    for precision, some in (("int8", True), ("fp32", False)):
        pack(model(), tmp_path / precision, {"en": vocabulary, "fr": vocabulary}, precision, rows={"en": rows(2), "fr": rows(2)})
        assert bool(json.loads((tmp_path / precision / "manifest.json").read_text())["activationScales"]) == some
