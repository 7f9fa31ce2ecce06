# -*- coding: utf-8 -*-
"""What one call may use. Linux 4.7 or later; the limits are the process's own, so one call runs at a time."""
import resource
import signal

from .words import Failure, OVER_LIMIT, USER_CODE

ENDLESS = resource.RLIM_INFINITY


class Limits(object):
    """memory: bytes of data of the process while the function runs; cpu: seconds of processor time of a call; 0: none."""

    def __init__(self, function):
        self.name = function['name']
        self.memory = int(function.get('memory') or 0)
        self.cpu = float(function.get('cpu') or 0)
        self.before = resource.getrlimit(resource.RLIMIT_DATA)
        self.most = self.before[1]
        if self.memory and self.most != ENDLESS:
            self.memory = min(self.memory, self.most)

    def __bool__(self):
        return bool(self.memory or self.cpu)

    __nonzero__ = __bool__

    def check(self):
        """Failure: the runtime itself, with all functions loaded, has no room."""
        used = data_of_process()
        if self.memory and used >= self.memory:
            raise Failure(USER_CODE, u"function '%s': memory.limit of %d bytes is too little: the runtime with its"
                          u" functions has %d already" % (self.name, self.memory, used))

    def begin(self):
        if self.memory:
            resource.setrlimit(resource.RLIMIT_DATA, (self.memory, self.most))
        if self.cpu:
            signal.setitimer(signal.ITIMER_PROF, self.cpu)

    def end(self):
        if self.cpu:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if self.memory:
            resource.setrlimit(resource.RLIMIT_DATA, self.before)

    def over_memory(self):
        return Failure(OVER_LIMIT, u"function '%s' needs more memory than its memory.limit of %d bytes"
                       % (self.name, self.memory))

    def over_cpu(self):
        return u"function '%s' needs more processor time than its cpu.limit of %d ms" % (self.name, self.cpu * 1000)


def data_of_process():
    """Bytes, as RLIMIT_DATA counts them."""
    with open('/proc/self/status') as status:
        for line in status:
            if line.startswith('VmData:'):
                return int(line.split()[1]) << 10
    return 0
