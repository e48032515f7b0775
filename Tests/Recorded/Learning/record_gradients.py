#!/usr/bin/python3
"""Records losses, gradients and running statistics of small networks as PyTorch computes them, for RecordedTorchTests.

Run in this folder: ./record_gradients.py > gradients.json   (recorded with torch 1.13.0, numpy 1.24.2)

Everything is computed in double. Weights and batches are made by the formula that NetworkCase has in C#, so that only results are
recorded: the loss of one step in training, of each gradient its sum, sum of squares, largest magnitude and some entries (those at the
places that SeededRandom draws), the running statistics after the step, and the loss of the same batch in use. Standard error tells
how far PyTorch in single precision is from that, for each network.
"""

import json
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as functional

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "Benchmarks", "peers"))
from networks import Dense, build  # noqa: E402

MASK = 2**64 - 1
STEP = 0x9E3779B97F4A7C15


def scramble(bits):
    """SplitMix64's; of an int or of an array of uint64."""
    mask = MASK if isinstance(bits, int) else np.uint64(MASK)
    number = int if isinstance(bits, int) else np.uint64
    bits = ((bits ^ (bits >> number(30))) * number(0xBF58476D1CE4E5B9)) & mask
    bits = ((bits ^ (bits >> number(27))) * number(0x94D049BB133111EB)) & mask
    return bits ^ (bits >> number(31))


def key_of(*parts):
    key = STEP
    for part in parts:
        key = scramble(key ^ scramble((part + STEP) & MASK))
    return key


class SeededRandom:
    """MLPipelines.Learning.SeededRandom."""

    def __init__(self, key):
        self.state = key

    def bits(self, count):
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(STEP) + np.uint64(self.state)
        self.state = (self.state + count * STEP) & MASK
        return scramble(steps)

    def draw(self, count, middle, width):
        """Numbers around `middle`, multiples of 2⁻²⁰."""
        uniform = (self.bits(count) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return np.rint((middle + width * (2 * uniform - 1)) * 2**20) / 2**20

    def places(self, count, bound):
        return [(int(bits) * bound) >> 64 for bits in self.bits(count)]


def to_ours(parameter, module):
    """A parameter of PyTorch in our layout: convolutions [ky][kx][in][out], dense layers [in][out], channels last."""
    if isinstance(module, nn.Conv2d) and parameter.dim() == 4:
        return parameter.permute(2, 3, 1, 0)
    if isinstance(module, Dense) and parameter.dim() == 2:
        return parameter.view(-1, *module.image).permute(2, 3, 1, 0).flatten(0, 2)
    return parameter


def parameters_of(model):
    for module in model.modules():
        for name, parameter in module.named_parameters(recurse=False):
            yield module, name, parameter


def fill(model):
    """Gives the model the weights and running statistics of NetworkCase."""
    with torch.no_grad():
        random = SeededRandom(key_of(1, sum(parameter.numel() for parameter in model.parameters())))
        for module, name, parameter in parameters_of(model):
            ours = to_ours(parameter, module)
            is_scale = isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and name == "weight"
            fan_in = 4 if parameter.dim() == 1 else ours.numel() // ours.shape[-1]
            middle, width = (1, 0.5) if is_scale else (0, np.sqrt(6.0 / fan_in))
            drawn = torch.from_numpy(random.draw(ours.numel(), middle, width)).view(ours.shape)
            if isinstance(module, Dense) and parameter.dim() == 2:
                channels, height, width = module.image
                drawn = drawn.view(height, width, channels, -1).permute(3, 2, 0, 1).reshape(parameter.shape)
            elif parameter.dim() == 4:
                drawn = drawn.permute(3, 2, 0, 1)
            parameter.copy_(drawn)
        norms = [module for module in model.modules() if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d))]
        random = SeededRandom(key_of(2, sum(2 * norm.num_features for norm in norms)))
        for norm in norms:
            norm.running_mean.copy_(torch.from_numpy(random.draw(norm.num_features, 0, 0.5)))
            norm.running_var.copy_(torch.from_numpy(random.draw(norm.num_features, 1, 0.5)))
    return norms


def compute(network, precision):
    """One step in training from the weights of NetworkCase, then the loss in use."""
    torch.manual_seed(0)
    shape, samples, classes = network["input"], network["samples"], network["classes"]
    model = build(network["definition"], shape, classes).to(precision)
    norms = fill(model)
    x = torch.from_numpy(SeededRandom(key_of(3, 0)).draw(samples * int(np.prod(shape)), 0, 1)).view(samples, *shape).permute(0, 3, 1, 2)
    x = x.contiguous().to(precision)
    labels = torch.tensor([(7 * sample + 3) % classes for sample in range(samples)])
    loss = functional.cross_entropy(model.train()(x), labels)
    loss.backward()
    gradients = [to_ours(parameter.grad, module).double().reshape(-1).numpy() for module, _, parameter in parameters_of(model)]
    statistics = [values.double().numpy() for norm in norms for values in (norm.running_mean, norm.running_var)]
    with torch.inference_mode():
        in_use = functional.cross_entropy(model.eval()(x), labels)
    return loss.item(), gradients, statistics, in_use.item()


