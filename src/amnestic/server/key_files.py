"""Keys from files: other users can read a command line, and often an environment gets about."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amnestic.exceptions import ConfigurationError
from amnestic.private_files import others_may_read

__all__ = ["key_in", "keys_in", "warn_of_shown"]

_log = logging.getLogger(__name__)

_MOST_BYTES = 1_000_000


def keys_in(file: Path, option: str) -> list[str]:
    """The keys of a file, one a line; what is blank around them is no part of them.

    Args:
        file: where they are. A warning says so where others may read it.
        option: what the file was given with, for errors.

    Raises `ConfigurationError` for a file that cannot be read or holds none.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w+") as made:
    ...     _ = made.write("one\\n\\ntwo\\n")
    ...     made.flush()
    ...     keys_in(Path(made.name), "--caller-key-file")
    ['one', 'two']
    """
    file = file.expanduser()
    try:
        shared = others_may_read(file)
        with file.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigurationError(f"{option}: `{file}` cannot be read: {why}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{option}: `{file}` is no text file") from None
    if not (keys := [line.strip() for line in text.splitlines() if line.strip()]):
        raise ConfigurationError(f"{option}: `{file}` holds no key; write one on a line")
    if shared:
        _log.warning("%s: other users may read `%s`; `chmod 600` it", option, file)
    return keys


def key_in(file: Path, option: str) -> str:
    """The only key of a file. Raises `ConfigurationError` like `keys_in`, and where there are
    more."""
    keys = keys_in(file, option)
    if len(keys) > 1:
        raise ConfigurationError(f"{option}: `{file}` holds {len(keys)} lines; one key is wanted")
    return keys[0]


def warn_of_shown(upstream: str | None, caller_keys: Any) -> None:
    """Warn of keys that stand in the list of processes, where other users can read them."""
    shown = "other users can read %s in the list of processes; give it with %s"
    if caller_keys:
        _log.warning(
            shown, "what --caller-key says", "--caller-key-file or AMNESTIC_SERVER_CALLER_KEYS"
        )
    if upstream is not None and _has_password(upstream):
        _log.warning(shown, "the password in --upstream", "AMNESTIC_SERVER_UPSTREAM")


def _has_password(address: str) -> bool:
    try:
        return bool(urlsplit(address).password)
    except ValueError:
        return False  # no address: the settings say so
