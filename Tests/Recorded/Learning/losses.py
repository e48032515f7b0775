#!/usr/bin/python3
"""Records losses and their gradients from torch, as the reference of Learning/Losses.

Run in this folder: ./losses.py > losses.json   (recorded with torch 1.13.0, numpy 1.24.2)

9 rows of 5 logits, some of them very large. Cross-entropy is torch's own; the focal loss is its definition, differentiated by torch.
Everything in double. With sample weights and class weights the mean is the weighted sum over the sum of the weights, which for class weights is
what torch does.
"""

import json

import numpy as np
import torch
import torch.nn.functional as functional

CLASSES = 5


def cross_entropy(smoothing):
    return lambda z, y, w: functional.cross_entropy(z, y, weight=w, reduction="none", label_smoothing=smoothing)


def focal(gamma):
    def losses(z, y, w):
        log_p = functional.log_softmax(z, 1).gather(1, y[:, None])[:, 0]
        return -w[y] * (1 - log_p.exp()) ** gamma * log_p
    return losses


def main():
    random = np.random.default_rng(3)
    logits = random.normal(size=(9, CLASSES)).astype(np.float32) * 2
    logits[4] = [900, -900, 0, 899, 100]
    logits[5] = 0
    labels = np.array([0, 1, 2, 3, 0, 4, 1, 3, 2])
    others = np.array([1, 1, 4, 0, 3, 4, 0, 2, 1])
    shares = np.array([1, 1, 0.75, 0.5, 0.9, 1, 0.3, 0, 0.6], np.float32)
    class_weights = np.array([0.5, 1, 2, 1.5, 0.25], np.float32)
    sample_weights = np.array([1, 2, 0, 0.5, 1, 1, 3, 1, 1], np.float32)
    y, other, share = torch.tensor(labels), torch.tensor(others), torch.tensor(shares, dtype=torch.float64)
    cases = []
    for name, loss_of in {
        "cross-entropy": cross_entropy(0.0), "smoothing 0.1": cross_entropy(0.1), "focal 2": focal(2), "focal 0.5": focal(0.5), "focal 0": focal(0),
    }.items():
        for weighted in (False, True):
            w = torch.tensor(class_weights, dtype=torch.float64) if weighted else torch.ones(CLASSES, dtype=torch.float64)
            s = torch.tensor(sample_weights, dtype=torch.float64) if weighted else torch.ones(len(labels), dtype=torch.float64)
            for mixed in (False, True):
                a = share if mixed else torch.ones_like(share)
                z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
                # A share of 0 must not turn an infinite slope into NaN: leave the absent term out.
                first, second = loss_of(z, y, w), loss_of(z, other, w)
                losses = torch.where(a > 0, a * first, 0) + torch.where(a < 1, (1 - a) * second, 0)
                counts = s * (a * w[y] + (1 - a) * w[other])
                mean = (s * losses).sum() / counts.sum()
                mean.backward()
                cases.append({
                    "loss": name, "weighted": weighted, "mixed": mixed, "mean": mean.item(),
                    "losses": losses.tolist(), "gradient": z.grad.tolist(),
                })
    # torch's own reduction agrees with the weights' definition.
    z = torch.tensor(logits, dtype=torch.float64)
    w = torch.tensor(class_weights, dtype=torch.float64)
    own = functional.cross_entropy(z, y, weight=w, label_smoothing=0.1)
    assert abs(own - functional.cross_entropy(z, y, weight=w, label_smoothing=0.1, reduction="none").sum() / w[y].sum()) < 1e-12
    print(json.dumps({
        "logits": logits.tolist(), "labels": labels.tolist(), "others": others.tolist(), "shares": shares.tolist(),
        "classWeights": class_weights.tolist(), "sampleWeights": sample_weights.tolist(), "cases": cases,
    }, indent=1))


if __name__ == "__main__":
    main()
