#!/usr/bin/python3
"""Speed of training with PyTorch a network in MLPipelines' JSON form: the peer of `benchmarks train`.

    benchmarks describe cnn > cnn.json
    ./train_torch.py cnn.json --input 28,28,1 --classes 10 --threads 2

Milliseconds per batch on random data: gather the rows of a batch, forward, loss, backward, optimiser step. Prints a line of JSON.
Needs Debian's python3-torch and libopenblas0-openmp; what makes the comparison fair stands in ../README.md.
"""

import argparse
import itertools
import json
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as functional
from threadpoolctl import threadpool_info, threadpool_limits

from networks import build, read

# The constants of MLPipelines: RMSprop as in Keras, the others as PyTorch has them.
OPTIMIZERS = {
    "rmsprop": lambda weights: torch.optim.RMSprop(weights, lr=1e-3, alpha=0.9, eps=1e-7),
    "adam": lambda weights: torch.optim.Adam(weights, lr=1e-3),
    "sgd": lambda weights: torch.optim.SGD(weights, lr=1e-2, momentum=0.9),
}


def warn_of_unfairness():
    """Says on standard error which BLAS runs, and what would slow PyTorch down without need."""
    avx512 = "avx512f" in open("/proc/cpuinfo", encoding="utf-8").read()
    for blas in [pool for pool in threadpool_info() if pool["user_api"] == "blas"]:
        kernel, layer = blas.get("architecture", "unknown"), blas.get("threading_layer", "unknown")
        print(f"{blas['internal_api']} {blas['version']}: kernel {kernel}, {layer}", file=sys.stderr)
        if layer == "pthreads":
            print("UNFAIR: this BLAS has threads of its own, which fight with PyTorch's; install libopenblas0-openmp.", file=sys.stderr)
        if avx512 and kernel in ("Haswell", "Zen"):
            print("UNFAIR: BLAS does not use this processor's AVX-512; unset OPENBLAS_CORETYPE, or set it to SkylakeX.", file=sys.stderr)


def time_batches(model, optimizer, images, labels, layout, batch, batches, warmup):
    """Seconds of each batch; those of the first `warmup` seconds do not count."""
    order, seconds, opening = torch.randperm(len(images)), [], time.perf_counter()
    for index in itertools.count():
        if len(seconds) == batches:
            return seconds
        is_warm = time.perf_counter() - opening >= warmup
        begin = index * batch % (len(images) - batch)
        start = time.perf_counter()
        rows = order[begin:begin + batch]
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(model(images[rows].contiguous(memory_format=layout)), labels[rows])
        loss.backward()
        optimizer.step()
        loss.item()
        if is_warm:
            seconds.append(time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", help="a file that `benchmarks describe` wrote")
    parser.add_argument("--input", default="28,28,1", help="height, width and channels of a sample (default 28,28,1)")
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--rows", type=int, default=60000, help="rows of random data (default 60000)")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--optimizer", choices=OPTIMIZERS, default="rmsprop")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--channels-last", action="store_true", help="PyTorch's other memory layout: faster for some networks, slower for others")
    parser.add_argument("--batches", type=int, default=100, help="batches that are timed (default 100)")
    parser.add_argument("--warmup", type=float, default=4, help="seconds of training before them (default 4)")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    threadpool_limits(arguments.threads, user_api="blas")
    warn_of_unfairness()
    torch.manual_seed(1)
    definition = read(arguments.network)
    height, width, channels = map(int, arguments.input.split(","))
    model = build(definition, (height, width, channels), arguments.classes).train()
    layout = torch.channels_last if arguments.channels_last else torch.contiguous_format
    model = model.to(memory_format=layout)
    images = torch.rand(arguments.rows, channels, height, width)
    labels = torch.randint(0, arguments.classes, (arguments.rows,))
    seconds = time_batches(
        model, OPTIMIZERS[arguments.optimizer](model.parameters()), images, labels, layout, arguments.batch, arguments.batches, arguments.warmup)
    milliseconds = [float(f"{1000 * value:.6g}") for value in seconds]
    variant = f"{definition['name']} {arguments.optimizer} batch {arguments.batch}" + (" channels last" if arguments.channels_last else "")
    print(json.dumps({
        "benchmark": "train_torch", "variant": variant,
        "threads": arguments.threads, "median": float(f"{statistics.median(milliseconds):.6g}"), "min": min(milliseconds),
        "max": max(milliseconds), "unit": "ms/batch", "n": len(milliseconds),
    }))


if __name__ == "__main__":
    main()
