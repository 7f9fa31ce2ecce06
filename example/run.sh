#!/usr/bin/env bash
# Runs the example: a message goes in, it comes back routed, and answered by a Python 2 and a Python 3 function.
# Builds the distribution if it is not built. Needs a JDK 17, Maven and python3; keep the folder with KEEP=1.
#
#   bash example/run.sh [osgi | native | docker]      everything in one process (the default), each module a process, or a
#       container: needs a Docker daemon, and Debian with busybox-static and python3-grpcio for the images
#   bash example/run.sh remote               another one: a bridge to a broker elsewhere
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
mode=${1:-osgi}
if [ "$mode" = remote ]; then
    exec bash "$here/remote/run.sh"
fi
if [ ! -d "$here/$mode/etc" ]; then
    echo "usage: bash example/run.sh [osgi | native | docker | remote]" >&2
    exit 2
fi

archive() {
    find "$root/distribution/target" -maxdepth 1 -name 'openedge-*.zip' 2>/dev/null | head -n 1
}
if [ -z "$(archive)" ]; then
    echo "Building the distribution"
    (cd "$root" && mvn -B -ntp -q -DskipTests package)
fi

if [ "$mode" = docker ]; then
    echo "\$ bash distribution/docker/local.sh"
    bash "$root/distribution/docker/local.sh" "$(archive)"
fi

# A fresh folder holds all of it: the installation and the work directory, both gone at the end.
folder=$(mktemp -d "${TMPDIR:-/tmp}/openedge-example.XXXXXX")
work=$folder/work
started=no
listener=
finish() {
    code=$?
    [ -z "$listener" ] || kill "$listener" 2>/dev/null || true
    if [ "$started" = yes ]; then
        "$openedge" stop -w "$work" || code=1
    fi
    if [ "$code" -ne 0 ]; then
        echo "Failed; the gateway's files are left in $folder" >&2
    elif [ -z "${KEEP:-}" ]; then
        rm -rf "$folder"
    fi
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

python3 - "$(archive)" "$folder" <<'PY'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        path = archive.extract(entry, sys.argv[2])
        mode = entry.external_attr >> 16
        if mode and not entry.is_dir():
            os.chmod(path, mode & 0o777)
PY
openedge=$(echo "$folder"/openedge-*/bin/openedge)
cp -R "$here/$mode" "$work"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -i "s/1883/$port/g" "$work"/var/db/openedge/application.yml "$work"/var/db/openedge/*/service.yml
echo "Hub: tcp://127.0.0.1:$port"

python2=no
for name in python2.7 python2; do
    if "$name" -c 'import sys; sys.exit(sys.version_info[0] != 2)' >/dev/null 2>&1; then
        python2=yes
        break
    fi
done
if [ "$python2" = no ]; then
    echo "This machine has no Python 2.7: t/py2hi will bring an error message instead of an answer"
fi

echo "\$ openedge start"
started=yes
"$openedge" start -w "$work"

client=(-h 127.0.0.1 -p "$port" -u test -P hahaha)
echo "\$ openedge sub -v -C 3 -t t/topic -t t/py2hi -t t/py3hi"
"$openedge" sub "${client[@]}" -v -d -C 3 -W 60 -t t/topic -t t/py2hi -t t/py3hi \
    >"$folder/messages" 2>"$folder/listener" &
listener=$!
# It says so once it is connected and subscribed.
for _ in $(seq 150); do
    grep -qs 'connected to' "$folder/listener" && break
    kill -0 "$listener" 2>/dev/null || break
    sleep 0.2
done
if ! grep -qs 'connected to' "$folder/listener"; then
    echo "The listener did not connect:" >&2
    cat "$folder/listener" >&2
    exit 1
fi
echo "\$ openedge pub -q 1 -t t -m '{\"id\":1}'"
"$openedge" pub "${client[@]}" -q 1 -t t -m '{"id":1}'
answered=0
wait "$listener" || answered=$?
listener=
cat "$folder/messages"
if [ "$answered" -ne 0 ]; then
    echo "Not all three answers came:" >&2
    cat "$folder/listener" >&2
    find "$work/var/log/openedge" -name '*.log' -exec tail -n 20 {} + >&2
    exit 1
fi

echo "\$ openedge status"
"$openedge" status -w "$work"
echo "\$ openedge stop"
started=no
"$openedge" stop -w "$work"
