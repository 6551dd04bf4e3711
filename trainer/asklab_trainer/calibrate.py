"""Static activation scales for int8 products (docs/model-bundle.md, "Precision").

    python -m asklab_trainer.pack CHECKPOINT FOLDER --data ROWS  # calls calibrate for an int8 bundle
    scales = calibrate(model, {"en": rows, ...})                # rows as finetune reads them

Forty training rows a language are enough: each gives hundreds of values for every one of its tokens.
A static scale makes an output independent of its batch; a scale measured per batch would not.
"""
import torch

from .model import SEPARATOR

CLIPPED = 1e-4  # share of the magnitudes that lie above the scale: the 99.99th percentile
KEPT = 20_000  # largest magnitudes kept per product: exact for up to KEPT / CLIPPED = 2e8 values


class Magnitudes:
    """The largest magnitudes of a stream of tensors."""

    def __init__(self):
        self.count, self.largest = 0, torch.zeros(0)

    def add(self, x):
        self.count += x.numel()
        x = torch.cat([self.largest, x.abs().float().flatten().cpu()])
        self.largest = x.topk(min(KEPT, x.numel())).values

    def percentile(self):
        return self.largest[min(int(self.count * CLIPPED), len(self.largest) - 1)].item()


def watched(model):
    """(module, key, whether its output counts instead of its input) of every product that may run in int8."""
    for n, block in enumerate(model.shared.blocks):
        yield block.attention.query, f"blocks.{n}.attention.input", False
        yield block.attention.output, f"blocks.{n}.attention.output", False
        yield block.mlp.up, f"blocks.{n}.mlp.input", False
        yield block.mlp.down, f"blocks.{n}.mlp.middle", False
    for language, low in model.low.items():
        yield low.output.dense, f"output.dense.input.{language}", False
        yield low.output.norm, f"output.vocabulary.input.{language}", True


@torch.no_grad()
def calibrate(model, rows):
    """Key -> scale: the 99.99th percentile of the magnitudes that enter each product over `rows`, divided by 127.

    `rows`: language -> [{"source": ids, "segments": 0/1/2 per source token, "target": ids}].
    A language without rows gets no scales of its own, and its output products stay in fp32. ValueError without any row.
    """
    if not any(rows.values()):
        raise ValueError("calibration needs rows: give the encoded pairs of some training passages")
    seen, training = {}, model.training

    def hook(key, after):
        seen[key] = Magnitudes()
        return lambda module, inputs, output: seen[key].add(output if after else inputs[0])

    hooks = [module.register_forward_hook(hook(key, after)) for module, key, after in watched(model)]
    device = next(model.parameters()).device
    model.eval()
    try:
        for language, own in rows.items():
            for row in own:  # one at a time: padding would count
                source, target = list(row["source"]), list(row["target"])
                ids = torch.tensor([source + [SEPARATOR] + target], device=device)
                segments = torch.tensor([list(row["segments"]) + [row.get("separator", 0)] + [0] * len(target)], device=device)
                lengths = (torch.tensor([n], device=device) for n in (len(source), ids.shape[1]))
                model(language, ids, segments, *lengths)
    finally:
        for handle in hooks:
            handle.remove()
        model.train(training)
    return {key: max(values.percentile(), 1e-6) / 127 for key, values in sorted(seen.items()) if values.count}
