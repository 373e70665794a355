"""The keys of sealed targets: in a file of its owner's alone, or in the environment, and never in
the database."""

from __future__ import annotations

import base64
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from amnestic.exceptions import ConfigurationError
from amnestic.private_files import others_may_read, writing_private
from amnestic.tools.registry.seals import KEY_BYTES, SealKey, Seals

__all__ = ["add_key", "make_key", "read_seals"]

_MOST_BYTES = 100_000


def read_seals(file: Path | None, variable: str | None) -> Seals:
    """The keys of a file and of an environment variable, where these are given, those of the
    variable first. Raises `ConfigurationError` for what holds no key and for a file that others
    may read.

    >>> read_seals(None, None).ids
    ()
    """
    told = [] if variable is None else _in_variable(variable)
    told += [] if file is None else _in_file(file)
    keys = {key.id: key for key in map(SealKey.of, told)}
    return Seals(tuple(keys.values()))


def make_key(file: Path) -> str:
    """Make a file with a new key, and give the key's id. Raises `ConfigurationError` where there
    is a file already: what was sealed with its keys would be lost."""
    key, line = _new()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise ConfigurationError(
            f"`{file}` is there already; `amnestic key rotate` puts a new key before its own"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"the seal key file `{file}`: {error.strerror}") from None
    return key.id


def add_key(file: Path) -> str:
    """Put a new key before those of a file, and give its id: it seals from now on, and the others
    go on opening. Raises `ConfigurationError` where the file holds no keys."""
    _in_file(file)
    key, line = _new()
    held = file.read_text("utf-8")
    with writing_private(file) as stream:
        stream.write(line + held)
    return key.id


def _new() -> tuple[SealKey, str]:
    raw = secrets.token_bytes(KEY_BYTES)
    key = SealKey.of(raw)
    made = f"{datetime.now(UTC):%Y-%m-%d}"
    return key, f"# amnestic seal key {key.id}, made {made}\n{base64.b64encode(raw).decode()}\n"


def _in_variable(told: str) -> list[bytes]:
    found = [_key(part) for part in re.split(r"[\s,]+", told.strip())]
    keys = [key for key in found if key is not None]
    if keys and len(keys) == len(found):
        return keys
    raise ConfigurationError(
        "AMNESTIC_SEAL_KEY: no key; a key is 32 bytes in base64, as `amnestic key new` makes it"
    )


def _in_file(file: Path) -> list[bytes]:
    try:
        shared = others_may_read(file)
        with file.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"there is no seal key file `{file}`; restore it from where it is kept safe, or make "
            f"a first one with `amnestic key new {file}`"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"the seal key file `{file}` cannot be read as text; name another in "
            "AMNESTIC_SEAL_KEY_FILE"
        ) from None
    if shared:
        raise ConfigurationError(
            f"the seal key file `{file}` may be read by others; `chmod 600` it"
        )
    return _in_lines(file, text)


def _in_lines(file: Path, text: str) -> list[bytes]:
    keys = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key = _key(line.strip())
        if key is None:
            raise ConfigurationError(
                f"the seal key file `{file}`, line {number}: no key; a key is 32 bytes in base64, "
                "as `amnestic key new` makes it"
            )
        keys.append(key)
    if not keys:
        raise ConfigurationError(
            f"the seal key file `{file}` holds no key; make another with `amnestic key new`"
        )
    return keys


def _key(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if len(raw) == KEY_BYTES else None
