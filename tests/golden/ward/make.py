"""Writes expected.json: Ward's clustering of synthetic points by scipy 1.17.1, the heights of all merges and some cuts.

pip install scipy, then: python make.py
"""
import json
import random
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage


def case(seed, count, width, centres):
    draw = random.Random(seed)
    middles = [[draw.uniform(-60, 60) for _ in range(width)] for _ in range(centres)]
    points = [[round(draw.gauss(value, 15), 3) for value in draw.choice(middles)] for _ in range(count)]
    merges = linkage(np.array(points), method="ward")
    cuts = [1, 2, 3, centres, count // 2, count - 1, count]
    return {
        "points": points,
        "heights": [float(height) for height in merges[:, 2]],
        "cuts": [
            {"clusters": clusters, "labels": [int(label) for label in fcluster(merges, clusters, "maxclust")]}
            for clusters in cuts
        ],
    }


cases = [case(1, 9, 2, 3), case(2, 40, 3, 5), case(3, 120, 6, 8), case(4, 60, 4, 1)]
Path(__file__).with_name("expected.json").write_text(json.dumps(cases) + "\n")
