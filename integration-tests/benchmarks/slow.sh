#!/usr/bin/env bash
# Inspects of the operator and of a service while 1,000 connections send headers and bodies byte by byte.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
mvn -B -ntp -q -pl bundles/rest -am verify -Dtest=SlowClientsTest -Dsurefire.failIfNoSpecifiedTests=false
cat bundles/rest/target/slow-clients.txt
