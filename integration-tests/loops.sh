#!/usr/bin/env bash
# The loops of tests at their full number; the build runs a few rounds of each.
#
#   bash integration-tests/loops.sh native [KILLS [RESTARTS]]      default: 200 and 10000
#       kills a gateway with 20 native instances, each a family of processes, with decoys of the same name beside them;
#       restarts an instance
set -euo pipefail
cd "$(dirname "$0")/.."

native() { # KILLS RESTARTS
    echo "$2 restarts of an instance"
    mvn -B -ntp -q -pl bundles/engine-native -am verify -Dtest=NativeEngineTest#manyRestartsLeaveNothing \
        -Dsurefire.failIfNoSpecifiedTests=false -Dopenedge.rounds=$((($2 + 29) / 30))
    echo "$1 kills of a gateway with 20 instances"
    mvn -B -ntp -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test=NativeCrashIT -Dfailsafe.failIfNoSpecifiedTests=false -Dopenedge.rounds="$1"
    echo "no orphan, no duplicate, no decoy touched, no zombie"
}

case ${1:-} in
    native) native "${2:-200}" "${3:-10000}" ;;
    *)
        sed -n 's/^#   //p' "$0" >&2
        exit 2
        ;;
esac
