"""CLQG (Kumar et al. 2019): outer layers of each language, inner layers of all; pre-trained by denoising and back-translation.

As in their code the language's layers stand at the text's side: first in the encoder, last in the decoder.
"""
import torch
from torch import nn

from ..tasks import collate
from .layers import DecoderLayer, EncoderLayer, stack
from .search import greedy
from .transformer import Transformer


class Clqg(Transformer):
    def build(self, c, vocabularies):
        self.encoder, self.decoder = stack(EncoderLayer, c, c.sharedLayers), stack(DecoderLayer, c, c.sharedLayers)
        self.outerEncoder = nn.ModuleDict({k: stack(EncoderLayer, c, c.layers) for k in vocabularies})
        self.outerDecoder = nn.ModuleDict({k: stack(DecoderLayer, c, c.decoderLayers) for k in vocabularies})

    def encoder_layers(self, language):
        return [*self.outerEncoder[language], *self.encoder]

    def decoder_layers(self, language):
        return [*self.decoder, *self.outerDecoder[language]]

    def translated(self, rows, language, other):
        """Rows whose source is what the model, as it stands, makes of their text in language `other`."""
        device = next(self.parameters()).device
        ids, _, s, _, _, _ = collate([{**r, "target": []} for r in rows], 1.0, device)
        source = ids[:, :int(s.max())]
        training = self.training
        self.eval()
        written = greedy(self, language, other, source, torch.arange(source.shape[1], device=device) < s[:, None])
        self.train(training)
        return [{"source": w, "segments": [0] * len(w), "target": r["target"]} for w, r in zip(written, rows)]
