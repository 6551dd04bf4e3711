"""Baselines and files: published weights and vectors, outputs, rows beyond 16 bits."""
import gzip
import json
import random

import numpy as np
import pytest
import torch

from asklab_trainer.baselines.layers import Shape
from asklab_trainer.baselines.published import REST, bert_name, read_vectors, take_bert, take_vectors
from asklab_trainer.baselines.systems import SYSTEMS
from asklab_trainer.baselines.train import BaselineTraining
from asklab_trainer.baselines.wordpiece import WordPiece
from asklab_trainer.baselines.write import decoding_vocabulary, restored, write
from asklab_trainer.data import Encoder, Rows, encode_pairs
from asklab_trainer.pack import save_safetensors
from asklab_trainer.recipe import Recipe
from asklab_trainer.vocab import train

PASSAGE = "Marie Curie was born in Warsaw in 1867. She moved to Paris, where Dr. Lippmann lent her a laboratory. Radium was found in 1898!"
VOCABULARY = ["[PAD]", "##s", "[unused1]", "[CLS]", "[MASK]", "[UNK]", "play", "##ing", "北", ",", "[SEP]", "é", "##t", "Ra"]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    path = tmp_path_factory.mktemp("vocabulary") / "en.model"
    r = random.Random(1)
    words = sorted(set(PASSAGE.lower().replace(".", "").split()))
    train([PASSAGE.lower()] + [" ".join(r.choices(words, k=8)) for _ in range(300)], path, 340)
    return path


