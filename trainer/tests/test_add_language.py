"""One language more for a bundle, by the four commands that docs/model-bundle.md names, on a tiny bundle."""
import json
import random
import sys
from pathlib import Path

import pytest
import torch

from asklab_trainer import data, finetune, pack, vocab
from asklab_trainer.data import SPAN, Encoder, Rows
from asklab_trainer.model import Architecture, Lalm, load_checkpoint

WORDS = {"en": "the cat saw a dog in old rome and who found what there".split(), "de": "der hund sah eine katze im alten rom und wer fand was dort".split()}
RECIPE = """extends: add-language.yaml
architecture: { hidden: 16, layers: 1, heads: 2, feedForward: 32, embedding: 8, keySize: 8, maximumSource: 24, maximumTarget: 12 }
steps: 6
positions: 200
every: 3
devBatches: 1
"""


def run(module, monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["program", *map(str, words)])
    module.main()


def pairs(language, count=60):
    r = random.Random(language)
    text = [" ".join(r.choices(WORDS[language], k=9)) for _ in range(count)]
    return [{"lang": language, "passage": f"{t}. {t[::-1]}.", "question": f"{t} ?", "answer": t.split()[2]} for t in text]


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A bundle of English and French with random weights and activation scales, the new language's pairs, a recipe."""
    (tmp_path / "pairs").mkdir()
    for language in WORDS:
        (tmp_path / f"pairs/{language}.train.jsonl").write_text("".join(json.dumps(p) + "\n" for p in pairs(language)))
    run(vocab, monkeypatch, "--pairs", tmp_path / "pairs", "--out", tmp_path / "V", "--languages", "en", "--size", "330")
    (tmp_path / "V/fr.model").write_bytes((tmp_path / "V/en.model").read_bytes())
    encoder = Encoder(tmp_path / "V/en.model")
    torch.manual_seed(3)
    shape = Architecture(hidden=16, layers=1, heads=2, feedForward=32, embedding=8, keySize=8, maximumSource=24, maximumTarget=12)
    rows, _ = data.encode_pairs(pairs("en"), "en", encoder)
    own = {k: [rows.example(i, SPAN, 24, 12) for i in range(5)] for k in ("en", "fr")}
    pack.pack(Lalm(shape, {k: encoder.size for k in own}).eval(), tmp_path / "bundle", {k: tmp_path / "V/en.model" for k in own}, rows=own,
              licence="for research", training_data=[{"source": "Somebody's questions", "licence": "CC BY-NC 4.0"}])
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    for name in ("add-language", "app"):
        (recipes / f"{name}.yaml").write_text((Path(__file__).parents[1] / f"recipes/{name}.yaml").read_text())
    (recipes / "tiny.yaml").write_text(RECIPE)
    return tmp_path


def add_german(world, monkeypatch):
    run(vocab, monkeypatch, "--pairs", world / "pairs", "--out", world / "V", "--languages", "de", "--size", "330")
    run(data, monkeypatch, "--pairs", world / "pairs", "--vocabularies", world / "V", "--out", world / "D", "--languages", "de")
    run(finetune, monkeypatch, "--recipe", world / "recipes/tiny.yaml", "--data", world / "D", "--vocabularies", world / "V", "--out", world / "R",
        "--from", world / "bundle", "--languages", "de")
    run(pack, monkeypatch, world / "R/checkpoint.pt", world / "added", "--data", world / "D")


