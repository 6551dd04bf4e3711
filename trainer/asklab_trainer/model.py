"""LALM: a low-level module per language under one shared Transformer, with focus marks and a pointer.

Tensor names, the sequence and the pointer formula are those of docs/model-bundle.md.
"""
import math
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import nn

from .kinds import KINDS

UNKNOWN, SEPARATOR, END, MASK = 0, 1, 2, 3


@dataclass
class Architecture:
    hidden: int = 256  # width of the LSTM and of the Transformer
    layers: int = 4  # Transformer blocks
    heads: int = 8  # attention heads, a divisor of hidden
    feedForward: int = 1024  # inner width of a block's MLP
    embedding: int = 128  # width of the factorised, tied embedding
    lstmLayers: int = 1  # layers of each language's LSTM
    lowLevel: str = "per-language"  # an LSTM; or "shared": one vocabulary and no LSTM, so that the order of words is lost
    norm: str = "pre"  # or "post", as published
    focus: bool = True  # segment marks for a sentence or an answer span
    answerKinds: tuple = ()  # names of the kinds of answer that the separator's mark may tell: segments 3, 4, …
    pointer: bool = True  # copy head with token-identity features
    features: bool = True  # the pointer's token-identity features
    keySize: int = 128  # width of the pointer's keys
    maximumSource: int = 128  # source tokens
    maximumTarget: int = 40  # question tokens
    maximumDraft: int = 0  # tokens of a draft behind the source, what the rules ask about the same answer; a longer one is not shown; 0: none is
    lowerCase: bool = True  # text is lower-cased first

    def errors(self):
        sizes = {f.name: getattr(self, f.name) for f in fields(self) if f.type in (int, "int")}
        out = [f"{name} must be a positive number" for name, size in sizes.items() if name != "maximumDraft" and not (isinstance(size, int) and size > 0)]
        if not isinstance(self.maximumDraft, int) or self.maximumDraft < 0:
            out.append("maximumDraft must be 0 or more")
        if not out and self.hidden % self.heads:
            out.append(f"hidden ({self.hidden}) must be a multiple of heads ({self.heads})")
        if self.lowLevel not in ("per-language", "shared"):
            out.append("lowLevel must be per-language or shared")
        if self.norm not in ("pre", "post"):
            out.append("norm must be pre or post")
        if self.maximumDraft and not self.focus:
            out.append("maximumDraft needs focus: a draft is told by its mark")
        return out

    @property
    def draft(self):
        """(segment of a draft's tokens, the most of them), or None where drafts are not read."""
        return (3 + len(self.answerKinds), self.maximumDraft) if self.maximumDraft else None


PUBLISHED = dict(focus=False, pointer=False, norm="post", maximumSource=448, maximumTarget=63)
PRESETS = {
    "share": Architecture(768, 12, 12, 3072, 128, **PUBLISHED),  # with one low level for all languages: the recipe's sharedLow
    "base": Architecture(768, 12, 12, 3072, 128, **PUBLISHED),
    "large": Architecture(1024, 24, 16, 4096, 128, 2, **PUBLISHED),
    "small": Architecture(256, 4, 8, 1024, 128, **PUBLISHED),
    "bundle": Architecture(answerKinds=KINDS, maximumDraft=40),
}


class LayerNorm(nn.LayerNorm):
    """In float32 under bfloat16 too, as autocast does on a GPU; PyTorch 1.13 mixes no bfloat16 input with float32 weights on a CPU."""

    def forward(self, x):
        return super().forward(x.float())


