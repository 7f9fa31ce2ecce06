# -*- coding: utf-8 -*-
"""Computes messages with the functions of a runtime."""
import json
import threading

from .limits import Limits
from .loading import Spaces
from .words import Failure, NOT_FOUND, TOO_LARGE, USER_CODE, trace, words_of


class Function(object):
    """A function as it is loaded now."""

    def __init__(self, space, code, setting, longest):
        self.space = space
        self.code = code
        self.limits = Limits(setting)
        self.longest = min(longest, int(setting.get('longest') or longest))


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
    """All functions of a runtime. Failure: they cannot be loaded.

    log and tell are functions of one text: what user code raises, and what is good to know. Any thread may call; where only one call can run at a time (limits, modules of the same name), the others wait.
    """

    def __init__(self, log, tell, settings, longest):
        self.log = log
        self.tell = tell
        self.longest = longest
        self.lock = threading.RLock()
        self.spaces = Spaces(settings)
        self.functions = {}
        self.running = None
        for space in self.spaces.all:
            self.take(space)
        self.one_at_a_time = self.spaces.several or any(f.limits for f in self.functions.values())
        for function in self.functions.values():
            function.limits.check()
        self.watched = sorted(set(setting['codedir'] for setting in settings if setting.get('reload')))

    def take(self, space):
        loaded = space.load()
        for setting in space.functions:
            self.functions[setting['name']] = Function(space, loaded[setting['name']], setting, self.longest)

    def reload(self, folders):
        """Takes the code that lies in the folders now; what cannot be loaded is logged, and the old code stays."""
        with self.lock:
            for space in self.spaces.all:
                if set(space.own) & set(folders):
                    try:
                        self.take(space)
                        self.tell(u'reloaded: %s' % u', '.join(sorted(f['name'] for f in space.functions)))
                    except Failure as error:
                        self.log(u'the old code stays: %s' % error.text)

    def compute(self, qos, topic, timestamp, function_name, invoke_id, payload):
        function = self.functions.get(function_name)
        if function is None:
            raise Failure(NOT_FOUND, u'function not found')
        if len(payload) > function.longest:
            raise Failure(TOO_LARGE, u'message of %d bytes is larger than %d' % (len(payload), function.longest))
        context = {
            'messageQOS': qos,
            'messageTopic': topic,
            'messageTimestamp': timestamp,
            'functionName': function_name,
            'functionInvokeID': invoke_id,
            'invokeid': invoke_id,
        }
        if self.one_at_a_time:
            with self.lock:
                function = self.functions[function_name]
                function.space.enter()
                result = self.run_limited(function, payload, context)
        else:
            result = self.run(function, payload, context)
        if len(result) > function.longest:
            raise Failure(TOO_LARGE, u'result of %d bytes is larger than %d' % (len(result), function.longest))
        return result

    def has_cpu_limits(self):
        return any(function.limits.cpu for function in self.functions.values())

    def over_cpu(self):
        return self.running.over_cpu() if self.running else u'too much processor time'

    def run_limited(self, function, payload, context):
        self.running = function.limits
        function.limits.begin()
        try:
            return self.run(function, payload, context)
        finally:
            function.limits.end()

    def run(self, function, payload, context):
        prefix = '[UserCodeInvoke] '
        try:
            value = function.code(event_of(payload), context)
            prefix = '[UserCodeReturn] '
            return result_of(value)
        except BaseException as error:
            function.limits.end()
            self.log(trace())
            if isinstance(error, MemoryError) and function.limits.memory:
                raise function.limits.over_memory()
            raise Failure(USER_CODE, words_of(prefix, error))
