"""The key that a request shows, and digests of keys."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

from fastapi import Request

from amnestic.server.errors import ServerError
from amnestic.tools.registry import is_access_key

__all__ = ["chosen_space", "digest", "is_one_of", "proof_of", "shown_in"]

_HEADERS = ("x-api-key", "api-key")  # Anthropic's and Azure's clients


def shown_in(request: Request) -> str:
    """The key that a request shows, where any of the clients puts it; empty where it shows none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    shown = [key if scheme.lower() == "bearer" else "", *map(request.headers.get, _HEADERS)]
    return next((key.strip() for key in shown if key), "")


def digest(key: str) -> bytes:
    """What a key is compared by."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


def proof_of(key: str) -> str:
    """What may be kept of a key that was shown, to find out later whether it still holds: its
    public id where it has one, and its digest."""
    shown = key.strip()
    key_id = shown.split("_")[1] if is_access_key(shown) else ""
    return f"{key_id}:{digest(shown).hex()}"


def is_one_of(shown: bytes, known: Sequence[bytes]) -> bool:
    """Whether a digest is one of those known; as long as it takes for all of them, whichever it
    is."""
    found = False
    for one in known:
        found |= hmac.compare_digest(shown, one)
    return found


def chosen_space(request: Request, opened: Sequence[str | None]) -> str | None:
    """The namespace that a request names, of those that its key opens. Raises `ServerError`
    (403) for another."""
    named = request.headers.get("x-amnestic-namespace")
    if named is None:
        return opened[0]
    if named not in opened:
        raise ServerError(
            403, "this key does not open the namespace that X-Amnestic-Namespace names"
        )
    return named
