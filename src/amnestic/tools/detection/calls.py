"""What a detector was asked, as a digest under which its verdict is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from hashlib import blake2b

from amnestic.tools.protocols import Context

__all__ = ["Call", "digest_of"]

Call = tuple[str, str, str, Context]
"""What is asked (`vet`, `audit`), the text, the question before it, and what surrounds both."""

_FIELDS = tuple(f.name for f in fields(Context) if f.compare)  # the others are only kept
_OF_REPLIES = frozenset({"reply", "drafts", "cue"})  # no question is read with those,
_CUE = frozenset({"cue"})  # and with a cue only a reply


def digest_of(call: Call) -> bytes:
    """The digest of a call, with every field of its context: neither texts nor drafts stay behind.

    >>> about = Context("default")
    >>> digest_of(("vet", "a", "", about)) == digest_of(("audit", "a", "", about))
    False
    """
    kind, text, question, context = call
    of_audit = frozenset() if context.reply else _CUE
    unread = _OF_REPLIES if kind == "vet" else of_audit
    around = ["" if name in unread else _told(getattr(context, name)) for name in _FIELDS]
    digest = blake2b(digest_size=16)
    for part in (text, question, repr((kind, around))):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.digest()


def _told(value: object) -> object:
    """A field of a context as what is written the same for the same. Most hold nothing."""
    if not value:
        return None
    if isinstance(value, Mapping):
        return sorted(value.items())
    return sorted(value) if isinstance(value, frozenset) else value
