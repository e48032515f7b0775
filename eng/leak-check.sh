#!/usr/bin/env bash
# The long form of the leak tests (Tests/Images/LeakTests.cs): 1,000 sessions and 10,000 images, memory flat. Takes a few minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
export MLPIPELINES_LEAK_SESSIONS="${1:-1000}" MLPIPELINES_LEAK_IMAGES="${2:-10000}"
dotnet build Tests -c Release -v quiet -nologo
exec dotnet run --project Tests -c Release --no-build -- --filter "FullyQualifiedName~MLPipelines.Tests.Images.LeakTests" --output Detailed --show-stdout All
