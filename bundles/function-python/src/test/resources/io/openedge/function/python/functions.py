# -*- coding: utf-8 -*-
from __future__ import print_function

import os
import subprocess
import sys


def echo(event, context):
    return event


def kind(event, context):
    return b'bytes' if isinstance(event, bytes) else b'other'


def sayhi(event, context):
    event.update(context)
    event['sayhi'] = '你好，世界！'
    return event


def raw(event, context):
    return b'\x00\xff\xfe'


def nothing(event, context):
    return None


def unserialisable(event, context):
    return {'a': object()}


def long_result(event, context):
    return b'x' * ((4 << 20) + 1)


def fails(event, context):
    raise TypeError('x')


def leaves(event, context):
    sys.exit(3)


def interrupts(event, context):
    raise KeyboardInterrupt()


def forks(event, context):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    raise ValueError('parent' if child else 'child')


def pid(event, context):
    return os.getpid()


def prints(event, context):
    sys.stdout.write(u'printed \u00fc\n' if sys.version_info[0] > 2 else 'printed \xc3\xbc\n')
    print('second line')
    sys.stderr.write('to standard error\n')
    return 1


def shell(event, context):
    return os.system('echo from a subprocess')


def environ(event, context):
    return dict(os.environ, CWD=os.getcwd())


def loops(event, context):
    child = subprocess.Popen(['sleep', '600'])
    write('child', child.pid)
    write('looping', os.getpid())
    while True:
        pass


def write(name, number):
    with open(name + '.new', 'w') as f:
        f.write(str(number))
    os.rename(name + '.new', name)
