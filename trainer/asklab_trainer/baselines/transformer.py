"""Transformer (Vaswani et al. 2017; section 4.4): an encoder and a decoder for one language. CLQG and XNLG change where its parts are shared."""
import torch
import torch.nn.functional as F
from torch import nn

from .layers import Baseline, DecoderLayer, EncoderLayer, Words, split, stack, token_scores, waves


class Transformer(Baseline):
    def __init__(self, c, vocabularies):
        """`vocabularies`: size per language, or one entry named "shared"."""
        super().__init__(c)
        self.words = nn.ModuleDict({k: Words(c, v) for k, v in vocabularies.items()})
        self.build(c, vocabularies)

    def build(self, c, vocabularies):
        self.encoder, self.decoder = stack(EncoderLayer, c, c.layers), stack(DecoderLayer, c, c.decoderLayers)

    def encoder_layers(self, language):
        return self.encoder

    def decoder_layers(self, language):
        return self.decoder

    def vocabulary(self, language):
        return self.words[language if language in self.words else "shared"]

    def embed(self, language, ids):
        words = self.vocabulary(language)
        return words.drop(words(ids) + waves(ids.shape[1], self.config.hidden, ids.device))

    def encode(self, language, source, valid):
        x = self.embed(language, source)
        for layer in self.encoder_layers(language):
            x = layer(x, valid[:, None])
        return x

    def decode(self, language, memory, valid, given):
        """States [B, T, H] after each token of `given`; padding of `given` stands at its end, so no state sees it."""
        x, t = self.embed(language, given), torch.arange(given.shape[1], device=given.device)
        causal = (t[None] <= t[:, None])[None]
        for layer in self.decoder_layers(language):
            x = layer(x, causal, memory, valid[:, None])
        return x

    def following(self, language, memory, source, valid, given):
        x = self.decode(language, memory, valid, given)[:, -1]
        return F.log_softmax(self.vocabulary(language).logits(x).float(), -1)

    def score(self, language, ids, segments, source_lengths, lengths, answers, source_language=None):
        """`source_language`: where the source is in another language than the answers."""
        source, seen, given, valid = split(ids, source_lengths, lengths)
        memory = self.encode(source_language or language, source, seen)
        x = self.decode(language, memory, seen, given)
        return token_scores(self.vocabulary(language).logits, x, valid, answers[:, :valid.shape[1]]), valid, None
