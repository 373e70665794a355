"""A registry that is out of reach: nobody is let in on what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from amnestic.exceptions import RegistryError
from amnestic.server.errors import ServerError, note_failure

__all__ = ["telling_outages"]


@contextmanager
def telling_outages() -> Iterator[None]:
    """Turn an error of the registry into one that callers may read, and tell the operator."""
    try:
        yield
    except RegistryError as error:
        note_failure(error)
        raise ServerError(
            503,
            "who may call cannot be told now, since the registry is out of reach; come again",
            kind="server_error",
            code="registry_unavailable",
            headers={"retry-after": "1"},
        ) from None
