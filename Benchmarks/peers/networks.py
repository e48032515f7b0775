"""PyTorch modules of the networks that MLPipelines describes in JSON (`benchmarks describe`), so that both sides compute the same.

Inputs are [N, channels, height, width]. Parameters are registered in the order of MLPipelines: of a residual layer first its layers,
then its shortcut.
"""

import json

import torch.nn as nn


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def build(definition, shape, classes):
    """The network `definition` (the parsed JSON) for samples of `shape` = (height, width, channels)."""
    layers, shape, is_flat = _sequence(definition["layers"], tuple(shape), False, classes)
    if not is_flat:
        layers.append(nn.Flatten())
    if shape != (1, 1, classes):
        raise ValueError(f"the last layer gives {shape} and there are {classes} classes")
    return nn.Sequential(*layers)


class Residual(nn.Module):
    """The sum of two branches over the same input."""

    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)


class Dense(nn.Linear):
    """A linear layer that remembers the image it was flattened from: PyTorch flattens channels first, MLPipelines last."""

    def __init__(self, shape, units, bias):
        height, width, channels = shape
        super().__init__(height * width * channels, units, bias)
        self.image = (channels, height, width)


def _sequence(definitions, shape, is_flat, classes):
    """Modules for a list of layers, the shape that they give, and whether it is flattened."""
    image, modules = shape, []
    for index, layer in enumerate(definitions):
        kind = layer["type"]
        if kind in ("conv2d", "maxpool", "avgpool", "globalavgpool", "residual") and is_flat:
            raise NotImplementedError(f"{kind} after flatten or dense")
        if kind == "conv2d":
            module, shape = _convolution(layer, shape)
        elif kind == "dense":
            if not is_flat:
                modules.append(nn.Flatten())
                image, is_flat = shape, True
            units = layer.get("units", classes)
            module = Dense(image, units, layer.get("bias", True))
            image = shape = (1, 1, units)
        elif kind == "batchnorm":
            if is_flat and image[:2] != (1, 1):
                raise NotImplementedError("batchnorm of a flattened image, whose order differs")
            make = nn.BatchNorm1d if is_flat else nn.BatchNorm2d
            module = make(shape[2], eps=layer.get("epsilon", 1e-5), momentum=1 - layer.get("momentum", 0.9))
        elif kind == "relu":
            # In place spares memory traffic; not where a branch begins, as the other branch reads the same input.
            module = nn.ReLU(inplace=index > 0)
        elif kind in ("maxpool", "avgpool"):
            size = layer.get("size", 2)
            stride = layer.get("stride") or size
            module = (nn.MaxPool2d if kind == "maxpool" else nn.AvgPool2d)(size, stride)
            shape = ((shape[0] - size) // stride + 1, (shape[1] - size) // stride + 1, shape[2])
        elif kind == "globalavgpool":
            module, shape = nn.AdaptiveAvgPool2d(1), (1, 1, shape[2])
        elif kind == "dropout":
            module = nn.Dropout(layer.get("rate", 0.5))
        elif kind == "flatten":
            image = image if is_flat else shape
            module, shape, is_flat = nn.Flatten(), (1, 1, shape[0] * shape[1] * shape[2]), True
        elif kind == "residual":
            inside, output, _ = _sequence(layer["layers"], shape, False, classes)
            shortcut, _, _ = _sequence(layer.get("shortcut", []), shape, False, classes)
            module, shape = Residual(inside, shortcut), output
        else:
            raise NotImplementedError(f"layer type {kind}")
        modules.append(module)
    return modules, shape, is_flat


def _convolution(layer, shape):
    kernel, stride, padding = layer.get("kernel", 3), layer.get("stride", 1), layer.get("padding", 0)
    padding = {"valid": 0, "same": (kernel - 1) // 2}.get(padding, padding)
    module = nn.Conv2d(shape[2], layer["filters"], kernel, stride, padding, groups=layer.get("groups", 1), bias=layer.get("bias", True))
    height, width = ((side + 2 * padding - kernel) // stride + 1 for side in shape[:2])
    return module, (height, width, layer["filters"])
