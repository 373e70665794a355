"""The installation's key, with which it signs what it verified."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from amnestic.exceptions import ConfigurationError, InvalidRequestError
from amnestic.extras import require
from amnestic.places import beside
from amnestic.private_files import others_may_read

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from amnestic.config import Settings

__all__ = ["SigningKey", "is_signed_by", "public_key_of", "signing_key_file"]

_PUBLIC_BYTES = 32


def signing_key_file(settings: Settings) -> Path:
    """Where the installation's key is, or will be made: beside the database unless told."""
    return settings.signing_key or beside(settings.db, "signing.key")


class SigningKey:
    """An Ed25519 key (RFC 8032) in a file that only its owner may read; made on first use.

    Raises `MissingExtraError` without the extra `proof`, and `ConfigurationError` for a file that
    holds no such key or that others may read.
    """

    def __init__(self, path: Path) -> None:
        require("proof", "a signed verification")
        self._path = path
        self._key = self._read() if path.exists() else self._make()

    @classmethod
    def public_of(cls, path: Path) -> str:
        """The public half of the key in a file; raises `ConfigurationError` where there is none,
        and makes none."""
        if not path.exists():
            raise ConfigurationError(
                f"there is no signing key `{path}` to check against: give the public key of who "
                "signed as --key, or name the key's file in AMNESTIC_SIGNING_KEY"
            )
        return cls(path).public

    @property
    def public(self) -> str:
        """The public half, in base64: who has it can check what was signed."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, message: bytes) -> str:
        """The signature of a message, in base64."""
        return base64.b64encode(self._key.sign(message)).decode()

    def _read(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric import ed25519
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            shared = others_may_read(self._path)
            found = load_pem_private_key(self._path.read_bytes(), None)
        except (OSError, ValueError, TypeError):
            shared, found = False, None
        if shared:
            raise ConfigurationError(
                f"the signing key `{self._path}` may be read by others; `chmod 600` it"
            )
        if not isinstance(found, ed25519.Ed25519PrivateKey):
            raise ConfigurationError(
                f"`{self._path}` holds no Ed25519 key that can be read; move it away to have a new "
                "one made, or give another with AMNESTIC_SIGNING_KEY"
            )
        return found

    def _make(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        beside = None
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=self._path.parent, prefix=".", suffix=".part")
            with open(handle, "wb") as file:
                file.write(pem)
            os.link(beside, self._path)
        except FileExistsError:
            return self._read()  # another process was quicker
        except OSError as error:
            raise ConfigurationError(f"the signing key `{self._path}`: {error.strerror}") from None
        finally:
            if beside is not None:
                Path(beside).unlink(missing_ok=True)
        return key


def public_key_of(text: str) -> str:
    """The public key that somebody gives. Raises `InvalidRequestError` for what is none.

    >>> public_key_of(f" {'A' * 43}= ") == "A" * 43 + "="
    True
    """
    told = text.strip()
    try:
        raw = base64.b64decode(told, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != _PUBLIC_BYTES:
        raise InvalidRequestError(
            f"`{told[:60]}` is no public key: that is {_PUBLIC_BYTES} bytes in base64, as "
            "documents name it"
        )
    return told


def is_signed_by(public: str, signature: str, message: bytes) -> bool:
    """Whether a signature is that of the owner of a public key; `False` for what is none."""
    require("proof", "checking a signed verification")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True
