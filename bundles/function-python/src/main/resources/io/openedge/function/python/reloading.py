# -*- coding: utf-8 -*-
"""Notices that folders of code change."""
import os

PERIOD_SECONDS = 1
MOST_FILES = 20000


def content_of(folder):
    """Differs when a file was made, written or removed; what Python itself writes does not count."""
    found = []
    for place, folders, files in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if name != '__pycache__')
        for name in files:
            if not name.endswith('.pyc'):
                try:
                    status = os.stat(os.path.join(place, name))
                except OSError:  # removed meanwhile
                    continue
                found.append((place, name, status.st_mtime, status.st_size, status.st_ino))
        if len(found) > MOST_FILES:
            break
    return sorted(found)


class Watch(object):
    """Looks at folders whenever it is asked. Not thread-safe."""

    def __init__(self, folders):
        self.folders = folders
        self.known = self.last = self.look()

    def look(self):
        return dict((folder, content_of(folder)) for folder in self.folders)

    def changed(self):
        """The folders that have changed since this was last said, once nothing more has changed between two looks."""
        now, last = self.look(), self.last
        self.last = now
        if now != last:
            return []
        folders = [folder for folder in self.folders if now[folder] != self.known[folder]]
        self.known = now
        return folders
