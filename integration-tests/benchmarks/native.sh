#!/usr/bin/env bash
# Starts 50 native instances (a shell that waits) and prints how long that takes, what the gateway uses while they rest, and
# how long it takes to stop them.
#
#   bash integration-tests/benchmarks/native.sh [ROUNDS [INSTANCES]]      default: 5 and 50
set -euo pipefail
source "$(dirname "$0")/lib.sh"

home=$(home)
compile NativeBenchmark.java
java -XX:-UsePerfData -Xmx128m -cp "$work/classes" NativeBenchmark "$home" "${1:-5}" "${2:-50}"