def test_a_language_joins_a_bundle_by_its_low_level_alone(world, monkeypatch):
    before = pack.unpack(world / "bundle").state_dict()
    add_german(world, monkeypatch)
    saved = load_checkpoint(world / "R/checkpoint.pt")
    after = saved["model"]
    assert all(torch.equal(after[k], v) for k, v in before.items())  # shared part, English, French: bit for bit
    torch.manual_seed(saved["recipe"]["seed"])
    begun = Lalm(Architecture(**saved["architecture"]), saved["vocabularySizes"]).state_dict()
    assert {k.split(".")[2] for k, v in after.items() if k not in before and not torch.equal(begun[k], v)} == {"embedding", "lstm", "output"}
    old, new = (json.loads((world / k / "manifest.json").read_text()) for k in ("bundle", "added"))
    assert set(new["languages"]) == {"en", "fr", "de"} and (world / "added/low/de.safetensors").exists()
    assert all(new["files"][k] == v for k, v in old["files"].items())  # packing again gives the same bytes
    assert old["activationScales"].items() <= new["activationScales"].items() and "output.dense.input.de" in new["activationScales"]


def test_a_bundle_says_what_the_weights_it_went_on_from_learned_from(world, monkeypatch):
    theirs = {"source": "Somebody's questions", "licence": "CC BY-NC 4.0"}
    (world / "pairs/train.jsonl").write_text("".join(json.dumps({**p, "source": "rules"}) + "\n" for p in pairs("de")))
    add_german(world, monkeypatch)

    def go_on(out, init, language, *about):
        """What the manifest says after a run from `init` that was stopped once."""
        run(data, monkeypatch, "--pairs", world / "pairs", "--vocabularies", world / "V", "--out", world / f"{out}-D", "--languages", language)
        (world / "recipes/short.yaml").write_text(RECIPE.replace("add-language", "app"))
        for more in (["--seconds", "0"], []):
            run(finetune, monkeypatch, "--recipe", world / "recipes/short.yaml", "--data", world / f"{out}-D", "--vocabularies", world / "V", "--out", world / out, "--from", init, *more)
        run(pack, monkeypatch, world / out / "checkpoint.pt", world / f"{out}-bundle", *about)
        return json.loads((world / f"{out}-bundle/manifest.json").read_text())

    joined = json.loads((world / "added/manifest.json").read_text())
    assert joined["licence"] == "for research" and joined["trainingData"] == [theirs, {"source": "de.train.jsonl, de", "licence": "not stated"}]
    (world / "pairs/de.train.jsonl").unlink()
    tuned = go_on("one", world / "added", "de")
    assert tuned["licence"] == "for research" and tuned["trainingData"] == [*joined["trainingData"], {"source": "own decisions, de", "licence": "not stated"}]
    assert tuned["activationScales"] == {}  # measured on what the shared part then gave
    (world / "pairs/en.train.jsonl").write_text("".join(json.dumps({**p, "source": name}) + "\n" for p, name in zip(pairs("en"), ["Some set", "Another"] * 30)))
    again = go_on("two", world / "one/checkpoint.pt", "en")
    assert again["licence"] == "for research" and [r["source"] for r in again["trainingData"][3:]] == ["Another, en", "Some set, en"]
    (world / "about.yaml").write_text("licence: MIT\ntrainingData: [{ source: us, licence: MIT }]\n")
    told = go_on("two", world / "one/checkpoint.pt", "en", "--about", world / "about.yaml")
    assert told["licence"] == "MIT" and told["trainingData"] == [{"source": "us", "licence": "MIT"}]


def test_a_shared_part_that_stands_still_needs_one_to_start_from(world, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        run(finetune, monkeypatch, "--recipe", world / "recipes/tiny.yaml", "--data", world, "--vocabularies", world / "V", "--out", world / "R")
    assert "name it with --from" in capsys.readouterr().err


def test_a_language_without_lists_has_questions_but_no_kinds(world, monkeypatch):
    run(vocab, monkeypatch, "--pairs", world / "pairs", "--out", world / "V", "--languages", "de", "--size", "330")
    run(data, monkeypatch, "--pairs", world / "pairs", "--vocabularies", world / "V", "--out", world / "D", "--languages", "de")
    rows = Rows.load(world / "D/de.train.npz")
    assert len(rows) > 40 and (rows.rows[:, 3] >= 0).any() and set(rows.rows[:, 8]) == {-1}
    assert {rows.example(i, data.KIND, 24, 12)["separator"] for i in range(len(rows))} == {0}
