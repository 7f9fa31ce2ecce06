#!/usr/bin/env bash
# Compares stores for the messages of the hub: a log of its own in three kinds, h2-mvstore, the journal of ActiveMQ Artemis
# and RocksDB. Everything is measured on the disk that FOLDER lies on; the libraries come by Maven and only here.
#
#   bash integration-tests/benchmarks/store.sh [ROUNDS [FOLDER]]      default: 5, a new folder in /var/tmp
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
folder=${2:-$(mktemp -d -p /var/tmp)}
mkdir -p "$folder"
trap 'rm -rf "$work" "$folder/store"; rmdir "$folder" 2>/dev/null || true' EXIT

libraries() { # FOLDER, then GROUP:ARTIFACT:VERSION[:CLASSIFIER] ...
    local to=$1 name
    shift
    {
        echo '<project><modelVersion>4.0.0</modelVersion><groupId>benchmark</groupId><artifactId>store</artifactId>'
        echo '<version>1</version><dependencies>'
        for name in "$@"; do
            IFS=: read -r group artifact version classifier <<<"$name"
            echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>"
            [ -z "$classifier" ] || echo "<classifier>$classifier</classifier>"
            echo '</dependency>'
        done
        echo '</dependencies></project>'
    } >"$work/pom.xml"
    mvn -B -ntp -q -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$to" \
        >"$work/mvn.log" 2>&1 || { cat "$work/mvn.log" >&2; exit 1; }
}
mvstore=com.h2database:h2-mvstore:2.4.240
artemis=org.apache.activemq:artemis-journal:2.44.0
rocksdb=org.rocksdb:rocksdbjni:10.4.2:linux64
libraries "$work/mvstore" $mvstore
libraries "$work/artemis" $artemis
libraries "$work/rocksdb" $rocksdb

echo "Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)," \
    "$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), Linux $(uname -r)," \
    "$(findmnt -n -o FSTYPE,SOURCE -T "$folder" | tr -s ' '), $(java -version 2>&1 | sed -n 's/.*version "\(.*\)".*/Java \1/p');" \
    "load average $(cut -d ' ' -f 1 /proc/loadavg)"
for name in mvstore artemis rocksdb; do
    # what the gateway has anyway is not counted
    find "$work/$name" -name '*.jar' ! -name 'netty-*' ! -name 'slf4j-*' -printf '%s\n' |
        awk -v name="$name" '{sum += $1} END {printf "%s: %d KiB of jars\n", name, sum / 1024}'
done
path="$work/classes:$work/mvstore/*:$work/artemis/*:$work/rocksdb/*"
javac -d "$work/classes" -cp "$path" "$here"/StoreBenchmark*.java
java -XX:-UsePerfData -Xmx256m -cp "$path" StoreBenchmark run "${1:-5}" "$folder"
echo "load average $(cut -d ' ' -f 1 /proc/loadavg)"