def digits(value):
    return float(f"{value:.11g}")


def record(network, entries):
    loss, gradients, statistics, in_use = compute(network, torch.float64)
    single_loss, single, _, _ = compute(network, torch.float32)
    worst = max(np.abs(a - b).max() / np.abs(a).max() for a, b in zip(gradients, single))
    print(f"{network['definition']['name']}: loss {loss:.6f}; single precision off by {abs(loss - single_loss):.1e} in the loss "
          f"and {worst:.1e} of the largest in the gradients", file=sys.stderr)
    return {
        **network, "loss": digits(loss), "lossInUse": digits(in_use),
        "state": [digits(value) for values in statistics for value in values],
        "gradients": [{
            "length": len(gradient), "sum": digits(gradient.sum()), "sumOfSquares": digits((gradient**2).sum()),
            "largest": digits(np.abs(gradient).max()),
            "entries": [digits(gradient[place]) for place in SeededRandom(key_of(5, tensor)).places(entries, len(gradient))],
        } for tensor, gradient in enumerate(gradients)],
    }


def conv(filters, kernel=3, **others):
    return {"type": "conv2d", "filters": filters, "kernel": kernel, **others}


def dense(units):
    return {"type": "dense", "units": units}


def residual(layers, shortcut=()):
    return {"type": "residual", "layers": list(layers), "shortcut": list(shortcut)}


RELU, NORM, MAX, FLATTEN, MEAN, OUTPUT = ({"type": kind} for kind in ("relu", "batchnorm", "maxpool", "flatten", "globalavgpool", "dense"))
NO_DROPOUT = {"type": "dropout", "rate": 0}


def normalized(filters, **others):
    return conv(filters, padding="same", bias=False, **others), NORM, RELU


TUTORIALS = {
    "mlp": [FLATTEN, dense(512), RELU, NO_DROPOUT, dense(512), RELU, NO_DROPOUT, OUTPUT],
    "tutorial-cnn": [conv(32), RELU, conv(64), RELU, MAX, NO_DROPOUT, FLATTEN, dense(128), RELU, NO_DROPOUT, OUTPUT],
}

SMALL = {
    "strides and paddings": ((11, 9, 3), 4, [
        conv(8, 5, stride=2, padding=2), RELU, conv(6, 2, padding=1), RELU, conv(5, 1, stride=2), conv(7, 3, padding=2), RELU, OUTPUT]),
    "groups": ((7, 6, 6), 4, [conv(12, groups=2, padding="same"), RELU, conv(24, groups=12, stride=2), RELU, conv(5, 1), OUTPUT]),
    "overlapping pools": ((12, 13, 2), 4, [
        conv(6), RELU, {"type": "maxpool", "size": 3, "stride": 2}, conv(5, 1), {"type": "avgpool", "size": 2, "stride": 1}, RELU, OUTPUT]),
    "pools with remainders": ((11, 9, 3), 4, [{"type": "avgpool"}, conv(8, padding="same"), RELU, MAX, dense(6), RELU, OUTPUT]),
    "normalised vectors": ((1, 1, 10), 9, [
        {**dense(12), "bias": False}, NORM, RELU, {**dense(9), "bias": False}, {"type": "batchnorm", "momentum": 0.5, "epsilon": 0.01}, RELU, OUTPUT]),
    "a residual block": ((8, 8, 3), 4, [
        *normalized(8), residual([*normalized(8), conv(8, padding="same", bias=False), NORM]), RELU, MEAN, OUTPUT]),
    "residual blocks that shrink": ((9, 9, 3), 5, [
        *normalized(8),
        residual([*normalized(12, stride=2), conv(12, padding="same", bias=False), NORM], [conv(12, 1, stride=2, bias=False), NORM]), RELU,
        residual([RELU, residual([conv(12, 1)])], [conv(12, padding="same")]), RELU, MEAN, OUTPUT]),
}


def main():
    networks = [record({"definition": {"name": name, "layers": layers}, "input": [28, 28, 1], "classes": 10, "samples": 8}, 200)
                for name, layers in TUTORIALS.items()]
    networks += [record({"definition": {"name": name, "layers": layers}, "input": shape, "classes": 5, "samples": samples}, 40)
                 for name, (shape, samples, layers) in SMALL.items()]
    print("[\n" + ",\n".join(json.dumps(network) for network in networks) + "\n]")


if __name__ == "__main__":
    main()
