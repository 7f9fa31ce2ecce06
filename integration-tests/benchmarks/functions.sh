#!/usr/bin/env bash
# Prints what functions reach from hub to hub, beside the hub itself and a worker fed from a file in the same run; or how
# long a call of a function takes without a hub, direct and over gRPC, one at a time and with calls in flight; or what a
# message that fails costs the good ones behind it.
#
#   bash integration-tests/benchmarks/functions.sh [ROUNDS]           default: 5
#   bash integration-tests/benchmarks/functions.sh calls [CALLS]      default: 20000 a line; Python needs grpcio for its own server
#   bash integration-tests/benchmarks/functions.sh poison [ROUNDS]    default: 5
set -euo pipefail
source "$(dirname "$0")/lib.sh"

home=$(home)
if [ "${1:-}" = calls ]; then
    java -XX:-UsePerfData -XX:+UseSerialGC -Xmx256m -cp "$home/bundles/*:$home/lib/*" \
        "$here/FunctionBenchmark.java" "$home" "${2:-20000}"
    exit
fi
if [ "${1:-}" = poison ]; then
    compile FunctionPoison.java
    machine
    java -XX:-UsePerfData -Xmx256m -cp "$work/classes" FunctionPoison "$home" "${2:-5}"
    exit
fi

# A bundle made by hand: what bnd does for a user's module.
echo_bundle() {
    mkdir -p "$work/echo/OSGI-INF"
    javac -proc:none -d "$work/echo" -cp "$home/bundles/*:$home/lib/*" "$here/FunctionEcho.java"
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
compile FunctionRates.java
machine
java -XX:-UsePerfData -Xmx256m -cp "$work/classes" FunctionRates "$home" "$work/echo.jar" "${1:-5}"
