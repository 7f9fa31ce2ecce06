# -*- coding: utf-8 -*-
"""Reads the YAML that configurations are written in: mappings, lists, flow forms, quotes, comments. Every scalar is its text.

Used where PyYAML is not installed. What it does not know (anchors, tags, block texts) it refuses, with the line.
"""
import re

KEY = re.compile(r'''("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#\[\]{},"'&*!|>%@`?-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+|$)''')
ESCAPES = {'n': '\n', 't': '\t', '"': '"', '\\': '\\', '/': '/', 'r': '\r', '0': '\0', ' ': ' '}
NOTHING = ('', '~', 'null', 'Null', 'NULL')


class Malformed(Exception):
    """The message names the line."""


class Line(object):
    def __init__(self, number, indent, text):
        self.number = number
        self.indent = indent
        self.text = text


def end_of_quotes(text, at):
    """The place behind the quoted scalar that begins there; -1 when it does not end."""
    quote = text[at]
    at += 1
    while at < len(text):
        if text[at] == '\\' and quote == '"':
            at += 1
        elif text[at] == quote:
            if quote == '"' or text[at + 1:at + 2] != "'":
                return at + 1
            at += 1
        at += 1
    return -1


def without_comment(text):
    at = 0
    while at < len(text):
        if text[at] in '"\'' and (at == 0 or text[at - 1] in ' [{,:'):
            end = end_of_quotes(text, at)
            at = len(text) if end < 0 else end
        elif text[at] == '#' and (at == 0 or text[at - 1] in ' \t'):
            return text[:at].rstrip()
        else:
            at += 1
    return text.rstrip()


def depth(text):
    """How many brackets stay open."""
    at = open_ = 0
    while at < len(text):
        if text[at] in '"\'' and (at == 0 or text[at - 1] in ' [{,:'):
            end = end_of_quotes(text, at)
            if end < 0:
                return open_ + 1
            at = end
            continue
        open_ += {'[': 1, '{': 1, ']': -1, '}': -1}.get(text[at], 0)
        at += 1
    return open_


def lines_of(text):
    lines = []
    for number, raw in enumerate(text.lstrip(u'\ufeff').splitlines(), 1):
        body = without_comment(raw)
        stripped = body.strip()
        if not stripped or stripped == '...' or stripped == '---' or stripped.startswith('%'):
            continue
        if '\t' in body[:len(body) - len(body.lstrip())]:
            raise Malformed('line %d: a tab before the text' % number)
        if lines and is_open(lines[-1].text):
            lines[-1].text += ' ' + stripped
        else:
            lines.append(Line(number, len(body) - len(body.lstrip(' ')), stripped))
    return lines


def is_open(text):
    value = text
    while value.startswith('- '):
        value = value[2:].lstrip()
    found = KEY.match(value)
    while found:
        value = value[found.end():]
        found = None
    return value[:1] in ('[', '{') and depth(value) > 0


