import itertools
import json
import random

import numpy as np
import pytest
import torch

from asklab_trainer.baselines.layers import Shape
from asklab_trainer.baselines.search import beam, repeated
from asklab_trainer.baselines.systems import SYSTEMS
from asklab_trainer.baselines.train import BaselineTraining, masked
from asklab_trainer.model import END, MASK, SEPARATOR
from asklab_trainer.recipe import Recipe, errors_of
from asklab_trainer.tasks import collate
from test_loop import equal, rows

SIZES = {"transformer": {"en": 40}, "nqg++": {"en": 40}, "multi-bert": {"shared": 40}, "clqg": {"en": 40, "fr": 40}, "xnlg": {"shared": 40}}
TINY = dict(hidden=16, layers=1, decoderLayers=1, sharedLayers=1, heads=2, feedForward=32, embedding=12, maximumSource=12, maximumTarget=6)
NAMES = sorted(SIZES)


def make(name, seed=1, **settings):
    torch.manual_seed(seed)
    return SYSTEMS[name].model(Shape(**{**TINY, **settings}), SIZES[name]).eval()


def pairs(count=3, seed=7):
    r = random.Random(seed)
    source = [[r.randrange(4, 40) for _ in range(r.randint(3, 9))] for _ in range(count)]
    return [{"source": s, "segments": [0] * len(s), "target": s[:2] + [r.randrange(4, 40)]} for s in source]


def scores(model, batch):
    return model.score("en", *collate(batch)[:5])[0]


