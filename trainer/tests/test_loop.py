import json
import os
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from asklab_trainer.data import Rows
from asklab_trainer.loop import Training, learning_rate
from asklab_trainer.model import adversarial_losses, load_checkpoint
from asklab_trainer.pack import main as pack_main
from asklab_trainer.recipe import Recipe, read_recipe

TRAINER = Path(__file__).parents[1]
RECIPES = sorted((TRAINER / "recipes").rglob("*.yaml"))
TINY = dict(hidden=16, layers=1, heads=2, feedForward=32, embedding=8, keySize=8, maximumSource=12, maximumTarget=6)
SIZES = {"en": 40, "fr": 40}


def rows(seed, count=20):
    r = random.Random(seed)
    passages = [[r.randrange(4, 40) for _ in range(14)] for _ in range(count)]
    targets = [[r.randrange(4, 40) for _ in range(3)] for _ in range(count)]
    return Rows(np.array(sum(passages, []), np.uint16), np.arange(count + 1) * 14, np.arange(count + 1) * 2,
                np.array([(0, 8), (8, 14)] * count, np.int32), np.array(sum(targets, []), np.uint16),
                np.array([(i, 0, 8, 2, 4, 3 * i, 3 * i + 3, 100, i % 7) for i in range(count)], np.int64))


def training(out, **settings):
    recipe = Recipe(**{**dict(architecture=TINY, steps=40, positions=60, every=3, devBatches=1), **settings})
    sets = {k: {"train": rows(i)} for i, k in enumerate(SIZES)}
    text = {k: rows(i + 5) for i, k in enumerate(SIZES)}
    return Training(recipe, SIZES, sets, text, {"en": rows(9)}, out)


def test_the_recipe_says_how_often_a_draft_is_shown_and_weights_keep_their_marks(tmp_path):
    drafted = rows(1)
    drafted.rows[:, 9:] = drafted.rows[:, 5:7]  # each row's question is its draft

    def share(draft):
        drawn = training(tmp_path / f"{draft}", architecture={**TINY, "maximumDraft": 4}, draft=draft, ask={"span": 1.0})
        drawn.batches.sets = {"en": {"train": drafted}}
        order = random.Random(3)
        found = [drawn.batches.question(order, "en") for _ in range(200)]
        assert all(r["source"][-3:] == r["target"] for r in found if 3 in r["segments"])
        return sum(3 in r["segments"] for r in found) / len(found)
    assert share(0.0) == 0 and 0.2 < share(0.3) < 0.4 and share(1.0) == 1
    before = training(tmp_path / "before", architecture={**TINY, "maximumDraft": 4})
    before.run(stop_at=3)
    plain = training(tmp_path / "plain")
    with pytest.raises(SystemExit, match="knows more marks"):
        plain.take_over(tmp_path / "before/checkpoint.pt")
    plain.run(stop_at=3)
    after = training(tmp_path / "after", architecture={**TINY, "maximumDraft": 4})
    after.take_over(tmp_path / "plain/checkpoint.pt")
    assert torch.equal(after.model.shared.segment.weight[:3], plain.model.shared.segment.weight)


def equal(a, b):
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values()))


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_every_recipe_loads_and_is_named_on_the_trainers_page(path):
    read_recipe(path)
    assert re.search(rf"(?<![\w-]){path.stem}(?![\w-])", (TRAINER / "README.md").read_text())


def test_recipe_errors_come_together(tmp_path):
    (tmp_path / "r.yaml").write_text("stepz: 3\narchitecture: { hiden: 2 }\n")
    with pytest.raises(ValueError, match="stepz\n.*hiden"):
        read_recipe(tmp_path / "r.yaml")
    (tmp_path / "r.yaml").write_text("tasks: { sing: 1 }\nprecision: fp8\nfreezeLow: true\nfreezeShared: true\nadversarial: 1\n")
    with pytest.raises(ValueError, match="sing\n.*precision.*\n.*nothing learns.*\n.*adversarial"):
        read_recipe(tmp_path / "r.yaml")


