# -*- coding: utf-8 -*-
"""The configuration of a runtime that is a process of its own; the same file as the Java side reads, by the same rules."""
import os
import re

from . import plainyaml

try:
    import yaml
except ImportError:
    yaml = None

DEFAULT = 'etc/openedge/service.yml'
ADDRESS = 'OPENEDGE_SERVICE_INSTANCE_ADDRESS'
OLD_ADDRESS = 'OPENEDGE_SERVICE_ADDRESS'
LONGEST, MOST_LONGEST, CONCURRENT = 4 << 20, 1 << 30, 1000
UNITS = {'': 0, 'k': 10, 'm': 20, 'g': 30, 't': 40, 'p': 50}
DURATION = r'([0-9]+(?:\.[0-9]+)?)(ns|us|ms|s|m|h)'
SECONDS = {'ns': 1e-9, 'us': 1e-6, 'ms': 1e-3, 's': 1, 'm': 60, 'h': 3600}
BOOLEANS = {'true': True, 'false': False, 'yes': True, 'no': False, 'on': True, 'off': False}
LEVELS = {'debug': 10, 'info': 20, 'warn': 30, 'warning': 30, 'error': 40}


class Wrong(Exception):
    """For the operator: file, key, value and what is allowed."""


class Settings(object):
    def __init__(self, path, content, environment):
        self.path = path
        server = self.section(content, '', 'server')
        self.address = (environment.get(ADDRESS) or environment.get(OLD_ADDRESS)
                        or self.text(server, 'server.', 'address'))
        self.workers = self.number(server, 'workers') or 1
        self.concurrent = self.number(server, 'concurrent') or CONCURRENT
        length = self.section(self.section(server, 'server.', 'message'), 'server.message.', 'length')
        self.longest = min(self.size(length, 'server.message.length.', 'max') or LONGEST, MOST_LONGEST)
        self.ca, self.cert, self.key = [self.text(server, 'server.', name) for name in ('ca', 'cert', 'key')]
        self.functions = self.read_functions(content)
        logger = self.section(content, '', 'logger')
        self.log_path = self.text(logger, 'logger.', 'path')
        self.log_level = LEVELS.get((self.text(logger, 'logger.', 'level') or 'info').lower())
        if self.log_level is None:
            self.fail('logger.level', logger['level'], ', '.join(sorted(LEVELS)))
        self.log_size = (self.number(logger, 'size', 'logger.') or 50) << 20
        self.log_backup = self.number(logger, 'backup', 'logger.') or 15
        self.check()

    def fail(self, key, value, allowed):
        raise Wrong(u"%s: %s: '%s' is not allowed here; allowed: %s" % (self.path, key, value or '', allowed))

    def section(self, above, place, name):
        found = above.get(name)
        if found and not isinstance(found, dict):
            self.fail(place + name, found, 'keys and values')
        return found or {}

    def text(self, section, place, name):
        found = section.get(name)
        if isinstance(found, (dict, list)):
            self.fail(place + name, found, 'a text')
        return found or ''

    def number(self, section, name, place='server.'):
        found = self.text(self.section(section, place, name), place + name + '.', 'max')
        if found and not re.match(r'[0-9]{1,9}$', found):
            self.fail(place + name + '.max', found, '0 (the default) or more')
        return int(found or 0)

    def size(self, section, place, name):
        found = self.text(section, place, name)
        parts = re.match(r'([0-9]+(?:\.[0-9]+)?) ?([kmgtp]?)(i?b)?$', found.lower()) if found else None
        if found and not parts:
            self.fail(place + name, found, 'a size, for example 32k, 4m')
        return int(float(parts.group(1)) * (1 << UNITS[parts.group(2)])) if parts else 0

    def read_functions(self, content):
        functions = content.get('functions')
        if not isinstance(functions, list) or not functions:
            self.fail('functions', functions, 'at least one function')
        all_of = []
        for number, function in enumerate(functions):
            place = 'functions[%d].' % number
            if not isinstance(function, dict):
                self.fail(place[:-1], function, 'keys and values: name, handler, codedir')
            name, handler = self.text(function, place, 'name'), self.text(function, place, 'handler')
            if not name:
                self.fail(place + 'name', name, "the function's name")
            if not re.match(r'[^.\s]+(\.[^.\s]+)+$', handler):
                self.fail(place + 'handler', handler, 'MODULE.FUNCTION, for example index.handler')
            if name in [other['name'] for other in all_of]:
                self.fail(place + 'name', name, 'each name once')
            all_of.append(dict(self.read_limits(function, place), name=name, handler=handler,
                               codedir=self.text(function, place, 'codedir') or '.'))
        return all_of

    def read_limits(self, function, place):
        message = self.section(function, place, 'message')
        reload = (self.text(function, place, 'reload') or 'false').lower()
        if reload not in BOOLEANS:
            self.fail(place + 'reload', reload, 'true, false')
        return {
            'memory': self.size(self.section(function, place, 'memory'), place + 'memory.', 'limit'),
            'cpu': self.seconds(self.section(function, place, 'cpu'), place + 'cpu.', 'limit'),
            'longest': self.size(
                self.section(message, place + 'message.', 'length'), place + 'message.length.', 'max'),
            'reload': BOOLEANS[reload],
        }

    def seconds(self, section, place, name):
        found = self.text(section, place, name)
        if not found:
            return 0
        parts = re.findall(DURATION, found)
        if re.match(r'[0-9]+$', found):
            seconds = int(found) / 1e9
        elif parts and re.match('(%s)+$' % DURATION, found):
            seconds = sum(float(number) * SECONDS[unit] for number, unit in parts)
        else:
            seconds = -1
        if seconds != 0 and seconds < 0.01:
            self.fail(place + name, found, 'a duration of 10ms or more, or 0 for no limit')
        return seconds

    def check(self):
        if not self.address:
            raise Wrong(u'%s: server.address is missing, and %s is not set; allowed: HOST:PORT' % (self.path, ADDRESS))
        if not re.match(r'(\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):[0-9]{1,5}$', self.address):
            self.fail('server.address', self.address, 'HOST:PORT, for example 127.0.0.1:50051')
        if bool(self.cert) != bool(self.key):
            self.fail('server.key' if self.cert else 'server.cert', '', 'cert and key together, or none of the two')
        if self.ca and not self.cert:
            self.fail('server.ca', self.ca, 'ca with cert and key, or none of the three')


def locate(arguments):
    """The file that -c names; an absolute one is first taken below this folder, which a container has as its root."""
    if not arguments:
        return DEFAULT
    if len(arguments) != 2 or arguments[0] != '-c':
        raise Wrong(u'arguments %s; allowed: -c FILE' % ' '.join(arguments))
    inside = arguments[1].lstrip('/')
    return inside if os.path.isabs(arguments[1]) and os.path.exists(inside) else arguments[1]


def load(path):
    """Mappings, lists and texts."""
    try:
        with open(path, 'rb') as file:
            text = file.read().decode('utf-8')
    except (IOError, OSError) as error:
        raise Wrong(u'%s: cannot be read: %s' % (path, error.strerror))
    try:
        content = yaml.load(text, Loader=yaml.BaseLoader) if yaml else plainyaml.load(text)
    except Exception as error:
        raise Wrong(u'%s: is no YAML: %s' % (path, ' '.join(str(error).split())))
    if not isinstance(content, dict):
        raise Wrong(u'%s: holds no keys and values' % path)
    return content


def read(arguments, environment):
    path = locate(arguments)
    return Settings(os.path.realpath(path), load(path), environment)
