#!/usr/bin/python3
"""Records what scikit-learn 1.2.1 (numpy 1.24) says of the cases below, for Tests/Evaluation/ScikitLearnTests.cs.

Run in this folder, without arguments: ./record.py (writes cases.json). Values that scikit-learn does not have are computed here
in numpy: calibration errors, log-loss reduction, the multiclass Brier score, and averages with zero_division=nan, which came with
scikit-learn 1.3 and follow its _nanaverage. Top-k accuracy is counted here too, because our order among equal scores is not
scikit-learn's; where no scores are equal, the two are compared.
"""

import json
import math
import warnings

import numpy as np
from sklearn import metrics

BINS = 15


def fractions(classes, rows, seed):
    """Whole numbers from a linear congruential generator, which the C# test repeats; a score is its number over the sum of its row."""
    state, numbers, labels = seed, np.empty((rows, classes)), np.empty(rows, np.int64)
    for row in range(rows):
        for column in range(classes):
            state = (state * 1103515245 + 12345) % 2**31
            numbers[row, column] = (state >> 16) % 1000 + 1
        state = (state * 1103515245 + 12345) % 2**31
        draw = (state >> 16) % classes
        labels[row] = draw if row % 3 == 0 else numbers[row].argmax()
    return labels, numbers / numbers.sum(1, keepdims=True)


def softmax(logits):
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)


def drawn(classes, rows, seed, truth=None, strength=1.5):
    """Labels, drawn from `truth` if given, and probabilities that are right more often than not."""
    random = np.random.default_rng(seed)
    labels = random.choice(truth or range(classes), rows)
    logits = random.standard_normal((rows, classes))
    logits[np.arange(rows), labels] += strength
    return labels, softmax(logits)


def one_hot(truth, predicted, classes):
    return np.array(truth), np.eye(classes)[predicted]


def cases():
    """(name, labels, scores, weights)"""
    random = np.random.default_rng(7)
    yield "three classes", np.array([0, 0, 1, 1, 2, 2]), np.array(
        [[.7, .2, .1], [.4, .5, .1], [.1, .8, .1], [.2, .2, .6], [.1, .2, .7], [.3, .3, .4]]), None
    yield "PyCM's example", *one_hot([2, 0, 2, 2, 0, 1, 1, 2, 2, 0, 1, 2], [0, 0, 2, 1, 0, 2, 1, 0, 2, 0, 2, 2], 3), None
    yield "macro F1 is no F1 of macros", *one_hot([0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 2, 2], 3), None
    labels, _ = drawn(4, 60, 1)
    yield "ties", labels, random.choice([[.25, .25, .25, .25], [.5, .5, 0, 0], [.1, .4, .1, .4], [0, .2, .4, .4]], 60), None
    yield "a class without rows", *drawn(4, 40, 2, truth=[0, 1, 3]), None
    labels, scores = drawn(4, 40, 3)
    scores[:, 2] /= 1000
    scores /= scores.sum(1, keepdims=True)
    yield "a class never predicted", labels, scores, None
    labels, scores = drawn(5, 40, 4, truth=[0, 2, 4])
    scores[:, 1] /= 1000
    scores /= scores.sum(1, keepdims=True)
    yield "a class neither there nor predicted", labels, scores, None
    yield "every prediction is a class without rows", *one_hot([0, 1, 0, 1], [2, 3, 2, 2], 4), None
    yield "weights", *drawn(4, 80, 5), random.uniform(.1, 3, 80)
    yield "whole weights and zeros", *drawn(3, 50, 6), random.integers(0, 4, 50).astype(float)
    yield "weights and ties", labels[:40], random.choice([[.2, .2, .2, .2, .2], [.4, 0, .4, 0, .2]], 40), random.uniform(0, 1, 40)
    labels, scores = drawn(4, 30, 8)
    weights = random.uniform(.5, 1.5, 30)
    weights[labels == 2] = 0
    yield "a class of no weight", labels, scores, weights
    yield "two classes", *drawn(2, 50, 9), None
    yield "two classes with weights", *drawn(2, 50, 10), random.uniform(.1, 2, 50)
    yield "one class present", *drawn(3, 20, 11, truth=[1], strength=.5), None
    yield "one class present and all right", *one_hot([1, 1, 1], [1, 1, 1], 3), None
    yield "one row", np.array([1]), np.array([[.2, .5, .3]]), None
    yield "twelve classes", *drawn(12, 300, 12), None
    yield "perfect", *one_hot(list(range(4)) * 3, list(range(4)) * 3, 4), None
    yield "all wrong", *one_hot([0, 1, 2, 0, 1, 2], [1, 2, 0, 2, 0, 1], 3), None
    yield "probabilities of 0 and 1", np.array([0, 0, 1, 1, 2, 2]), np.array(
        [[1, 0, 0], [0, 1, 0], [0, 1, 0], [.5, .5, 0], [0, 0, 1], [1, 0, 0]], float), None
    yield "single precision", *(lambda labels, scores: (labels, scores.astype(np.float32).astype(float)))(*drawn(6, 100, 13)), None
    random = np.random.default_rng(14)
    yield "logits", random.integers(0, 3, 40), 3 * random.standard_normal((40, 3)), None
    yield "few decimals", *(lambda labels, scores: (labels, scores.round(1)))(*drawn(3, 60, 15)), None
    yield "fifty classes", *fractions(50, 2000, 16), None


def nan_average(values, weights=None):
    """scikit-learn 1.3's _nanaverage."""
    values = np.asarray(values, float)
    there = ~np.isnan(values)
    if not there.any():
        return math.nan
    if weights is None or weights[there].sum() == 0:
        return np.mean(values[there])
    return np.average(values[there], weights=weights[there])


