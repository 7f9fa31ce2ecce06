#!/usr/bin/env bash
# A cloud on this machine, and a gateway with the agent: an update that adds a service and swaps a bundle, then a bad one
# and its roll back. Needs a JDK 17, openssl, mosquitto with its clients and python3; builds the distribution with Maven if
# it is not built. Keep the folder with KEEP=1.
#
#   bash example/cloud/run.sh [osgi | native]      the agent in the gateway's process (the default), or in one of its own
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
engine=${1:-osgi}
if [ "$engine" != osgi ] && [ "$engine" != native ]; then
    echo "usage: bash example/cloud/run.sh [osgi | native]" >&2
    exit 2
fi

archive() {
    find "$root/distribution/target" -maxdepth 1 -name 'openedge-*.zip' 2>/dev/null | head -n 1
}
if [ -z "$(archive)" ]; then
    echo "Building the distribution"
    (cd "$root" && mvn -B -ntp -q -DskipTests package)
fi
PATH=$PATH:/usr/sbin:/usr/local/sbin
for tool in openssl mosquitto mosquitto_pub javac jar python3; do
    command -v "$tool" >/dev/null || { echo "This machine lacks $tool" >&2; exit 1; }
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/openedge-cloud.XXXXXX")
work=$folder/work
cloud=$folder/cloud
mkdir -p "$cloud/files" "$cloud/keys" "$cloud/broker"
servers=()
started=no
finish() {
    code=$?
    if [ "$started" = yes ]; then
        "$openedge" stop -w "$work" || code=1
    fi
    for server in "${servers[@]}"; do
        kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
    done
    if [ "$code" -ne 0 ]; then
        echo "Failed; all files are left in $folder" >&2
    elif [ -z "${KEEP:-}" ]; then
        rm -rf "$folder"
    fi
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
mqtt=$(free_port)
https=$(free_port)

# The cloud: a broker that knows its clients by their certificates, and a server of files.
bash "$here/certificates.sh" "$cloud/keys"
cat >"$cloud/broker/acl" <<ACL
user cloud
topic readwrite \$baidu/iot/edge/#
pattern read \$baidu/iot/edge/%u/core/backward
pattern write \$baidu/iot/edge/%u/core/forward
ACL
cat >"$cloud/broker/mosquitto.conf" <<CONF
listener $mqtt 127.0.0.1
cafile $cloud/keys/ca.pem
certfile $cloud/keys/server.pem
keyfile $cloud/keys/server.key
require_certificate true
use_identity_as_username true
acl_file $cloud/broker/acl
persistence true
persistence_location $cloud/broker/
user $(id -un)
CONF
mosquitto -c "$cloud/broker/mosquitto.conf" >"$cloud/broker/log" 2>&1 &
servers+=($!)
java "$here/FileServer.java" "$https" "$cloud/files" "$cloud/keys/server.p12" example >"$cloud/reports" 2>"$cloud/server.log" &
servers+=($!)

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
installation=$(dirname "$(dirname "$openedge")")

# Packs files that lie in a folder.
pack() { # FOLDER ZIP
    python3 - "$1" "$2" <<'PY'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as archive:
    for top, _, names in os.walk(sys.argv[1]):
        for name in sorted(names):
            path = os.path.join(top, name)
            archive.write(path, os.path.relpath(path, sys.argv[1]))
PY
}
sha256() {
    openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1
}

# A bundle with the module hello, as a package in a volume.
hello() { # VERSION
    local build=$folder/hello-$1
    mkdir -p "$build/source" "$build/classes/OSGI-INF" "$build/package/lib"
    sed "s/@HELLO@/$1/" "$here/hello/Hello.java" >"$build/source/Hello.java"
    cp "$here/hello/component.xml" "$build/classes/OSGI-INF/hello.xml"
    printf '%s\n' "Bundle-ManifestVersion: 2" "Bundle-SymbolicName: org.example.cloud.hello" "Bundle-Version: $1" \
        'Import-Package: io.openedge.module;version="[1,2)",io.openedge.system;version="[1,2)"' \
        "Service-Component: OSGI-INF/hello.xml" >"$build/manifest"
    javac --release 17 -proc:none -d "$build/classes" -cp "$(echo "$installation"/bundles/io.openedge.api-*.jar)" \
        "$build/source/Hello.java" 2>"$build/javac.log" || { cat "$build/javac.log" >&2; exit 1; }
    jar --create --file "$build/package/lib/hello-$1.jar" --manifest "$build/manifest" -C "$build/classes" .
    echo "bundles: [lib/hello-$1.jar]" >"$build/package/package.yml"
    pack "$build/package" "$cloud/files/hello-$1.zip"
}

# An application of the cloud, and the event that wants it.
publish() { # VERSION HELLO SERVICES
    local build=$folder/app-$1
    mkdir -p "$build"
    local meta="{url: /hello-$2.zip, sha256: $(sha256 "$cloud/files/hello-$2.zip"), version: '$2'}"
    ENGINE=$engine VERSION=$1 HELLO=$2 SERVICES=$3 META=$meta python3 - "$here/application.yml" "$build/application.yml" <<'PY'
import os, re, sys
text = open(sys.argv[1]).read()
open(sys.argv[2], "w").write(re.sub("@([A-Z]+)@", lambda key: os.environ[key.group(1)], text))
PY
    pack "$build" "$cloud/files/app-$1.zip"
    local source="{\"url\":\"/app-$1.zip\",\"sha256\":\"$(sha256 "$cloud/files/app-$1.zip")\",\"version\":\"$1\"}"
    local config="{\"name\":\"app\",\"path\":\"var/db/openedge/app/$1\",\"meta\":$source}"
    local event="{\"event\":\"UPDATE\",\"time\":\"$(date -u +%FT%TZ)\",\"content\":{\"version\":\"$1\",\"config\":$config}}"
    echo "cloud: wants $1, with hello $2"
    mosquitto_pub -h localhost -p "$mqtt" --cafile "$cloud/keys/ca.pem" --cert "$cloud/keys/cloud.pem" \
        --key "$cloud/keys/cloud.key" -q 1 -t '$baidu/iot/edge/gateway-1/core/backward' -m "$event"
}

# Prints the reports as they come, up to the one that is waited for.
shown=0
until_report() { # PATTERN
    for _ in $(seq 600); do
        local lines
        lines=$(wc -l <"$cloud/reports")
        while [ "$shown" -lt "$lines" ]; do
            shown=$((shown + 1))
            local line
            line=$(sed -n "${shown}p" "$cloud/reports")
            echo "report: $line"
            if [[ $line =~ $1 ]]; then
                return
            fi
        done
        sleep 0.1
    done
    echo "No such report came: $1" >&2
    find "$work/var/log/openedge" -name '*.log' -exec tail -n 20 {} + >&2
    exit 1
}

cp -R "$here/work" "$work"
sed -i "s/@MQTT@/$mqtt/; s/@HTTPS@/$https/" "$work/var/db/openedge/agent-conf/service.yml"
sed -i "s/@ENGINE@/$engine/" "$work/var/db/openedge/application.yml"
cp "$cloud/keys"/{ca.pem,gateway-1.pem,gateway-1.key} "$work/var/db/openedge/agent-conf/"
for version in 1.0.0 2.0.0 3.0.0; do
    hello "$version"
done

echo "\$ openedge start"
started=yes
"$openedge" start -w "$work"
until_report 'runs v1,'

publish v2 1.0.0 ''
until_report 'runs v2, hello is 1.0.0, error: -'

second="  - {name: second, image: hello, replica: 1, mounts: [{name: hello-package, path: lib/openedge/hello, readonly: true}]}
"
publish v3 2.0.0 "$second"
until_report 'runs v3, hello is 2.0.0, error: -'
echo "\$ openedge status"
"$openedge" status -w "$work"

publish v4 3.0.0 "$second"
until_report 'runs v3, hello is .*, error: version v4: .*no sensor on bus 3'
echo "\$ openedge stop"
started=no
"$openedge" stop -w "$work"
