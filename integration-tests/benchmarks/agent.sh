#!/usr/bin/env bash
# What an update from a cloud costs: bytes and time from the event to the report of the new version, for one bundle of 1 MB
# that is swapped, and for 30 volumes of which one changed; and what the agent adds to the gateway's memory. A broker
# with mutual TLS and an HTTPS server run beside. Needs the distribution built, openssl, mosquitto, javac and python3.
#
#   bash integration-tests/benchmarks/agent.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin
exec python3 - "${1:-5}" "$PWD" <<'PY'
import getpass, glob, hashlib, http.server, io, json, os, re, shutil, socket, ssl, statistics, subprocess, sys, tempfile, threading
import time, zipfile

ROUNDS, ROOT = int(sys.argv[1]), sys.argv[2]
HOME = sorted(p for p in glob.glob(ROOT + '/distribution/target/openedge-*') if os.path.isdir(p))[0]
OPENEDGE = HOME + '/bin/openedge'
folder = tempfile.mkdtemp(prefix='openedge-agent-')
keys, work, brokerdir = folder + '/keys', folder + '/work', folder + '/broker'
files, sent, reports = {}, [0], []
news = threading.Condition()


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(text if isinstance(text, bytes) else text.encode())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        body = files[self.path]
        sent[0] += len(body)
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        report = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        with news:
            reports.append(report)
            news.notify_all()
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *arguments):
        pass


def cloud(mqtt, https):
    os.makedirs(keys)
    os.makedirs(brokerdir)
    subprocess.run(['bash', ROOT + '/example/cloud/certificates.sh', keys], check=True)
    write(brokerdir + '/mosquitto.conf', '''listener %d 127.0.0.1
cafile %s/ca.pem
certfile %s/server.pem
keyfile %s/server.key
require_certificate true
use_identity_as_username true
user %s
''' % (mqtt, keys, keys, keys, getpass.getuser()))
    broker = subprocess.Popen(['mosquitto', '-c', brokerdir + '/mosquitto.conf'], stderr=subprocess.DEVNULL)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', https), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys + '/server.pem', keys + '/server.key')
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return broker


def pack(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def bundle(version):
    """The module of the example with a megabyte that cannot be packed."""
    build = folder + '/hello-' + version
    with open(ROOT + '/example/cloud/hello/Hello.java') as file:
        write(build + '/source/Hello.java', file.read().replace('@HELLO@', version))
    shutil.copy(ROOT + '/example/cloud/hello/component.xml', build + '/source/component.xml')
    os.makedirs(build + '/classes')
    api = glob.glob(HOME + '/bundles/io.openedge.api-*.jar')[0]
    subprocess.run(['javac', '--release', '17', '-proc:none', '-d', build + '/classes', '-cp', api,
                    build + '/source/Hello.java'], check=True, stderr=subprocess.DEVNULL)
    jar = {'META-INF/MANIFEST.MF': '''Manifest-Version: 1.0
Bundle-ManifestVersion: 2
Bundle-SymbolicName: org.example.cloud.hello
Bundle-Version: %s
Import-Package: io.openedge.module,io.openedge.system
Service-Component: OSGI-INF/hello.xml
''' % version, 'ballast': os.urandom(1 << 20)}
    with open(build + '/source/component.xml') as file:
        jar['OSGI-INF/hello.xml'] = file.read()
    with open(build + '/classes/org/example/cloud/Hello.class', 'rb') as file:
        jar['org/example/cloud/Hello.class'] = file.read()
    name = 'lib/hello-%s.jar' % version
    return pack({name: pack(jar), 'package.yml': 'bundles: [%s]\n' % name})


def source(path, content):
    files[path] = content
    return '{"url": "%s", "sha256": "%s"}' % (path, hashlib.sha256(content).hexdigest())


AGENT = '''  - name: agent
    image: openedge-agent
    replica: 1
    mounts:
      - {name: agent-conf, path: etc/openedge, readonly: true}
      - {name: volumes, path: var/db/openedge/volumes}
'''
BASE = '''  - {name: agent-conf, path: var/db/openedge/agent-conf}
  - {name: volumes, path: var/db/openedge}
'''


def application(version, services, volumes):
    return 'version: %s\nservices:\n%svolumes:\n%s' % (version, services or ' []\n', volumes)


def update(mqtt, version, services, volumes):
    """Answers bytes and seconds until the report of the version."""
    content = pack({'application.yml': application(version, AGENT + services, BASE + volumes)})
    config = '{"name": "app", "path": "var/db/openedge/app/%s", "meta": %s}' % (
        version, source('/app-%s.zip' % version, content))
    event = '{"event": "UPDATE", "time": "t", "content": {"version": "%s", "config": %s}}' % (version, config)
    before, began = sent[0], time.monotonic()
    subprocess.run(['mosquitto_pub', '-h', 'localhost', '-p', str(mqtt), '--cafile', keys + '/ca.pem', '--cert',
                    keys + '/cloud.pem', '--key', keys + '/cloud.key', '-q', '1', '-t',
                    '$baidu/iot/edge/gateway-1/core/backward', '-m', event], check=True)
    await_version(version)
    return sent[0] - before, time.monotonic() - began


def await_version(version):
    with news:
        found = news.wait_for(lambda: any(r['software'].get('conf_version') == version for r in reports), 120)
        assert found, 'no report of %s, the last is %s' % (version, reports[-1:])


def gateway():
    with open(work + '/var/run/openedge/openedge.pid') as file:
        return int(file.read())


def pss():
    with open('/proc/%d/smaps_rollup' % gateway()) as file:
        return int(re.search(r'^Pss: +(\d+)', file.read(), re.M).group(1)) / 1024


def start(text):
    write(work + '/var/db/openedge/application.yml', text)
    subprocess.run([OPENEDGE, 'start', '-w', work], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, OPENEDGE_JAVA_OPTS='-Dopenedge.archive=off'))


