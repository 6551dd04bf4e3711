import pytest
import torch

from asklab_trainer.model import Architecture, Discriminator, Lalm, PRESETS, adversarial_losses, attention_mask
from asklab_trainer.pack import pack, unpack

CASES = [dict(), dict(pointer=False), dict(focus=False), dict(norm="post"), dict(lowLevel="shared")]


def tiny(seed=1, **extra):
    torch.manual_seed(seed)
    return Lalm(Architecture(**{**dict(hidden=32, layers=2, heads=4, feedForward=64, embedding=16, keySize=16, maximumSource=16), **extra}), {"en": 50, "fr": 50})


def batch(rows=3, source=8, target=5, pad=0):
    g = torch.Generator().manual_seed(7)
    ids = torch.randint(4, 50, (rows, source + 1 + target), generator=g)
    ids[:, source] = 1
    segments = torch.zeros_like(ids)
    segments[:, 2:6], segments[:, 3] = 1, 2
    segments[:, source:] = 0
    if pad:
        ids, segments = (torch.cat([x, torch.full((rows, pad), v)], 1) for x, v in ((ids, 9), (segments, 0)))
    return ids, segments, torch.full((rows,), source), torch.full((rows,), source + 1 + target)


def test_drafts_need_the_marks_that_tell_them():
    assert Architecture(maximumDraft=8).draft == (3, 8) and Architecture().draft is None and Architecture().errors() == []
    assert len(Lalm(Architecture(maximumDraft=8), {"en": 9}).shared.segment.weight) == 4
    assert Architecture(maximumDraft=-1).errors() == ["maximumDraft must be 0 or more"]
    assert Architecture(maximumDraft=8, focus=False).errors() == ["maximumDraft needs focus: a draft is told by its mark"]


def test_mask_of_equation_1():
    seen = attention_mask(torch.tensor([2]), torch.tensor([4]), 5)[0] == 0
    assert seen[:4].int().tolist() == [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0]]


@pytest.mark.parametrize("extra", CASES)
def test_padding_has_no_effect(extra):
    model = tiny(**extra).eval()
    a, b = model("en", *batch())[0], model("en", *batch(pad=4))[0]
    assert torch.allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("extra", CASES)
def test_a_step_sees_no_later_token(extra):
    model = tiny(**extra).eval()
    ids, segments, s, n = batch()
    full = model("en", ids, segments, s, n)[0]
    for t in range(1, 6):
        part = model("en", ids[:, :8 + t], segments[:, :8 + t], s, s + t)[0]
        assert torch.allclose(full[:, t - 1], part[:, -1], atol=1e-5)


def test_probabilities_sum_to_one_and_the_span_is_not_copied():
    model = tiny().eval()
    ids, segments, s, n = batch()
    assert torch.allclose(model("en", ids, segments, s, n)[0].exp().sum(-1), torch.ones(3, 6), atol=1e-4)
    x, _ = model.states("en", ids, segments, s, n)
    a, _, _ = model.copy(x[:, :8], x[:, 8:], ids[:, :8], ids[:, 8:], segments[:, :8], s)
    assert a[..., 3].abs().max().item() == 0
    segments[:, :8] = 2
    everything_masked = model("en", ids, segments, s, n)[0]
    assert torch.allclose(everything_masked.exp().sum(-1), torch.ones(3, 6), atol=1e-4)


def learn(model, steps, enough=0.0):
    """Adam on 32 rows whose answers stand in their sources; the loss of each step, until one is `enough`."""
    ids, segments, s, n = batch(rows=32)
    ids[:, 9:14] = ids[:, 2:7]
    target = torch.cat([ids[:, 9:], torch.full((32, 1), 2)], 1)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 3e-3)
    losses = []
    while len(losses) < steps and (not losses or losses[-1] > enough):
        loss = -model("en", ids, segments, s, n)[0].gather(2, target[..., None]).mean()
        losses.append(loss.item())
        optimizer.zero_grad(), loss.backward(), optimizer.step()
    return losses


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_overfits_32_pairs(seed):
    losses = learn(tiny(seed), 300, enough=0.3)  # took 94 to 113 steps with six seeds
    assert losses[-1] <= 0.3, losses


def test_frozen_parts_stay_while_the_others_learn():
    model = tiny()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model.low.requires_grad_(False)
    losses = learn(model, 20)
    assert losses[-1] < 0.9 * losses[0]
    moved = {k for k, v in model.state_dict().items() if not torch.equal(before[k], v)}
    assert any(k.startswith("shared.blocks.0") for k in moved) and not any(k.startswith("low.") for k in moved)


def test_discriminator_learns_and_the_low_level_resists():
    torch.manual_seed(1)
    model, d = tiny(), Discriminator(32, 2)
    ids, _, _, n = batch(rows=16)
    shifted = {"en": ids % 25, "fr": ids % 25 + 25}
    judge, low = torch.optim.Adam(d.parameters(), 3e-3), torch.optim.Adam(model.low.parameters(), 3e-3)

    def losses():
        pairs = [adversarial_losses(d(model.low[k](shifted[k]), n), i) for i, k in enumerate(shifted)]
        return sum(a for a, _ in pairs) / 2, sum(b for _, b in pairs) / 2

    for _ in range(60):
        loss = losses()[0]
        judge.zero_grad(), loss.backward(), judge.step()
    learned = losses()[0].item()
    for _ in range(60):
        loss = losses()[1]
        low.zero_grad(), loss.backward(), low.step()
    assert learned < 0.2 < losses()[0].item()


@pytest.mark.parametrize("precision,tolerance", [("fp32", 1e-6), ("fp16", 2e-2), ("int8", 2e-1)])
def test_pack_round_trip(tmp_path, precision, tolerance):
    (tmp_path / "v.model").write_bytes(b"vocabulary")
    model = tiny().eval()
    pack(model, tmp_path / "bundle", {"en": tmp_path / "v.model", "fr": tmp_path / "v.model"}, precision)
    again = unpack(tmp_path / "bundle")
    assert torch.allclose(model("en", *batch())[0], again("en", *batch())[0], atol=tolerance)


def test_a_bundle_is_packed_over_the_one_it_comes_from(tmp_path):
    (tmp_path / "v.model").write_bytes(b"vocabulary")
    pack(tiny(1).eval(), tmp_path / "bundle", {k: tmp_path / "v.model" for k in ("en", "fr")}, "fp32")
    after = tiny(2).eval()
    pack(after, tmp_path / "bundle", {k: tmp_path / f"bundle/vocabulary/{k}.model" for k in ("en", "fr")}, "fp32")
    assert torch.allclose(after("en", *batch())[0], unpack(tmp_path / "bundle")("en", *batch())[0], atol=1e-6)
    assert (tmp_path / "bundle/vocabulary/fr.model").read_bytes() == b"vocabulary"


def test_presets_hold_and_errors_come_together():
    assert not any(p.errors() for p in PRESETS.values())
    assert len(Architecture(hidden=0, norm="x", lowLevel="y").errors()) == 3


@pytest.mark.parametrize("extra", CASES)
def test_the_score_of_a_token_is_its_log_probability(extra):
    model = tiny(**extra).eval()
    ids, segments, s, n = batch()
    answers = torch.cat([ids[:, 9:], torch.full((3, 1), 2)], 1)
    n[1] -= 2
    whole, valid, _ = model("en", ids, segments, s, n)
    score, again, _ = model.score("en", ids, segments, s, n, answers)
    assert torch.equal(valid, again)
    assert torch.allclose(whole.gather(2, answers[..., None])[..., 0][valid], score[valid], atol=1e-4)