@pytest.fixture
def wordpiece(tmp_path):
    (tmp_path / "shared.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    return WordPiece(tmp_path / "shared.txt")


def test_wordpiece_cuts_as_bert_does_with_the_trainers_special_ids(wordpiece):
    text = "plays,playing 北 été x"
    ids, places = wordpiece.with_places(text)
    assert [wordpiece.names[i] for i in ids] == ["play", "##s", ",", "play", "##ing", "北", "[UNK]", "[UNK]"]
    assert [text[a:b] for a, b in places] == ["play", "s", ",", "play", "ing", "北", "été", "x"]
    assert wordpiece.names[:4] == ["[UNK]", "[SEP]", "[CLS]", "[MASK]"] and len(set(wordpiece.order)) == len(VOCABULARY)
    assert wordpiece.text(ids[:5]) == "plays , playing"
    with pytest.raises(ValueError, match="no BERT vocabulary"):
        WordPiece(__file__)


def published(path, model, order):
    """A file as Hugging Face writes it, from a model whose words stand in the vocabulary file's order."""
    state = {k: v.numpy() for k, v in model.state_dict().items()}
    for name in ("words.weight", "bias"):
        inFile = np.zeros_like(state[name])
        inFile[order] = state[name]
        state[name] = inFile
    stored = {bert_name(k): v for k, v in state.items()}
    stored["bert.embeddings.LayerNorm.gamma"] = stored.pop("bert.embeddings.LayerNorm.weight")
    save_safetensors(path, stored)


def test_published_bert_weights_are_read_into_their_places(wordpiece, tmp_path):
    shape = Shape(16, 2, heads=2, feedForward=32, activation="gelu")
    torch.manual_seed(1)
    one, two = (SYSTEMS["multi-bert"].model(shape, {"shared": len(VOCABULARY)}) for _ in range(2))
    published(tmp_path / "model.safetensors", one, wordpiece.order)
    take_bert(two, tmp_path / "model.safetensors", tmp_path / "shared.txt")
    assert all(torch.equal(v, two.state_dict()[k]) for k, v in one.state_dict().items())
    assert set(REST.values()) > {"bert.embeddings.word_embeddings", "cls.predictions.transform.dense"}
    other = SYSTEMS["multi-bert"].model(Shape(16, 3, heads=2, feedForward=32), {"shared": len(VOCABULARY)})
    with pytest.raises(SystemExit, match="layer.2.attention.self.query.weight: missing"):
        take_bert(other, tmp_path / "model.safetensors", tmp_path / "shared.txt")
    with pytest.raises(SystemExit, match="vocab.txt as shared.txt"):
        take_bert(two, tmp_path / "model.safetensors", "shared.model")
    (tmp_path / "broken.safetensors").write_bytes(b"PK\x03\x04 this is a pytorch_model.bin")
    with pytest.raises(SystemExit, match="not a whole safetensors file"):
        take_bert(two, tmp_path / "broken.safetensors", tmp_path / "shared.txt")
    with pytest.raises(SystemExit, match="no such file"):
        take_bert(two, tmp_path / "none.safetensors", tmp_path / "shared.txt")


def test_fasttext_vectors_reach_the_pieces_that_spell_their_words(vocabulary, tmp_path):
    model = SYSTEMS["nqg++"].model(Shape(16, embedding=3), {"en": Encoder(vocabulary).size})
    before = model.words["en"].embedding.weight.clone()
    with gzip.open(tmp_path / "cc.en.3.vec.gz", "wt", encoding="utf-8") as file:
        file.write("4 3\nHER 9 9 9\nher 1 2 3\nRadium 4 5 6\nunheard 7 7 7\n")
    take_vectors(model, {"en": tmp_path / "cc.en.3.vec.gz"}, {"en": vocabulary})
    words, after = Encoder(vocabulary).words(), model.words["en"].embedding.weight
    moved = {words[i]: after[i].tolist() for i in (before != after).any(1).nonzero()[:, 0].tolist()}
    assert moved["her"] == [1, 2, 3] and moved.get("radium", [4, 5, 6]) == [4, 5, 6] and set(moved) <= {"her", "radium"}


@pytest.mark.parametrize("content,message", [("paris 1 2 3\n", "v.vec:1: .*number of words"), ("1 4\nparis 1 2 3 4\n", "embedding: 4"), ("1 3\nparis 1 2\n", "v.vec:2: 2 numbers")])
def test_bad_vectors_are_named(content, message, tmp_path):
    (tmp_path / "v.vec").write_text(content)
    with pytest.raises(SystemExit, match=message):
        read_vectors(tmp_path / "v.vec", {"paris"}, 3)
    with pytest.raises(SystemExit, match="no such file"):
        read_vectors(tmp_path / "w.vec", {"paris"}, 3)
    with pytest.raises(SystemExit, match="binary form"):
        (tmp_path / "v.bin").write_text("")
        read_vectors(tmp_path / "v.bin", {"paris"}, 3)


def test_a_trained_baseline_writes_outputs_that_the_app_reads(vocabulary, tmp_path):
    encoder = Encoder(vocabulary)
    asked = [{"id": "a", "passage": PASSAGE, "question": "When was radium found?"}, {"id": "b", "passage": "Paris. " + PASSAGE, "question": "Who moved to Paris?"}]
    rows, _ = encode_pairs(asked, "en", encoder)
    recipe = Recipe(system="transformer", languages=["en"], architecture=dict(hidden=16, layers=1, decoderLayers=1, heads=2, feedForward=32, embedding=16, maximumTarget=8), steps=3, positions=200)
    BaselineTraining(recipe, {"en": encoder.size}, {"en": {"train": rows}}, out=tmp_path, vocabularies={"en": str(vocabulary)}).run()
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(r) + "\n" for r in [*asked, {**asked[0], "id": "c"}, {**asked[0], "lang": "fr"}]))
    assert write(tmp_path / "checkpoint.pt", tmp_path / "pairs.jsonl", tmp_path / "out.jsonl", "en", candidates=3) == 2
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["id"] for r in written] == ["a", "b"] and all(r["passage"] and r["system"] == "transformer" for r in written)
    assert all(r["output"] == r["candidates"][0]["text"] and len(r["candidates"]) <= 3 for r in written)
    assert all(a["score"] >= b["score"] for r in written for a, b in zip(r["candidates"], r["candidates"][1:]))
    with pytest.raises(SystemExit, match="trained on en, not on hi"):
        write(tmp_path / "checkpoint.pt", tmp_path / "pairs.jsonl", tmp_path / "out.jsonl", "hi")
    rows.save(tmp_path / "en.train.npz")
    allowed = decoding_vocabulary(tmp_path, "en", encoder.size)
    assert allowed.sum() < encoder.size and allowed[rows.targets.astype(int)].all()
    write(tmp_path / "checkpoint.pt", tmp_path / "pairs.jsonl", tmp_path / "out.jsonl", "en", rows=tmp_path)
    kept = [json.loads(line)["output"].lower() for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(kept) == 2


def test_outputs_are_spelt_as_the_passage_spells():
    assert restored("where did marie curie move ?", PASSAGE, "en") == "Where did Marie Curie move?"
    assert restored("où est paris ?", "Il vit à Paris.", "fr") == "Où est Paris\u202f?"
    assert restored("谁 在 北京 ?", "他在北京。", "zh") == "谁在北京？"


def test_a_vocabulary_beyond_16_bits_keeps_its_tokens(tmp_path):
    class Large:
        size = 100_000

        def with_places(self, text):
            return [99_999, 70_000, 5], [(0, 5), (6, 9), (10, len(text))]

        def ids(self, text):
            return [80_000, 3]

    rows, _ = encode_pairs([{"passage": PASSAGE, "question": "When was radium found?"}], "en", Large())
    rows.save(tmp_path / "en.train.npz")
    again = Rows.load(tmp_path / "en.train.npz").example(0, 0, 9, 9)
    assert again["source"] == [99_999, 70_000, 5] and again["target"] == [80_000, 3]
