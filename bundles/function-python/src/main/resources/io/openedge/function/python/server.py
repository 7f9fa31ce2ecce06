# -*- coding: utf-8 -*-
"""Serves functions over gRPC: Python itself is the process of the runtime. Needs grpcio; runs on Python 2.7 and 3.6 and later.

    PYTHON server.py [-c FILE]
"""
import logging
import logging.handlers
import os
import signal
import socket
import sys
import threading
import time

if __name__ == '__main__':  # the parts of a runtime are a package: their names must not hide those of user code
    import importlib
    own, package = os.path.split(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = own
    own_main = importlib.import_module(package + '.server').main
    sys.path.remove(own)
    sys.exit(own_main(sys.argv[1:]))

from concurrent import futures

import grpc

from . import frames, settings, wire
from .calls import Functions
from .reloading import PERIOD_SECONDS, Watch
from .words import Failure, OVER_LIMIT, TOO_LARGE, to_text

METHOD = '/openedge.Function/Call'
TOKEN = 'OPENEDGE_SERVICE_TOKEN'
READY_FILE = 'OPENEDGE_READY_FILE'
BESIDE_PAYLOAD = 256 << 10
STOP_SECONDS = 0.1
LOOK_SECONDS = 0.1
PAUSE = 60
MOST_KNOWN = 100
LONGEST_DETAILS = 4096
LOG = logging.getLogger('openedge.runtime')


class Tracebacks(object):
    """Logs what user code raised: each text once a minute, with how often it came since it was said last."""

    def __init__(self):
        self.lock = threading.Lock()
        self.known = {}

    def say(self, text):
        with self.lock:
            now = time.time()
            at, more = self.known.get(text, (0, 0))
            if at and 0 <= now - at < PAUSE:
                self.known[text] = (at, more + 1)
                return
            if len(self.known) >= MOST_KNOWN and text not in self.known:
                del self.known[min(self.known, key=lambda other: self.known[other][0])]
            self.known[text] = (now, 0)
        LOG.error(u'%s%s', u'%d times more since it was said last: ' % more if more else u'', text.rstrip())


class Prints(object):
    """What user code prints, line by line in the log: for a log of its own."""

    encoding = 'utf-8'

    def __init__(self):
        self.lock = threading.Lock()
        self.rest = u''

    def write(self, text):
        with self.lock:
            lines = (self.rest + to_text(text)).split(u'\n')
            self.rest = lines.pop()
        for line in lines:
            LOG.info(u'%s', line)

    def flush(self):
        pass

    def isatty(self):
        return False


class Calls(grpc.GenericRpcHandler):
    def __init__(self, functions, longest, end):
        self.functions = functions
        self.end = end
        self.handler = grpc.unary_unary_rpc_method_handler(self.call, wire.decode, wire.encode)
        self.longest = longest

    def service(self, details):
        return self.handler if details.method == METHOD else None

    def call(self, message, context):
        if not context.is_active():  # waited too long: nobody wants it any more
            return message
        if len(message.payload) > self.longest:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED,
                          'message of %d bytes is larger than %d' % (len(message.payload), self.longest))
        try:
            message.payload = self.functions.compute(
                message.qos, message.topic, message.timestamp, message.function_name, message.invoke_id,
                message.payload)
        except Failure as error:
            if error.code == OVER_LIMIT:
                self.end.because(error)
            code = grpc.StatusCode.RESOURCE_EXHAUSTED if error.code == TOO_LARGE else grpc.StatusCode.UNKNOWN
            context.abort(code, native(u'Exception calling application: ' + error.text))
        return message


class End(object):
    """When this process is to end, and why: a signal, or a function that was over its limit."""

    def __init__(self):
        self.event = threading.Event()
        self.failure = None

    def because(self, failure):
        self.failure = failure
        self.event.set()

    def wait(self, period):
        while not self.event.is_set():
            self.event.wait(period)  # signals that come in on another thread are heard only in a wait that ends


def end_over_cpu(functions):
    """On the signal of a limit for processor time: the call cannot be given up, so the process is."""
    sys.__stderr__.write(native(u'%s\n' % functions.over_cpu()))
    sys.__stderr__.flush()
    os._exit(1)


def reload_changed(functions):
    watch = Watch(functions.watched)
    while True:
        time.sleep(PERIOD_SECONDS)
        changed = watch.changed()
        if changed:
            functions.reload(changed)


