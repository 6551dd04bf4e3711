import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from asklab_trainer import data, vocab
from asklab_trainer.data import FREE, SENTENCE, SPAN, Encoder, Rows, encode_pairs, encode_text, window
from asklab_trainer.kinds import KINDS, kind_of
from asklab_trainer.pairs import EXCLUDED, find_split, read_pairs
from asklab_trainer.passage import Weights, answer_span, focus_of, has_question_word, sentences
from asklab_trainer.tasks import groups, noised
from asklab_trainer.vocab import corpus, train

PASSAGE = "Marie Curie was born in Warsaw in 1867. She moved to Paris, where Dr. Lippmann lent her a laboratory. Radium was found in 1898!"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    path = tmp_path_factory.mktemp("vocabulary") / "en.model"
    r = random.Random(1)
    words = sorted(set(PASSAGE.lower().replace(".", "").split()))
    train([PASSAGE.lower()] + [" ".join(r.choices(words, k=8)) for _ in range(300)], path, 340)
    made = Encoder(path)
    made.file = path
    return made


def test_sentences_keep_abbreviations_and_cut_five_scripts():
    assert [PASSAGE[a:b][:5] for a, b in sentences(PASSAGE)] == ["Marie", "She m", "Radiu"]
    assert len(sentences("他生于1980年。他住在北京！你呢？")) == 3
    assert len(sentences("वह घर गया। राम आया।")) == 2


def test_the_focus_and_the_answer_of_a_question():
    weights = Weights([PASSAGE, *(f"A river was in a valley {i} of France." for i in range(40))], "en")
    spans = sentences(PASSAGE)
    i, share = focus_of(PASSAGE, spans, "When was radium found?", weights)
    assert i == 2 and share > 0.5
    a, b = answer_span(PASSAGE, spans[0], "In which city was Marie Curie born in 1867?", weights)
    assert PASSAGE[a:b] == "Warsaw"
    assert answer_span(PASSAGE, spans[0], "x", weights, "1867") == (34, 38)


def test_question_words_of_five_languages():
    yes = [("Who came?", "en"), ("Dans quel pays vit-il ?", "fr"), ("राम कहाँ गया?", "hi"), ("他是谁?", "zh"), ("누가 왔는가?", "ko"), ("수도의 이름은?", "ko")]
    no = [("He came.", "en"), ("Il vit à Paris.", "fr"), ("राम घर गया।", "hi"), ("他来了。", "zh"), ("그가 왔다.", "ko")]
    assert all(has_question_word(*x) for x in yes) and not any(has_question_word(*x) for x in no)


def test_the_kind_is_read_from_the_question_word_alone():
    asked = [("他为什么离开？", "zh", "reason"), ("钩盲蛇被称为什么？", "zh", "thing"), ("他成为什么？", "zh", "thing"), ("Qu’est-ce qui a changé ?", "fr", "thing"),
             ("Qui a peint ce tableau ?", "fr", "person"), ("몇 년에 왔는가?", "ko", "time"), ("कितने लोग आए?", "hi", "number"), ("Where did she live?", "en", "place")]
    assert [KINDS[kind_of(q, language)] for q, language, _ in asked] == [kind for _, _, kind in asked]


def test_a_marked_answers_question_is_weighed_against_its_sentence(encoder):
    pair = {"passage": PASSAGE, "answer": "1898", "answerStart": PASSAGE.index("1898")}
    rows, left = encode_pairs([{**pair, "question": "When was radium found?"}, {**pair, "question": "Which horses ran away yesterday?"}], "en", encoder)
    assert not left and len(rows) == 2 and len(rows.close(0.5)) == 1


def test_rows_ask_in_three_ways(encoder):
    pairs = [{"passage": PASSAGE, "question": "When was radium found?", "answer": "1898"}, {"passage": PASSAGE, "question": "Whose horse ran away?", "answer": None}]
    rows, left = encode_pairs(pairs, "en", encoder)
    assert len(rows) == 1 and left["little overlap"] == 1
    free, sentence, span = (rows.example(0, ask, 24, 40) for ask in (FREE, SENTENCE, SPAN))
    assert set(free["segments"]) == {0} and set(sentence["segments"]) == {0, 1} and 2 in span["segments"]
    marked = encoder.pieces.decode([t for t, s in zip(span["source"], span["segments"]) if s == 2])
    assert "1898" in marked and encoder.pieces.decode(span["target"]) == "when was radium found?"
    assert free["source"] == rows.passage(0)[:24].tolist() and len(span["source"]) == 24
    assert [window(100, 24, a, b) for a, b in ((0, 4), (50, 60), (98, 100), (None, None))] == [0, 43, 76, 0]