def stop():
    subprocess.run([OPENEDGE, 'stop', '-w', work], check=True, stdout=subprocess.DEVNULL)


def memory(text):
    start(text)
    time.sleep(8)
    size = pss()
    stop()
    return size


def row(name, values, form):
    print('| %s | %s | %s | %s |' % ((name,) + tuple(form % v for v in (statistics.median(values), min(values), max(values)))))


mqtt, https = free_port(), free_port()
broker = cloud(mqtt, https)
try:
    shutil.copytree(ROOT + '/example/cloud/work', work)
    conf = work + '/var/db/openedge/agent-conf/'
    with open(conf + 'service.yml') as file:
        text = file.read().replace('@MQTT@', str(mqtt)).replace('@HTTPS@', str(https))
    write(conf + 'service.yml', text)
    for name in ('ca.pem', 'gateway-1.pem', 'gateway-1.key'):
        shutil.copy(keys + '/' + name, conf + name)

    without = [memory(application('m0', '', BASE)) for _ in range(ROUNDS)]
    with_agent = [memory(application('m1', AGENT, BASE)) for _ in range(ROUNDS)]

    start(application('v1', AGENT, BASE))
    await_version('v1')
    hello = '  - {name: hello, image: hello, replica: 1, health: {window: 1s}, ' \
            'mounts: [{name: hello-package, path: lib/openedge/hello}]}\n'
    one, many = [], []
    for i in range(ROUNDS + 1):
        version = '1.0.%d' % i
        volume = '  - {name: hello-package, path: var/db/openedge/hello-package/%s, meta: %s}\n' % (
            version, source('/hello-%s.zip' % version, bundle(version)))
        one.append(update(mqtt, 'one-%d' % i, hello, volume))
    fixed = ['  - {name: v%d, path: var/db/openedge/v%d/1, meta: %s}\n' % (i, i, source('/v%d' % i, pack(
        {'data': os.urandom(100_000)}))) for i in range(29)]
    for i in range(ROUNDS + 1):
        changed = '  - {name: v29, path: var/db/openedge/v29/%d, meta: %s}\n' % (i, source('/v29-%d' % i, pack(
            {'data': os.urandom(100_000)})))
        many.append(update(mqtt, 'many-%d' % i, '', ''.join(fixed) + changed))
    after = pss()
    stop()
    print('| figure | median of %d | min | max |' % ROUNDS)
    print('|---|---|---|---|')
    row('one bundle of 1 MB swapped: bytes downloaded', [b for b, _ in one[1:]], '%d')
    row('one bundle of 1 MB swapped: event to report, s', [s for _, s in one[1:]], '%.2f')
    print('| 30 volumes of 100 kB, all new: bytes downloaded, event to report in s | %d | %.2f | |' % many[0])
    row('30 volumes of 100 kB, one changed: bytes downloaded', [b for b, _ in many[1:]], '%d')
    row('30 volumes of 100 kB, one changed: event to report, s', [s for _, s in many[1:]], '%.2f')
    row('PSS of a gateway without services, MB', without, '%.1f')
    row('PSS of a gateway with an agent, MB', with_agent, '%.1f')
    print('| PSS after all these updates, MB | %.1f | | |' % after)
finally:
    broker.kill()
    if os.path.exists(work + '/var/run/openedge/openedge.pid'):
        subprocess.run([OPENEDGE, 'stop', '-w', work], stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
PY