@pytest.mark.parametrize("text, wanted", [
    # an unknown key beside a wrong type and two values out of range
    ("stepz: 3\nsteps: many\nwarmup: 2\nbetas: [0.9]\narchitecture: { hiden: 2, heads: 3, focus: 1 }\n",
     ["unknown setting: stepz", "steps must be a whole number, not 'many'", "warmup must be in 0..1", "betas must be two numbers in 0..1",
      "unknown architecture setting: hiden", "focus must be true or false, not 1", "hidden (256) must be a multiple of heads (3)"]),
    ("system: transformer\nlayerz: 1\nsteps: 0\nlanguages: [zh, ko]\narchitecture: { hidden: wide, depth: 2 }\n",
     ["unknown setting: layerz", "hidden must be a whole number, not 'wide'", "unknown architecture setting: depth", "name one with --languages", "steps must be 1 or more"]),
    ("architecture: huge\nrate: 0\nseed: 1.5\nfreezeLow: 'yes'\ntasks: { question: lots }\nunseenWeight: { zh: heavy }\nsets: 1\n",
     ["unknown architecture preset: huge", "rate must be above 0", "seed must be a whole number, not 1.5", "freezeLow must be true or false, not 'yes'",
      "tasks must hold shares above 0", "unseenWeight of zh must be a number of 0 or more, not 'heavy'", "sets must be a table of names and values, not 1"]),
    ("architecture: [256]\nprecision: fp8\n", ["architecture must be a preset's name or a table of names and values, not [256]", "precision must be fp32, bf16 or bf16-products"]),
    ("- steps\n", ["a recipe is a table of settings"]),
    ("steps: [\n", ["is not YAML"]),
    ("extends: elsewhere.yaml\n", ["extends names elsewhere.yaml, which is not beside it"]),
])
def test_every_wrong_setting_is_named_at_once(text, wanted, tmp_path):
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(ValueError) as raised:
        read_recipe(tmp_path / "r.yaml")
    said = str(raised.value)
    assert [w for w in wanted if w not in said] == [] and said.count("\n") <= len(wanted)


@pytest.mark.parametrize("settings", [
    dict(dropout=0.2), dict(tasks={"question": 0.5, "denoise": 0.25, "next": 0.25}, adversarial=0.1, discriminatorEvery=2),
], ids=["fine-tuning", "pre-training with the discriminator"])
def test_five_stops_change_nothing(tmp_path, settings):
    whole = training(tmp_path / "whole", **settings)
    losses = whole.run()
    for stop in sorted(random.Random(9).sample(range(1, 40), 5)):
        training(tmp_path / "broken", **settings).run(stop)
    last = training(tmp_path / "broken", **settings)
    tail = last.run()
    assert losses[-len(tail):] == tail
    assert equal(whole.model, last.model)
    assert [r[0] for r in last.curve] == [r[0] for r in whole.curve] and len((tmp_path / "whole/curve.csv").read_text().splitlines()) == 15


def test_discriminator_takes_one_step_in_so_many_however_much_a_step_accumulates(tmp_path):
    loop = training(tmp_path, tasks={"question": 0.5, "denoise": 0.25, "next": 0.25}, adversarial=0.1, discriminatorEvery=2, accumulate=3, steps=6)
    loop.run()
    assert {int(state["step"]) for state in loop.judge.state.values()} == {3}


def gradients(out, **settings):
    """Of the first step, by tensor, before they are clipped to anything."""
    t, kept = training(out, clip=1e9, **settings), {}
    t.optimizer.step = lambda: kept.update({k: p.grad.clone() for k, p in t.model.named_parameters() if p.grad is not None})
    t.one_step()
    return kept


def test_equation_5_reaches_the_low_level_and_nothing_else(tmp_path):
    without, judged, more = (gradients(tmp_path / str(weight), adversarial=weight) for weight in (0, 1, 2))
    assert without.keys() == judged.keys()
    turned = {k for k in without if not torch.allclose(without[k], judged[k], atol=1e-7)}
    assert turned and all(k.startswith("low.") for k in turned) and {k.split(".")[2] for k in turned} >= {"embedding", "lstm"}
    assert all(torch.allclose(more[k] - without[k], 2 * (judged[k] - without[k]), atol=1e-5) for k in turned)


