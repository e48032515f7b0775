#!/usr/bin/python3
"""Records temperatures fitted by torch (LBFGS) and SciPy (bounded search), as the reference of TemperatureScaling.Fit.

Run in this folder: ./temperature.py > temperature.json   (recorded with torch 1.13.0, SciPy 1.10.1, numpy 1.24.2)

Both work in double on float32 scores; what is recorded is torch's, and the script fails if SciPy's differs by 1e-6.
"""

import json

import numpy as np
import torch
import torch.nn.functional as functional
from scipy.optimize import minimize_scalar


def loss_of(z, labels, weights, temperature):
    losses = functional.cross_entropy(z / temperature, labels, reduction="none")
    return (losses * weights).sum() / weights.sum()


def fit_torch(z, labels, weights):
    b = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([b], lr=1, max_iter=500, tolerance_grad=1e-13, tolerance_change=1e-15, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = loss_of(z, labels, weights, 1 / b)
        loss.backward()
        return loss

    optimizer.step(closure)
    return 1 / b.item()


def fit_scipy(z, labels, weights):
    with torch.inference_mode():
        return minimize_scalar(lambda t: loss_of(z, labels, weights, t).item(), bounds=(0.02, 50), method="bounded", options={"xatol": 1e-11}).x


def record(name, scores, labels, weights=None, probabilities=False):
    scores = scores.astype(np.float32)
    z = torch.from_numpy(scores.astype(np.float64))
    if probabilities:
        z = torch.log(z.clamp_min(1.17549435e-38))
    y = torch.from_numpy(labels)
    w = torch.ones(len(labels), dtype=torch.float64) if weights is None else torch.from_numpy(weights)
    found, checked = fit_torch(z, y, w), fit_scipy(z, y, w)
    assert abs(found - checked) < 1e-6 * found, (name, found, checked)
    return {
        "name": name, "classes": scores.shape[1], "probabilities": probabilities,
        "scores": [float(value) for value in scores.ravel()], "labels": labels.tolist(),
        "weights": [] if weights is None else weights.tolist(),
        "temperature": found, "lossBefore": loss_of(z, y, w, 1.0).item(), "lossAfter": loss_of(z, y, w, found).item(),
    }


def main():
    random = np.random.default_rng(7)
    cases = []
    for name, classes, rows, signal, stretch in (
            ("too sure", 5, 160, 2.0, 3.0), ("not sure enough", 4, 120, 3.0, 0.2), ("two classes", 2, 90, 1.0, 8.0), ("many classes", 37, 60, 4.0, 1.5)):
        labels = random.integers(0, classes, rows)
        z = random.normal(size=(rows, classes))
        z[np.arange(rows), labels] += signal * 0.7
        z *= stretch
        cases.append(record(name, z, labels))
        if classes == 5:
            cases.append(record("too sure, weighted", z, labels, weights=np.round(random.uniform(0.1, 3, rows), 3)))
            p = np.exp(z - z.max(1, keepdims=True))
            p = (p / p.sum(1, keepdims=True)).astype(np.float32)
            p[3] = 0
            p[3, labels[3]] = 1
            cases.append(record("probabilities, one row exactly 0 and 1", p, labels, probabilities=True))
    print(json.dumps(cases, indent=0))


if __name__ == "__main__":
    main()
