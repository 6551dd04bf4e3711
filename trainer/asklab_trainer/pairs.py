"""Files of passages and questions, as asklab_trainer.data describes them: which file holds what, which sets are read, and what rows come from."""
import gzip
import json
from pathlib import Path

# Left out by default: reviews, titles and dialogues read unlike questions about a text; the last leaks English test articles.
EXCLUDED = ("SubjQA", "PubMedQA", "SQuADShifts-amazon", "SQuADShifts-reddit", "C3-d", "CLIcK", "DREAM", "QuAIL", "CosmosQA", "ChineseSquad")


def add_source_options(parser):
    """--exclude and --only, by the beginnings of the sets' names."""
    parser.add_argument("--exclude", nargs="*", default=EXCLUDED, help="dataset names to leave out")
    parser.add_argument("--only", nargs="*", default=(), help="dataset names to keep")


def open_text(path):
    return gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")


def find_split(folder, language, split):
    """The file that holds a language's rows of a split, or None."""
    names = [f"{language}.{split}.jsonl.gz", f"{language}.{split}.jsonl", f"{split}.jsonl"]
    if split == "dev":
        names.append("validation.jsonl")  # the app's exports call it so
    return next((f for f in (Path(folder) / n for n in names) if f.exists()), None)


def read_pairs(path, excluded=EXCLUDED, language=None, only=()):
    """Rows of a file in one language; an answer with its place becomes `answer` and `answerStart`."""
    with open_text(path) as file:
        for line in file:
            row = json.loads(line)
            source = row.get("source", "")
            if source.startswith(tuple(excluded)) or (only and not source.startswith(tuple(only))) or (language and row.get("lang", language) != language):
                continue
            if isinstance(row.get("answer"), dict):
                row["answerStart"], row["answer"] = row["answer"]["start"], row["answer"]["text"]
            yield row


def read_drafts(path):
    """Passage -> (start, end, text) of each question that the rules ask about it, from what scripts/rule-pairs.ts wrote; {} without a file."""
    found = {}
    for row in read_pairs(path) if path else ():
        start, end = row["answerStart"], row["answerStart"] + len(row["answer"])
        if row["passage"][start:end] == row["answer"]:  # offsets count UTF-16 units: behind a character of two they miss
            found.setdefault(row["passage"], []).append((start, end, row["draft"]))
    return found


def sources_of(path, language, rows):
    """The names of what rows of a file come from: their sets', or the file's; the app's exports, one file for all languages, hold own decisions."""
    return sorted({r.get("source") or path.name for r in rows}) if path.name.startswith(f"{language}.") else ["own decisions"]


def note_sources(folder, named):
    """Adds `named`, "<language>.<set>" -> names, to the folder's sources.json."""
    file = Path(folder) / "sources.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**known, **named}, indent=1, ensure_ascii=False) + "\n")


def training_data(folder, used):
    """A manifest's rows for what the sets `used` ("<language>.<set>") come from; what their licence is nobody has said."""
    file = Path(folder) / "sources.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    languages = {}
    for name in used:
        for source in known.get(name, ["own rows"]):
            languages.setdefault(source, []).append(name.split(".")[0])
    return [{"source": f"{source}, {', '.join(sorted(set(own)))}", "licence": "not stated"} for source, own in sorted(languages.items())]
