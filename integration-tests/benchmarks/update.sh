#!/usr/bin/env bash
# Updates the application of a running gateway again and again: connections and messages that are lost, and how long an
# update takes that changes one of 30 services.
#
#   bash integration-tests/benchmarks/update.sh [ROUNDS]      default: 50
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)
exec java -XX:-UsePerfData -Xmx256m "$here/Update.java" "$(home)" "$root/example/osgi" "${1:-50}"
