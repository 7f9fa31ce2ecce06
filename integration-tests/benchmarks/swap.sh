#!/usr/bin/env bash
# Swaps the example's module in a running gateway and prints for how long it did not answer, and what is left behind: as a
# bundle from the shell, then as a package by updates of the application.
#
#   bash integration-tests/benchmarks/swap.sh [ROUNDS [JAR]]      default: 100, and hello-module built on the spot
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)

jar=${2:-$root/example/hello-module/target/hello-module-1.0.0.jar}
if [ ! -f "$jar" ]; then
    (cd "$root" && mvn -B -ntp -q -DskipTests -pl bundles/api -am install)
    mvn -B -ntp -q -f "$root/example/hello-module/pom.xml" package
fi
for kind in bundle package; do
    printf '\n%s\n\n' "$kind"
    java -XX:-UsePerfData -Xmx256m "$here/Swap.java" "$kind" "$(home)" "$root/example/hello-module/work" "$jar" "${1:-100}"
done
