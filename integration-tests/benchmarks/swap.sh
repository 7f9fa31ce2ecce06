#!/usr/bin/env bash
# Swaps the example's module in a running gateway and prints for how long it did not answer, and what is left behind: as a
# bundle from the shell, then as a package by updates of the application.
#
#   bash integration-tests/benchmarks/swap.sh [ROUNDS [JAR]]      default: 100, and hello-module built on the spot
set -euo pipefail
source "$(dirname "$0")/lib.sh"

jar=${2:-$root/example/hello-module/target/hello-module-1.0.0.jar}
if [ ! -f "$jar" ]; then
    (cd "$root" && mvn -B -ntp -q -DskipTests -pl bundles/api -am install)
    mvn -B -ntp -q -f "$root/example/hello-module/pom.xml" package
fi
home=$(home)
compile Swap.java
for kind in bundle package; do
    printf '\n%s\n\n' "$kind"
    java -XX:-UsePerfData -Xmx256m -cp "$work/classes" Swap "$kind" "$home" "$root/example/hello-module/work" "$jar" "${1:-100}"
done
