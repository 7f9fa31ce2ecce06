#!/usr/bin/env bash
# Measures the built distribution and prints the table of the README. Builds the distribution if it is not built.
#
#   bash integration-tests/benchmarks/run.sh [ROUNDS]      default: 5
set -euo pipefail
source "$(dirname "$0")/lib.sh"

home=$(home)
compile Benchmark.java
machine
/usr/bin/python3 --version
java -XX:-UsePerfData -Xmx512m -cp "$work/classes" Benchmark "$home" "$root/example/osgi" "${1:-5}"
