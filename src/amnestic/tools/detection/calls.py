"""What a detector was asked, as a digest under which its verdict is kept."""

from __future__ import annotations

from hashlib import blake2b

from amnestic.tools.protocols import Context

__all__ = ["Call", "digest_of"]

Call = tuple[str, str, str, Context]
"""What is asked (`vet`, `audit`), the text, the question before it, and what surrounds both."""


def digest_of(call: Call) -> bytes:
    """The digest of a call: neither texts nor drafts stay behind.

    >>> about = Context("default")
    >>> digest_of(("vet", "a", "", about)) == digest_of(("audit", "a", "", about))
    False
    """
    kind, text, question, context = call
    told = (context.sticky.items(), context.persona, context.speakers, context.nicknames.items())
    company = (
        [repr(sorted(part)) for part in told] + ["own"] * context.own + ["bulk"] * context.bulk
    )
    company += [repr(sorted(context.named)), repr(sorted(context.company))]
    company += [repr(sorted(context.told)), repr(sorted(context.common))]
    parts = (kind, text, question, context.namespace, *company)
    digest = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.digest()
