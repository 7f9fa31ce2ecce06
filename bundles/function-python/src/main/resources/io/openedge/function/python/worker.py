# -*- coding: utf-8 -*-
"""Runs functions, one call at a time, for the host at the other end of standard input and output.

Needs no package; the same source runs on Python 2.7 and on 3.6 and later. The frames are described in README.md.
"""
import collections
import mmap
import os
import signal
import struct
import sys
import time

if __name__ == '__main__':  # the parts of a runtime are a package: their names must not hide those of user code
    import importlib
    own, package = os.path.split(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = own
    own_main = importlib.import_module(package + '.worker').main
    sys.path.remove(own)
    sys.exit(own_main())

from .frames import CALL, Host, private_pipe, start_thread, take_over
from .calls import Functions
from .reloading import PERIOD_SECONDS, Watch
from .words import Failure, OVER_LIMIT, USER_CODE, to_bytes

PROTOCOL = 1
REQUEST = struct.Struct('>BqHHH')
NUMBER = struct.Struct('>Q')


class Loop(object):
    """Computes what the host sends until it says stop or is gone."""

    def __init__(self, host, functions, page):
        self.host = host
        self.functions = functions
        self.page = page
        self.process = os.getpid()

    def run(self):
        while True:
            frames = self.host.read()
            for kind, call, data, at, end in frames:
                if kind != CALL:
                    self.host.flush()
                    return
                self.answer(call, data, at, end)
            if not frames:
                return
            self.host.flush()

    def answer(self, call, data, at, end):
        NUMBER.pack_into(self.page, 0, call)
        try:
            result = self.compute(data, at, end)
        except Failure as error:
            self.end_if_forked()
            self.host.error(call, error.code, error.text)
            if error.code == OVER_LIMIT:  # what it holds may be all of the memory
                self.host.await_end()
        else:
            self.end_if_forked()
            self.host.answer(call, result)

    def compute(self, data, at, end):
        qos, timestamp, topic, name, invoke = REQUEST.unpack_from(data, at)
        at += REQUEST.size
        topic += at
        name += topic
        invoke += name
        return self.functions.compute(
            qos,
            data[at:topic].decode('utf-8'),
            timestamp,
            data[topic:name].decode('utf-8'),
            data[name:invoke].decode('utf-8'),
            data[invoke:end])

    def end_if_forked(self):
        if os.getpid() != self.process:  # a fork of user code that came back
            os._exit(0)


class Changes(object):
    """Looks at folders of code on a thread of its own; its source can be read when some have changed."""

    def __init__(self, folders):
        self.watch = Watch(folders)
        self.changed = collections.deque()
        self.source, self.sink = private_pipe()
        start_thread(self.look)

    def look(self):
        while True:
            time.sleep(PERIOD_SECONDS)
            folders = self.watch.changed()
            if folders:
                self.changed.extend(folders)
                os.write(self.sink, b'c')

    def take(self):
        os.read(self.source, 4096)
        return [self.changed.popleft() for _ in range(len(self.changed))]


def tell(text):
    os.write(2, to_bytes(text + u'\n'))


def page_of(path):
    """Where the host reads, once this process has ended, which call it was at."""
    if not path:
        return mmap.mmap(-1, NUMBER.size)
    with open(path, 'r+b') as file:
        return mmap.mmap(file.fileno(), NUMBER.size)


def load(host, hello):
    if hello['protocol'] != PROTOCOL:
        raise Failure(USER_CODE, u'the host speaks protocol %s, the worker %d' % (hello['protocol'], PROTOCOL))
    functions = Functions(host.log, tell, hello['functions'], hello['longest'])
    if functions.watched:
        changes = Changes(functions.watched)
        host.listen(changes.source, lambda: functions.reload(changes.take()))
    return functions


def main():
    source, sink = take_over()
    try:
        os.setsid()
    except OSError:  # is the leader of a session already
        pass
    host = Host(source, sink)
    hello = host.hello()
    if hello is None:
        return
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends a function that uses too much of the processor
    try:
        page = page_of(hello.get('progress'))
        functions = load(host, hello)
    except Failure as error:
        host.error(0, error.code, error.text)
        host.await_end()
    host.ready({'protocol': PROTOCOL, 'python': sys.version.split()[0], 'functions': sorted(functions.functions)})
    Loop(host, functions, page).run()
    host.over = True
