"""Writes expected.json: scores of the synthetic pairs
by pycocoevalcap 1.2 (with METEOR's jar) and sacrebleu 2.6.0.

pip install pycocoevalcap==1.2 sacrebleu==2.6.0, then: python make.py
The generator here and in synthetic.ts are the same, word for word.
"""
import json
import subprocess
from pathlib import Path

import numpy as np
import pycocoevalcap
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.rouge.rouge import Rouge
from sacrebleu.metrics import BLEU, CHRF

HERE = Path(__file__).parent
VOCABULARIES = {
    "en": "who when where what how many did was the a of in ship harbour lamp salt island north old carried left built Marsh's 3.5 1,804 U.S. well-known , ? . ( ) \" & it's teacher school reef".split(" "),
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
        "sacreNone": BLEU(tokenize="none").corpus_score(systems, streams).score,
        "sacreOwn": BLEU(tokenize=tokenizer).corpus_score(systems, streams).score,
        "chrf": CHRF().corpus_score(systems, streams).score,
    }


def meteor(items):
    """METEOR 1.5 by its jar (in pycocoevalcap; needs Java), exact stage, English parameters, no normalising."""
    jar = Path(pycocoevalcap.__path__[0]) / "meteor" / "meteor-1.5.jar"
    options = ["-", "-", "-stdio", "-l", "en", "-m", "exact", "-p", "0.85 0.2 0.6 0.75", "-w", "1.0"]
    run = subprocess.Popen(["java", "-Xmx1G", "-jar", str(jar), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", bufsize=1)
    statistics = []
    for output, references in items:
        run.stdin.write(" ||| ".join(["SCORE", *references, output]) + "\n")
        statistics.append(run.stdout.readline().strip())
    run.stdin.write(" ||| ".join(["EVAL", *statistics]) + "\n")
    each = [float(run.stdout.readline()) for _ in items]
    corpus = float(run.stdout.readline())
    run.kill()
    return {"meteor": corpus, "meteorEach": each[:40]}


if __name__ == "__main__":
    expected = {"languages": {}}
    for language in VOCABULARIES:
        items = synthetic(language)
        expected["languages"][language] = scores(items, "zh" if language == "zh" else "13a") | meteor(items)
        expected["languages"][language]["first"] = {"output": items[0][0], "references": items[0][1]}
    (HERE / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
