#!/usr/bin/env bash
# Updates the application of a running gateway again and again: connections and messages that are lost, and how long an
# update takes that changes one of 30 services.
#
#   bash integration-tests/benchmarks/update.sh [ROUNDS]      default: 50
set -euo pipefail
source "$(dirname "$0")/lib.sh"

home=$(home)
compile Update.java
java -XX:-UsePerfData -Xmx256m -cp "$work/classes" Update "$home" "$root/example/osgi" "${1:-50}"
