#!/usr/bin/env bash
# Runs the example of the bridge: a gateway here, mosquitto as the cloud. A message goes each way; then the cloud is away for
# a while, and what waited arrives. Needs a JDK 17, Maven, python3 and mosquitto; keep the folder with KEEP=1.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
PATH="$PATH:/usr/sbin"
for program in mosquitto mosquitto_pub mosquitto_sub; do
    command -v "$program" >/dev/null || {
        echo "The example needs mosquitto and its clients as the far side." >&2
        exit 1
    }
done

archive() {
    find "$root/distribution/target" -maxdepth 1 -name 'openedge-*.zip' 2>/dev/null | head -n 1
}
if [ -z "$(archive)" ]; then
    echo "Building the distribution"
    (cd "$root" && mvn -B -ntp -q -DskipTests package)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/openedge-example.XXXXXX")
work=$folder/work
started=no
cloud=
listener=
finish() {
    code=$?
    for process in $listener $cloud; do
        kill "$process" 2>/dev/null || true
    done
    if [ "$started" = yes ]; then
        "$openedge" stop -w "$work" || code=1
    fi
    if [ "$code" -ne 0 ]; then
        echo "Failed; the gateway's files are left in $folder" >&2
        find "$work/var/log/openedge" -name '*.log' -exec tail -n 20 {} + >&2 || true
    elif [ -z "${KEEP:-}" ]; then
        rm -rf "$folder"
    fi
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

python3 -m zipfile -e "$(archive)" "$folder"
chmod +x "$folder"/openedge-*/bin/*
openedge=$(echo "$folder"/openedge-*/bin/openedge)
mkdir "$work"
cp -R "$here/etc" "$here/var" "$work"
read -r hub far < <(python3 -c '
import socket
both = [socket.create_server(("127.0.0.1", 0)) for _ in "ab"]
print(*[one.getsockname()[1] for one in both])')
sed -i "s/1883/$hub/g; s/2883/$far/g" "$work"/var/db/openedge/application.yml "$work"/var/db/openedge/*/service.yml

mkdir "$folder/cloud"
printf '%s\n' "listener $far 127.0.0.1" "allow_anonymous true" "user $(id -un)" \
    "persistence true" "persistence_location $folder/cloud/" >"$folder/cloud.conf"
start_cloud() {
    mosquitto -c "$folder/cloud.conf" >"$folder/cloud.log" 2>&1 &
    cloud=$!
}
near=(-h 127.0.0.1 -p "$hub" -u test -P hahaha)
there=(-h 127.0.0.1 -p "$far")
# The cloud keeps what comes for this reader, until it comes.
reader=("${there[@]}" -c -i reader -q 1 -v -W 60 -t 'site7/#')

await_state() { # PATTERN: of what the bridge reports
    for _ in $(seq 150); do
        "$openedge" status --json -w "$work" | tr -d ' \n' | grep -q "$1" && return
        sleep 0.2
    done
    echo "The bridge does not report $1" >&2
    return 1
}

echo "Hub: tcp://127.0.0.1:$hub, cloud: tcp://127.0.0.1:$far"
start_cloud
echo "\$ openedge start"
started=yes
"$openedge" start -w "$work"
await_state '"cloud":{"state":"connected"'

echo "\$ openedge pub -q 1 -t plant/line1/temperature -m 21.5       # here; the cloud hears"
mosquitto_sub "${reader[@]}" -E
"$openedge" pub "${near[@]}" -q 1 -t plant/line1/temperature -m 21.5
mosquitto_sub "${reader[@]}" -C 1

echo "\$ mosquitto_pub -q 1 -t site7/command/line1 -m start         # in the cloud; the hub here hears"
"$openedge" sub "${near[@]}" -v -d -C 1 -W 60 -t 'command/#' 2>"$folder/listener" &
listener=$!
for _ in $(seq 150); do
    grep -qs 'connected to' "$folder/listener" && break
    sleep 0.2
done
mosquitto_pub "${there[@]}" -q 1 -t site7/command/line1 -m start
wait "$listener"
listener=
mosquitto_sub "${reader[@]}" -C 1 >/dev/null # the reader has heard the command too

echo "The cloud goes away; three values and an alarm are published here"
kill "$cloud"
wait "$cloud" || true
await_state '"losses":[1-9]'
for value in 1 2 3; do
    "$openedge" pub "${near[@]}" -q 1 -t plant/line1/count -m "$value"
done
"$openedge" pub "${near[@]}" -q 1 -t plant/alarm/fire -m '!'
echo "The cloud is back"
start_cloud
await_state '"sent":5'
mosquitto_sub "${reader[@]}" -C 4

echo "\$ openedge status --json                                     # what the bridge reports of its remotes"
"$openedge" status --json -w "$work" | python3 -c '
import json, sys
for service in json.load(sys.stdin)["services"]:
    for instance in service["instances"]:
        if "remotes" in instance:
            print(json.dumps(instance["remotes"]))'
echo "\$ openedge stop"
started=no
"$openedge" stop -w "$work"
