#!/usr/bin/env bash
# Makes data/shapes and data/scores.csv anew: a few of the images that samples/ComposeByHand draws, easy enough to be learnt from a dozen, and
# the scores of a model trained on them.
set -euo pipefail
cd "$(dirname "$0")/.."
mlp() { dotnet run -c Release --project Cli -- "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$PWD
(cd "$work" && dotnet run -c Release --project "$root/samples/ComposeByHand" images >/dev/null)
rm -rf data/shapes data/scores.csv
for class in arrow cross heart ring star; do
  for part in train:12 test:4; do
    mkdir -p "data/shapes/${part%:*}/$class"
    for number in $(seq 0 $((${part#*:} - 1))); do
      cp "$work/images/${part%:*}/$class/$(printf %04d "$number").png" "data/shapes/${part%:*}/$class/"
    done
  done
done
mlp train data/shapes --trainer maxent --out "$work/shapes.mlbundle" --epochs 30 --quiet >/dev/null
mlp score "$work/shapes.mlbundle" data/shapes --out "$work/scores.csv" --quiet >/dev/null
# The ids are paths beside the table, so that the report finds the pictures.
sed 's#,test/#,shapes/test/#' "$work/scores.csv" > data/scores.csv
