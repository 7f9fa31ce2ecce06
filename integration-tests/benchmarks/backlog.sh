#!/usr/bin/env bash
# A session that is away while messages come for it: what that costs the others, the heap and the next start.
#
#   bash integration-tests/benchmarks/backlog.sh [MESSAGES]      default: 1000000
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
javac -d "$work" "$here/Backlog.java"
echo "load average $(cut -d ' ' -f 1 /proc/loadavg)"
java -XX:-UsePerfData -cp "$work" Backlog "$(home)" "${1:-1000000}"
