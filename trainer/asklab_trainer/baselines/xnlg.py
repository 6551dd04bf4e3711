"""XNLG (Chi et al. 2019): one encoder and decoder for all languages, told apart by a language embedding.

Stage one trains the encoder by masked language modelling, stage two the decoder by denoising with the encoder frozen.
Questions then train the encoder alone where the other languages' decoding is to be kept (zero-shot), or everything.
The parts to freeze are named in the recipe: words, encoder, decoder.
"""
import torch
from torch import nn

from ..vocab import LANGUAGES
from .layers import norm, token_scores
from .transformer import Transformer


class Xnlg(Transformer):
    def build(self, c, vocabularies):
        super().build(c, vocabularies)
        words = self.words["shared"]
        words.places = nn.Embedding(max(c.maximumSource, c.maximumTarget) + 1, c.hidden)
        words.languages = nn.Embedding(len(LANGUAGES), c.hidden)
        words.norm = norm(c.hidden)

    def embed(self, language, ids):
        words = self.words["shared"]
        mark = words.languages.weight[LANGUAGES.index(language)]
        return words.drop(words.norm(words(ids) + words.places.weight[:ids.shape[1]] + mark))

    def masked_score(self, language, ids, valid, hidden, answers):
        """Log-probabilities [B, N] of the tokens hidden in `ids` where `hidden`."""
        return token_scores(self.words["shared"].logits, self.encode(language, ids, valid), hidden, answers)
