#!/usr/bin/env bash
# Compares the bridge of the built distribution with mosquitto's own: messages go from a broker through the bridge to a
# mosquitto. Prints the table of the README. Builds the distribution if it is not built.
#
#   bash integration-tests/benchmarks/bridge.sh [ROUNDS]      default: 5
set -euo pipefail
source "$(dirname "$0")/lib.sh"

mosquitto=$(PATH=$PATH:/usr/sbin command -v mosquitto) || {
    echo "bridge.sh: mosquitto is needed: apt-get install mosquitto" >&2
    exit 1
}
installation=$(home)
compile BridgeBenchmark.java
machine
java -XX:-UsePerfData -XX:+UseParallelGC -Xmx512m -cp "$work/classes" BridgeBenchmark \
    "${1:-5}" "$installation" "$mosquitto"
