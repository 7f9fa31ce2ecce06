#!/usr/bin/env bash
# Compares the hub of the built distribution with mosquitto, and with Moquette when Maven can get it, and prints the table
# of the README. Builds the distribution if it is not built.
#
#   bash integration-tests/benchmarks/hub.sh [ROUNDS [CONNECTIONS [WORK]]]      default: 7, 10000, all
#
# WORK is all, or some of qos0,qos1,fan,latency,connects,idle.
# OPENEDGE_JAVA_OPTS goes to the gateway, which otherwise has the heap that it comes with; Moquette has 1 GiB.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
moquette=0.17

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)

mosquitto=$(PATH=$PATH:/usr/sbin command -v mosquitto) || {
    echo "hub.sh: mosquitto is needed: apt-get install mosquitto" >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

connections=${2:-10000}
ulimit -n "$(ulimit -Hn)"
files=$(ulimit -n)
if [ "$files" != unlimited ] && [ "$files" -lt $((connections + 500)) ]; then
    connections=$((files - 500))
    echo "hub.sh: only $files open files are allowed, so $connections idle connections" >&2
fi

class_path() {
    cat >"$work/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>benchmark</groupId><artifactId>moquette</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.moquette</groupId><artifactId>moquette-broker</artifactId><version>$moquette</version></dependency>
  </dependencies>
</project>
POM
    mvn -B -ntp -q -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/moquette" >"$work/mvn.log" 2>&1
}
others=()
if class_path; then
    others=("$work/moquette/*")
else
    echo "hub.sh: Moquette $moquette cannot be had, so without it" >&2
fi

echo "Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)," \
    "$(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), Linux $(uname -r)," \
    "$(java -version 2>&1 | sed -n 's/.*version "\(.*\)".*/Java \1/p')," \
    "$("$mosquitto" -h | sed -n '1s/ version / /p')${others:+, Moquette $moquette};" \
    "load average $(cut -d ' ' -f 1 /proc/loadavg)"
javac -d "$work/classes" "$here"/HubBenchmark*.java
java -XX:-UsePerfData -XX:+UseParallelGC -Xmx1g -cp "$work/classes" HubBenchmark \
    "${1:-7}" "$connections" "${3:-all}" "$(home)" "$mosquitto" ${others[@]+"${others[@]}"}
