"""Writes expected.json: agreement, correlations and tests of synthetic numbers by krippendorff 0.9.0, scikit-learn 1.9.1,
statsmodels 0.15.0 and scipy 1.17.1.

pip install krippendorff scikit-learn statsmodels scipy, then: python make.py
"""
import json
import random
from pathlib import Path

import krippendorff
import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower


def ratings(draw, raters, items, scale, missing):
    truth = [draw.choice(scale) for _ in range(items)]
    return [
        [None if draw.random() < missing else value if draw.random() < 0.6 else draw.choice(scale) for value in truth]
        for _ in range(raters)
    ]


def agreement(draw, raters, items, scale, missing):
    table = ratings(draw, raters, items, scale, missing)
    data = np.array([[np.nan if value is None else value for value in row] for row in table], dtype=float)
    result = {"ratings": table}
    for level in ("nominal", "ordinal", "interval"):
        result[level] = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
    both = [(left, right) for left, right in zip(*table[:2]) if left is not None and right is not None]
    lefts, rights = zip(*both)
    result["observed"] = float(np.mean([left == right for left, right in both]))
    result["kappa"] = cohen_kappa_score([str(value) for value in lefts], [str(value) for value in rights])
    cross = np.zeros((len(scale), len(scale)))
    for left, right in both:
        cross[scale.index(left), scale.index(right)] += 1
    for weight in ("linear", "quadratic"):
        result["kappa" + weight.capitalize()] = cohens_kappa(cross, weights=np.array(scale), wt=weight).kappa
    by_size = {}
    for unit in zip(*table):
        given = [value for value in unit if value is not None]
        if len(given) > 1:
            by_size.setdefault(len(given), []).append(given)
    usual = max(by_size, key=lambda size: (len(by_size[size]), size))
    counts, _ = aggregate_raters(np.array(by_size[usual]))
    result["fleiss"] = fleiss_kappa(counts)
    result["fleissRatings"] = usual
    return result


def correlation(left, right):
    return {
        "left": left,
        "right": right,
        "pearson": stats.pearsonr(left, right).statistic,
        "spearman": stats.spearmanr(left, right).statistic,
        "kendall": stats.kendalltau(left, right, variant="b").statistic,
    }


def paired(differences):
    test = stats.permutation_test(
        (np.array(differences),), lambda sample, axis: np.mean(sample, axis=axis),
        permutation_type="samples", n_resamples=np.inf, vectorized=True,
    )
    return {"differences": differences, "p": test.pvalue}


def cliff(left, right):
    above = stats.mannwhitneyu(left, right).statistic
    return {"left": left, "right": right, "delta": 2 * above / (len(left) * len(right)) - 1}


if __name__ == "__main__":
    draw = random.Random(20261125)
    expected = {
        "agreement": [
            agreement(draw, 3, 120, [0, 1, 2], 0.15),
            agreement(draw, 2, 200, [0, 1], 0),
            agreement(draw, 5, 80, [0, 1, 2, 5], 0.5),
            agreement(draw, 4, 60, [-1, 0, 0.5, 3, 4], 0.3),
        ],
        "correlation": [
            correlation([draw.gauss(0, 1) for _ in range(40)], [draw.gauss(0, 1) for _ in range(40)]),
            correlation(*(lambda base: (base, [value + draw.choice([0, 0, 1]) for value in base]))([draw.choice([0, 1, 2]) for _ in range(150)])),
            correlation([1.0, 2.0, 3.0, 4.0], [8.0, 6.0, 4.0, 1.0]),
        ],
        "permutation": [
            paired([draw.choice([-1, 0, 0, 1, 2]) for _ in range(14)]),
            paired([draw.gauss(0.4, 1) for _ in range(12)]),
            paired([0.1, 0.2, 0.3, -0.1, 0.1, 0.1]),
        ],
        "cliff": [
            cliff([draw.choice([0, 1, 2]) for _ in range(50)], [draw.choice([0, 1, 1, 2, 2]) for _ in range(40)]),
            cliff([draw.gauss(0, 1) for _ in range(9)], [draw.gauss(1, 1) for _ in range(11)]),
        ],
    }
    p_values = [draw.random() ** 3 for _ in range(10)] + [0.01, 0.01, 1.0]
    expected["holm"] = {"p": p_values, "adjusted": list(multipletests(p_values, method="holm")[1])}
    # One sample (ratio 0): the effect size in deviations that a test of n units shows with the given power.
    expected["power"] = [
        {"items": items, "alpha": alpha, "power": power,
         "size": float(NormalIndPower().solve_power(nobs1=items, alpha=alpha, power=power, ratio=0, alternative="two-sided"))}
        for items, alpha, power in [(50, 0.05, 0.8), (250, 0.05, 0.8), (30, 0.01, 0.9)]
    ]
    expected["quantiles"] = [[share, float(stats.norm.ppf(share))] for share in (1e-6, 0.01, 0.3, 0.5, 0.8, 0.975, 0.9999)]
    samples = [draw.gauss(0, 1) for _ in range(997)]
    expected["percentile"] = {"samples": samples, "low": float(np.quantile(samples, 0.025)), "high": float(np.quantile(samples, 0.975))}
    differences = [draw.gauss(0.2, 1) for _ in range(30)]
    expected["cohenD"] = {"differences": differences, "d": float(np.mean(differences) / np.std(differences, ddof=1))}
    text = json.dumps(expected, indent=1)
    (Path(__file__).parent / "expected.json").write_text(text + "\n", encoding="utf-8")
