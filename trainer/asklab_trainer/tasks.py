"""Micro-batches: a question about a passage (section 3.5), its own text from a noised copy, the text that follows (section 3.4)."""
from .data import FREE, KIND, SENTENCE, SPAN
from .model import END, MASK, SEPARATOR

import torch

ASKS = {"free": FREE, "sentence": SENTENCE, "span": SPAN, "kind": KIND}
POOL = 4  # micro-batches drawn together and sorted by length, of which one is used: a fifth less padding
FIRST_PIECE = 4  # ids below are the unknown token and the three control tokens


def pick(random, table):
    return random.choices(list(table), list(table.values()))[0]


def noised(random, ids, ranges, share, size):
    """The four noises of section 3.4, each over a `share` of the tokens: swaps inside a sentence, deletion, masking, replacement. Returns at least one token.

    The fourth is headed "Sentence Permutation" and described as "randomly swap some tokens in the sentence"; the description holds here.
    `ranges`: the sentences' token ranges in `ids`.
    """
    ids, out = list(ids), []
    for start, end in ((a, min(b, len(ids))) for a, b in ranges):
        for i in range(start, end):
            if end - start > 1 and random.random() < share / 2:  # a swap moves two
                j = random.randrange(start, end - 1)
                j += j >= i  # any other token
                ids[i], ids[j] = ids[j], ids[i]
    for t in ids:
        r = random.random()
        if r < share:
            continue
        out.append(MASK if r < 2 * share else random.randrange(FIRST_PIECE, size) if r < 3 * share else t)
    return out or [MASK]


def length(row):
    return len(row["source"]) + len(row["target"]) + 1


def groups(rows, positions):
    """Rows of like length together, each group at most `positions` wide with its padding; every row is in one group, so each is as likely as any."""
    out = []
    for row in sorted(rows, key=length):
        if out and length(row) * (len(out[-1]) + 1) <= positions:
            out[-1].append(row)
        else:
            out.append([row])
    return out


class Batches:
    """Draws micro-batches of one language. `sets`: language -> set name -> Rows; `text`: language -> Rows for the two pre-training tasks."""

    def __init__(self, recipe, config, sets, text, sizes):
        self.recipe, self.config, self.sets, self.text, self.sizes = recipe, config, sets, text, sizes
        self.languages = sorted(set(sets) | set(text))
        self.counts = {k: sum(len(r) for r in sets.get(k, {}).values()) + (len(text[k].starts) if k in text else 0) for k in self.languages}

    def draw(self, random):
        """(language, rows): rows hold source ids, segments, target ids."""
        r = self.recipe
        language = random.choices(self.languages, [self.counts[k] ** r.power for k in self.languages])[0]
        pool, used = [], 0
        while not pool or used < POOL * r.positions:
            task = pick(random, r.tasks)
            row = self.question(random, language) if task == "question" else self.plain(random, language, task)
            if row:
                pool.append(row)
                used += length(row)
        return language, random.choice(groups(pool, r.positions))

    def question(self, random, language):
        named = {k: v.get(language, 0) if isinstance(v, dict) else v for k, v in self.recipe.sets.items() if len(self.sets[language].get(k, ()))}
        rows = self.sets[language][pick(random, named)]
        ask = ASKS[pick(random, self.recipe.ask)] if self.config.focus else FREE
        shown = self.config.draft and random.random() < self.recipe.draft
        row = rows.example(random.randrange(len(rows)), ask, self.config.maximumSource, self.config.maximumTarget, self.config.draft if shown else None)
        return row if row["target"] else None

    def size(self, language):
        """Of the language's vocabulary."""
        return self.sizes.get(language, self.sizes.get("shared", 0))

    def stretch(self, random, language, limit):
        """Whole sentences of a text, at most `limit` tokens where the first allows it: their ids, or None; then all ids and sentence ranges of the text, first and last sentence."""
        rows = self.text[language]
        i = random.randrange(len(rows.starts) - 1)
        ids, ranges = rows.passage(i), rows.sentence_ranges(i)
        if not len(ranges):
            return None
        first = random.randrange(len(ranges))
        start, last = int(ranges[first][0]), first
        while last + 1 < len(ranges) and ranges[last + 1][1] - start <= limit:
            last += 1
        return ids[start:min(int(ranges[last][1]), start + limit)], ids, ranges, first, last

    def plain(self, random, language, task):
        """A stretch of whole sentences: noised -> itself, or its first part -> its second.

        The paper divides a consecutive segment in two wherever it likes; its title, Next Sentence Generation, gives the length here: the second part is one sentence, the one that follows.
        Source and target share the length of a whole sequence (section 4.2: 512), a question's limit is none of a text's.
        """
        whole = self.config.maximumSource + self.config.maximumTarget
        limit = self.config.maximumSource if task == "next" else min(self.config.maximumSource, whole // 2)
        found = self.stretch(random, language, limit)
        if not found:
            return None
        target, ids, ranges, first, last = found
        start = int(ranges[first][0])
        if task == "next":
            if last + 1 >= len(ranges):
                last -= 1
            if last < first:
                return None
            cut = int(ranges[last][1])  # the sentence that follows begins here, with the space before it
            source = ids[start:cut][-limit:].tolist()
            target = ids[cut:int(ranges[last + 1][1])]
        else:
            local = [(int(a) - start, int(b) - start) for a, b in ranges[first:last + 1]]
            source = noised(random, target.tolist(), local, self.recipe.noise, self.size(language))[:self.config.maximumSource]
        target = target[:whole - len(source)].tolist()
        return {"source": source, "segments": [0] * len(source), "target": target} if source and target else None


def collate(rows, unseen=1.0, device="cpu"):
    """Tensors ids, segments [B, N], source lengths, lengths [B], answers [B, T] and their loss weights [B, T]."""
    n = max(len(r["source"]) + 1 + len(r["target"]) for r in rows)
    steps = max(len(r["target"]) + 1 for r in rows)
    ids, segments = torch.zeros(len(rows), n, dtype=torch.long), torch.zeros(len(rows), n, dtype=torch.long)
    answers, weights = torch.zeros(len(rows), steps, dtype=torch.long), torch.zeros(len(rows), steps)
    for i, r in enumerate(rows):
        sequence, target = r["source"] + [SEPARATOR] + r["target"], r["target"] + [END]
        ids[i, :len(sequence)] = torch.tensor(sequence)
        segments[i, :len(r["source"])] = torch.tensor(r["segments"])
        segments[i, len(r["source"])] = r.get("separator", 0)
        answers[i, :len(target)] = torch.tensor(target)
        source = set(r["source"])
        weights[i, :len(target)] = torch.tensor([1.0 if t in source or t == END else float(unseen) for t in target])
    s = torch.tensor([len(r["source"]) for r in rows])
    n = s + 1 + torch.tensor([len(r["target"]) for r in rows])
    return tuple(t.to(device) for t in (ids, segments, s, n, answers, weights))