class Flow(object):
    """A value of one line: a scalar, [a list] or {a: mapping}."""

    def __init__(self, text, number):
        self.text = text
        self.at = 0
        self.number = number

    def fail(self, words):
        raise Malformed('line %d: %s' % (self.number, words))

    def blanks(self):
        while self.text[self.at:self.at + 1] == ' ':
            self.at += 1

    def whole(self):
        value = self.value('')
        self.blanks()
        if self.at < len(self.text):
            self.fail("'%s' after a value" % self.text[self.at:])
        return value

    def value(self, stops):
        self.blanks()
        start = self.text[self.at:self.at + 1]
        if start == '[':
            return self.list()
        if start == '{':
            return self.mapping()
        return self.scalar(stops)

    def scalar(self, stops):
        self.blanks()
        start = self.text[self.at:self.at + 1]
        if start and start in '"\'':
            end = end_of_quotes(self.text, self.at)
            if end < 0:
                self.fail('a quote that does not end')
            body = self.text[self.at + 1:end - 1]
            self.at = end
            if start == "'":
                return body.replace("''", "'")
            return re.sub(r'\\(.)', lambda found: ESCAPES.get(found.group(1), found.group(0)), body)
        if start and start in '&*!|>@`%':
            self.fail("'%s' is only read with PyYAML (Debian: python3-yaml)" % start)
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] not in stops:
            if ':' in stops and self.text[self.at] == ':':
                break
            self.at += 1
        return self.text[begin:self.at].strip()

    def list(self):
        self.at += 1
        found = []
        while True:
            self.blanks()
            if self.text[self.at:self.at + 1] == ']':
                self.at += 1
                return found
            found.append(nothing_or(self.value(',]')))
            self.comma(']')

    def comma(self, end):
        self.blanks()
        if self.text[self.at:self.at + 1] == ',':
            self.at += 1
        elif self.text[self.at:self.at + 1] != end:
            self.fail("'%s' is missing" % end)

    def key(self):
        self.blanks()
        if self.text[self.at:self.at + 1] in ('"', "'"):
            return self.scalar('')
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] not in ',}':
            if self.text[self.at] == ':' and self.text[self.at + 1:self.at + 2] in ('', ' ', ',', '}'):
                break
            self.at += 1
        return self.text[begin:self.at].strip()

    def mapping(self):
        self.at += 1
        found = {}
        while True:
            self.blanks()
            if self.text[self.at:self.at + 1] == '}':
                self.at += 1
                return found
            key = self.key()
            self.blanks()
            value = None
            if self.text[self.at:self.at + 1] == ':':
                self.at += 1
                value = nothing_or(self.value(',}'))
            found[key] = value
            self.comma('}')


def nothing_or(value):
    return None if value in NOTHING else value


class Blocks(object):
    def __init__(self, lines):
        self.lines = lines
        self.at = 0

    def next(self):
        return self.lines[self.at] if self.at < len(self.lines) else None

    def block(self, indent):
        line = self.next()
        if line.text == '-' or line.text.startswith('- '):
            return self.list(line.indent)
        if KEY.match(line.text):
            return self.mapping(line.indent)
        self.at += 1
        return nothing_or(Flow(line.text, line.number).whole())

    def list(self, indent):
        found = []
        while self.next() and self.next().indent == indent and (self.next().text + ' ').startswith('- '):
            line = self.next()
            rest = line.text[1:].lstrip()
            if rest:
                line.indent += len(line.text) - len(rest)
                line.text = rest
                found.append(self.block(line.indent))
            else:
                self.at += 1
                found.append(self.below(indent))
        self.check(indent)
        return found

    def mapping(self, indent):
        found = {}
        while self.next() and self.next().indent == indent:
            line = self.next()
            if line.text.startswith('- '):
                break
            key = KEY.match(line.text)
            if not key:
                raise Malformed("line %d: '%s' is no KEY: VALUE" % (line.number, line.text))
            name = Flow(key.group(1), line.number).whole()
            if name in found:
                raise Malformed("line %d: '%s' stands there twice" % (line.number, name))
            rest = line.text[key.end():]
            self.at += 1
            if rest:
                found[name] = nothing_or(Flow(rest, line.number).whole())
            else:
                found[name] = self.below(indent, True)
        self.check(indent)
        return found

    def below(self, indent, with_list=False):
        line = self.next()
        if line is None:
            return None
        if line.indent > indent or with_list and line.indent == indent and (line.text + ' ').startswith('- '):
            return self.block(line.indent)
        return None

    def check(self, indent):
        if self.next() and self.next().indent > indent:
            raise Malformed('line %d: is not indented like what it belongs to' % self.next().number)


def load(text):
    """Mappings, lists, texts and None. Malformed: it is no YAML, or of a kind that is not known here."""
    lines = lines_of(text)
    if not lines:
        return None
    blocks = Blocks(lines)
    value = blocks.block(lines[0].indent)
    if blocks.next():
        raise Malformed('line %d: is not indented like what it belongs to' % blocks.next().number)
    return value
