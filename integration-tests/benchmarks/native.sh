#!/usr/bin/env bash
# Starts 50 native instances (a shell that waits) and prints how long that takes, what the gateway uses while they rest, and
# how long it takes to stop them.
#
#   bash integration-tests/benchmarks/native.sh [ROUNDS [INSTANCES]]      default: 5 and 50
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)
exec java -XX:-UsePerfData -Xmx128m "$here/NativeBenchmark.java" "$(home)" "${1:-5}" "${2:-50}"