def native(text):
    """A status is a header, and headers are short; the text of this Python."""
    short = text if len(text) <= LONGEST_DETAILS else text[:LONGEST_DETAILS] + u'…'
    return short.encode('utf-8') if str is bytes else short


def start_log(setting):
    if setting.log_path:
        folder = os.path.dirname(setting.log_path)
        if folder and not os.path.isdir(folder):
            os.makedirs(folder)
        handler = logging.handlers.RotatingFileHandler(
            setting.log_path, maxBytes=setting.log_size, backupCount=setting.log_backup)
        sys.stdout = sys.stderr = Prints()
    else:
        handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter('%(asctime)s %(levelname)s %(message)s'))
    logging.raiseExceptions = False  # they would go to where they come from
    LOG.addHandler(handler)
    LOG.propagate = False
    LOG.setLevel(setting.log_level)


def read_file(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except (IOError, OSError) as error:
        raise settings.Wrong(u'%s: cannot be read: %s' % (path, error.strerror))


def make_server(setting, handler):
    server = grpc.server(
        futures.ThreadPoolExecutor(setting.workers),
        handlers=(handler,),
        options=(('grpc.max_receive_message_length', setting.longest + BESIDE_PAYLOAD),
                 ('grpc.max_send_message_length', -1),
                 ('grpc.so_reuseport', 0)),
        maximum_concurrent_rpcs=setting.concurrent)
    try:
        if setting.cert:
            credentials = grpc.ssl_server_credentials(
                [(read_file(setting.key), read_file(setting.cert))],
                read_file(setting.ca) if setting.ca else None, bool(setting.ca))
            port = server.add_secure_port(setting.address, credentials)
        else:
            port = server.add_insecure_port(setting.address)
    except RuntimeError:
        port = 0
    if not port:
        raise settings.Wrong(u'cannot listen at %s: %s' % (setting.address, why_not(setting)))
    return server, setting.address.rpartition(':')[0] + ':%d' % port


def why_not(setting):
    """grpcio does not say it."""
    host, _, port = setting.address.rpartition(':')
    try:
        for family, kind, protocol, _, place in socket.getaddrinfo(
                host.strip('[]'), int(port), socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_PASSIVE):
            probe = socket.socket(family, kind, protocol)
            try:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
                probe.listen(1)
            finally:
                probe.close()
    except (OSError, IOError, socket.error, OverflowError) as error:
        return getattr(error, 'strerror', None) or str(error)
    return 'the certificate, its key or the authorities cannot be used' if setting.cert else 'grpcio does not say why'


def say_so(file):
    """Whoever started this process wants to know that it works."""
    try:
        open(file, 'wb').close()
    except (IOError, OSError) as error:
        LOG.warning(u'it cannot be said that this runtime works: %s', error)


def run(arguments):
    stop = End()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.event.set())
    setting = settings.read(arguments, os.environ)
    os.environ.pop(TOKEN, None)
    ready = os.environ.pop(READY_FILE, None)
    start_log(setting)
    for function in setting.functions:
        if not os.path.isdir(function['codedir']):
            LOG.warning(u"function '%s': codedir '%s' is no folder", function['name'], function['codedir'])
    functions = Functions(Tracebacks().say, lambda text: LOG.info(u'%s', text), setting.functions, setting.longest)
    signal.signal(signal.SIGPROF, lambda *_: end_over_cpu(functions))
    if functions.watched:
        frames.start_thread(lambda: reload_changed(functions))
    server, address = make_server(setting, Calls(functions, setting.longest, stop))
    server.start()
    LOG.info(u'Python %s serves %s at %s', sys.version.split()[0], u', '.join(sorted(functions.functions)), address)
    if ready:
        say_so(ready)
    stop.wait(LOOK_SECONDS if functions.has_cpu_limits() else 3600)
    LOG.info(u'stopping')
    server.stop(STOP_SECONDS).wait(STOP_SECONDS + 1)
    if stop.failure:
        raise stop.failure


def main(arguments):
    """Ends with 0 after SIGTERM, with 1 and the reason as the last line on standard error when it cannot serve."""
    code = 1
    try:
        run(arguments)
        code = 0
    except settings.Wrong as error:
        sys.__stderr__.write(native(u'%s\n' % error))
    except Failure as error:
        sys.__stderr__.write(native(error.text + u'\n'))
    frames.flush_prints()
    sys.__stderr__.flush()
    logging.shutdown()
    os._exit(code)  # user code may have threads that never end
