"""Weights between two models: python -m asklab_trainer.average BEFORE CHECKPOINT OUT.pt --share 0.6.

Each weight of OUT is 0.6 times CHECKPOINT's and 0.4 times that of BEFORE, a bundle or the checkpoint that CHECKPOINT's run began from.
What a long run learned by heart is lost sooner than what it understood (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""
import argparse

import torch

from .model import load_checkpoint
from .pack import trained


def average(before, after, share):
    """State dictionary between two of the same names and shapes. Raises ValueError where they differ or `share` is not from 0 to 1."""
    if not 0 <= share <= 1:
        raise ValueError("--share must be from 0 to 1")
    if {k: v.shape for k, v in before.items()} != {k: v.shape for k, v in after.items()}:
        raise ValueError("the two models differ in their sizes or languages")
    return {k: torch.lerp(before[k].float(), v.float(), share) for k, v in after.items()}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("before"), p.add_argument("checkpoint"), p.add_argument("out")
    p.add_argument("--share", type=float, default=0.5, help="of the checkpoint's weights")
    a = p.parse_args()
    saved = load_checkpoint(a.checkpoint)
    try:
        saved["model"] = average(trained(a.before)[0], saved["model"], a.share)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    saved["recipe"]["averaged"] = a.share
    torch.save({k: v for k, v in saved.items() if k != "optimizer"}, a.out)


if __name__ == "__main__":
    main()
