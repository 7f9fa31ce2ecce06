#!/usr/bin/env bash
# A session that is away while messages come for it: what that costs the others, the heap and the next start.
#
#   bash integration-tests/benchmarks/backlog.sh [MESSAGES]      default: 1000000
set -euo pipefail
source "$(dirname "$0")/lib.sh"

home=$(home)
compile Backlog.java
echo "load average $(cut -d ' ' -f 1 /proc/loadavg)"
java -XX:-UsePerfData -cp "$work/classes" Backlog "$home" "${1:-1000000}"