def averages(labels, predictions, classes, weights):
    """Precision, recall and F1 by zero division: macro, weighted, micro and per class."""
    confusion = metrics.confusion_matrix(labels, predictions, labels=classes, sample_weight=weights).astype(float)
    hits, actual, predicted = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    with np.errstate(all="ignore"):
        strict = {"precision": hits / predicted, "recall": hits / actual, "f1": 2 * hits / (actual + predicted)}
    result = {"nan": {f"macro_{key}": nan_average(value) for key, value in strict.items()}
              | {f"weighted_{key}": nan_average(value, actual) for key, value in strict.items()}
              | {"perClass": {key: value.tolist() for key, value in strict.items()}}}
    for zero in (0, 1):
        result[str(zero)] = {"perClass": {}}
        for average in ("macro", "weighted", "micro", None):
            values = metrics.precision_recall_fscore_support(
                labels, predictions, labels=classes, average=average, zero_division=zero, sample_weight=weights)
            for key, value in zip(("precision", "recall", "f1"), values):
                if average:
                    result[str(zero)][f"{average}_{key}"] = value
                else:
                    result[str(zero)]["perClass"][key] = value.tolist()
                    # Where 0/0 does not occur, zero division changes nothing.
                    assert np.allclose(value, strict[key], equal_nan=True, atol=1e-12) or np.isnan(strict[key]).any()
    result["nan"] |= {key: value for key, value in result["0"].items() if key.startswith("micro")}
    return result


def top_k(labels, scores, weights):
    own = scores[np.arange(len(labels)), labels][:, None]
    earlier = np.arange(scores.shape[1])[None] < labels[:, None]
    ranks = ((scores > own) | ((scores == own) & earlier)).sum(1)
    classes = scores.shape[1]
    values = [np.average(ranks < k, weights=weights) for k in range(1, classes + 1)]
    if classes > 2 and all(len(set(row)) == classes for row in scores.tolist()):
        for k in range(1, classes):
            assert math.isclose(values[k - 1], metrics.top_k_accuracy_score(
                labels, scores, k=k, sample_weight=weights, labels=np.arange(classes)), abs_tol=1e-12)
    return values


def gaps(confidences, hits, weights):
    """(weight, |accuracy − confidence|) of each bin that is not empty; the bins are (lower, upper]."""
    edges = np.arange(BINS + 1) / BINS
    bins = np.clip(np.searchsorted(edges, confidences, side="left") - 1, 0, BINS - 1)
    for b in range(BINS):
        inside = (bins == b) & (weights > 0)
        if inside.any():
            total = weights[inside].sum()
            yield total, abs(np.average(hits[inside], weights=weights[inside]) - np.average(confidences[inside], weights=weights[inside]))


def calibration(labels, predictions, scores, weights):
    if (scores.max(1) > 1 + 1e-6).any() or (scores.max(1) < -1e-6).any():
        return math.nan, math.nan
    found = list(gaps(scores.max(1), predictions == labels, weights))
    return sum(weight * gap for weight, gap in found) / weights.sum(), max(gap for _, gap in found)


def expected(labels, scores, weights):
    classes = np.arange(scores.shape[1])
    predictions = scores.argmax(1)
    ones = np.ones(len(labels)) if weights is None else weights
    weighting = {"sample_weight": weights}
    shares = np.array([ones[labels == c].sum() for c in classes]) / ones.sum()
    entropy = -sum(share * math.log(share) for share in shares if share > 0)
    log_loss = metrics.log_loss(labels, scores, labels=classes, **weighting)
    ece, mce = calibration(labels, predictions, scores, ones)

    roc_auc, average_precision = [], []
    for c in classes:
        one = labels == c
        there, others = ones[one].sum() > 0, ones[~one].sum() > 0
        average_precision.append(metrics.average_precision_score(one, scores[:, c], **weighting) if there else math.nan)
        roc_auc.append(metrics.roc_auc_score(one, scores[:, c], **weighting) if there and others else math.nan)

    mcc = metrics.matthews_corrcoef(labels, predictions, **weighting)
    return {
        "accuracy": metrics.accuracy_score(labels, predictions, **weighting),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predictions, **weighting),
        "cohen_kappa": metrics.cohen_kappa_score(labels, predictions, labels=classes, **weighting),
        "mcc": mcc,
        "log_loss": log_loss,
        "log_loss_reduction": (entropy - log_loss) / entropy if entropy > 0 else math.nan,
        "brier": np.average(((scores - np.eye(len(classes))[labels]) ** 2).sum(1), weights=weights),
        "ece": ece,
        "mce": mce,
        "macro_roc_auc": nan_average(roc_auc),
        "macro_average_precision": nan_average(average_precision),
        "top_k_accuracy": top_k(labels, scores, weights),
        "roc_auc": roc_auc,
        "average_precision": average_precision,
        "confusion": metrics.confusion_matrix(labels, predictions, labels=classes, **weighting).astype(float).tolist(),
        "averages": averages(labels, predictions, classes, weights),
    }


def plain(value):
    """`value` as JSON can hold it: numpy numbers as Python's, NaN as null."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def main():
    warnings.filterwarnings("ignore")
    recorded = []
    for name, labels, scores, weights in cases():
        entry = {"name": name, "classes": scores.shape[1]}
        if name == "fifty classes":
            entry |= {"generator": {"rows": 2000, "seed": 16}}
        else:
            entry |= {"truth": labels.tolist(), "scores": scores.tolist(), "weights": None if weights is None else weights.tolist()}
        recorded.append(plain(entry | {"expected": expected(labels, scores, weights)}))
    with open("cases.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False, allow_nan=False) for entry in recorded) + "\n]\n")


if __name__ == "__main__":
    main()
