import csv
import json
import re
from pathlib import Path

from asklab_trainer.reading import COLUMNS, CRITERIA, scores, sheet


def test_a_sheet_hides_its_systems_and_ratings_find_them_again(tmp_path):
    for system in ("model", "rules"):
        (tmp_path / f"en.{system}.jsonl").write_text("".join(json.dumps({"id": f"p{i}", "candidates": [{"text": f"{system[0]}{i}?"}] if i else []}) + "\n" for i in range(9)))
    (tmp_path / "en.references.jsonl").write_text("".join(json.dumps({"id": f"p{i}", "passage": "text", "references": [f"h{i}?"]}) + "\n" for i in range(9)))
    sheet(tmp_path, tmp_path / "out", count=6)
    lines = [json.loads(x) for x in (tmp_path / "out/sheet.en.jsonl").read_text().splitlines()]
    assert len(lines) == 18 and not any("p0" in json.dumps(x) or "system" in x for x in lines)
    letters = "".join(x["question"][0] for x in lines)
    assert sorted(letters) == ["h"] * 6 + ["m"] * 6 + ["r"] * 6 and letters != "mrh" * 6
    (tmp_path / "out/ratings.en.jsonl").write_text("".join(json.dumps({"item": x["item"], **{c: "hrm".index(x["question"][0]) for c in CRITERIA}}) + "\n" for x in lines))
    scores(tmp_path / "out")
    rows = list(csv.DictReader(open(tmp_path / "out/scores.csv")))
    assert len(rows) == 54
    assert {(r["system"], r["score"]) for r in rows} == {("people", "0"), ("rules", "1"), ("model", "2")}


def test_a_question_of_two_models_is_read_once_and_counts_for_both(tmp_path):
    (tmp_path / "before").mkdir()
    for file, questions in (("model", ["new?", "same?"]), ("rules", [None, None]), ("before/model", ["old?", "same?"])):
        folder, name = tmp_path / Path(file).parent, Path(file).name
        (folder / f"en.{name}.jsonl").write_text("".join(json.dumps({"id": f"p{i}", "candidates": [{"text": q}] if q else []}) + "\n" for i, q in enumerate(questions)))
    (tmp_path / "en.references.jsonl").write_text("".join(json.dumps({"id": f"p{i}", "passage": "text", "references": [f"h{i}?"]}) + "\n" for i in range(2)))
    sheet(tmp_path, tmp_path / "out", others=[("before", tmp_path / "before")])
    lines = [json.loads(x) for x in (tmp_path / "out/sheet.en.jsonl").read_text().splitlines()]
    assert sorted(x["question"] for x in lines) == ["h0?", "h1?", "new?", "old?", "same?"]
    (tmp_path / "out/ratings.en.jsonl").write_text("".join(json.dumps({"item": x["item"], **{c: int(x["question"] == "same?") for c in CRITERIA}}) + "\n" for x in lines))
    scores(tmp_path / "out")
    rows = [(r["system"], r["passage"], r["score"]) for r in csv.DictReader(open(tmp_path / "out/scores.csv")) if r["criterion"] == "fluency" and r["system"] != "people"]
    assert sorted(rows) == [("before", "p0", "0"), ("before", "p1", "1"), ("model", "p0", "0"), ("model", "p1", "1")]


def test_the_columns_are_those_that_the_app_reads():
    source = (Path(__file__).parents[2] / "src-main/engine/campaigns/scores.ts").read_text()
    shape = source[source.index("z.object({"):source.index("});")]
    assert list(COLUMNS) == re.findall(r"^  (\w+)[:,]", shape, re.M)
