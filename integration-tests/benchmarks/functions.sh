#!/usr/bin/env bash
# Prints what functions reach from hub to hub, beside the hub itself and a worker fed from a file in the same run; or how
# long a call of a function takes without a hub, direct and over gRPC, one at a time and with calls in flight.
#
#   bash integration-tests/benchmarks/functions.sh [ROUNDS]           default: 5
#   bash integration-tests/benchmarks/functions.sh calls [CALLS]      default: 20000 a line; Python needs grpcio for its own server
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

home() {
    find "$root/distribution/target" -maxdepth 1 -type d -name 'openedge-*' 2>/dev/null | head -n 1
}
[ -n "$(home)" ] || (cd "$root" && mvn -B -ntp -q -DskipTests package)

if [ "${1:-}" = calls ]; then
    exec java -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m -cp "$(home)/bundles/*:$(home)/lib/*" \
        "$here/FunctionBenchmark.java" "$(home)" "${2:-20000}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A bundle made by hand: what bnd does for a user's module.
echo_bundle() {
    mkdir -p "$work/echo/OSGI-INF"
    javac -proc:none -d "$work/echo" -cp "$(home)/bundles/*:$(home)/lib/*" "$here/FunctionEcho.java"
    cat >"$work/echo/OSGI-INF/echo.xml" <<'XML'
<scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="echo">
  <property name="module.image" value="echo"/>
  <service><provide interface="io.openedge.module.Module"/></service>
  <implementation class="echo.FunctionEcho"/>
</scr:component>
XML
    printf '%s\n' 'Bundle-ManifestVersion: 2' 'Bundle-SymbolicName: echo' 'Bundle-Version: 1.0.0' \
        'Import-Package: io.openedge.function,io.openedge.module' 'Service-Component: OSGI-INF/echo.xml' >"$work/manifest"
    jar cfm "$work/echo.jar" "$work/manifest" -C "$work/echo" .
}
echo_bundle
javac -d "$work/classes" "$here/FunctionRates.java"
echo "Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)," \
    "Linux $(uname -r), $(java -version 2>&1 | sed -n 's/.*version "\(.*\)".*/Java \1/p'), $(/usr/bin/python3 --version);" \
    "load average $(cut -d ' ' -f 1 /proc/loadavg)"
java -XX:-UsePerfData -Xmx256m -cp "$work/classes" FunctionRates "$(home)" "$work/echo.jar" "${1:-5}"
