"""What the console tells other replicas over the registry, so that nobody else can read it there.

Bytes are encrypted and then authenticated: a key stream of HMAC-SHA256 in counter mode, and a tag
of HMAC-SHA256 over all of it and where it stands, with keys drawn from the console's secret.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

__all__ = ["Mask"]

_NONCE, _TAG = 16, 32


class Mask:
    """Hides bytes from whoever has not the same secret.

    >>> mask = Mask(b"s" * 32)
    >>> hidden = mask.put(b"half done", "w-1")
    >>> b"half" in hidden, mask.off(hidden, "w-1"), mask.off(hidden, "w-2")
    (False, b'half done', None)
    """

    def __init__(self, secret: bytes) -> None:
        self._hiding = hmac.digest(secret, b"console notes: hide", "sha256")
        self._binding = hmac.digest(secret, b"console notes: bind", "sha256")

    def put(self, raw: bytes, bound: str) -> bytes:
        """The bytes, hidden, and bound to where they stand."""
        nonce = secrets.token_bytes(_NONCE)
        hidden = nonce + self._crossed(raw, nonce)
        return self._tag(hidden, bound) + hidden

    def off(self, hidden: bytes, bound: str) -> bytes | None:
        """The bytes that were hidden; `None` where that was done with another secret, or they were
        changed, or stand elsewhere."""
        tag, rest = hidden[:_TAG], hidden[_TAG:]
        if len(rest) < _NONCE or not hmac.compare_digest(tag, self._tag(rest, bound)):
            return None
        return self._crossed(rest[_NONCE:], rest[:_NONCE])

    def _tag(self, hidden: bytes, bound: str) -> bytes:
        told = len(bound.encode()).to_bytes(8, "little") + bound.encode() + hidden
        return hmac.digest(self._binding, told, "sha256")

    def _crossed(self, raw: bytes, nonce: bytes) -> bytes:
        size = sha256().digest_size
        blocks = (
            hmac.digest(self._hiding, nonce + number.to_bytes(8, "little"), "sha256")
            for number in range(-(-len(raw) // size))
        )
        stream = b"".join(blocks)[: len(raw)]
        crossed = int.from_bytes(raw, "little") ^ int.from_bytes(stream, "little")
        return crossed.to_bytes(len(raw), "little")
