#!/usr/bin/python3
"""Records what torch's optimisers and schedules do, as the reference of Learning/Optimization.

Run in this folder: ./optimization.py > optimization.json   (recorded with torch 1.13.0, numpy 1.24.2)

37 weights, the last 7 of them in a group without weight decay, are moved 6 times by drawn gradients, and the weights after every step are
written down. Learning rates are those of every step, or of every epoch where the schedule goes by epochs.
"""

import json
import warnings

import numpy as np
import torch
from torch.optim import lr_scheduler

DECAYING, PLAIN, STEPS = 30, 7, 6

OPTIMIZERS = {
    "sgd": ({"LearningRate": 0.1, "Momentum": 0.0}, torch.optim.SGD, dict(lr=0.1)),
    "sgd momentum decay": (
        {"LearningRate": 0.05, "Momentum": 0.9, "WeightDecay": 0.01}, torch.optim.SGD, dict(lr=0.05, momentum=0.9, weight_decay=0.01)),
    "sgd nesterov": (
        {"LearningRate": 0.05, "Momentum": 0.9, "Nesterov": True, "WeightDecay": 0.001},
        torch.optim.SGD, dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.001)),
    "rmsprop": ({}, torch.optim.RMSprop, dict(lr=1e-3, alpha=0.9, eps=1e-7)),
    "rmsprop decay": (
        {"Rho": 0.99, "Epsilon": 1e-8, "WeightDecay": 0.1}, torch.optim.RMSprop, dict(lr=1e-3, alpha=0.99, eps=1e-8, weight_decay=0.1)),
    "rmsprop momentum": (
        {"LearningRate": 0.01, "Momentum": 0.9, "WeightDecay": 0.1}, torch.optim.RMSprop, dict(lr=0.01, alpha=0.9, eps=1e-7, momentum=0.9, weight_decay=0.1)),
    "adam": ({}, torch.optim.Adam, dict(lr=1e-3)),
    "adam decay": (
        {"Beta1": 0.8, "Beta2": 0.99, "WeightDecay": 0.1}, torch.optim.Adam, dict(lr=1e-3, betas=(0.8, 0.99), weight_decay=0.1)),
    "adamw": ({"LearningRate": 0.01}, torch.optim.AdamW, dict(lr=0.01, weight_decay=0.01)),
    "adam clipped by norm": ({"clip norm": 2.5}, torch.optim.Adam, dict(lr=1e-3)),
    "sgd clipped by value": ({"LearningRate": 0.1, "Momentum": 0.0, "clip value": 0.5}, torch.optim.SGD, dict(lr=0.1)),
}


def record_optimizer(name, start, gradients):
    settings, make, arguments = OPTIMIZERS[name]
    decaying = torch.tensor(start[:DECAYING], requires_grad=True)
    plain = torch.tensor(start[DECAYING:], requires_grad=True)
    optimizer = make([{"params": [decaying]}, {"params": [plain], "weight_decay": 0.0}], **arguments)
    after = []
    for gradient in gradients:
        decaying.grad = torch.tensor(gradient[:DECAYING])
        plain.grad = torch.tensor(gradient[DECAYING:])
        if "clip norm" in settings:
            torch.nn.utils.clip_grad_norm_([decaying, plain], settings["clip norm"])
        if "clip value" in settings:
            torch.nn.utils.clip_grad_value_([decaying, plain], settings["clip value"])
        optimizer.step()
        after.append(torch.cat([decaying, plain]).tolist())
    return {"name": name, "settings": settings, "after": after}


def rates(make, count, metrics=None):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    schedule = make(optimizer)
    values = []
    for index in range(count):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step(metrics[index]) if metrics else schedule.step()
    return values


def warm_up_then_cosine(optimizer):
    warm = lr_scheduler.LinearLR(optimizer, start_factor=1 / 6, total_iters=5)
    return lr_scheduler.SequentialLR(optimizer, [warm, lr_scheduler.CosineAnnealingLR(optimizer, T_max=15)], milestones=[5])


def main():
    warnings.simplefilter("ignore")
    random = np.random.default_rng(7)
    start = random.normal(size=DECAYING + PLAIN).astype(np.float32)
    gradients = random.normal(size=(STEPS, DECAYING + PLAIN)).astype(np.float32)
    gradients[:, 3] = 0
    gradients[:, 4] *= 1e-6
    falling = [1.0, 0.8, 0.81, 0.82, 0.79999, 0.83, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.6, 0.61, 0.62, 0.63, 0.64]
    rising = [0.1, 0.2, 0.2, 0.2, 0.2, 0.3, 0.29, 0.28, 0.27, 0.26, 0.25]
    print(json.dumps({
        "decaying": DECAYING,
        "start": [float(value) for value in start],
        "gradients": [[float(value) for value in row] for row in gradients],
        "optimizers": [record_optimizer(name, start, gradients) for name in OPTIMIZERS],
        "schedules": {
            "step": rates(lambda o: lr_scheduler.StepLR(o, step_size=3, gamma=0.5), 11),
            "cosine": rates(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=20, eta_min=0.05), 20),
            "warm-up, cosine": rates(warm_up_then_cosine, 20),
            "one cycle": rates(lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.5, total_steps=40, cycle_momentum=False), 40),
            "one cycle, uneven": rates(
                lambda o: lr_scheduler.OneCycleLR(
                    o, max_lr=0.5, total_steps=33, pct_start=0.4, div_factor=10, final_div_factor=100, cycle_momentum=False), 33),
            "plateau": rates(
                lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=1e-3), len(falling), falling),
            "plateau, cooldown": rates(
                lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=2, min_lr=0.2), len(falling), falling),
            "plateau, rising": rates(
                lambda o: lr_scheduler.ReduceLROnPlateau(o, mode="max", factor=0.1, patience=2), len(rising), rising),
        },
        "falling": falling,
        "rising": rising,
    }, indent=1))


if __name__ == "__main__":
    main()
