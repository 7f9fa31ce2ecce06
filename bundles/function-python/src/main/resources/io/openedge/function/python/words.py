# -*- coding: utf-8 -*-
"""Texts for callers and logs, on Python 2.7 and 3."""
import os
import sys
import traceback

LONGEST_TEXT = 65536
USER_CODE, NOT_FOUND, TOO_LARGE, OVER_LIMIT = range(1, 5)
OWN = os.path.dirname(os.path.abspath(__file__))


class Failure(Exception):
    """A call without an answer: code and text go to the caller."""

    def __init__(self, code, text):
        Exception.__init__(self, text)
        self.code = code
        self.text = text


def to_text(value):
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def to_bytes(value):
    if isinstance(value, bytes):
        return value
    return value.encode('utf-8', 'backslashreplace')[:LONGEST_TEXT]


def words_of(prefix, error):
    """The words callers know: those of an exception with two arguments."""
    try:
        return to_text(str(Exception(prefix, error)))
    except Exception:
        return u"('%s', %s that cannot be printed)" % (prefix, type(error).__name__)


def trace():
    """The traceback without the frames of this package, which tell the author of a function nothing."""
    kind, error, place = sys.exc_info()
    while place is not None and os.path.dirname(os.path.abspath(place.tb_frame.f_code.co_filename)) == OWN:
        place = place.tb_next
    try:
        return to_text(''.join(traceback.format_exception(kind, error, place)))
    except Exception:
        return u'a traceback that cannot be printed'
