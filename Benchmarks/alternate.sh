#!/usr/bin/env bash
# alternate.sh [ROUNDS [NETWORK…]]: trains each network in turn by ours and by PyTorch, one process at a time, and prints the median of each
# side's medians, its best, and how many times as fast ours is. PyTorch runs in both of its memory layouts, and the faster one counts. By default 5 rounds of mlp, tutorial-cnn, cnn and resnet.
# THREADS (2), BATCHES (60), OPTIMIZER (rmsprop) and PYTHON (/usr/bin/python3) are taken from the environment.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
networks=("${@:2}")
[ ${#networks[@]} -gt 0 ] || networks=(mlp tutorial-cnn cnn resnet)
threads=${THREADS:-2}
batches=${BATCHES:-60}
optimizer=${OPTIMIZER:-rmsprop}
ours="$here/bin/Release/net10.0/benchmarks.dll"
[ -f "$ours" ] || { echo "build first: dotnet build -c Release Benchmarks" >&2; exit 1; }
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE OMP_WAIT_POLICY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for network in "${networks[@]}"; do
    name=$(basename "$network" .json)
    input=28,28,1
    [ "$name" != resnet ] || input=32,32,3
    dotnet "$ours" describe "$network" > "$work/$name.json"
    common=(--input "${INPUT:-$input}" --threads "$threads" --batches "$batches" --optimizer "$optimizer")
    for ((round = 1; round <= rounds; round++)); do
        dotnet "$ours" train --network "$network" "${common[@]}" --peak >> "$work/$name.ours"
        for layout in "" --channels-last; do
            "${PYTHON:-/usr/bin/python3}" "$here/peers/train_torch.py" "$work/$name.json" "${common[@]}" $layout >> "$work/$name.peer" 2>> "$work/notes"
        done
    done

    "${PYTHON:-/usr/bin/python3}" - "$name" "$work/$name.ours" "$work/$name.peer" <<'SUMMARY'
import json
import statistics
import sys

name, ours, peer = sys.argv[1:]
lines = [json.loads(line) for line in open(ours, encoding="utf-8")]
torch = [json.loads(line) for line in open(peer, encoding="utf-8")]


def ms(results):
    own = [line for line in results if line["unit"] == "ms/batch"]
    return statistics.median(line["median"] for line in own), min(line["min"] for line in own)


share = statistics.median(line["median"] for line in lines if line["unit"] == "fraction")
layouts = [[line for line in torch if ("channels last" in line["variant"]) == is_last] for is_last in (False, True)]
(median, best), (torch_median, torch_best) = ms(lines), min(map(ms, layouts))
print(f"{name}: ours {median:.2f} ms (best {best:.2f}, {share:.0%} of the peak), PyTorch {torch_median:.2f} ms (best {torch_best:.2f}): "
      f"{torch_median / median:.2f} times as fast, best against best {torch_best / best:.2f}")
SUMMARY
done
sort -u "$work/notes" >&2
