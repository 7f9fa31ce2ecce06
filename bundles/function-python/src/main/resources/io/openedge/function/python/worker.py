# -*- coding: utf-8 -*-
"""Runs functions, one call at a time, for the host at the other end of standard input and output.

Needs no package; the same source runs on Python 2.7 and on 3.6 and later. The frames are described in README.md.
"""
import errno
import fcntl
import importlib
import io
import json
import os
import select
import signal
import struct
import sys
import threading
import traceback

PROTOCOL = 1
HELLO, READY, CALL, ANSWER, ERROR, LOG, STOP = range(1, 8)
USER_CODE, NOT_FOUND, TOO_LARGE = range(1, 4)
LONGEST_TEXT = 65536

HEAD = struct.Struct('>IBQ')
REQUEST = struct.Struct('>BqHHH')


class Failure(Exception):
    """A call without an answer: code and text go to the caller."""

    def __init__(self, code, text):
        Exception.__init__(self, text)
        self.code = code
        self.text = text


def private(descriptor):
    """A duplicate that no program started by user code inherits."""
    copy = os.dup(descriptor)
    fcntl.fcntl(copy, fcntl.F_SETFD, fcntl.fcntl(copy, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
    return copy


def take_over():
    """Moves the pipes away: whatever prints to standard output now prints to the log."""
    source, sink = private(0), private(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


def end_with_input(source):
    """Ends everything once the host has closed its end, whatever user code is doing."""
    poll = select.poll()
    poll.register(source, 0)  # hang-up is always reported; what can be read is not this thread's business
    while True:
        try:
            if poll.poll():
                break
        except select.error:  # 2.7: a signal came in
            continue
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def to_text(value):
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def to_bytes(value):
    if isinstance(value, bytes):
        return value
    return value.encode('utf-8', 'backslashreplace')[:LONGEST_TEXT]


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # user code closed or replaced it
            continue


class Host(object):
    """The frames' way in and out. Only the main thread uses it."""

    def __init__(self, source, sink):
        self.source = io.open(source, 'rb', 65536)
        self.sink = sink
        self.process = os.getpid()

    def read(self):
        head = self.source.read(HEAD.size)
        if len(head) < HEAD.size:
            return STOP, 0, b''
        length, kind, call = HEAD.unpack(head)
        length -= HEAD.size - 4
        body = self.source.read(length) if length else b''
        return (kind, call, body) if len(body) == length else (STOP, 0, b'')

    def write(self, kind, call, body):
        flush()  # prints come before the frame that follows them
        if os.getpid() != self.process:  # a fork of user code that came back
            os._exit(0)
        data = HEAD.pack(HEAD.size - 4 + len(body), kind, call) + body
        while data:
            try:
                data = data[os.write(self.sink, data):]
            except OSError as error:  # 2.7: a signal came in
                if error.errno != errno.EINTR:
                    raise

    def log(self, text):
        self.write(LOG, 0, to_bytes(text))

    def error(self, call, code, text):
        self.write(ERROR, call, struct.pack('>B', code) + to_bytes(text))


def inside(path, folder):
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ''))


def load(function):
    """The callable that a function's handler names."""
    name, handler, codedir = function['name'], function['handler'], function['codedir']
    module_name, _, attribute = handler.rpartition('.')
    module = importlib.import_module(str(module_name))
    top = module_name.split('.')[0]
    place = getattr(sys.modules[top], '__file__', None) or ''
    own = [os.path.join(codedir, top), os.path.join(codedir, top + '.py')]
    if any(os.path.exists(path) for path in own) and not inside(place, codedir):
        raise ImportError('module %s comes from %s, which hides the one in %s: give it another name'
                          % (top, place or 'the interpreter', codedir))
    found = getattr(module, attribute)
    if not callable(found):
        raise TypeError('%s is not callable' % handler)
    return name, found


def load_all(functions):
    sys.path[:] = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
    for function in functions:
        function['codedir'] = os.path.abspath(function['codedir'])
        if function['codedir'] not in sys.path:
            sys.path.append(function['codedir'])
    loaded = {}
    for function in functions:
        try:
            name, found = load(function)
        except BaseException as error:
            words = ''.join(traceback.format_exception_only(type(error), error)).strip()
            raise Failure(USER_CODE, u"function '%s': handler '%s' in %s cannot be loaded: %s" % (
                function['name'], function['handler'], function['codedir'], to_text(words)))
        loaded[name] = found
    return loaded


def words_of(prefix, error):
    """The words callers know: those of an exception with two arguments."""
    try:
        return to_text(str(Exception(prefix, error)))
    except Exception:
        return u"('%s', %s that cannot be printed)" % (prefix, type(error).__name__)


def trace():
    """The traceback without the frames of this file, which tell the author of a function nothing."""
    kind, error, place = sys.exc_info()
    while place is not None and place.tb_frame.f_code.co_filename == trace.__code__.co_filename:
        place = place.tb_next
    try:
        return to_text(''.join(traceback.format_exception(kind, error, place)))
    except Exception:
        return u'a traceback that cannot be printed'


def event_of(payload):
    if not payload:
        return {}
    try:
        return json.loads(payload)
    except Exception:
        return payload


def result_of(value):
    if value is None:
        return b''
    if isinstance(value, bytes):
        return value
    data = json.dumps(value)
    return data if isinstance(data, bytes) else data.encode('utf-8')


class Functions(object):
    """Computes messages; what user code raises goes to log, a function of one text."""

    def __init__(self, log, functions, longest):
        self.log = log
        self.functions = functions
        self.longest = longest

    def call(self, body):
        qos, timestamp, topic, name, invoke = REQUEST.unpack_from(body)
        topic += REQUEST.size
        name += topic
        invoke += name
        return self.compute(
            qos,
            body[REQUEST.size:topic].decode('utf-8'),
            timestamp,
            body[topic:name].decode('utf-8'),
            body[name:invoke].decode('utf-8'),
            body[invoke:])

    def compute(self, qos, topic, timestamp, function_name, invoke_id, payload):
        function = self.functions.get(function_name)
        if function is None:
            raise Failure(NOT_FOUND, u'function not found')
        context = {
            'messageQOS': qos,
            'messageTopic': topic,
            'messageTimestamp': timestamp,
            'functionName': function_name,
            'functionInvokeID': invoke_id,
            'invokeid': invoke_id,
        }
        value = self.run('[UserCodeInvoke] ', lambda: function(event_of(payload), context))
        result = self.run('[UserCodeReturn] ', lambda: result_of(value))
        if len(result) > self.longest:
            raise Failure(TOO_LARGE, u'result of %d bytes is larger than %d' % (len(result), self.longest))
        return result

    def run(self, prefix, code):
        try:
            return code()
        except BaseException as error:
            self.log(trace())
            raise Failure(USER_CODE, words_of(prefix, error))


def serve(host, functions):
    while True:
        kind, call, body = host.read()
        if kind == STOP:
            return
        try:
            answer = functions.call(body)
        except Failure as error:
            host.error(call, error.code, error.text)
        else:
            host.write(ANSWER, call, answer)


def main():
    source, sink = take_over()
    try:
        os.setsid()
    except OSError:  # is the leader of a session already
        pass
    watch = threading.Thread(target=end_with_input, args=(source,))
    watch.daemon = True
    watch.start()
    host = Host(source, sink)
    kind, _, body = host.read()
    if kind != HELLO:
        return
    hello = json.loads(body.decode('utf-8'))
    try:
        if hello['protocol'] != PROTOCOL:
            raise Failure(USER_CODE, u'the host speaks protocol %s, the worker %d' % (hello['protocol'], PROTOCOL))
        functions = load_all(hello['functions'])
    except Failure as error:
        host.error(0, error.code, error.text)
        return
    ready = {'protocol': PROTOCOL, 'python': sys.version.split()[0], 'functions': sorted(functions)}
    host.write(READY, 0, json.dumps(ready).encode('utf-8'))
    serve(host, Functions(host.log, functions, hello['longest']))


if __name__ == '__main__':
    main()
