"""Bytes encrypted and authenticated with AES-256-GCM, bound to where they stand; keys derived by
HKDF-SHA256 (RFC 5869)."""

from __future__ import annotations

import secrets

from amnestic.exceptions import MissingExtraError

__all__ = ["KEY_BYTES", "decrypted", "derived", "encrypted"]

KEY_BYTES = 32
_NONCE = 12


def encrypted(key: bytes, raw: bytes, bound: str) -> bytes:
    """Bytes that only the same key opens, and only in the same place.

    >>> key = derived(b"s" * 32, "an example")
    >>> hidden = encrypted(key, b"half done", "w-1")
    >>> b"half" in hidden, decrypted(key, hidden, "w-1")
    (False, b'half done')
    >>> decrypted(key, hidden, "w-2")
    Traceback (most recent call last):
        ...
    ValueError: not sealed with this key, or changed
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, raw, bound.encode("utf-8", "replace"))


def decrypted(key: bytes, sealed: bytes, bound: str) -> bytes:
    """What was encrypted. Raises `ValueError` for what this key does not open."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(
            sealed[:_NONCE], sealed[_NONCE:], bound.encode("utf-8", "replace")
        )
    except InvalidTag:
        raise ValueError("not sealed with this key, or changed") from None


def derived(raw: bytes, purpose: str, what: str = "a sealed target") -> bytes:
    """A key of its own for a purpose. Raises `MissingExtraError` where there is no cipher, saying
    `what` needs it."""
    try:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    except ModuleNotFoundError:
        raise MissingExtraError("proof", what) from None
    info = f"amnestic seal 1 {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(raw)
