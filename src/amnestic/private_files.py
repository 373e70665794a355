"""Files that only their owner may read, there as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from amnestic.exceptions import InvalidRequestError

__all__ = ["others_may_read", "writing_private"]


@contextmanager
def writing_private(file: Path) -> Iterator[IO[str]]:
    """Write a text file beside its place, and put it there when the block ends without an error.

    It is its owner's alone, whatever stood there before. Raises `InvalidRequestError` where it
    cannot be written.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with writing_private(Path(folder) / "a.txt") as stream:
    ...         _ = stream.write("told")
    ...     (Path(folder) / "a.txt").read_text()
    'told'
    """
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
        beside = Path(name)
        with open(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except OSError as error:
        raise InvalidRequestError(f"`{file}` cannot be written: {error.strerror}") from None
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def others_may_read(file: Path) -> bool:
    """Whether anybody but who uses a file may read it, or write it. Of one that root owns the
    process's own group may read it, as PostgreSQL has it too: a Secret of Kubernetes comes so to
    whoever is not root. Raises `OSError`.

    >>> with tempfile.NamedTemporaryFile() as file:
    ...     others_may_read(Path(file.name))
    False
    """
    if os.name != "posix":
        return False
    found = file.stat()
    is_handed = found.st_uid == 0 != os.geteuid() and found.st_gid == os.getegid()
    return bool(found.st_mode & (0o037 if is_handed else 0o077))
