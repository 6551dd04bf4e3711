import json

import pytest

from asklab_trainer import paper
from asklab_trainer.recipe import Recipe, errors_of

OVER = {"steps": 4, "architecture": {"hidden": 32, "heads": 2}}


@pytest.mark.parametrize("run", [r for plan in paper.PLANS.values() for r in plan], ids=lambda r: r.name)
def test_every_run_has_a_valid_recipe_and_a_start_before_it(run):
    for over in ({}, OVER):
        raw = paper.recipe_of(run, over)
        assert not errors_of(raw)
    shape = Recipe(**raw).build()
    assert (raw["steps"], shape.hidden) == (4, 32) and (shape.norm == "post" and not shape.pointer if "system" not in raw else shape.embedding == 300)
    for plan in paper.PLANS.values():
        names = [r.name for r in plan]
        assert all(r.start in names[:i] for i, r in enumerate(plan) if r.start)


def test_what_is_trained_moves_as_the_section_says():
    (zero,) = [r for r in paper.PLANS["zero-shot"] if r.name == "zero-shot"]
    raw = paper.recipe_of(zero, {})
    assert raw["languages"] == ["en"] and raw["freezeLow"] and set(zero.asked) == {"zh", "ko", "fr", "hi"}
    scratch, adm = (paper.recipe_of(r, {}) for r in paper.PLANS["pre-training"][:2])
    assert not scratch["freezeLow"] and not scratch["adversarial"] and adm["adversarial"] and not adm["freezeLow"]
    alone = {r.name: paper.recipe_of(r, {}) for r in paper.PLANS["mono"]}
    assert alone["pretrained-zh"]["languages"] == alone["alone-zh"]["languages"] == ["zh"] and not alone["pretrained-zh"]["adversarial"]


def test_a_comparison_trains_once_and_goes_on(tmp_path, monkeypatch):
    calls = []

    def program(name, *words):
        calls.append((name, words))
        out = words[words.index("--out") + 1] if "--out" in words else None
        if name == "finetune":
            out.mkdir(parents=True)
            (out / "run.json").write_text('{"step": 4}')
        if name == "evaluate":
            out.mkdir(parents=True)
            scores = {m: {"value": 1.0} for m in ("bleu4", "meteor", "rougeL", "copiedShare")}
            language = words[words.index("--languages") + 1]
            (out / "evaluation.json").write_text(json.dumps({language: {"passages": 2, "scores": {name: scores for name in ("model", "central sentence", "rules")}}}))

    monkeypatch.setattr(paper, "program", program)
    (tmp_path / "over.yaml").write_text("steps: 4\n")
    def go(comparison):
        monkeypatch.setattr("sys.argv", ["paper", comparison, "--pairs", "P", "--data", "D", "--vocabularies", "V", "--out", str(tmp_path / "W"), "--over", str(tmp_path / "over.yaml")])
        paper.main()
        return (tmp_path / f"W/{comparison}.md").read_text().splitlines()

    lines = go("zero-shot")
    assert len(lines) == 18 and "| zh | rules | 1.0 | 1.0 | 1.0 | 1.0 | 2 | |" in lines and "| zh | zero-shot | 1.0 | 1.0 | 1.0 | 1.0 | 2 | *10.94, 11.94, 15.89* |" in lines
    assert [c[0] for c in calls].count("finetune") == 6
    calls.clear()
    assert go("zero-shot") == lines and not calls
    go("pre-training")
    trained = [str(c[1][1]).rsplit("/", 1)[1] for c in calls if c[0] == "finetune"]
    assert trained == ["scratch.yaml", "scratch-adm.yaml", "tuned.yaml"]  # the pre-trained run is there
