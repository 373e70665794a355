"""Where files are kept, and what a path to the registry may look like."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any
from urllib.request import url2pathname

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

__all__ = ["RegistryPath", "default_cache_dir", "default_db_path", "is_url"]

_SQLITE = ("sqlite", "sqlite+pysqlite")


def default_db_path() -> Path:
    """Where the registry lives unless told otherwise: the platform's user data directory."""
    import platformdirs

    return Path(platformdirs.user_data_dir("amnestic", appauthor=False)) / "registry.db"


def default_cache_dir() -> Path:
    """Where exported models and the index cache live: the platform's user cache directory."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("amnestic", appauthor=False))


def is_url(place: str | os.PathLike[str]) -> bool:
    """Whether a place is a URL, which must not become the name of a file. A `Path` of one counts,
    although it has lost a slash.

    >>> is_url("postgresql+psycopg://user@host/database"), is_url(Path("sqlite:///registry.db"))
    (True, True)
    >>> is_url("data/registry.db"), is_url("C:/data/registry.db"), is_url("of:ten.db")
    (False, False, False)
    """
    text = os.fspath(place).strip().replace("\\", "/")
    head, _, rest = text.partition("/")
    scheme = head.partition(":")[0].lower()
    return (
        "://" in text
        or (bool(rest) and head.endswith(":") and len(head) > 2)  # a drive has one letter
        or (head != scheme and scheme in ("file", *_SQLITE))
    )


def _registry_path(value: Any) -> Any:
    if not isinstance(value, str | os.PathLike):
        return value
    text = os.fspath(value)
    if isinstance(text, str) and is_url(text):
        text = _path_in(text.strip(), whole=isinstance(value, str))
    try:
        return Path(text).expanduser()
    except (RuntimeError, TypeError):
        raise PydanticCustomError("path", "not a path; write it out, without ~") from None


def _path_in(url: str, *, whole: bool) -> str:
    """The path that a URL of a file names, if it is `whole`: a `Path` of one has lost the slashes
    that tell a host from a folder. The errors tell nothing of the URL, which may hold a password.
    """
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in ("file", *_SQLITE):
        raise PydanticCustomError(
            "registry_url",
            "a URL, where only a file can be named: give the path of a SQLite file "
            "(PostgreSQL is not served through this setting yet)",
        )
    path = _file_path(rest) if scheme.lower() == "file" else _sqlite_path(rest)
    if not whole or not path or "?" in rest or "#" in rest:
        raise PydanticCustomError(
            "registry_url",
            "a URL that is more, or less, than a file's path: give the path itself, or a string "
            "such as sqlite:////folder/registry.db, without a host and options",
        )
    return path


def _sqlite_path(rest: str) -> str:
    return rest[3:] if rest.startswith("///") and rest != "///:memory:" else ""


def _file_path(rest: str) -> str:
    for host in ("//localhost/", "///"):
        if rest.startswith(host):
            return url2pathname(f"/{rest.removeprefix(host)}")
    return "" if rest.startswith("//") else url2pathname(rest)


RegistryPath = Annotated[Path, BeforeValidator(_registry_path)]
"""The path of a SQLite file; `sqlite:///` and `file:` URLs are read as the path that they name."""
