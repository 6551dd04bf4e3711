"""Multi-BERT (Devlin et al. 2018), extended to generation as by Rönnqvist et al. (2019), left to right:
behind passage and question so far stands a mask; what the encoder reads in it is the next token, and a mask behind that follows.

The sequence is BERT's pair: end mark (as [CLS]), passage, separator; question so far, mask, separator. Every token sees every other.
"""
import torch
import torch.nn.functional as F
from torch import nn

from ..model import END, MASK, SEPARATOR
from .layers import Baseline, EncoderLayer, norm, stack, token_scores


class MultiBert(Baseline):
    def __init__(self, c, vocabularies):
        """`vocabularies`: one entry named "shared"."""
        super().__init__(c)
        self.words = nn.Embedding(vocabularies["shared"], c.hidden)
        self.places, self.parts = nn.Embedding(512, c.hidden), nn.Embedding(2, c.hidden)
        for table in (self.words, self.places, self.parts):
            nn.init.normal_(table.weight, std=0.02)
        self.norm, self.drop = norm(c.hidden), nn.Dropout(0.0)
        self.encoder = stack(EncoderLayer, c, c.layers)
        self.head, self.headNorm = nn.Linear(c.hidden, c.hidden), norm(c.hidden)
        self.bias = nn.Parameter(torch.zeros(vocabularies["shared"]))

    def states(self, ids, parts, valid):
        x = self.drop(self.norm(self.words(ids) + self.places.weight[:ids.shape[1]] + self.parts(parts)))
        for layer in self.encoder:
            x = layer(x, valid[:, None])
        return x

    def logits(self, x):
        return self.headNorm(F.gelu(self.head(x))) @ self.words.weight.t() + self.bias

    def at_masks(self, pairs):
        """States [P, H] at the mask behind each (passage, question so far)."""
        device = self.bias.device
        rows = [([END, *a, SEPARATOR], [*b, MASK, SEPARATOR]) for a, b in pairs]
        n = max(len(a) + len(b) for a, b in rows)
        ids, parts = torch.zeros(len(rows), n, dtype=torch.long), torch.zeros(len(rows), n, dtype=torch.long)
        lengths = torch.tensor([len(a) + len(b) for a, b in rows])
        for i, (a, b) in enumerate(rows):
            ids[i, :len(a) + len(b)] = torch.tensor(a + b)
            parts[i, len(a):len(a) + len(b)] = 1
        x = self.states(ids.to(device), parts.to(device), (torch.arange(n) < lengths[:, None]).to(device))
        return x[torch.arange(len(rows)), lengths - 2]

    def encode(self, language, source, valid):
        return None  # the passage is read anew with every token

    def following(self, language, memory, source, valid, given):
        pairs = [(s[:n], g[1:]) for s, n, g in zip(source.tolist(), valid.sum(1).tolist(), given.tolist())]
        return F.log_softmax(self.logits(self.at_masks(pairs)).float(), -1)

    def score(self, language, ids, segments, source_lengths, lengths, answers):
        """In training, of `cuts` random places of each question (the mask names them); else of every place."""
        steps = int((lengths - source_lengths).max())
        valid = torch.arange(steps, device=ids.device) < (lengths - source_lengths)[:, None]
        if self.training and steps > self.config.cuts:
            order = torch.rand(valid.shape, device="cpu").to(ids.device).masked_fill(~valid, 2.0).argsort(1)
            valid = valid & torch.zeros_like(valid).scatter(1, order[:, :self.config.cuts], True)
        rows, s = ids.tolist(), source_lengths.tolist()
        pairs = [(rows[b][:s[b]], rows[b][s[b] + 1:s[b] + 1 + t]) for b, t in valid.nonzero().tolist()]
        found = -F.cross_entropy(self.logits(self.at_masks(pairs)).float(), answers[:, :steps][valid], reduction="none")
        return torch.zeros(valid.shape, device=ids.device).masked_scatter(valid, found), valid, None

    def masked_score(self, language, ids, valid, hidden, answers):
        """Log-probabilities [B, N] of the tokens hidden in passages `ids` where `hidden`."""
        b, n = ids.shape
        lengths = valid.sum(1)
        framed = torch.full((b, n + 2), END, device=ids.device)
        framed[:, 1:-1] = ids
        framed.scatter_(1, lengths[:, None] + 1, SEPARATOR)
        seen = torch.arange(n + 2, device=ids.device) < (lengths + 2)[:, None]
        x = self.states(framed, torch.zeros_like(framed), seen)[:, 1:-1]
        return token_scores(self.logits, x, hidden, answers)