def test_the_low_levels_steps_raise_the_loss_of_a_judge_that_stands_still(tmp_path):
    t = training(tmp_path, adversarial=1e3, discriminatorEvery=1000, rate=2e-2)
    t.step = 1  # not a step of the judge's
    batch = rows(0)
    t.batches.draw = lambda random: ("fr", [batch.example(i, 1, 12, 6) for i in range(8)])
    judge = {k: v.clone() for k, v in t.discriminator.state_dict().items()}

    def loss():
        _, _, low, lengths = t.loss_of("fr", t.batches.draw(None)[1])
        return adversarial_losses(t.discriminator(low, lengths), t.languages.index("fr"))[0].item()

    before = loss()
    for _ in range(10):
        t.one_step()
    assert loss() > before + 0.02
    assert all(torch.equal(judge[k], v) for k, v in t.discriminator.state_dict().items())


def test_five_kills_at_random_moments_change_nothing(tmp_path):
    settings = dict(steps=60, dropout=0.2, tasks={"question": 0.5, "denoise": 0.25, "next": 0.25}, adversarial=0.1, discriminatorEvery=2)
    program = tmp_path / "program.py"
    program.write_text("import sys; sys.path[:0] = [%r, %r]\nimport torch\ntorch.set_num_threads(1)\nfrom test_loop import training\ntraining(sys.argv[1], **%r).run()\n"
                       % (str(TRAINER), str(TRAINER / "tests"), settings))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, str(program), str(tmp_path / "whole")], env=environment, check=True)
    moments = random.Random()  # other moments in every run of this test
    steps = []
    for _ in range(5):
        with subprocess.Popen([sys.executable, str(program), str(tmp_path / "broken")], env=environment, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(moments.randint(1, 2)):  # a line a checkpoint
                assert process.stdout.readline().startswith("step ")
            time.sleep(moments.uniform(0, 0.05))  # in the midst of a step, or of writing
            process.kill()
        assert process.returncode != 0, "it had ended before the kill"
        steps.append(load_checkpoint(tmp_path / "broken/checkpoint.pt")["step"])
    assert steps == sorted(steps) and steps[-1] < 60, steps
    subprocess.run([sys.executable, str(program), str(tmp_path / "broken")], env=environment, check=True)
    whole, broken = (load_checkpoint(tmp_path / k / "checkpoint.pt") for k in ("whole", "broken"))
    assert whole["step"] == broken["step"] == 60
    for part in ("model", "discriminator"):
        assert all(torch.equal(v, broken[part][k]) for k, v in whole[part].items())
    assert [(r[0], r[3:]) for r in whole["curve"]] == [(r[0], r[3:]) for r in broken["curve"]]


def test_frozen_low_level_stands_still_and_the_shared_part_learns(tmp_path):
    t = training(tmp_path, freezeLow=True, rate=1e-2)
    low = {k: v.clone() for k, v in t.model.low.state_dict().items()}
    shared = {k: v.clone() for k, v in t.model.shared.state_dict().items()}
    losses = t.run()
    assert sum(losses[-5:]) < sum(losses[:5])
    assert all(torch.equal(low[k], v) for k, v in t.model.low.state_dict().items())
    assert not all(torch.equal(shared[k], v) for k, v in t.model.shared.state_dict().items())


def test_a_checkpoint_starts_another_run_and_a_language_can_join(tmp_path):
    first = training(tmp_path / "one")
    first.run(6)
    recipe = Recipe(architecture=TINY, steps=4, positions=60)
    second = Training(recipe, {**SIZES, "hi": 40}, {"hi": {"train": rows(3)}}, out=tmp_path / "two", init=tmp_path / "one/checkpoint.pt")
    saved = load_checkpoint(tmp_path / "one/checkpoint.pt")["model"]
    assert all(torch.equal(saved[k], v) for k, v in second.model.state_dict().items() if k in saved)
    assert second.run() and set(second.model.low) == {"en", "fr", "hi"}


def test_a_checkpoint_becomes_a_bundle_and_a_bundle_starts_a_run(tmp_path, monkeypatch):
    (tmp_path / "v.model").write_bytes(b"vocabulary")
    first = training(tmp_path / "one")
    first.vocabularies = {k: str(tmp_path / "v.model") for k in SIZES}
    first.run(6)
    rows(1).save(tmp_path / "en.train.npz")
    (tmp_path / "about.yaml").write_text("name: Tiny model\nlicence: MIT\nready: [fr]\ntrainingData: [{ source: us, licence: MIT }]\n")
    monkeypatch.setattr(sys, "argv", ["pack", str(tmp_path / "one/checkpoint.pt"), str(tmp_path / "bundle"), "--about", str(tmp_path / "about.yaml"), "--data", str(tmp_path)])
    pack_main()
    manifest = json.loads((tmp_path / "bundle/manifest.json").read_text())
    assert manifest["id"] == "tiny-model" and manifest["licence"] == "MIT" and manifest["recipe"]["steps"] == 40 and manifest["activationScales"]
    assert [manifest["languages"][k]["ready"] for k in ("en", "fr")] == [False, True]
    second = Training(Recipe(architecture=TINY, steps=4, positions=60), SIZES, {"en": {"train": rows(3)}}, out=tmp_path / "two", init=tmp_path / "bundle")
    assert all(torch.allclose(a, b, atol=0.05) for a, b in zip(first.model.state_dict().values(), second.model.state_dict().values()))


@pytest.mark.parametrize("path", [p for p in RECIPES if p.stem.startswith("paper-")], ids=lambda p: p.stem)
def test_the_papers_recipes_warm_up_for_5000_steps_over_sequences_of_512(path):
    recipe = read_recipe(path, languages=["en"])
    shape = recipe.build()
    assert int(recipe.warmup * recipe.steps) == 5000 and recipe.rate == 1e-4 and recipe.betas == [0.9, 0.99] and recipe.epsilon == 1e-6
    assert shape.maximumSource + 1 + shape.maximumTarget == 512


def test_base_and_large_are_pretrained_without_the_discriminator_of_large_with_adm():
    plain, adm = (read_recipe(TRAINER / f"recipes/{k}.yaml") for k in ("paper-pretrain-plain", "paper-pretrain"))
    assert plain.adversarial == 0 < adm.adversarial and replace(plain, adversarial=adm.adversarial) == adm


def test_warm_up_then_linear_decay():
    r = Recipe(steps=100, warmup=0.1)
    assert [round(learning_rate(r, s), 3) for s in (0, 9, 10, 55, 99)] == [0.1, 1.0, 1.0, 0.5, 0.011]


def write_program(tmp_path, work):
    """A file that runs `work`, lines of Python over a training `t`, in one of several processes."""
    file = tmp_path / "program.py"
    file.write_text("import sys; sys.path[:0] = [%r, %r]\nimport torch\ntorch.set_num_threads(1)\nfrom test_loop import training\nfrom asklab_trainer.loop import start_processes, rank\n"
                    "start_processes()\nt = training(%r, positions=40)\n%s\n" % (str(TRAINER), str(TRAINER / "tests"), str(tmp_path / "out"), work))
    return file


def two_processes(tmp_path, work):
    """Runs `work` (write_program) in two processes."""
    program = write_program(tmp_path, work)
    # What torchrun sets; its own launcher in PyTorch 1.13 does not start on Python 3.11.
    shared = {**os.environ, "OMP_NUM_THREADS": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(20000 + os.getpid() % 20000)}
    started = [subprocess.Popen([sys.executable, str(program)], env={**shared, "RANK": str(i), "LOCAL_RANK": str(i)}) for i in (0, 1)]
    assert [p.wait(300) for p in started] == [0, 0]


def test_two_processes_stop_together_when_one_has_had_its_time(tmp_path):
    two_processes(tmp_path, "t.run(seconds=0 if rank() else 1000)\nopen(%r + str(rank()), 'w').write(str(t.step))" % str(tmp_path / "step"))
    assert [(tmp_path / f"step{i}").read_text() for i in (0, 1)] == ["1", "1"]


def test_two_processes_hold_the_same_weights(tmp_path):
    two_processes(tmp_path, "t.run(6)\ntorch.save(t.model.state_dict(), %r + str(rank()))" % str(tmp_path / "weights"))
    one, two = (torch.load(tmp_path / f"weights{i}") for i in (0, 1))
    assert all(torch.equal(one[k], two[k]) for k in one)
    alone = training(tmp_path / "alone", positions=40)
    alone.run(6)
    assert not all(torch.equal(one[k], v) for k, v in alone.model.state_dict().items())


def test_one_low_level_for_all_languages_trains_and_packs(tmp_path):
    from asklab_trainer.pack import pack, unpack
    recipe = Recipe(architecture=TINY, sharedLow=True, steps=5, positions=60)
    t = Training(recipe, {"shared": 40}, {k: {"train": rows(i)} for i, k in enumerate(SIZES)}, out=tmp_path)
    t.run()
    (tmp_path / "v.model").write_bytes(b"vocabulary")
    pack(t.model.eval(), tmp_path / "bundle", {"shared": tmp_path / "v.model"}, "fp32")
    manifest = json.loads((tmp_path / "bundle/manifest.json").read_text())
    assert {v["weights"] for v in manifest["languages"].values()} == {"low/shared.safetensors"} and "hi" in manifest["languages"]
    assert equal(t.model, unpack(tmp_path / "bundle"))


def plain_rows(task, gap=0):
    """200 rows drawn from a text with the ids 4, 5, 6, …: a hundred sentences of 40, of which the last `gap` are no sentence's (spaces)."""
    recipe = Recipe(architecture="small", tasks={"denoise": 0.5, "next": 0.5})
    text = Rows(np.arange(4, 4004).astype(np.uint16), np.array([0, 4000]), np.array([0, 100]), np.array([(i * 40, i * 40 + 40 - gap) for i in range(100)], np.int32), np.zeros(0, np.uint16), np.zeros((0, 9), np.int64))
    batches, r = Training.batchesOf(recipe, recipe.build(), {}, {"en": text}, {"en": 4004}), random.Random(3)
    return [row for row in (batches.plain(r, "en", task) for _ in range(200)) if row]


@pytest.mark.parametrize("gap", [0, 1])
def test_the_next_sentence_is_the_one_that_follows_its_source(gap):
    for row in plain_rows("next", gap):
        both = row["source"] + row["target"]
        assert both == list(range(both[0], both[0] + len(both)))
        assert (row["target"][-1] + 1 - 4) % 40 == (40 - gap) % 40 and len(row["target"]) == 40  # to its end, and no more than it and the space before it
        assert (row["source"][0] - 4) % 40 == 0


def test_plain_text_fills_a_whole_sequence():
    drawn = {task: plain_rows(task) for task in ("denoise", "next")}
    assert max(len(row["target"]) for row in drawn["denoise"]) == 240  # six sentences of 40; 255 would cut the seventh
    assert max(len(row["source"]) for row in drawn["next"]) == 440
    assert all(len(row["source"]) + 1 + len(row["target"]) <= 512 for rows_of in drawn.values() for row in rows_of)


def test_accumulated_gradients_equal_those_of_one_big_batch(tmp_path):
    """Micro-batches of as many target tokens each: their mean loss is that of all rows together, and so is its gradient."""
    t = training(tmp_path, accumulate=3, clip=1e9)
    examples = [rows(0).example(i, 1, 12, 6) for i in range(12)]
    assert len({len(e["target"]) for e in examples}) == 1
    parts = iter([examples[:4], examples[4:8], examples[8:]])
    t.batches.draw = lambda random: ("en", next(parts))
    kept = {}
    t.optimizer.step = lambda: kept.update({k: p.grad.clone() for k, p in t.model.named_parameters() if p.grad is not None})
    loss, used = t.one_step()
    t.model.zero_grad(set_to_none=True)
    whole, weight, _, _ = t.loss_of("en", examples)
    (whole / weight).backward()
    assert abs(loss - (whole / weight).item()) < 1e-5 and used == sum(len(e["source"]) + len(e["target"]) + 1 for e in examples)
    together = {k: p.grad for k, p in t.model.named_parameters() if p.grad is not None}
    assert kept.keys() == together.keys() and len(kept) > 10
    assert all(torch.allclose(kept[k], together[k], atol=1e-6) for k in kept)


def test_bfloat16_trains_as_float32_does_and_keeps_its_weights_in_float32(tmp_path):
    losses = {}
    for precision in ("fp32", "bf16", "bf16-products"):
        t = training(tmp_path / precision, precision=precision, rate=1e-2)
        losses[precision] = t.run()
        assert all(p.dtype == torch.float32 for p in t.model.parameters())
        assert torch.get_float32_matmul_precision() == ("medium" if precision == "bf16-products" else "highest")
        assert max(abs(a - b) for a, b in zip(losses["fp32"], losses[precision])) < 0.2
        assert sum(losses[precision][-5:]) < sum(losses[precision][:5])
    assert losses["bf16"] != losses["fp32"]


@pytest.mark.parametrize("broken", ["run.json", "curve.csv", "curve.svg"])
def test_a_kill_while_a_file_is_written_leaves_a_whole_one_and_the_next_start_mends_it(tmp_path, broken, monkeypatch):
    training(tmp_path, steps=6).run(3)
    files = ("run.json", "curve.csv", "curve.svg")
    old = {k: (tmp_path / k).read_bytes() for k in files}
    replaced = os.replace

    def kill(new, path):
        if Path(path).name == broken:
            Path(new).write_bytes(Path(new).read_bytes()[:20])  # half written, and never put in its place
            raise KeyboardInterrupt
        replaced(new, path)

    monkeypatch.setattr(os, "replace", kill)
    with pytest.raises(KeyboardInterrupt):
        training(tmp_path, steps=6).run()
    monkeypatch.setattr(os, "replace", replaced)
    assert load_checkpoint(tmp_path / "checkpoint.pt")["step"] == 6 and (tmp_path / broken).read_bytes() == old[broken]
    assert json.loads((tmp_path / "run.json").read_text())["step"] == 3
    assert training(tmp_path, steps=6).run() == []  # nothing is left to train
    assert json.loads((tmp_path / "run.json").read_text())["step"] == 6
    assert len((tmp_path / "curve.csv").read_text().splitlines()) == 3 and ">step 6<" in (tmp_path / "curve.svg").read_text()


def test_a_cut_run_file_of_an_older_program_is_written_anew(tmp_path):
    training(tmp_path, steps=3).run()
    (tmp_path / "run.json").write_text('{"recipe": {')
    training(tmp_path, steps=3)
    assert json.loads((tmp_path / "run.json").read_text())["step"] == 3


def test_the_curve_is_drawn_beside_its_table(tmp_path):
    import xml.etree.ElementTree as xml
    t = training(tmp_path, steps=9)
    t.run()
    lines = [e for e in xml.parse(tmp_path / "curve.svg").iter() if e.tag.endswith("polyline")]
    assert [len(line.get("points").split()) for line in lines] == [3, 3]  # training and one dev set, a point a checkpoint
    names = [e.text for e in xml.parse(tmp_path / "curve.svg").iter() if e.tag.endswith("text")]
    assert {"training", "dev en", "step 9"} <= set(names)
    points = [tuple(map(float, p.split(","))) for p in lines[0].get("points").split()]
    by_loss = sorted(range(3), key=lambda i: t.curve[i][3])
    assert sorted(range(3), key=lambda i: -points[i][1]) == by_loss  # the lower the loss, the lower the point


@pytest.mark.parametrize("seconds, warned", [(0.5, True), (0.001, False)])
def test_a_slow_machine_is_warned_of(seconds, warned, capsys, monkeypatch):
    from asklab_trainer import machine
    clock = iter(i * seconds for i in range(100))
    monkeypatch.setattr(machine.time, "time", lambda: next(clock))
    speed = machine.report()
    said = capsys.readouterr().out
    assert f"{speed:.0f} GFLOP/s in float32" in said and ("This is slow" in said) == warned == (speed < 30)


@pytest.mark.parametrize("flags, wanted", [("fpu sse2 avx avx2 fma avx512f", "SkylakeX"), ("fpu sse2 avx avx2 fma", "Haswell"), ("fpu sse2 avx", None), ("Features : fp asimd", None)])
def test_openblas_is_told_the_processors_kernels(flags, wanted):
    from asklab_trainer.machine import kernels
    assert kernels(f"processor : 0\nflags : {flags}\n") == wanted


def test_torchrun_starts_two_processes_that_agree(tmp_path):
    if tuple(int(x) for x in torch.__version__.split(".")[:2]) < (2, 0):
        pytest.skip("the launcher of PyTorch 1.13 does not start on Python 3.11; the test above sets what it would")
    program = write_program(tmp_path, "t.run(6)\ntorch.save(t.model.state_dict(), %r + str(rank()))" % str(tmp_path / "weights"))
    subprocess.run([sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", str(program)], env={**os.environ, "OMP_NUM_THREADS": "1"}, check=True, timeout=240)
    one, two = (torch.load(tmp_path / f"weights{i}") for i in (0, 1))
    assert all(torch.equal(one[k], two[k]) for k in one)
