"""Where a question points: sentences of a passage, the sentence asked about, the span that answers it.

All offsets are characters of the passage (Python code points), end exclusive.
"""
import math
import re
import unicodedata

# A letter run with its marks: Python's \w would split Hindi words at vowel signs.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0900-\u097f\u0300-\u036f]|['’\-](?=[^\W\d_]))*", re.UNICODE)
HAN = re.compile(r"[\u3400-\u9fff]")
END = re.compile(r"[.!?]+[\"'”’»)\]]*(?=\s|$)|[。！？；…]+[”’』」）]*|[।॥]|\n+")
ABBREVIATIONS = {"mr", "mrs", "ms", "dr", "st", "prof", "vs", "no", "vol", "cf", "e.g", "i.e", "etc", "inc", "jr", "sr", "m", "mme", "p", "pp", "av", "apr", "डॉ", "श्री"}
# The question words by which a question is known as one; Chinese and Korean ones are found inside words.
QUESTION_WORDS = {
    "en": "what which who whom whose when where why how".split(),
    "fr": "que qu quel quelle quels quelles qui quoi quand où comment combien pourquoi lequel laquelle lesquels lesquelles est-ce auquel duquel".split(),
    "hi": "क्या कौन किस किसे किसने किसका किसकी किसके किसको किन किन्हें किन्होंने कब कहाँ कहां क्यों कैसे कैसा कैसी कितना कितनी कितने कौनसा कौनसी किसमें किससे किसपर कौन-सा कौन-सी".split(),
    "zh": "什么 什麼 甚麼 谁 誰 哪 几 幾 多少 多大 多长 多長 多高 多久 多远 多遠 何 怎 为何 為何 如何 是否 吗 嗎 呢".split(),
    "ko": "무엇 누구 누가 언제 어디 어느 어떤 어떻 왜 몇 얼마 무슨 뭐 뭘 어떠 어째 인가 는가 은가 나요 까요 일까 을까 는지".split(),
}


def has_question_word(text, language):
    """Whether a question is known as one; in a language without a list of words every question is."""
    if language not in QUESTION_WORDS:
        return True
    if language == "ko" and re.search(r"(?:[은는가나까요]|지)\s*\?$", text):  # "…한 사람은?" asks without a question word
        return True
    if language in ("zh", "ko"):
        return any(w in text for w in QUESTION_WORDS[language])
    return any(w in QUESTION_WORDS[language] for w in re.split(r"[\s'’?,.:;«»\"-]+", text.lower())) or (language == "en" and bool(
        re.match(r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|in|on|at|to|for|from|by|with|about|under)\b.*\?$", text.lower())))


def sentences(text):
    """[(start, end)] in order; ends at . ! ? before a space, at full-width marks, at danda and at line ends."""
    out, start = [], 0
    for m in END.finditer(text):
        last = text[start:m.start()].split()[-1:] or [""]
        word = last[0].lower().strip("(\"'“")
        if m.group()[0] == "." and (word in ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
            continue
        if text[start:m.end()].strip():
            out.append((start + len(text[start:m.end()]) - len(text[start:m.end()].lstrip()), m.end()))
        start = m.end()
    if text[start:].strip():
        out.append((start + len(text[start:]) - len(text[start:].lstrip()), len(text.rstrip())))
    return out


def words(text, language):
    """[(term, start, end)]: lower-cased words, in Chinese pairs of characters; Korean words without their last syllable match too."""
    text = text.lower()
    if language == "zh":
        return [(text[i:i + 2], i, i + 2) for i in range(len(text) - 1) if HAN.match(text[i]) and HAN.match(text[i + 1])] + [
            (m.group(), m.start(), m.end()) for m in re.finditer(r"[a-z0-9]+", text)]
    return [(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]


def stem(term, language):
    if language == "ko":
        return term[:max(2, len(term) - 1)] if len(term) > 2 else term
    return term[:6] if language in ("en", "fr") else term[:5]


class Weights:
    """Inverse document frequency of terms over passages."""

    def __init__(self, passages, language):
        self.language, self.count, counts = language, 0, {}
        for p in passages:
            self.count += 1
            for t in {stem(w, language) for w, _, _ in words(p, language)}:
                counts[t] = counts.get(t, 0) + 1
        self.counts = counts

    def of(self, term):
        return math.log((self.count + 2) / (self.counts.get(term, 0) + 1))


def focus_of(passage, spans, question, weights, answer=None):
    """The index of the sentence asked about and the share of the question's weight found in it."""
    asked = {stem(w, weights.language) for w, _, _ in words(question, weights.language)}
    total = sum(map(weights.of, asked)) or 1.0
    best = (-1.0, 0, 0.0)
    for i, (a, b) in enumerate(spans):
        found = asked & {stem(w, weights.language) for w, _, _ in words(passage[a:b], weights.language)}
        share = sum(map(weights.of, found)) / total
        best = max(best, (share + (0.5 if answer and passage.find(answer, a, b) >= 0 else 0), -i, share))
    return -best[1], best[2]


def answer_span(passage, sentence, question, weights, answer=None):
    """The answer's place in the sentence: found as written, else the weightiest run of words the question does not say; None where there is none."""
    a, b = sentence
    if answer:
        i = passage.find(answer, a, b)
        return (i, i + len(answer)) if i >= 0 and len(answer) < (b - a) * 0.7 else None
    language = weights.language
    if language == "zh":
        return None
    asked = {stem(w, language) for w, _, _ in words(question, language)}
    runs, run = [], []
    for w, s, e in words(passage[a:b], language):
        if stem(w, language) in asked:
            runs.append(run)
            run = []
        else:
            run.append((w, a + s, a + e))
    runs.append(run)
    wants_number = re.search(r"\b(when|how many|how much|how old|combien|quand|quelle année|quelle date)\b|कितन|कब|किस वर्ष|किस सन", question.lower())
    scored = []
    for run in runs:
        while run and weights.of(stem(run[0][0], language)) < 2.5:
            run = run[1:]
        while run and weights.of(stem(run[-1][0], language)) < 2.5:
            run = run[:-1]
        if run and len(run) <= 8:
            score = max(weights.of(stem(w, language)) for w, _, _ in run) + (6 if wants_number and any(w[0].isdigit() for w, _, _ in run) else 0)
            scored.append((score, run[0][1], run[-1][2]))
    return max(scored)[1:] if scored else None


def normalise(text):
    return unicodedata.normalize("NFKC", text).strip()
