#!/usr/bin/env bash
# Measures the built distribution and prints the table of the README. Builds the distribution if it is not built.
#
#   bash integration-tests/benchmarks/run.sh [ROUNDS]      default: 5
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)

echo "Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)," \
    "$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), Linux $(uname -r)," \
    "$(java -version 2>&1 | sed -n 's/.*version "\(.*\)".*/Java \1/p'), $(/usr/bin/python3 --version)"
exec java -XX:-UsePerfData -Xmx512m "$here/Benchmark.java" "$(home)" "$root/example/osgi" "${1:-5}"