@pytest.mark.parametrize("name", NAMES)
def test_padding_has_no_effect(name):
    model, batch = make(name), pairs()
    together = scores(model, batch)
    for i, row in enumerate(batch):
        alone = scores(model, [row])[0]
        assert torch.allclose(together[i, :len(alone)], alone, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_score_sees_no_later_token_and_is_what_the_search_sees(name):
    model, (row,) = make(name), pairs(1)
    whole = scores(model, [row])[0]
    source = torch.tensor([row["source"]])
    valid = torch.ones_like(source, dtype=torch.bool)
    for t, token in enumerate([*row["target"], END]):
        changed = scores(model, [{**row, "target": [*row["target"][:t], *([9] * (3 - t))]}])[0]
        assert torch.allclose(changed[:t], whole[:t], atol=1e-5)
        given = torch.tensor([[SEPARATOR, *row["target"][:t]]])
        log_p = model.following("en", model.encode("en", source, valid), source, valid, given)[0]
        assert abs(log_p[token].item() - whole[t].item()) < 1e-4
        assert abs(log_p.exp().sum().item() - 1) < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_overfits_32_pairs(name):
    model, batch = make(name, hidden=32, feedForward=64), pairs(32)
    tensors = collate(batch)
    optimizer = torch.optim.Adam(model.parameters(), 1e-2 if name == "nqg++" else 3e-3)
    for _ in range(250):
        score, valid, _ = model.score("en", *tensors[:5])
        loss = -(score * valid).sum() / valid.sum()
        if loss.item() < 0.3:
            break
        optimizer.zero_grad(), loss.backward(), optimizer.step()
    assert loss.item() < 0.3


def test_the_copy_distribution_sums_to_one_and_can_copy():
    model = make("nqg++")
    source, valid = torch.tensor([[5, 7, 5, 9, 0, 0]]), torch.tensor([[True] * 4 + [False] * 2])
    memory = model.encode("en", source, valid)
    _, a, _ = model.decode("en", memory, valid, torch.tensor([[SEPARATOR, 5]]))
    assert torch.allclose(a.sum(-1), torch.ones(1, 2), atol=1e-5) and a[..., 4:].abs().max() == 0
    torch.nn.init.constant_(model.gate.bias, 30.0)
    p = model.following("en", memory, source, valid, torch.tensor([[SEPARATOR]]))[0].exp()
    assert p[[5, 7, 9]].sum() > 0.999


class Table(torch.nn.Module):
    """A model whose next token depends on the last two: a search can go wrong on it."""

    def __init__(self, seed, vocabulary=7):
        super().__init__()
        self.config = Shape(maximumTarget=4)
        self.table = torch.nn.Parameter(torch.randn(vocabulary, vocabulary, vocabulary, generator=torch.Generator().manual_seed(seed)))

    def encode(self, language, source, valid):
        return source[..., None].float()

    def following(self, language, memory, source, valid, given):
        last, before = given[:, -1], given[:, -2] if given.shape[1] > 1 else source[:, 0]
        return self.table[before, last].log_softmax(-1)


def log_p(model, source, tokens):
    return model.following("en", None, torch.tensor([source]), None, torch.tensor([[SEPARATOR, *tokens]]))[0].tolist()


def exhaustive(model, source, penalty=0.8, minimum=2):
    """Every question that may be written, best first."""
    out = []
    for tokens in (list(t) for n in range(minimum, 5) for t in itertools.product((4, 5, 6), repeat=n)):
        if any(tokens[i] in repeated(tokens[:i], 2) for i in range(len(tokens))):
            continue
        row = tokens + [END] if len(tokens) < 4 else tokens
        out.append((tokens, sum(log_p(model, source, row[:i])[t] for i, t in enumerate(row)) / len(row) ** penalty))
    return sorted(out, key=lambda x: -x[1])


def to_the_end(model, source, beams, penalty=0.8, minimum=2):
    """Beam search that never stops early."""
    live, finished = [([], 0.0)], []
    for _ in range(4):
        more = [([*tokens, t], total + p) for tokens, total in live for t, p in enumerate(log_p(model, source, tokens))
                if t in (4, 5, 6) and t not in repeated(tokens, 2) or t == END and len(tokens) >= minimum]
        more.sort(key=lambda x: -x[1])
        finished += [(tokens[:-1], total / len(tokens) ** penalty) for tokens, total in more[:beams] if tokens[-1] == END]
        live = [x for x in more if x[0][-1] != END][:beams]
    finished += [(tokens, total / 4 ** penalty) for tokens, total in live]
    return sorted(finished, key=lambda x: -x[1])[:beams]


@pytest.mark.parametrize("penalty", [0.8, 2.0])
@pytest.mark.parametrize("seed", range(5, 9))
def test_a_wide_beam_finds_every_question_in_order_and_a_narrow_one_stops_in_time(seed, penalty):
    model, source, settings = Table(seed), [5, 6], dict(ngram=2, minimum=2, penalty=penalty)
    for found, wanted in ((beam(model, "en", source, beams=200, **settings), exhaustive(model, source, penalty)),
                          *((beam(model, "en", source, beams=b, **settings), to_the_end(model, source, b, penalty)) for b in (1, 2, 3))):
        assert [f[0] for f in found] == [w[0] for w in wanted]
        assert all(abs(f[1] - w[1]) < 1e-4 for f, w in zip(found, wanted))


TRAININGS = {
    "transformer": dict(languages=["en"], dropout=0.4), "nqg++": dict(languages=["en"], dropout=0.3),
    "multi-bert": dict(sharedLow=True, tasks={"question": 0.5, "mask": 0.5}, dropout=0.1),
    "clqg": dict(tasks={"question": 0.4, "denoise": 0.3, "translate": 0.3}, dropout=0.1),
    "xnlg": dict(sharedLow=True, tasks={"question": 0.4, "denoise": 0.3, "mask": 0.3}, dropout=0.1),
}


def training(name, out, **settings):
    recipe = Recipe(**{**dict(system=name, architecture=TINY, steps=12, positions=60, every=3, devBatches=1), **TRAININGS[name], **settings})
    languages = ["en"] if len(SIZES[name]) == 1 and "en" in SIZES[name] else ["en", "fr"]
    sets = {k: {"train": rows(i)} for i, k in enumerate(languages)}
    text = {k: rows(i + 5) for i, k in enumerate(languages)}
    return BaselineTraining(recipe, SIZES[name], sets, text, {"en": rows(9)}, out)


@pytest.mark.parametrize("name", NAMES)
def test_stops_change_nothing(name, tmp_path):
    whole = training(name, tmp_path / "whole")
    losses = whole.run()
    for stop in (2, 7):
        training(name, tmp_path / "broken").run(stop)
    last = training(name, tmp_path / "broken")
    tail = last.run()
    assert losses[-len(tail):] == tail and equal(whole.model, last.model)
    assert len((tmp_path / "whole/curve.csv").read_text().splitlines()) == 5 and losses[-1] != losses[0]


@pytest.mark.parametrize("still", [["decoder"], ["words", "encoder"], ["words", "decoder"]])
def test_frozen_parts_of_xnlg_do_not_move(still, tmp_path):
    tasks = {"mask": 1.0} if still == ["decoder"] else {"denoise": 0.5, "question": 0.5}
    t = training("xnlg", tmp_path, freeze=still, tasks=tasks, rate=1e-2)
    before = {k: v.clone() for k, v in t.model.state_dict().items()}
    t.run()
    moved = {k.split(".")[0] for k, v in t.model.state_dict().items() if not torch.equal(before[k], v)}
    assert moved == {"words", "encoder", "decoder"} - set(still)


def test_stages_hand_their_weights_on(tmp_path):
    one = training("xnlg", tmp_path / "one", tasks={"mask": 1.0}, freeze=["decoder"])
    one.run()
    recipe = Recipe(system="xnlg", architecture=TINY, sharedLow=True, tasks={"denoise": 1.0}, freeze=["words", "encoder"], steps=3, positions=60)
    two = BaselineTraining(recipe, SIZES["xnlg"], {}, {"en": rows(3)}, out=tmp_path / "two", init=tmp_path / "one/checkpoint.pt")
    assert equal(one.model, two.model)
    two.run()
    assert equal(one.model.encoder, two.model.encoder) and not equal(one.model.decoder, two.model.decoder)


def test_languages_of_clqg_share_the_inner_layers_alone(tmp_path):
    t = training("clqg", tmp_path, tasks={"question": 1.0})
    t.batches.languages = ["fr"]
    before = {k: v.clone() for k, v in t.model.state_dict().items()}
    t.run()
    moved = {".".join(k.split(".")[:2]) for k, v in t.model.state_dict().items() if not torch.equal(before[k], v)}
    assert moved == {"words.fr", "outerEncoder.fr", "outerDecoder.fr", "encoder.0", "decoder.0"}


def test_back_translation_writes_in_the_other_language_and_answers_in_its_own():
    model, batch = make("clqg"), pairs(4)
    made = model.translated(batch, "en", "fr")
    assert [r["target"] for r in made] == [r["target"] for r in batch]
    assert all(r["source"] and not {SEPARATOR, END, MASK, 0} & set(r["source"]) for r in made)
    tensors = collate(made)
    with_french = model.score("en", *tensors[:5], source_language="fr")[0]
    assert not torch.allclose(with_french, model.score("en", *tensors[:5])[0])


def test_masks_hide_as_bert_does():
    ids = list(range(4, 4004))
    out, hidden = masked(random.Random(1), ids, 9000)
    assert 500 < len(hidden) < 700 and all(ids[i] == t for i, t in hidden)
    assert 0.75 < sum(out[i] == MASK for i, _ in hidden) / len(hidden) < 0.85
    places = {i for i, _ in hidden}
    assert all(out[i] == ids[i] for i in range(4000) if i not in places)
    assert masked(random.Random(1), [5], 9)[1] == [(0, 5)]


def test_errors_of_a_baseline_are_named():
    assert "language at a time" in errors_of({"system": "transformer"})[0]
    assert "sharedLow" in errors_of({"system": "xnlg"})[0]
    assert "unknown system" in errors_of({"system": "bart"})[0]
    assert "hiden" in errors_of({"system": "clqg", "architecture": {"hiden": 3}})[0]
    assert any("cannot train on the task mask" in e for e in errors_of({"system": "clqg", "tasks": {"mask": 1}}))
    assert any("509" in e for e in errors_of({"system": "multi-bert", "sharedLow": True, "architecture": {"maximumSource": 500}}))
    assert "freeze" in errors_of({"freeze": ["encoder"]})[0]
    with pytest.raises(ValueError, match="no part ears"):
        training("xnlg", "/tmp", freeze=["ears"])
