#!/usr/bin/env bash
# The loops of tests at their full number; the build runs a few rounds of each.
#
#   bash integration-tests/loops.sh native [KILLS [RESTARTS]]      default: 200 and 10000
#       kills a gateway with 20 native instances, each a family of processes, with decoys of the same name beside them;
#       restarts an instance
#   bash integration-tests/loops.sh docker [ROUNDS]                default: 200
#       kills a gateway with 5 containers, with a stranger's beside them; kills containers, a 20th of it stops and kills the
#       daemon (one of its own), and as many fill levels of the disk for images (root)
#   bash integration-tests/loops.sh update [ROUNDS]                default: 1000
#       so many times 2 to 8 updates at once, with restarts; a 20th of it new versions that crash, and kills of a gateway of
#       the distribution; a 200th of it a power cut and a kill at every step of an update; 20 fill levels of a small disk (root); with strace a
#       kill and an error at every system call
#   bash integration-tests/loops.sh hub-kill [KILLS]               default: 200
#   bash integration-tests/loops.sh hub-power [CUTS]               default: 100
#       kills a hub, cuts the power of its disk (root, loop-mounted ext4), while clients publish with QoS 1 and 2
#   bash integration-tests/loops.sh bridge-cuts [CUTS]             default: 100
#       spoils the connections of a bridge on both sides while clients publish with QoS 1 and 2 in both directions, under each
#       engine and between two gateways; a tenth of it restarts of the remote, kills of bridge, gateway and far hub
#   bash integration-tests/loops.sh function-kill [KILLS]          default: 200
#       kills the function manager, a function's worker or the gateway while messages of QoS 1 go through functions
#   bash integration-tests/loops.sh hub-fuzz [MILLIONS]            default: 10
#       so many million changed packets into the hub's decoder
#   bash integration-tests/loops.sh agent-kill [KILLS]             default: 200
#       kills an agent at work on an event; the next run ends in what the cloud wants
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

engine_docker() { # TEST ROUNDS
    mvn -B -ntp -q -pl bundles/engine-docker -am verify -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=false \
        -Dopenedge.rounds="$2"
}

docker_loops() { # ROUNDS
    echo "$1 containers killed"
    engine_docker RunTest#containersThatAreKilledComeAgain "$1"
    if [ "$(id -u)" -eq 0 ]; then
        echo "a daemon stopped and killed $((($1 + 19) / 20)) times"
        engine_docker DaemonLossTest#whatRanComesBackInItsContainer $((($1 + 19) / 20))
        echo "$((($1 + 19) / 20)) fill levels of a disk for images"
        engine_docker FullDiskTest $((($1 + 19) / 20))
    fi
    echo "$1 kills of a gateway with 5 containers"
    mvn -B -ntp -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test='DockerIT#whatAKilled*' -Dfailsafe.failIfNoSpecifiedTests=false -Dopenedge.rounds="$1"
    echo "each container came again once, nothing was left, the stranger stayed"
}

master() { # TEST ROUNDS [ARGUMENT ...]
    mvn -B -ntp -q -pl bundles/master -am verify -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=false \
        -Dopenedge.rounds="$2" "${@:3}"
}

update() { # ROUNDS
    echo "$1 rounds of 2 to 8 updates at once"
    master 'CutUpdatesTest#manyUpdatesAtOnceAndRestartsEndInOneApplication' $((($1 + 9) / 10))
    echo "$(($1 / 20)) new versions that crash"
    master 'CutUpdatesTest#versionsThatCrashAreRolledBackEachTime' $((($1 / 20 + 2) / 3))
    echo "$(($1 / 200 + 1)) times a power cut, a kill, a disk that fails at every step of an update"
    master 'CutUpdatesTest#aCut*+aDisk*' $(($1 / 200 + 1))
    if command -v strace >/dev/null; then
        echo "a kill and an error at every rename, fsync, unlink, open and write of an update's files"
        master InjectedFaultsTest 2 | sed -n 's/.*InjectedFaultsTest -- //p'
    fi
    if [ "$(id -u)" -eq 0 ]; then
        echo "20 fill levels of a disk"
        disk=$(mktemp -d)
        mount -t tmpfs -o size=2m tmpfs "$disk"
        trap 'umount "$disk"; rmdir "$disk"' EXIT
        master FullDiskTest 1 -Dopenedge.small.disk="$disk"
    fi
    echo "$(($1 / 20)) kills of a gateway in an update"
    mvn -B -ntp -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test='UpdateIT#aGatewayKilled*' -Dfailsafe.failIfNoSpecifiedTests=false -Dopenedge.rounds=$(($1 / 20))
    echo "each time one application, the old or the new one"
}

agent_kill() { # KILLS
    echo "$1 kills of an agent"
    mvn -B -ntp -q -pl bundles/agent -am verify -Dtest=AgentKillTest -Dsurefire.failIfNoSpecifiedTests=false \
        -Dopenedge.rounds="$1"
    echo "each time what the cloud wants runs, and its volumes are complete"
}

hub_crash() { # TEST CRASHES
    mvn -B -ntp -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test="HubCrashIT#$1" -Dfailsafe.failIfNoSpecifiedTests=false -Dopenedge.rounds="$2"
    cat integration-tests/target/hub-crashes.txt
}

hub_kill() { # KILLS
    echo "$1 kills of a hub"
    hub_crash killsLoseNothing "$1"
}

hub_power() { # CUTS
    if [ "$(id -u)" -ne 0 ]; then
        echo "loops.sh: only root can cut off a disk" >&2
        exit 1
    fi
    echo "$1 power cuts"
    hub_crash powerCutsLoseNothing "$1"
}

bridge_cuts() { # CUTS
    echo "$1 cuts of a bridge's connections"
    rm -f integration-tests/target/bridge-cuts.txt
    mvn -B -ntp -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test=BridgeCutsIT -Dfailsafe.failIfNoSpecifiedTests=false -Dopenedge.rounds="$1"
    cat integration-tests/target/bridge-cuts.txt
}

function_kill() { # KILLS
    echo "$1 kills of function manager, worker and gateway"
    mvn -B -ntp -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test=FunctionCrashIT -Dfailsafe.failIfNoSpecifiedTests=false -Dopenedge.rounds="$1"
    cat integration-tests/target/function-crashes.txt
}

hub_fuzz() { # MILLIONS
    for part in $(seq "$1"); do
        echo "million $part of $1 of changed packets"
        mvn -B -ntp -q -pl bundles/hub -am verify -Dtest=DecoderFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
            -Dopenedge.rounds=50 -Dopenedge.seed="$part"
    done
    echo "no fault, every answer well-formed, nothing left taken"
}

case ${1:-} in
    hub-kill) hub_kill "${2:-200}" ;;
    hub-power) hub_power "${2:-100}" ;;
    bridge-cuts) bridge_cuts "${2:-100}" ;;
    function-kill) function_kill "${2:-200}" ;;
    hub-fuzz) hub_fuzz "${2:-10}" ;;
    update) update "${2:-1000}" ;;
    agent-kill) agent_kill "${2:-200}" ;;
    docker) docker_loops "${2:-200}" ;;
    native) native "${2:-200}" "${3:-10000}" ;;
    *)
        sed -n 's/^#   //p' "$0" >&2
        exit 2
        ;;
esac
