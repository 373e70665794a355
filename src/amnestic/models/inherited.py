"""Connections that a forked child has in common with its parent, and must leave alone.

A chat model or a client that was used before a fork keeps its connections open. In the child they
lead to the same place: both would speak on one wire, and read each other's answers.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any
from weakref import WeakValueDictionary

from amnestic.exceptions import EventLoopError
from amnestic.forks import in_child

__all__ = ["refuse_inherited"]

_MOST = 20_000  # parts of a model that are looked at
_ELSEWHERE = (type, ModuleType, FunctionType, CodeType, FrameType, asyncio.AbstractEventLoop)
"""What leads away from a model: to all that its code knows, or that its loop serves."""

_inherited: frozenset[tuple[int, int]] = frozenset()
_own: WeakValueDictionary[int, Any] = WeakValueDictionary()
"""Models that were found to have nothing of the parent's, by identity."""


def refuse_inherited(thing: Any, name: str) -> None:
    """Raise `EventLoopError` where a chat model or a client keeps a connection open that was
    opened before this process was forked; `name` is what the error calls it.

    >>> refuse_inherited(object(), "the client")
    """
    if not _inherited or _own.get(id(thing)) is thing:
        return
    if any(_socket(part) in _inherited for part in _parts(thing)):
        raise EventLoopError(
            f"{name} keeps connections that were opened before this process was forked, and would "
            "mix up its answers with the parent's: make the model, or its client, after the fork"
        )
    with suppress(TypeError):  # what cannot be referred to weakly is looked at again
        _own[id(thing)] = thing


def _parts(thing: Any) -> Iterator[Any]:
    """What a thing holds, at any depth."""
    seen, waiting = set[int](), [thing]
    while waiting and len(seen) < _MOST:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, _ELSEWHERE):
            continue
        seen.add(id(part))
        yield part
        waiting += gc.get_referents(part)


def _socket(part: Any) -> tuple[int, int] | None:
    """Which socket a part is, or speaks through."""
    if not isinstance(part, socket.socket):
        ask = getattr(part, "get_extra_info", None) if _is_transport(part) else None
        part = ask("socket") if ask else None
    number = part.fileno() if part is not None else -1
    return _socket_at(number) if number >= 0 else None


def _is_transport(part: Any) -> bool:
    return isinstance(part, asyncio.BaseTransport) or type(part).__module__.startswith("uvloop")


def _socket_at(number: int) -> tuple[int, int] | None:
    with suppress(OSError):
        found = os.fstat(number)
        if stat.S_ISSOCK(found.st_mode):
            return found.st_dev, found.st_ino
    return None


def _note_inherited() -> None:
    """The sockets that are open when a child begins are all its parent's."""
    global _inherited
    _own.clear()
    with suppress(OSError):
        numbers = [int(name) for name in os.listdir("/dev/fd") if name.isdigit()]
        _inherited = frozenset(filter(None, map(_socket_at, numbers)))


in_child(_note_inherited)
