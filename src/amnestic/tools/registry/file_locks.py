"""Locks on a SQLite file beside those of SQLite itself."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

__all__ = ["not_alone"]

_SHARED = (0x40000002, 510)  # the bytes of a SQLite file that its readers lock


@contextmanager
def not_alone(path: str) -> Iterator[bool]:
    """Read a file as another program would, as far as SQLite can tell, so that none of this
    process's connections takes itself for the last one; whether that can be done here."""
    handle = -1
    try:
        fcntl = import_module("fcntl")
        asked = struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, *_SHARED, 0)
        handle = os.open(path, os.O_RDONLY)
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, asked)  # held against one's own process as well
    except (ImportError, AttributeError, OSError):
        held = False
    else:
        held = True
    try:
        yield held
    finally:
        if handle >= 0:
            os.close(handle)
