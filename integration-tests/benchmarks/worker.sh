#!/usr/bin/env bash
# Prints how many calls a second the loop of a Python worker computes when it is fed from a file: nothing but Python and
# the function, so what is left of it behind a hub is what hub, manager and host cost.
#
#   bash integration-tests/benchmarks/worker.sh [CALLS] [PYTHON...]      default: 200000 with python3
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
calls=${1:-200000}
[ $# -gt 1 ] && shift || set -- python3
folder=$(mktemp -d "${TMPDIR:-/tmp}/openedge-worker.XXXXXX")
trap 'rm -rf "$folder"' EXIT

cat > "$folder/index.py" <<'PYTHON'
def handler(event, context):
    return event
PYTHON

cat > "$folder/measure.py" <<'PYTHON'
import json
import os
import statistics
import struct
import subprocess
import sys
import time

WORKER, FOLDER, CALLS, PYTHONS = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
ROUNDS, FEW = 5, 1000
PAYLOAD = json.dumps({'id': 1, 'values': [20.5, 21.25], 'state': 'on', 'name': 'x' * 64}).encode()
PAYLOAD += b' ' * (128 - len(PAYLOAD))


def frame(kind, call, body):
    return struct.pack('>IBQ', 9 + len(body), kind, call) + body


def feed(calls):
    hello = {'protocol': 1, 'longest': 1 << 20,
             'functions': [{'name': 'echo', 'handler': 'index.handler', 'codedir': FOLDER}]}
    path = os.path.join(FOLDER, 'calls-%d' % calls)
    with open(path, 'wb') as out:
        out.write(frame(1, 0, json.dumps(hello).encode()))
        texts = (b't', b'echo', b'50f8f102-2b8c-4904-86df-0728811a5a4b')
        head = struct.pack('>BqHHH', 0, 1560000000, *map(len, texts)) + b''.join(texts)
        for call in range(1, calls + 1):
            out.write(frame(3, call, head + PAYLOAD))
    return path


def seconds(python, path):
    answers = os.path.join(FOLDER, 'answers')
    with open(path, 'rb') as source, open(answers, 'wb') as sink:
        begin = time.perf_counter()
        subprocess.check_call([python, WORKER, 'benchmark'], stdin=source, stdout=sink)
        took = time.perf_counter() - begin
    with open(answers, 'rb') as file:
        data, at, answered = file.read(), 0, 0
    while at < len(data):
        answered += data[at + 4] == 4
        at += 4 + struct.unpack_from('>I', data, at)[0]
    return took, answered


few, many = feed(FEW), feed(CALLS + FEW)
for python in PYTHONS:
    rates = []
    for _ in range(ROUNDS):
        (short, _), (long, answered) = seconds(python, few), seconds(python, many)
        if answered != CALLS + FEW:
            sys.exit('%s: %d answers to %d calls' % (python, answered, CALLS + FEW))
        rates.append(CALLS / (long - short))
    print('%-40s %9.0f calls a second (%.0f to %.0f, median of %d)'
          % (python, statistics.median(rates), min(rates), max(rates), ROUNDS))
PYTHON

python3 "$folder/measure.py" "$here/../../bundles/function-python/src/main/resources/io/openedge/function/python/worker.py" \
    "$folder" "$calls" "$@"
