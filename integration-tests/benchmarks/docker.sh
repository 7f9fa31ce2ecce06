#!/usr/bin/env bash
# How long the engine docker takes for 20 containers, beside docker itself: a gateway with 20 instances of an image that does
# nothing is started and stopped; `docker run` and `docker rm` do the same one after the other. Then 20 timers, of our own
# image. Needs the distribution built, its images (distribution/docker/local.sh), and python3.
#
#   bash integration-tests/benchmarks/docker.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
exec python3 - "${1:-5}" "$PWD/distribution/target" <<'PY'
import glob, os, shutil, statistics, subprocess, sys, tempfile, time

ROUNDS, TARGET = int(sys.argv[1]), sys.argv[2]
OPENEDGE = sorted(p for p in glob.glob(TARGET + '/openedge-*') if os.path.isdir(p))[0] + '/bin/openedge'
IDLE, COUNT = 'openedge-base-python3:local', 20
SLEEP = "trap 'exit 0' TERM; sleep 1000 & wait"


def timed(*commands):
    began = time.monotonic()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def gateway(count, service):
    """Seconds until all run, and until all are gone."""
    folder = tempfile.mkdtemp(prefix='openedge-')
    try:
        def write(path, text):
            os.makedirs(os.path.dirname(folder + '/' + path), exist_ok=True)
            with open(folder + '/' + path, 'w') as file:
                file.write(text)
        write('etc/openedge/openedge.yml', '''mode: docker
grace: 10s
pidfile: var/run/openedge/openedge.pid
server: {address: 'unix://var/run/openedge/openedge.sock'}
logger: {path: var/log/openedge/openedge.log}
''')
        write('var/db/openedge/timer/service.yml', '''hub: {address: 'tcp://127.0.0.1:1', username: u, password: p}
timer: {interval: 5s}
publish: {topic: tick}
''')
        write('var/db/openedge/application.yml', 'services:\n  - {name: measured, replica: %d, %s}\n' % (count, service)
              + 'volumes: [{name: timer, path: var/db/openedge/timer}]\n')
        up = timed([OPENEDGE, 'start', '-w', folder, '--wait', '180'])
        return up, timed([OPENEDGE, 'stop', '-w', folder, '-t', '180'])
    finally:
        shutil.rmtree(folder)


def docker(count):
    names = ['measured.d%d' % number for number in range(count)]
    up = timed(*(['docker', 'run', '-d', '--name', name, IDLE, 'sh', '-c', SLEEP] for name in names))
    return up, timed(*(['docker', 'rm', '-f', name] for name in names))


idle = 'image: "%s", args: [sh, -c, "%s"]' % (IDLE, SLEEP)
timer = 'image: openedge-timer, mounts: [{name: timer, path: etc/openedge}]'
measures = {
    'gateway, no container': lambda: gateway(0, idle),
    'gateway, %d idle containers' % COUNT: lambda: gateway(COUNT, idle),
    'docker run and docker rm, %d times' % COUNT: lambda: docker(COUNT),
    'gateway, %d timers' % COUNT: lambda: gateway(COUNT, timer),
}
results = {}
gateway(1, idle)
for round in range(ROUNDS):
    for name, measure in measures.items():
        results.setdefault(name, []).append(measure())
print('| | start, s: median of %d | min | max | stop, s: median | min | max |' % ROUNDS)
print('|---|---|---|---|---|---|---|')
for name, pairs in results.items():
    cells = [f(column) for column in zip(*pairs) for f in (statistics.median, min, max)]
    print('| %s | %s |' % (name, ' | '.join('%.2f' % cell for cell in cells)))
PY
