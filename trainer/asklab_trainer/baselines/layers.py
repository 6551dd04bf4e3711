"""What the Transformer systems are built of: post-norm layers as Vaswani et al. (2017), BERT and XLM have them."""
import math
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Shape:
    """Sizes of a baseline; each system uses what it has. The defaults of a system stand in systems.py."""
    hidden: int = 512  # width of the layers
    layers: int = 6  # of the encoder (CLQG: those of one language)
    decoderLayers: int = 6  # of the decoder (CLQG: those of one language)
    sharedLayers: int = 1  # CLQG: inner layers that all languages share, of the encoder and of the decoder
    heads: int = 8  # attention heads, a divisor of hidden
    feedForward: int = 2048  # inner width of a layer's MLP
    embedding: int = 300  # width of the word embeddings: 300 to take fastText's
    activation: str = "relu"  # or "gelu"
    cuts: int = 4  # Multi-BERT: places of a question that one step asks for
    maximumSource: int = 448  # source tokens
    maximumTarget: int = 63  # question tokens
    lowerCase: bool = True  # text is lower-cased first
    focus = False  # no answer is given (section 4.2)
    answerKinds = ()
    draft = None

    def errors(self):
        whole = [f.name for f in fields(self) if f.type in (int, "int")]
        out = [f"{name} must be a positive number" for name in whole if not (isinstance(getattr(self, name), int) and getattr(self, name) > 0)]
        if not out and self.hidden % self.heads:
            out.append(f"hidden ({self.hidden}) must be a multiple of heads ({self.heads})")
        if self.activation not in ("relu", "gelu"):
            out.append("activation must be relu or gelu")
        return out


def norm(width):
    return nn.LayerNorm(width, eps=1e-12)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads = c.heads
        self.query, self.key, self.value, self.output = (nn.Linear(c.hidden, c.hidden) for _ in range(4))
        self.norm, self.drop = norm(c.hidden), nn.Dropout(0.0)

    def forward(self, x, memory, seen):
        """x [B, T, H] looks at memory [B, S, H] where `seen` [B, 1 or T, S]; returns the normed sum with x."""
        q, k, v = (m(y).view(len(y), y.shape[1], self.heads, -1).transpose(1, 2) for m, y in ((self.query, x), (self.key, memory), (self.value, memory)))
        scores = (q @ k.transpose(2, 3) / math.sqrt(q.shape[3])).float().masked_fill(~seen[:, None], -1e9)
        mixed = (scores.softmax(-1).to(v.dtype) @ v).transpose(1, 2).reshape(x.shape)
        return self.norm(x + self.drop(self.output(mixed)))


class FeedForward(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.up, self.down = nn.Linear(c.hidden, c.feedForward), nn.Linear(c.feedForward, c.hidden)
        self.activation = F.gelu if c.activation == "gelu" else F.relu
        self.norm, self.drop = norm(c.hidden), nn.Dropout(0.0)

    def forward(self, x):
        return self.norm(x + self.drop(self.down(self.activation(self.up(x)))))


class EncoderLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.own, self.mlp = Attention(c), FeedForward(c)

    def forward(self, x, seen):
        return self.mlp(self.own(x, x, seen))


class DecoderLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.own, self.cross, self.mlp = Attention(c), Attention(c), FeedForward(c)

    def forward(self, x, seen, memory, memory_seen):
        return self.mlp(self.cross(self.own(x, x, seen), memory, memory_seen))


def stack(layer, c, count):
    return nn.ModuleList(layer(c) for _ in range(count))


def waves(count, width, device):
    """Places as sines and cosines [count, width] (Vaswani et al., 3.5)."""
    rate = torch.exp(torch.arange(0, width, 2, device=device) * (-math.log(10000.0) / width))
    angle = torch.arange(count, device=device)[:, None] * rate
    return torch.stack([angle.sin(), angle.cos()], 2).reshape(count, -1)[:, :width]


class Words(nn.Module):
    """Embeddings of tokens and the tied output of one vocabulary."""

    def __init__(self, c, vocabulary):
        super().__init__()
        self.embedding, self.drop = nn.Embedding(vocabulary, c.embedding), nn.Dropout(0.0)
        nn.init.normal_(self.embedding.weight, std=c.embedding ** -0.5)
        same = c.embedding == c.hidden
        self.widen = nn.Identity() if same else nn.Linear(c.embedding, c.hidden, bias=False)
        self.narrow = nn.Identity() if same else nn.Linear(c.hidden, c.embedding)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, ids):
        """Vectors [B, N, H], scaled to the size of the places that are added to them."""
        return self.widen(self.embedding(ids) * math.sqrt(self.embedding.embedding_dim))

    def logits(self, x):
        return self.narrow(x) @ self.embedding.weight.t() + self.bias


class Baseline(nn.Module):
    """What the loop and the search ask of every system."""

    def __init__(self, c):
        super().__init__()
        self.config = c

    @property
    def dropout(self):
        return max((m.p for m in self.modules() if isinstance(m, nn.Dropout)), default=0.0)

    @dropout.setter
    def dropout(self, share):
        for m in self.modules():
            if isinstance(m, nn.Dropout):
                m.p = share

    def encode(self, language, source, valid):
        """What decoding needs of sources [B, S], `valid` where they are no padding."""
        raise NotImplementedError

    def following(self, language, memory, source, valid, given):
        """Log-probabilities [B, V] of the token after `given` [B, T], whose first token is the separator."""
        raise NotImplementedError

    def score(self, language, ids, segments, source_lengths, lengths, answers):
        """Log-probability [B, T] of each token of `answers`, its mask, and None for a low level: as Lalm.score."""
        raise NotImplementedError


def split(ids, source_lengths, lengths):
    """Of rows source + separator + target: sources [B, S] and their mask, what the decoder is given [B, T] and its mask."""
    s = torch.arange(int(source_lengths.max()), device=ids.device)
    t = torch.arange(int((lengths - source_lengths).max()), device=ids.device)
    given = ids.gather(1, (source_lengths[:, None] + t).clamp(max=ids.shape[1] - 1))
    return ids[:, :len(s)], s < source_lengths[:, None], given, t < (lengths - source_lengths)[:, None]


def token_scores(logits, x, valid, answers):
    """Log-probability [B, T] of `answers` from states x [B, T, H]; the vocabulary is computed only where `valid`."""
    found = -F.cross_entropy(logits(x[valid]).float(), answers[valid], reduction="none")
    return torch.zeros(valid.shape, device=x.device).masked_scatter(valid, found)