def test_the_apps_export_is_read(encoder, tmp_path):
    text = "😀 " + PASSAGE
    row = {"id": "1", "lang": "en", "passage": text, "question": "When was she born?", "answer": {"text": "1867", "start": text.index("1867")}}
    (tmp_path / "train.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({**row, "lang": "fr"}) + "\n")
    pairs = list(read_pairs(find_split(tmp_path, "en", "train"), (), "en"))
    rows, left = encode_pairs(pairs, "en", encoder)
    assert len(pairs) == len(rows) == 1 and not left
    (tmp_path / "validation.jsonl").write_text("")
    assert find_split(tmp_path, "en", "dev") == tmp_path / "validation.jsonl"
    example = rows.example(0, SPAN, 90, 40)
    assert "1867" in encoder.pieces.decode([t for t, s in zip(example["source"], example["segments"]) if s == 2])
    assert len(encode_pairs([{**pairs[0], "answerStart": 3}], "en", encoder)[0]) == 0


def test_rows_join_and_load_again(encoder, tmp_path):
    one, _ = encode_pairs([{"passage": PASSAGE, "question": "Who lent her a laboratory?"}], "en", encoder)
    two, _ = encode_pairs([{"passage": "Paris is big. " + PASSAGE, "question": "When was radium found?"}], "en", encoder)
    both = Rows.join([one, two, two])
    both.save(tmp_path / "x.npz")
    again = Rows.load(tmp_path / "x.npz")
    assert again.example(2, SPAN, 30, 40) == two.example(0, SPAN, 30, 40) == again.example(1, SPAN, 30, 40)
    assert again.sentence_ranges(2).tolist() == two.sentence_ranges(0).tolist()


def test_a_draft_stands_behind_its_span_alone(encoder, tmp_path):
    at, mark = PASSAGE.index("1898"), 3 + len(KINDS)
    asked = {"passage": PASSAGE, "answer": "1898"}
    pairs = [{**asked, "question": "When was radium found?"}, {**asked, "question": "When did she see Paris?", "draft": "When was it found in?"}]
    drafts = {PASSAGE: [(0, 11, "Who was born in Warsaw?"), (at - 3, at + 4, "When was radium found in a laboratory?")]}
    rows, _ = encode_pairs(pairs, "en", encoder, minimum_overlap=0, drafts=drafts)
    other, _ = encode_pairs([{**asked, "question": "Who lent her a laboratory?"}], "en", encoder, minimum_overlap=0, drafts=drafts)  # asks something else than the draft
    rows = Rows.join([other, rows])
    rows.save(tmp_path / "x.npz")
    rows = Rows.load(tmp_path / "x.npz")
    assert len(rows) == 3 and len(rows.drafted()) == 2

    def shown(i, ask=SPAN, draft=(mark, 40)):
        row = rows.example(i, ask, 24, 40, draft)
        assert len(row["segments"]) == len(row["source"])
        return encoder.text([t for t, s in zip(row["source"], row["segments"]) if s == mark]), row["segments"][:24], encoder.text(row["target"])
    assert [shown(i)[0] for i in range(3)] == ["", "when was radium found in a laboratory?", "when was it found in?"]
    assert shown(1)[1] == rows.example(1, SPAN, 24, 40)["segments"] and shown(1)[2] == "when was radium found?"
    assert shown(1, SENTENCE)[0] == shown(1, draft=None)[0] == shown(1, draft=(mark, 3))[0] == ""  # not the span's, not read, too long
    old = dict(np.load(tmp_path / "x.npz"))
    np.savez(tmp_path / "old.npz", **{**old, "rows": old["rows"][:, :9]})
    assert len(Rows.load(tmp_path / "old.npz").drafted()) == 0


def test_drafts_are_what_the_rules_script_wrote(encoder, tmp_path, monkeypatch):
    for folder in ("pairs", "drafts", "V"):
        (tmp_path / folder).mkdir()
    shutil.copy(encoder.file, tmp_path / "V/en.model")
    row = {"passage": PASSAGE, "lang": "en", "question": "When was radium found?", "answer": "1898"}
    (tmp_path / "pairs/en.train.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({**row, "question": "Who lent her a laboratory?", "answer": "Dr. Lippmann"}) + "\n")
    draft = {**row, "question": "When was radium found?", "draft": "When was radium found?", "answerStart": PASSAGE.index("1898")}
    (tmp_path / "drafts/en.train.jsonl").write_text(json.dumps(draft) + "\n" + json.dumps({**draft, "answerStart": 3}) + "\n")  # of the second the place is wrong
    monkeypatch.setattr("sys.argv", ["data", "--pairs", str(tmp_path / "pairs"), "--drafts", str(tmp_path / "drafts"), "--vocabularies", str(tmp_path / "V"), "--out", str(tmp_path / "D"), "--languages", "en"])
    data.main()
    assert len(Rows.load(tmp_path / "D/en.train.npz")) == 2 and len(Rows.load(tmp_path / "D/en.edits.npz")) == 1


def test_places_are_characters_of_the_text(encoder):
    text = "İSTANBUL in 1898, Marie 😀 was"
    ids, places = encoder.with_places(text)
    assert len(ids) == len(places) and places[-1][1] == len(text)
    assert all(a <= b for a, b in places) and "".join(text[a:b] for a, b in places).replace(" ", "") == text.replace(" ", "")


def test_lower_case_is_the_apps(encoder):
    for text, lower in json.loads((Path(__file__).parents[2] / "tests/inference/fixture/lower-case.json").read_text(encoding="utf-8")):
        assert encoder.fold(text) == lower and len(text) == len(lower)


def test_four_noises_at_a_tenth():
    ids = list(range(4, 4004))
    r = random.Random(1)
    out = noised(r, ids, [], 0.1, 9000)
    assert 3500 < len(out) < 3700  # a tenth is deleted
    assert 350 < out.count(3) < 450  # a tenth is masked
    assert 350 < sum(t != 3 and not 4 <= t < 4004 for t in out) * 9 / 5 < 450  # a tenth is replaced, five of nine from outside
    assert noised(random.Random(1), [5], [], 0.999, 9)


def test_the_fourth_noise_swaps_a_tenth_of_the_tokens_inside_their_sentences():
    ids, size = list(range(4, 4004)), 10**9  # a replacement is hardly ever one of the ids
    out = [t for t in noised(random.Random(2), ids, [(i * 40, i * 40 + 40) for i in range(100)], 0.1, size) if 4 <= t < 4004]
    assert [(t - 4) // 40 for t in out] == sorted((t - 4) // 40 for t in out)  # no sentence moves, none loses a token to another
    # A swap leaves two tokens smaller than the one before it, where both survive deletion, masking and replacement (0.73 of each).
    assert 0.05 < sum(b < a for a, b in zip(out, out[1:])) / len(out) < 0.12
    short = noised(random.Random(3), ids, [(i * 2, i * 2 + 2) for i in range(2000)], 0.1, size)
    assert sum(a == b + 1 for a, b in zip(short, short[1:])) > 80  # two tokens change places


def test_rows_of_like_length_stand_together():
    rows = [{"source": [5] * n, "target": [5] * 3} for n in (30, 2, 9, 31, 3, 10, 300)]
    cut = groups(rows, 70)
    assert sorted(len(r["source"]) for g in cut for r in g) == [2, 3, 9, 10, 30, 31, 300]
    assert [[len(r["source"]) for r in g] for g in cut] == [[2, 3, 9, 10], [30, 31], [300]]


def test_plain_text_and_corpus(tmp_path, encoder):
    rows = encode_text([PASSAGE, "short"], encoder)
    assert len(rows.starts) == 2 and len(rows.sentence_ranges(0)) == 3
    import gzip
    with gzip.open(tmp_path / "en.train.jsonl.gz", "wt") as f:
        f.write(json.dumps({"passage": PASSAGE, "question": "Who?"}) + "\n" + json.dumps({"passage": PASSAGE, "question": "When?"}) + "\n")
    assert list(corpus("en", tmp_path)) == ["who?", PASSAGE.lower(), "when?"]
    with gzip.open(tmp_path / "ko.txt.gz", "wt") as f:
        f.write(PASSAGE + "\n")
    assert list(corpus("ko", tmp_path, tmp_path)) == [PASSAGE.lower()]
    with pytest.raises(SystemExit, match="no training rows of fr"):
        list(corpus("fr", tmp_path, tmp_path))


def test_a_vocabulary_reads_the_sets_that_the_rows_come_from(tmp_path, encoder, monkeypatch):
    rows = [{"passage": f"the {word} was in warsaw.", "question": f"where was the {word}?", "source": name} for name, word in (("MIT-set-2", "horse"), ("NC-set", "river"), (EXCLUDED[0], "radium"))]
    (tmp_path / "en.train.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (tmp_path / "en.model").write_bytes(encoder.pieces.serialized_model_proto())
    read = []
    monkeypatch.setattr(vocab, "train", lambda lines, out, size: read.extend(lines))

    def both(*options):
        """(questions that the vocabulary reads, questions among the rows)."""
        read.clear()
        for module in (vocab, data):
            monkeypatch.setattr("sys.argv", ["program", "--pairs", str(tmp_path), "--out", str(tmp_path), "--languages", "en", *(["--vocabularies", str(tmp_path)] if module is data else []), *options])
            module.main()
        held = Rows.load(tmp_path / "en.train.npz")
        return [line[14:-1] for line in read if "?" in line], [encoder.text(held.example(i, FREE, 40, 40)["target"])[14:-1] for i in range(len(held))]

    assert both() == (["horse", "river"],) * 2
    assert both("--only", "MIT") == (["horse"],) * 2
    assert both("--exclude", "NC") == (["horse", "radium"],) * 2


def test_a_vocabulary_too_small_for_its_characters_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="more than --size 270"):
        train(["".join(chr(0x4E00 + i) for i in range(300))] * 5, tmp_path / "zh.model", 270)
    assert not (tmp_path / "zh.model").exists()
