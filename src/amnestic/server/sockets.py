"""The sockets that a server listens on."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from amnestic.exceptions import ConfigurationError

if TYPE_CHECKING:
    from amnestic.server.settings import ServerSettings

__all__ = ["QUEUE", "listening_sockets"]

QUEUE = 2_048
"""Connections that wait to be accepted, on each socket."""


def listening_sockets(settings: ServerSettings) -> list[socket.socket]:
    """A socket of its own for each worker, so that the system shares callers out among them: where
    all wait on one, the quickest takes most. The first takes the port for itself, as no other
    server's socket could beside it, and lets in only those that follow.

    Raises `ConfigurationError` when the address cannot be bound.
    """
    first = _bind(settings, settings.port, shared=False)
    if settings.processes == 1:
        return [first]
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    port = first.getsockname()[1]
    return [first, *(_bind(settings, port, shared=True) for _ in range(settings.processes - 1))]


def _bind(settings: ServerSettings, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers have the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind((settings.host, port))
        listening.listen(QUEUE)
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"cannot bind {settings.host}:{settings.port}: {error.strerror or 'no such address'}; "
            "choose another --host or --port"
        ) from None
    return listening
