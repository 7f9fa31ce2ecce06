#!/usr/bin/env bash
# Compares the hub of the built distribution with mosquitto, and with Moquette when Maven can get it, and prints the table
# of the README. Builds the distribution if it is not built.
#
#   bash integration-tests/benchmarks/hub.sh [ROUNDS [CONNECTIONS [WORK]]]      default: 7, 10000, all
#
# WORK is all, or some of qos0,qos1,fan,latency,connects,idle.
# OPENEDGE_JAVA_OPTS goes to the gateway, which otherwise has the heap that it comes with; Moquette has 1 GiB.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
moquette=0.17

mosquitto=$(PATH=$PATH:/usr/sbin command -v mosquitto) || {
    echo "hub.sh: mosquitto is needed: apt-get install mosquitto" >&2
    exit 1
}

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

home=$(home)
compile HubBenchmark.java
machine
echo "$("$mosquitto" -h | sed -n '1s/ version / /p')${others:+, Moquette $moquette}"
java -XX:-UsePerfData -XX:+UseParallelGC -Xmx1g -cp "$work/classes" HubBenchmark \
    "${1:-7}" "$connections" "${3:-all}" "$home" "$mosquitto" ${others[@]+"${others[@]}"}
