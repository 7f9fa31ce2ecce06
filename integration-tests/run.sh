#!/usr/bin/env bash
# Builds everything and runs every test. Installs the Debian packages that the tests need and the machine lacks when it
# runs as root; otherwise says what to install.
#
#   bash integration-tests/run.sh [MAVEN ARGUMENT ...]
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need() { # COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}
need mosquitto mosquitto
need mosquitto_pub mosquitto-clients
need mvn maven
need openssl openssl
need unzip unzip
need curl curl
need ps procps
need setsid util-linux
need strace strace
need faketime faketime
need dockerd docker.io
need docker docker.io
need busybox busybox-static
[ "$(id -u)" -ne 0 ] || need debootstrap debootstrap
[ -x /usr/bin/python3 ] || missing+=(python3)
/usr/bin/python3 -c 'import grpc' 2>/dev/null || missing+=(python3-grpcio)
/usr/bin/python3 -c 'import google.protobuf' 2>/dev/null || missing+=(python3-protobuf)
/usr/bin/python3 -c 'import paho.mqtt.client' >/dev/null 2>&1 || missing+=(python3-paho-mqtt)
/usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null || missing+=(python3-grpcio python3-protobuf)
javac -version >/dev/null 2>&1 || missing+=(openjdk-17-jdk-headless)
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "The tests need packages that this machine lacks. Install them and run again:" >&2
        echo "    apt-get install ${missing[*]}" >&2
        exit 1
    fi
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update >/dev/null
    apt-get -q install -y --no-install-recommends "${missing[@]}" </dev/null
    # Debian starts the broker that it installs; the tests start their own.
    service mosquitto stop >/dev/null 2>&1 || true
fi

# Tests with containers need a Docker daemon. Where none answers, root starts one for this run, with its files in a folder of
# its own; nobody else can.
daemon=
stop_daemon() {
    [ -n "$daemon" ] || return 0
    docker network rm openedge >/dev/null 2>&1 || true # its bridge would stay when the daemon is gone
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
    rm -rf "$daemon_folder"
}
if ! docker version >/dev/null 2>&1; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "The tests need a Docker daemon and none answers: start it, or run as root." >&2
        exit 1
    fi
    daemon_folder=$(mktemp -d /tmp/dockerd.XXXXXX)
    echo "Starting dockerd; its log is $daemon_folder/log"
    dockerd --data-root "$daemon_folder/data" --exec-root "$daemon_folder/exec" --pidfile "$daemon_folder/pid" \
        >"$daemon_folder/log" 2>&1 </dev/null &
    daemon=$!
    trap stop_daemon EXIT
    for _ in $(seq 60); do
        docker version >/dev/null 2>&1 && break
        kill -0 "$daemon" 2>/dev/null || break
        sleep 1
    done
    if ! docker version >/dev/null 2>&1; then
        tail -n 20 "$daemon_folder/log" >&2
        echo "dockerd does not start here." >&2
        exit 1
    fi
fi

# Each interpreter that really runs is tested. Version managers keep them in folders of their own, and put shims on the
# PATH that may fail: the folders go before the shims.
interpreters=()
for folder in "$HOME"/.pyenv/versions/*/bin /usr/local/bin /usr/bin; do
    for version in 2.7 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13; do
        if [ -x "$folder/python$version" ] && "$folder/python$version" -c 'import sys' >/dev/null 2>&1; then
            interpreters+=("$folder/python$version")
        fi
    done
done
for interpreter in "${interpreters[@]}"; do
    case "$interpreter" in
        /usr/*) ;;
        *) PATH="$(dirname "$interpreter"):$PATH" ;;
    esac
done
export PATH
for version in 2.7 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13; do
    found=no
    for interpreter in "${interpreters[@]}"; do
        [ "${interpreter##*/python}" = "$version" ] && found=$interpreter && break
    done
    if [ "$found" = no ]; then
        echo "Python $version: not on this machine, not tested"
    else
        echo "Python $version: $found"
    fi
done

java25=$(find /usr/lib/jvm -maxdepth 1 -name '*25*' 2>/dev/null | head -n 1)
echo "Java 25: ${java25:-not on this machine, not tested}"

mvn -B -ntp verify "$@"
