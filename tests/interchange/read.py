"""Reads a folder of exports with the tools their formats are made for, one folder a format, and prints what each holds."""

import json
import sys
from pathlib import Path

import datasets
import pandas
import pyarrow
import pyarrow.parquet

folder = Path(sys.argv[1])
expected = int(sys.argv[2])  # questions
with_answer = int(sys.argv[3])
cache = folder / "cache"


def report(tool: str, found: int, wanted: int) -> None:
    print(f"{tool}: {found} of {wanted}")
    assert found == wanted, tool


def rows_of(kind: str, path: Path) -> datasets.Dataset:
    return datasets.load_dataset(kind, data_files=str(path), split="train", cache_dir=str(cache))


def check_answers(rows) -> None:
    for row in rows:
        answers = row["answers"]
        for text, start in zip(answers["text"], answers["answer_start"]):
            assert row["context"][start : start + len(text)] == text, row["id"]


# pyarrow: the columns of the SQuAD data set, `answers` a struct of two lists.
table = pyarrow.parquet.read_table(folder / "hf-parquet" / "train-00000-of-00001.parquet")
answers = table.schema.field("answers").type
assert pyarrow.types.is_struct(answers), answers
assert answers.field("text").type.value_type == pyarrow.string(), answers
assert answers.field("answer_start").type.value_type == pyarrow.int32(), answers
assert table.column_names == ["id", "title", "context", "question", "answers"], table.column_names
check_answers(table.to_pylist())
report(f"pyarrow {pyarrow.__version__}, Parquet", table.num_rows, expected)

# datasets: the folder with its card, as from the Hub; then each file of rows.
whole = datasets.load_dataset(str(folder / "hf-parquet"), split="train", cache_dir=str(cache))
check_answers(whole)
report(f"datasets {datasets.__version__}, Parquet and its card", len(whole), expected)
whole = datasets.load_dataset(str(folder / "hf-jsonl"), split="train", cache_dir=str(cache))
check_answers(whole)
report("datasets, JSON lines and their card", len(whole), expected)
for name in ["argilla", "alpaca", "sharegpt", "openai-chat", "lalm", "lmqg"]:
    report(f"datasets, {name}", len(rows_of("json", folder / name / "train.jsonl")), expected)
pairs = rows_of("json", folder / "preference" / "train.jsonl")
assert pairs.column_names == ["instruction", "input", "chosen", "rejected"], pairs.column_names
assert all(row["chosen"] != row["rejected"] for row in pairs)
print(f"datasets, preference: {len(pairs)} pairs")
labels = rows_of("json", folder / "doccano" / "train.jsonl")
report("datasets, doccano", sum(len(row["label"]) for row in labels), expected)
report("datasets, LAB", sum(len(row["questions"]) for row in rows_of("json", folder / "lab" / "train.json")), expected)
squad = json.loads((folder / "squad-v1" / "train.json").read_text(encoding="utf8"))
paragraphs = [paragraph for article in squad["data"] for paragraph in article["paragraphs"]]
for paragraph in paragraphs:
    for question in paragraph["qas"]:
        for answer in question["answers"]:
            at = answer["answer_start"]
            assert paragraph["context"][at : at + len(answer["text"])] == answer["text"], question["id"]
report("SQuAD v1.1, offsets as Python cuts", sum(len(one["qas"]) for one in paragraphs), with_answer)

# pandas: CSV with quotes, commas and line breaks in its cells.
frame = pandas.read_csv(folder / "csv" / "train.csv", keep_default_na=False)
report(f"pandas {pandas.__version__}, CSV", len(frame), expected)

# Label Studio's own check of tasks and predictions against the labelling config.
try:
    from label_studio_sdk.label_interface import LabelInterface
except ImportError:
    print("label-studio-sdk is not installed: Label Studio's own check was skipped")
else:
    config = LabelInterface((folder / "label-studio" / "labelling-config.xml").read_text())
    config.validate()
    tasks = json.loads((folder / "label-studio" / "train.json").read_text(encoding="utf8"))
    for task in tasks:
        assert config.validate_task({"data": task["data"]})
        for prediction in task["predictions"]:
            faults = config.validate_prediction(prediction, return_errors=True)
            assert not faults, faults
    report("label-studio-sdk", sum(len(task["predictions"]) for task in tasks), expected)
