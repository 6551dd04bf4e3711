import csv
import json

from asklab_trainer.reading import CRITERIA, scores, sheet


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
