#!/usr/bin/env bash
# What a module costs as a process or in a container, and what the same module costs in the framework: PSS of the gateway
# and all its processes with a hub and some timers, under each engine, at rest. The difference that a timer makes is a
# module's price. Needs the distribution built, and python3; for docker its images (distribution/docker/build.sh) and root.
# Takes two minutes an engine and round.
#
#   bash integration-tests/benchmarks/processes.sh [ROUNDS [MODE ...]]      default: 3 osgi native
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-3}
shift || true
[ $# -gt 0 ] || set -- osgi native
exec python3 - "$rounds" "$PWD/distribution/target" "$@" <<'PY'
import glob, json, os, re, shutil, socket, statistics, subprocess, sys, tempfile, time

ROUNDS, TARGET, MODES = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
HOME = sorted(p for p in glob.glob(TARGET + '/openedge-*') if os.path.isdir(p))[0]
OPENEDGE = HOME + '/bin/openedge'
FEW, MANY, REST = 1, 9, 12


def work(folder, mode, timers):
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    def write(path, text):
        os.makedirs(os.path.dirname(folder + '/' + path), exist_ok=True)
        with open(folder + '/' + path, 'w') as file:
            file.write(text)
    write('etc/openedge/openedge.yml', '''mode: %s
grace: 10s
pidfile: var/run/openedge/openedge.pid
server: {address: 'unix://var/run/openedge/openedge.sock'}
logger: {path: var/log/openedge/openedge.log}
''' % mode)
    write('var/db/openedge/hub/service.yml', '''listen: [tcp://%s:%d]
principals: [{username: u, password: p, permissions: [{action: pub, permit: ['#']}]}]
''' % ('0.0.0.0' if mode == 'docker' else '127.0.0.1', port))
    write('var/db/openedge/timer/service.yml', '''hub: {address: 'tcp://hub:%d', username: u, password: p}
timer: {interval: 5s}
publish: {topic: tick}
''' % port)
    write('var/db/openedge/application.yml', '''version: v1
services:
  - {name: hub, image: openedge-hub, replica: 1, mounts: [{name: hub, path: etc/openedge}]}
  - {name: timer, image: openedge-timer, replica: %d, mounts: [{name: timer, path: etc/openedge}]}
volumes: [{name: hub, path: var/db/openedge/hub}, {name: timer, path: var/db/openedge/timer}]
''' % timers)


def tree(pid):
    children = {}
    for stat in glob.glob('/proc/[0-9]*/stat'):
        try:
            with open(stat) as file:
                text = file.read()
        except OSError:
            continue
        parent = int(text[text.rindex(')') + 2:].split()[1])
        children.setdefault(parent, []).append(int(text.split()[0]))
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def containers(folder):
    """The first processes of the gateway's containers."""
    names = subprocess.run(['docker', 'ps', '-q', '--filter', 'label=openedge=openedge'], check=True,
                           stdout=subprocess.PIPE, text=True).stdout.split()
    if not names:
        return []
    found = json.loads(subprocess.run(['docker', 'inspect'] + names, check=True, stdout=subprocess.PIPE).stdout)
    return [one['State']['Pid'] for one in found if folder + '/' in json.dumps(one['Mounts'])]


def pss(pid):
    with open('/proc/%d/smaps_rollup' % pid) as file:
        return int(re.search(r'^Pss: +(\d+)', file.read(), re.M).group(1)) / 1024


def run(folder, options=''):
    """Starts the gateway; answers the seconds until all runs."""
    began = time.monotonic()
    subprocess.run([OPENEDGE, 'start', '-w', folder, '--wait', '120'], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, OPENEDGE_JAVA_OPTS=options))
    return time.monotonic() - began


def stop(folder):
    subprocess.run([OPENEDGE, 'stop', '-w', folder], check=True, stdout=subprocess.DEVNULL)


def archived(folder):
    """Lets the gateway make its archive of classes, which the next start and its modules use."""
    run(folder, '-Dopenedge.archive.after=1')
    deadline = time.monotonic() + 180
    while not glob.glob(folder + '/var/cache/archive/gateway-*') and time.monotonic() < deadline:
        time.sleep(0.5)
    stop(folder)


def measure(mode, timers):
    folder = tempfile.mkdtemp(prefix='openedge-')
    try:
        work(folder, mode, timers)
        archived(folder)
        # the same options as before: the archive belongs to them
        up = run(folder, '-Dopenedge.archive.after=1')
        time.sleep(REST)
        with open(folder + '/var/run/openedge/openedge.pid') as file:
            gateway = int(file.read())
        roots = [gateway] + (containers(folder) if mode == 'docker' else [])
        processes = [pid for root in roots for pid in tree(root)]
        sizes = {pid: pss(pid) for pid in processes}
        ticks = sum(cpu(pid) for pid in processes)
        time.sleep(REST)
        idle = (sum(cpu(pid) for pid in processes) - ticks) / os.sysconf('SC_CLK_TCK') / REST * 100
        stop(folder)
        return {'total': sum(sizes.values()), 'gateway': sizes[gateway], 'up': up, 'idle': idle,
                'processes': len(processes) - 1}
    finally:
        shutil.rmtree(folder)


def cpu(pid):
    with open('/proc/%d/stat' % pid) as file:
        text = file.read()
    fields = text[text.rindex(')') + 2:].split()
    return int(fields[11]) + int(fields[12])


def row(name, values, form='%.1f'):
    print('| %s | %s | %s | %s |' % ((name,) + tuple(form % v for v in (statistics.median(values), min(values), max(values)))))


results = {}
for round in range(ROUNDS):
    for mode in MODES:
        for timers in (FEW, MANY):
            results.setdefault((mode, timers), []).append(measure(mode, timers))
            print('%s, %d timers: %s' % (mode, timers, json.dumps(results[mode, timers][-1])), file=sys.stderr)
print('| figure | median of %d | min | max |' % ROUNDS)
print('|---|---|---|---|')
for mode in MODES:
    few, many = results[mode, FEW], results[mode, MANY]
    row('%s: PSS with hub and %d timer, MB' % (mode, FEW), [r['total'] for r in few])
    row('%s: PSS with hub and %d timers, MB' % (mode, MANY), [r['total'] for r in many])
    row('%s: PSS of one timer more, MB' % mode,
        [(b['total'] - a['total']) / (MANY - FEW) for a, b in zip(few, many)], '%.2f')
    row('%s: start until hub and %d timers run, s' % (mode, MANY), [r['up'] for r in many], '%.2f')
    row('%s: CPU at rest with hub and %d timers, %% of one processor' % (mode, MANY), [r['idle'] for r in many], '%.2f')
PY
