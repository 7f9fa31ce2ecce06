# -*- coding: utf-8 -*-
"""Loads functions from their folders.

Folders are one search path while no name of a module is in two of them; else each has a space of its own: the modules
that come from there, exchanged in sys.modules when a function of another space is called.
"""
import importlib
import os
import sys
import traceback

from .words import Failure, USER_CODE, to_text

PACKAGE = __name__.split('.')[0]
SUFFIXES = ('.py', '.so', '.pyc')


def inside(path, folder):
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ''))


def place_of(module):
    """Where a module lies; empty: in the interpreter."""
    return getattr(module, '__file__', None) or next(iter(getattr(module, '__path__', ())), '')


def names_in(folder):
    """The names of modules that can be imported from a folder."""
    names = set()
    for entry in os.listdir(folder) if os.path.isdir(folder) else ():
        name, suffix = os.path.splitext(entry)
        if suffix in SUFFIXES:
            names.add(name.split('.')[0])
        elif os.path.isdir(os.path.join(folder, entry)) and not entry.startswith(('.', '__')):
            names.add(entry)
    return names - set(['__init__'])


def collide(folders):
    seen = set()
    for folder in folders:
        names = names_in(folder)
        if names & seen:
            return True
        seen |= names
    return False


class Spaces(object):
    """All functions of a runtime, by name. Whoever calls them or loads holds their lock when there are several."""

    def __init__(self, functions):
        sys.path[:] = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
        self.base = list(sys.path)
        self.folders = []
        for function in functions:
            function['codedir'] = os.path.abspath(function['codedir'])
            if function['codedir'] not in self.folders:
                self.folders.append(function['codedir'])
        self.several = collide(self.folders)
        self.foreign = set(sys.modules)
        self.active = None
        self.all = []
        for own in ([[folder] for folder in self.folders] if self.several else [self.folders]):
            path = self.base + own + [folder for folder in self.folders if folder not in own]
            self.all.append(Space(self, path, own, [f for f in functions if f['codedir'] in own]))

    def own_modules(self):
        """The names of those that come from the folders."""
        new = set(sys.modules) - self.foreign
        own = set(name for name in new if self.is_own(name.split('.')[0]))
        self.foreign |= new - own
        return own

    def is_own(self, top):
        place = place_of(sys.modules.get(top))
        return bool(place) and top not in (PACKAGE, '__main__') and any(inside(place, f) for f in self.folders)


class Space(object):
    def __init__(self, spaces, path, own, functions):
        self.spaces = spaces
        self.path = path
        self.own = own
        self.functions = functions
        self.modules = {}

    def enter(self):
        """Makes its modules those that an import finds."""
        if self.spaces.active is not self:
            if self.spaces.active is not None:
                self.spaces.active.put_away()
            self.spaces.active = self
            sys.path[:] = self.path
            sys.modules.update(self.modules)

    def put_away(self):
        self.modules = dict((name, sys.modules.pop(name)) for name in self.spaces.own_modules())

    def load(self):
        """The callables of its functions by name, from what the folders hold now. Failure: all stays as it was."""
        self.enter()
        self.put_away()
        before = self.modules
        if hasattr(importlib, 'invalidate_caches'):
            importlib.invalidate_caches()
        try:
            return dict((function['name'], find(function)) for function in self.functions)
        except Failure:
            self.put_away()
            self.modules = before
            sys.modules.update(before)
            raise


def find(function):
    try:
        return load(function['handler'], function['codedir'])
    except BaseException as error:
        words = ''.join(traceback.format_exception_only(type(error), error)).strip()
        raise Failure(USER_CODE, u"function '%s': handler '%s' in %s cannot be loaded: %s" % (
            function['name'], function['handler'], function['codedir'], to_text(words)))


def load(handler, codedir):
    """The callable that a function's handler names."""
    module_name, _, attribute = handler.rpartition('.')
    module = importlib.import_module(str(module_name))
    top = module_name.split('.')[0]
    place = place_of(sys.modules[top])
    own = [os.path.join(codedir, top), os.path.join(codedir, top + '.py')]
    if any(os.path.exists(path) for path in own) and not inside(place, codedir):
        raise ImportError('module %s comes from %s, which hides the one in %s: give it another name'
                          % (top, place or 'the interpreter', codedir))
    found = getattr(module, attribute)
    if not callable(found):
        raise TypeError('%s is not callable' % handler)
    return found
