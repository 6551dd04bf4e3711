"""NQG++ (Zhou et al. 2017): a bi-directional GRU, a GRU decoder with additive attention, maxout and a copy gate, for one language.

Its marks of the answer and of English word classes are left out: section 4.2 gives no answer, and no such tools exist for five languages.
"""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .layers import Baseline, split


class Nqg(Baseline):
    def __init__(self, c, vocabularies):
        super().__init__(c)
        h, e = c.hidden, c.embedding
        self.words = nn.ModuleDict()
        for language, size in vocabularies.items():
            words = self.words[language] = nn.Module()
            words.embedding, words.output = nn.Embedding(size, e), nn.Linear(h, size)
            nn.init.normal_(words.embedding.weight, std=e ** -0.5)
        self.encoder = nn.GRU(e, h // 2, batch_first=True, bidirectional=True)
        self.start = nn.Linear(h // 2, h)
        self.query, self.key, self.energy = nn.Linear(h, h, bias=False), nn.Linear(h, h), nn.Linear(h, 1, bias=False)
        self.cell = nn.GRUCell(e + h, h)
        self.readout, self.gate = nn.Linear(e + 2 * h, 2 * h), nn.Linear(2 * h, 1)
        self.drop = nn.Dropout(0.0)

    def encode(self, language, source, valid):
        """Source states [B, S, H], their keys, the decoder's first state [B, H]."""
        x = self.drop(self.words[language].embedding(source))
        packed = pack_padded_sequence(x, valid.sum(1).cpu(), batch_first=True, enforce_sorted=False)
        states, last = self.encoder(packed)
        states = pad_packed_sequence(states, batch_first=True, total_length=source.shape[1])[0]
        return states, self.key(states), self.start(last[1]).tanh()

    def decode(self, language, memory, valid, given):
        """After each token of `given`: readouts [B, T, H], attention over the source [B, T, S], copy gate [B, T]."""
        states, keys, s = memory
        context, out = torch.zeros_like(s), []
        for word in self.drop(self.words[language].embedding(given)).unbind(1):
            s = self.cell(torch.cat([word, context], 1), s)
            energy = self.energy((self.query(s)[:, None] + keys).tanh())[..., 0]
            a = energy.float().masked_fill(~valid, -1e9).softmax(-1)
            context = (a[:, None] @ states)[:, 0]
            readout = self.readout(torch.cat([word, context, s], 1)).view(len(s), -1, 2).max(-1)[0]
            out.append((self.drop(readout), a, self.gate(torch.cat([s, context], 1))[:, 0]))
        return tuple(torch.stack(x, 1) for x in zip(*out))

    def following(self, language, memory, source, valid, given):
        readout, a, gate = (x[:, -1] for x in self.decode(language, memory, valid, given))
        vocabulary = self.words[language].output(readout).softmax(-1)
        copied = torch.zeros_like(vocabulary).scatter_add(1, source, a)
        copy = gate.sigmoid()[:, None]
        return ((1 - copy) * vocabulary + copy * copied).clamp(min=1e-12).log()

    def score(self, language, ids, segments, source_lengths, lengths, answers):
        source, seen, given, valid = split(ids, source_lengths, lengths)
        answers = answers[:, :valid.shape[1]]
        readout, a, gate = self.decode(language, self.encode(language, source, seen), seen, given)
        found = -F.cross_entropy(self.words[language].output(readout[valid]).float(), answers[valid], reduction="none")
        vocabulary = torch.zeros(valid.shape, device=ids.device).masked_scatter(valid, found)
        copied = (a * (source[:, None] == answers[..., None])).sum(-1).clamp(min=1e-12).log()
        return torch.logaddexp(F.logsigmoid(-gate) + vocabulary, F.logsigmoid(gate) + copied), valid, None
