"""Seals: what is private is encrypted before it reaches the disk, and looked up by keyed hashes.

A key is 32 random bytes. Records, vectors and hashes of names have keys of their own, derived from
it by HKDF-SHA256 (RFC 5869). What is sealed is encrypted and authenticated with AES-256-GCM, and
bound to where it stands, so that it opens nowhere else. The first key that is given seals; all of
them open, each what carries its id.
"""

from __future__ import annotations

import base64
import hmac
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from amnestic.exceptions import InvalidRequestError, SealError
from amnestic.extras import require
from amnestic.tools.registry.encryption import KEY_BYTES, decrypted, derived, encrypted

__all__ = [
    "KEY_BYTES",
    "SEALED_LINE",
    "SealKey",
    "Seals",
    "lines_opened",
    "lines_sealed",
    "normal_form",
]

_PADDED = 256  # sealed records are as long as a multiple of this, so that little is told by that
_PADDED_LINE = 64
SEALED_LINE = "sealed."
"""How a sealed text of the trail begins."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """One key: its id, which is no secret, and what is derived from it."""

    id: str
    records: bytes = field(repr=False)
    names: bytes = field(repr=False)
    vectors: bytes = field(repr=False)

    @classmethod
    def of(cls, raw: bytes) -> SealKey:
        """The key of 32 bytes. Raises `MissingExtraError` without the extra `proof`.

        >>> key = SealKey.of(bytes(32))
        >>> key.id, key
        ('9ea05f90', SealKey(id='9ea05f90'))
        """
        require("proof", "a sealed target")
        return cls(
            derived(raw, "id")[:4].hex(),
            derived(raw, "records"),
            derived(raw, "names"),
            derived(raw, "vectors"),
        )


@dataclass(frozen=True, slots=True)
class Seals:
    """The keys that somebody holds; none of them where there are none.

    >>> seals = Seals((SealKey.of(bytes(32)),))
    >>> sealed = seals.seal({"subject": "Ada Example"}, bound="t-1")
    >>> "Ada" in sealed, seals.opened(sealed, bound="t-1", what="the target `t-1`")
    (False, {'subject': 'Ada Example'})
    """

    keys: Sequence[SealKey] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, the one that seals first."""
        return tuple(key.id for key in self.keys)

    def first(self) -> SealKey:
        """The key that seals; raises `InvalidRequestError` where there is none."""
        if not self.keys:
            raise InvalidRequestError(
                "there is no key to seal a target with: make one with `amnestic key new FILE`, and "
                "name FILE in AMNESTIC_SEAL_KEY_FILE"
            )
        return self.keys[0]

    def seal(self, told: Any, bound: str) -> str:
        """What is told (plain data), sealed with the first key and bound to a place."""
        key = self.first()
        raw = _plain(told, _PADDED)
        return f"{key.id}.{_encoded(encrypted(key.records, raw, bound))}"

    def opened(self, sealed: str, bound: str, what: str) -> Any:
        """What was sealed; raises `SealError` where its key is missing, or where it was changed or
        stands in another place than the one it is bound to. `what` names it in the message."""
        key_id, _, body = sealed.partition(".")
        key = self._named(key_id, what)
        try:
            return json.loads(decrypted(key.records, _decoded(body), bound))
        except ValueError:
            raise _changed(what) from None

    def hashed(self, words: str, namespace: str) -> list[str]:
        """The hashes by which a name or a value is found again, one for each key, first the one
        that is kept. They differ from namespace to namespace."""
        told = f"{namespace}\n{normal_form(words)}".encode("utf-8", "replace")
        return [hmac.new(key.names, told, sha256).hexdigest() for key in self.keys]

    def seal_vectors(self, raw: bytes, bound: str) -> bytes:
        """Bytes of a cache, sealed with the first key."""
        return encrypted(self.first().vectors, raw, bound)

    def opened_vectors(self, sealed: bytes, bound: str) -> bytes | None:
        """The bytes of a cache; `None` where no key opens it, and it is to be made anew."""
        for key in self.keys:
            try:
                return decrypted(key.vectors, sealed, bound)
            except ValueError:
                continue
        return None

    def _named(self, key_id: str, what: str) -> SealKey:
        for key in self.keys:
            if key.id == key_id:
                return key
        if len(key_id) != 8 or not all(c in "0123456789abcdef" for c in key_id):
            raise _changed(what)
        given = f"the keys given are {', '.join(self.ids)}" if self.keys else "no key is given"
        raise SealError(
            f"{what} is sealed with the key {key_id}, and {given}: name the file that holds it in "
            "AMNESTIC_SEAL_KEY_FILE; what was sealed with a key that is lost for good can only be "
            "deleted, with `amnestic revoke ID --purge`"
        )


def normal_form(words: str) -> str:
    """A name or a value as it is hashed: letters and digits alone, in small letters.

    >>> normal_form("+49 (170) 123-45"), normal_form("Mirela  OSK")
    ('4917012345', 'mirelaosk')
    """
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(c for c in folded if c.isalnum()) or folded


def lines_sealed(salt: str, texts: Iterable[str], bound: str) -> list[str]:
    """Short texts of a trail's line, sealed with a target's own salt; empty ones stay empty."""
    key = derived(salt.encode(), "trail")
    return [_line_sealed(key, text, f"{bound}\n{i}") for i, text in enumerate(texts)]


def lines_opened(salt: str, sealed: Iterable[str], bound: str, what: str) -> list[str]:
    """What `lines_sealed` has sealed; raises `SealError` for what was changed."""
    key = derived(salt.encode(), "trail")
    try:
        return [_line_opened(key, text, f"{bound}\n{i}") for i, text in enumerate(sealed)]
    except ValueError:
        raise _changed(what) from None


def _line_sealed(key: bytes, text: str, bound: str) -> str:
    return text and f"{SEALED_LINE}{_encoded(encrypted(key, _plain(text, _PADDED_LINE), bound))}"


def _line_opened(key: bytes, sealed: str, bound: str) -> str:
    if not sealed:
        return ""
    told = json.loads(decrypted(key, _decoded(sealed.removeprefix(SEALED_LINE)), bound))
    return str(told)


def _changed(what: str) -> SealError:
    return SealError(
        f"{what} was changed by something other than amnestic and cannot be opened; restore the "
        "registry from a backup"
    )


def _plain(told: Any, multiple: int) -> bytes:
    raw = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return raw.ljust(-(-len(raw) // multiple) * multiple)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    raw = base64.b64decode(text, altchars=b"-_", validate=True)
    if _encoded(raw) != text:  # the last letter may hold bits that no byte has
        raise ValueError("no letters of a seal")
    return raw
