"""The table of an evaluation holds what the app's own command says of the same files."""
import json
import shutil
import subprocess

import pytest

from asklab_trainer import evaluate

PAIRS = [
    {"id": f"p{i}", "lang": "en", "passage": f"The lighthouse of Elm Point {i} was built in {1860 + i} by Ada Brook. It burned oil for {i + 3} years.",
     "question": f"When was the lighthouse of Elm Point {i} built?"}
    for i in range(6)
]


@pytest.mark.skipif(shutil.which("node") is None, reason="the app's commands need Node")
def test_an_evaluation_is_the_apps_own_numbers(tmp_path):
    pairs = tmp_path / "test.en.jsonl"
    evaluate.write_rows(pairs, PAIRS)
    found = evaluate.evaluate_language("en", pairs, "rules", tmp_path, 2, None)
    assert found["passages"] == len(PAIRS) and set(found["scores"]) == {"model", "central sentence", "rules"}
    words = ["metrics", "--lang", "en", "--references", tmp_path / "en.references.jsonl", "--outputs", tmp_path / "en.model.jsonl", "--samples", "200", "--json"]
    done = subprocess.run(["node", str(evaluate.APP), *map(str, words)], capture_output=True, text=True, check=True)
    columns = json.loads(done.stdout)["columns"]
    for name, column in zip(("model", "central sentence", "rules"), columns):
        assert found["scores"][name] == {v["metric"]: v["score"] for v in column["values"]}, name
    assert found["scores"]["model"]["bleu4"]["value"] == found["scores"]["rules"]["bleu4"]["value"] > 0
    assert f"{columns[0]['values'][0]['score']['value']:.1f}" in evaluate.tables({"en": found})


def test_lalm_as_published_is_asked_without_what_is_beyond_the_paper(tmp_path):
    assert evaluate.as_published(evaluate.APP.parents[1] / "tests/inference/fixture/published")
    assert not evaluate.as_published(evaluate.APP.parents[1] / "resources/models/lalm-five-languages")
    assert not evaluate.as_published("rules")