class Low(nn.Module):
    """Embedding, uni-directional LSTM and output of one language."""

    def __init__(self, c, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, c.embedding)
        nn.init.normal_(self.embedding.weight, std=c.embedding ** -0.5)
        if c.lowLevel == "shared":
            self.embedding.projection = nn.Linear(c.embedding, c.hidden)
            self.lstm = None
        else:
            self.lstm = nn.LSTM(c.embedding, c.hidden, c.lstmLayers, batch_first=True)
        self.output = nn.Module()
        self.output.dense = nn.Linear(c.hidden, c.embedding)
        self.output.norm = LayerNorm(c.embedding)
        self.output.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, ids):
        x = self.embedding(ids)
        return self.lstm(x)[0] if self.lstm is not None else self.embedding.projection(x)

    def logits(self, x):
        return self.output.norm(F.leaky_relu(self.output.dense(x), 0.01)) @ self.embedding.weight.t() + self.output.bias


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads = c.heads
        self.query, self.key, self.value, self.output = (nn.Linear(c.hidden, c.hidden) for _ in range(4))
        self.norm = LayerNorm(c.hidden)

    def forward(self, x, mask):
        b, t, h = x.shape
        # Never in bfloat16: rounded scores turned the gradients of the first blocks by 50 degrees and more (measured), and training stood still.
        with torch.autocast(x.device.type, enabled=False):
            x = x.float()
            q, k, v = (m(x).view(b, t, self.heads, -1).transpose(1, 2) for m in (self.query, self.key, self.value))
            a = (q @ k.transpose(2, 3) / math.sqrt(h // self.heads) + mask[:, None]).softmax(-1)
            return self.output((a @ v).transpose(1, 2).reshape(b, t, h))


class Mlp(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.up, self.down = nn.Linear(c.hidden, c.feedForward), nn.Linear(c.feedForward, c.hidden)
        self.norm = LayerNorm(c.hidden)

    def forward(self, x):
        return self.down(F.relu(self.up(x)))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.pre = c.norm == "pre"
        self.attention, self.mlp = Attention(c), Mlp(c)

    def forward(self, x, mask, drop=0.0):
        """`drop`: dropout of what each part adds to x, in training."""
        a, m = self.attention, self.mlp
        if self.pre:
            x = x + F.dropout(a(a.norm(x), mask), drop, drop > 0)
            return x + F.dropout(m(m.norm(x)), drop, drop > 0)
        x = a.norm(x + F.dropout(a(x, mask), drop, drop > 0))
        return m.norm(x + F.dropout(m(x), drop, drop > 0))


class Shared(nn.Module):
    def __init__(self, c):
        super().__init__()
        if c.focus:
            self.segment = nn.Embedding(3 + len(c.answerKinds) + (c.draft is not None), c.hidden)
            nn.init.normal_(self.segment.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        if c.norm == "pre":
            self.final = nn.Module()
            self.final.norm = LayerNorm(c.hidden)
        if c.pointer:
            self.pointer = nn.Module()
            self.pointer.query, self.pointer.key = nn.Linear(c.hidden, c.keySize), nn.Linear(c.hidden, c.keySize)
            self.pointer.gate = nn.Linear(c.hidden, 1)
            if c.features:
                self.pointer.features = nn.Parameter(torch.zeros(4))


def attention_mask(source_lengths, lengths, total):
    """Eq. 1: 0 where i may see j, else -1e9. The separator is the first target position."""
    position = torch.arange(total, device=lengths.device)
    j, i = position[None, None, :], position[None, :, None]
    s, n = source_lengths[:, None, None], lengths[:, None, None]
    return torch.where(((j < s) | ((j <= i) & (i >= s))) & (j < n), 0.0, -1e9)


class Lalm(nn.Module):
    def __init__(self, c, vocabularies):
        """`vocabularies`: size per language; with a shared low level, one entry named "shared"."""
        super().__init__()
        self.config, self.dropout = c, 0.0
        self.low = nn.ModuleDict({k: Low(c, v) for k, v in vocabularies.items()})
        self.shared = Shared(c)

    def low_level(self, language):
        """The language's low-level module, or the one that all share."""
        return self.low[language if language in self.low else "shared"]

    def states(self, language, ids, segments, source_lengths, lengths):
        low = self.low_level(language)(ids)
        x = low + self.shared.segment(segments) if self.config.focus else low
        mask = attention_mask(source_lengths, lengths, ids.shape[1])
        drop = self.dropout if self.training else 0.0
        for block in self.shared.blocks:
            x = block(x, mask, drop)
        return (self.shared.final.norm(x) if self.config.norm == "pre" else x), low

    def targets(self, language, ids, segments, source_lengths, lengths):
        """Final states [B, T, H] at the target positions, those positions' mask and places, all final states, the low level's output."""
        x, low = self.states(language, ids, segments, source_lengths, lengths)
        steps = int((lengths - source_lengths).max())
        offset = torch.arange(steps, device=ids.device)
        at = (source_lengths[:, None] + offset).clamp(max=ids.shape[1] - 1)
        valid = offset[None] < (lengths - source_lengths)[:, None]
        return x.gather(1, at[..., None].expand(-1, -1, x.shape[2])), valid, at, x, low

    def forward(self, language, ids, segments, source_lengths, lengths):
        """Log-probabilities [B, T, V] of the next token at each target position, those positions' mask, the low level's output."""
        xt, valid, at, x, low = self.targets(language, ids, segments, source_lengths, lengths)
        vocabulary = F.log_softmax(self.low_level(language).logits(xt).float(), -1)
        if not self.config.pointer:
            return vocabulary, valid, low
        s = int(source_lengths.max())
        a, gate = self.pointer(x, xt, ids, at, segments, source_lengths)
        copied = torch.zeros_like(vocabulary).scatter_add(2, ids[:, None, :s].expand_as(a), a)
        mixed = gate.sigmoid() * vocabulary.exp() + (-gate).sigmoid() * copied
        return mixed.clamp(min=1e-12).log(), valid, low

    def score(self, language, ids, segments, source_lengths, lengths, answers):
        """Log-probability [B, T] of each token of `answers`, its mask, the low level's output: `forward` at one token, without a vocabulary-sized mixture."""
        xt, valid, at, x, low = self.targets(language, ids, segments, source_lengths, lengths)
        answers = answers[:, :valid.shape[1]]
        logits = self.low_level(language).logits(xt[valid]).float()
        vocabulary = torch.zeros(valid.shape, device=ids.device).masked_scatter(valid, -F.cross_entropy(logits, answers[valid], reduction="none"))
        if not self.config.pointer:
            return vocabulary, valid, low
        s = int(source_lengths.max())
        a, gate = self.pointer(x, xt, ids, at, segments, source_lengths)
        copied = (a * (ids[:, None, :s] == answers[..., None])).sum(-1).clamp(min=1e-12).log()
        gate = gate[..., 0]
        return torch.logaddexp(F.logsigmoid(gate) + vocabulary, F.logsigmoid(-gate) + copied).clamp(min=math.log(1e-12)), valid, low

    def pointer(self, x, xt, ids, at, segments, source_lengths):
        """The pointer's attention [B, T, S] and its gate's logit [B, T, 1]."""
        s = int(source_lengths.max())
        a, copyable, m1 = self.copy(x[:, :s], xt, ids[:, :s], ids.gather(1, at), segments[:, :s], source_lengths)
        p = self.shared.pointer
        gate = p.gate(xt).float()
        if self.config.features:
            gate = gate + p.features[3] * (a * m1).sum(-1, keepdim=True)
        return a, torch.where(copyable.any(-1)[:, None, None], gate, torch.full_like(gate, 30.0)).clamp(-15, 30)

    def copy(self, xs, xt, source, written, segments, source_lengths):
        p = self.shared.pointer
        copyable = (torch.arange(source.shape[1], device=source.device)[None] < source_lengths[:, None]) & (segments != 2)
        last, before = source.roll(1, 1), source.roll(2, 1)
        last[:, :1], before[:, :2] = -1, -1
        previous = written.roll(1, 1)
        previous[:, :1] = -2
        m1 = last[:, None] == written[..., None]
        m2 = m1 & (before[:, None] == previous[..., None])
        seen = (source[:, None] == written[..., None]).int().cumsum(1) > 0
        score = (p.query(xt) @ p.key(xs).transpose(1, 2)).float() / math.sqrt(self.config.keySize)
        if self.config.features:
            f = p.features
            score = score + f[0] * m1 + f[1] * m2 + f[2] * seen
        a = score.masked_fill(~copyable[:, None], -1e9).softmax(-1) * copyable[:, None]
        return a, copyable, m1


class Discriminator(nn.Module):
    """Eq. 4: names the language of the low level's output."""

    def __init__(self, hidden, languages):
        super().__init__()
        self.lstm = nn.LSTM(hidden, hidden // 2, batch_first=True, bidirectional=True)
        self.mlp = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, languages))

    def forward(self, low, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(low, lengths.cpu(), True, enforce_sorted=False)
        h, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], True, padding_value=-1e9)
        return F.log_softmax(self.mlp(h.max(1)[0]).float(), -1)


def adversarial_losses(log_p, language):
    """Eq. 5: the discriminator's loss and the generator's."""
    chosen = log_p[:, language]
    return -chosen.mean(), -torch.log1p(-chosen.exp().clamp(max=1 - 1e-6)).mean()


def load_checkpoint(path):
    """What the training loop saved; it holds Python objects, so load only checkpoints you trust."""
    return torch.load(path, map_location="cpu", **({"weights_only": False} if torch.__version__ >= "2" else {}))
