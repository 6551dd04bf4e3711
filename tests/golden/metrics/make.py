"""Writes expected.json: scores of the synthetic pairs
by pycocoevalcap 1.2 (with METEOR's jar) and sacrebleu 2.6.0.

pip install pycocoevalcap==1.2 sacrebleu==2.6.0, then: python make.py
The generator here and in synthetic.ts are the same, word for word.
"""
import gzip
import json
import re
import subprocess
import tempfile
import threading
from pathlib import Path

import numpy as np
import pycocoevalcap
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.rouge.rouge import Rouge
from sacrebleu.metrics import BLEU, CHRF

HERE = Path(__file__).parent
VOCABULARIES = {
    "en": "who when where what how many did was the a of in ship ships harbour lamp salt island north old carried carry carrying left built Marsh's 3.5 1,804 U.S. well-known , ? . ( ) \" & it's teacher teachers instructor school schools reef boat vessel vessels began start starting commence autumn fall big large men man a lot of".split(" "),
    "zh": "谁 什么 哪里 何时 多少 的 了 在 是 船 港口 灯塔 盐 海岛 北方 旧 带来 离开 建成 3.5 1804 ABC ， ？ 。 “ ” 老师 学校 暗礁 为 何".split(" "),
    "ko": "누가 언제 어디에서 무엇을 몇 개의 배가 항구를 등대는 소금을 섬의 북쪽 오래된 실었는가 떠났는가 세웠는가 3.5 1804년에 , ? . 학교는 선생님이 암초".split(" "),
    "fr": "qui quand où combien est-ce que le la l'île d'un une de du port navire phare sel nord vieux quitta porta construit 3,5 1804 , ? . « » école maître récif n'a à été".split(" "),
    "hi": "किसने कब कहाँ क्या कितने का की के में ने को नाव बंदरगाह दीपघर नमक द्वीप उत्तर पुराना ले गई बनाया था है 3.5 १८०४ , ? । विद्यालय शिक्षक".split(" "),
}
ITEMS = 2100


class Draw:
    def __init__(self, seed):
        self.state = seed

    def below(self, size):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % size


def synthetic(language):
    words = VOCABULARIES[language]
    draw = Draw(list(VOCABULARIES).index(language) + 20261124)

    def word():
        first = draw.below(len(words))
        return words[min(first, draw.below(len(words)))]

    def change(base, chance):
        changed = []
        for token in base:
            if draw.below(100) < chance:
                kind = draw.below(4)
                if kind == 1:
                    changed.append(word())
                elif kind == 2:
                    changed += [token, token]
                elif kind == 3:
                    changed.insert(0, token)
            else:
                changed.append(token)
        return changed or [word()]

    items = []
    for _ in range(ITEMS):
        base = [word() for _ in range(4 + draw.below(14))]
        references = [" ".join(change(base, 25)) for _ in range(1 + draw.below(4))]
        chance = 10 + draw.below(60)
        items.append((" ".join(change(base, chance)), references))
    return items


def sacre(systems, streams, tokenizer):
    """sacreBLEU up to each order."""
    return [
        BLEU(tokenize=tokenizer, max_ngram_order=order).corpus_score(systems, streams).score for order in (1, 2, 3, 4)
    ]


def scores(items, tokenizer):
    outputs = {index: [output] for index, (output, _) in enumerate(items)}
    references = {index: refs for index, (_, refs) in enumerate(items)}
    bleu, sentence = Bleu(4).compute_score(references, outputs, verbose=0)
    rouge, each = Rouge().compute_score(references, outputs)
    most = max(len(refs) for _, refs in items)
    streams = [[refs[i] if i < len(refs) else None for _, refs in items] for i in range(most)]
    systems = [output for output, _ in items]
    return {
        "cocoBleu": bleu,
        "sentenceBleu4": [float(value) for value in sentence[3][:40]],
        "sentenceBleu4Sum": float(np.sum(sentence[3])),
        "cocoRougeL": float(rouge),
        "rougeL": [float(value) for value in each[:40]],
        "sacreNone": sacre(systems, streams, "none"),
        "sacreOwn": sacre(systems, streams, tokenizer),
        "chrf": CHRF().corpus_score(systems, streams).score,
    }


def meteor(items, *options):
    """METEOR 1.5 by its jar, which is in pycocoevalcap and needs Java: the corpus score and those of the first 40."""
    jar = Path(pycocoevalcap.__path__[0]) / "meteor" / "meteor-1.5.jar"
    command = ["java", "-Xmx3G", "-jar", str(jar), "-", "-", "-stdio", *options]
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, encoding="utf-8", **pipe) as run:
        def ask():
            for output, references in items:
                run.stdin.write(" ||| ".join(["SCORE", *references, output]) + "\n")
            run.stdin.flush()
        asking = threading.Thread(target=ask)
        asking.start()
        statistics = [run.stdout.readline().strip() for _ in items]
        asking.join()
        *each, corpus = map(float, run.communicate(" ||| ".join(["EVAL", *statistics]) + "\n")[0].splitlines())
    return {"corpus": corpus, "each": each[:40]}


def function_words(language, folder):
    """The app's own list, as a file for the jar."""
    source = (HERE / "../../../src-main/engine/metrics/meteor/functionWords.ts").read_text(encoding="utf-8")
    marks = re.search(r"const marks = '(.*)';", source).group(1).replace("\\'", "'")
    words = re.search(language + r": `([^`]*)`", source).group(1)
    path = Path(folder) / (language + ".words")
    path.write_text("\n".join([*words.split(), *marks.split()]) + "\n", encoding="utf-8")
    return str(path)


def meteors(language, items):
    with tempfile.TemporaryDirectory() as folder:
        words = function_words("en", folder)
        table = Path(folder) / "paraphrase.gz"
        table.write_bytes(gzip.compress((HERE / "paraphrases.txt").read_bytes()))
        lower = [(output.lower(), [reference.lower() for reference in references]) for output, references in items]
        paper = ["-l", "en", "-norm"]
        plain = {
            "en": ["-l", "en", "-lower", "-m", "exact stem synonym", "-s", words],
            "fr": ["-l", "fr", "-lower", "-m", "exact stem", "-w", "1.0 0.2", "-s", function_words("fr", folder)],
        }.get(language, ["-l", "other", "-lower", "-m", "exact", "-w", "1.0"])
        scores = {
            "paper": meteor(lower, *paper, "-m", "exact stem synonym", "-s", words),
            "plain": meteor(items, *plain),
        }
        if language == "en":
            # With METEOR's own function words, which the app does not carry.
            scores["ownWords"] = meteor(lower, *paper, "-m", "exact stem synonym")
            scores["paraphrase"] = meteor(lower, *paper, "-a", str(table), "-s", words)
        return scores


if __name__ == "__main__":
    expected = {"languages": {}}
    for language in VOCABULARIES:
        items = synthetic(language)
        expected["languages"][language] = scores(items, "zh" if language == "zh" else "13a") | {"meteor": meteors(language, items)}
        expected["languages"][language]["first"] = {"output": items[0][0], "references": items[0][1]}
    (HERE / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
