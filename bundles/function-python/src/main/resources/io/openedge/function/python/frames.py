# -*- coding: utf-8 -*-
"""The frames between a worker and its host, many to a read and many to a write."""
import collections
import errno
import fcntl
import json
import os
import select
import signal
import struct
import sys
import threading
import time

from .words import to_bytes

HELLO, READY, CALL, ANSWER, ERROR, LOG, STOP = range(1, 8)
HEAD = struct.Struct('>IBQ')
LENGTH = struct.Struct('>I')
BLOCK = 65536
STACK = 256 << 10
HELD_MILLISECONDS = 2
QUIET_LOOKS = 50


def private(descriptor):
    """A duplicate that no program started by user code inherits."""
    copy = os.dup(descriptor)
    keep_private(copy)
    return copy


def keep_private(descriptor):
    fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.fcntl(descriptor, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)


def private_pipe():
    ends = os.pipe()
    for descriptor in ends:
        keep_private(descriptor)
    return ends


def take_over():
    """Moves the pipes away: whatever prints to standard output now prints to the log."""
    source, sink = private(0), private(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


def flush_prints():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # user code closed or replaced it
            continue


def again(call, *arguments):
    """2.7: a signal may come in."""
    while True:
        try:
            return call(*arguments)
        except (OSError, select.error) as error:
            if error.args[0] != errno.EINTR:
                raise


def start_thread(code):
    """With a small stack, which counts as memory of the process."""
    before = threading.stack_size(STACK)
    thread = threading.Thread(target=code)
    thread.daemon = True
    thread.start()
    threading.stack_size(before)


class Host(object):
    """The way in and out. The main thread reads and writes; another one sends what is held back while a call runs long.

    Answers to calls that came together leave together. The other thread is awake only while there are such.
    """

    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.rest = b''
        self.held = collections.deque()
        self.held_bytes = 0
        self.writing = threading.Lock()
        self.batch = False  # set before asleep is read, and read after asleep is set: one of the two sees the other
        self.asleep = True
        self.wake_source, self.wake_sink = private_pipe()
        self.beside = None
        self.over = False
        start_thread(self.attend)

    def listen(self, descriptor, action):
        """While the host is waited for, action is called on the main thread when the descriptor can be read."""
        poll = select.poll()
        poll.register(self.source, select.POLLIN)
        poll.register(descriptor, select.POLLIN)
        self.beside = poll, descriptor, action

    def receive(self, most):
        while self.beside:
            poll, descriptor, action = self.beside
            seen = dict(again(poll.poll))
            if descriptor in seen:
                action()
                self.flush()
            if self.source in seen:
                break
        return again(os.read, self.source, most)

    def fill(self):
        """Bytes with at least one whole frame; without one: the host is gone."""
        data = self.rest
        while True:
            need = HEAD.size
            if len(data) >= LENGTH.size:
                need = LENGTH.size + LENGTH.unpack_from(data)[0]
            if len(data) >= need:
                return data
            parts = [data]
            need -= len(data)
            while need > 0:
                piece = self.receive(max(need, BLOCK))
                if not piece:
                    return b''
                parts.append(piece)
                need -= len(piece)
            data = b''.join(parts)

    def read(self):
        """All frames that have come: kind, call, bytes, begin and end of the body in them. Waits for one; none: the end."""
        data, at, frames = self.fill(), 0, []
        while len(data) - at >= HEAD.size:
            length, kind, call = HEAD.unpack_from(data, at)
            end = at + LENGTH.size + length
            if end > len(data):
                break
            frames.append((kind, call, data, at + HEAD.size, end))
            at = end
        self.rest = data[at:]
        self.batch = len(frames) > 1
        if self.batch and self.asleep:
            self.asleep = False
            again(os.write, self.wake_sink, b'w')
        return frames

    def hello(self):
        """What the host says first; None: it is gone."""
        data = self.fill()
        if not data:
            return None
        length, kind, _ = HEAD.unpack_from(data)
        end = LENGTH.size + length
        self.rest = data[end:]
        return json.loads(data[HEAD.size:end].decode('utf-8')) if kind == HELLO else None

    def hold(self, kind, call, body):
        self.held.append(HEAD.pack(HEAD.size - LENGTH.size + len(body), kind, call) + body)
        self.held_bytes += len(body)
        if self.held_bytes > BLOCK:
            self.flush()

    def answer(self, call, result):
        self.hold(ANSWER, call, result)

    def error(self, call, code, text):
        self.hold(ERROR, call, struct.pack('>B', code) + to_bytes(text))

    def log(self, text):
        self.hold(LOG, 0, to_bytes(text))

    def ready(self, words):
        self.hold(READY, 0, json.dumps(words).encode('utf-8'))
        self.flush()

    def await_end(self):
        """The host ends this process once it has read why."""
        self.flush()
        while True:
            time.sleep(3600)

    def flush(self):
        flush_prints()  # prints come before the frames that follow them
        self.held_bytes = 0
        self.send()

    def send(self):
        with self.writing:
            parts = []
            while self.held:
                parts.append(self.held.popleft())
            data = b''.join(parts)
            while data:
                data = data[again(os.write, self.sink, data):]

    def attend(self):
        """The other thread: ends everything once the host has closed its end, whatever user code is doing."""
        try:
            self.look()
        except Exception:
            if not self.over:  # 2.7 takes modules apart when it ends, while threads go on
                raise

    def look(self):
        poll = select.poll()
        poll.register(self.source, 0)  # hang-up is always reported; what can be read is not this thread's business
        poll.register(self.wake_source, select.POLLIN)
        quiet = 0
        while True:
            seen = again(poll.poll, None if self.asleep else HELD_MILLISECONDS)
            if any(descriptor == self.source for descriptor, _ in seen):
                end()
            if seen:
                os.read(self.wake_source, BLOCK)
            try:
                self.send()
            except OSError:
                end()
            quiet = 0 if self.batch else quiet + 1
            if quiet > QUIET_LOOKS:
                quiet, self.asleep = 0, True
                self.asleep = not self.batch


def end():
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
