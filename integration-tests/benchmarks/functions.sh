#!/usr/bin/env bash
# Prints how long a call of a function takes, direct and over gRPC, one at a time and with calls in flight.
#
#   bash integration-tests/benchmarks/functions.sh [CALLS]      default: 20000 a line; Python needs grpcio for its own server
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)

exec java -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m -cp "$(home)/bundles/*:$(home)/lib/*" \
    "$here/FunctionBenchmark.java" "$(home)" "${1:-20000}"
