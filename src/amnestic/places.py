"""Where files are kept, and what the place of a registry may look like: a path, or a URL."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pydantic import PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

__all__ = [
    "DatabaseUrl",
    "RegistryPlace",
    "beside",
    "default_cache_dir",
    "default_db_path",
    "is_url",
    "opening",
]

_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRESQL = ("postgresql", "postgresql+psycopg", "postgres")
_DRIVER = "postgresql+psycopg"


class DatabaseUrl:
    """A database that is told by its URL, which may hold a password: only `reveal` gives that away.

    >>> str(DatabaseUrl("postgresql://me:secret@db.example/forget?sslmode=require"))
    'postgresql+psycopg://db.example/forget'

    Raises `ValueError` for a URL that is none, or of a database that is not served.
    """

    __slots__ = ("_shown", "_url")

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        if split.scheme.lower() not in _POSTGRESQL:
            raise ValueError("not the URL of a PostgreSQL database")
        host = split.hostname or ""
        port = f":{split.port}" if split.port else ""
        self._url = f"{_DRIVER}:{url.partition(':')[2]}"
        self._shown = f"{_DRIVER}://{f'[{host}]' if ':' in host else host}{port}{split.path}"

    def reveal(self) -> str:
        """The URL, with the password in it."""
        return self._url

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"DatabaseUrl({self._shown!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseUrl) and other._url == self._url

    def __hash__(self) -> int:
        return hash(self._url)


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
        or (head != scheme and scheme in ("file", *_SQLITE, *_POSTGRESQL))
    )


def opening(place: Path | DatabaseUrl) -> str | Path:
    """What a registry is opened with."""
    return place.reveal() if isinstance(place, DatabaseUrl) else place


def beside(place: Path | DatabaseUrl, name: str) -> Path:
    """A file that goes with a registry: beside its own file, or, where the registry is on a server,
    in this machine's folder of user data.

    >>> beside(Path("data/registry.db"), "signing.key").as_posix()
    'data/signing.key'
    """
    if isinstance(place, Path):
        return place.with_name(name)
    stamp = sha256(str(place).encode()).hexdigest()[:16]
    return default_db_path().with_name(f"{stamp}.{name}")


def _registry_place(value: Any) -> Path | DatabaseUrl:
    if isinstance(value, DatabaseUrl):
        return value
    text = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(text, str):
        raise PydanticCustomError("path", "Input is not a valid path")
    if is_url(text):
        if isinstance(value, str) and _scheme(text) in _POSTGRESQL:
            return _database_in(text.strip())
        text = _path_in(text.strip(), whole=isinstance(value, str))
    try:
        return Path(text).expanduser()
    except (RuntimeError, TypeError):
        raise PydanticCustomError("path", "not a path; write it out, without ~") from None


def _scheme(url: str) -> str:
    return url.strip().partition(":")[0].lower()


def _database_in(url: str) -> DatabaseUrl:
    """The database that a URL names; the error tells nothing of the URL."""
    try:
        if "://" not in url:
            raise ValueError
        return DatabaseUrl(url)
    except ValueError:
        raise PydanticCustomError(
            "registry_url",
            "not a URL that can be read; write it like postgresql+psycopg://user@host/database",
        ) from None


def _path_in(url: str, *, whole: bool) -> str:
    """The path that a URL of a file names, if it is `whole`: a `Path` of one has lost the slashes
    that tell a host from a folder. The errors tell nothing of the URL, which may hold a password.
    """
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in ("file", *_SQLITE):
        raise PydanticCustomError(
            "registry_url",
            "a URL of a database that is not served: give the path of a SQLite file, or the URL of "
            "a PostgreSQL database as a string, such as postgresql+psycopg://user@host/database",
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


RegistryPlace = Annotated[
    Path | DatabaseUrl,
    PlainValidator(_registry_place),
    PlainSerializer(str, return_type=str, when_used="json"),
]
"""The path of a SQLite file, or the URL of a PostgreSQL database; `sqlite:///` and `file:` URLs are
read as the path that they name."""
