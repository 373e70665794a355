"""Where the console keeps what all workers of a server must know: a private folder."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

__all__ = ["Place"]

_FILE = "console-secret"


class Place:
    """A folder that only its owner may enter: the one that the workers of a server share, or else
    one of this process, which is made when it is first used and is gone with it.

    >>> place = Place()
    >>> place.path.is_dir()
    True
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._path = shared
        self._remove: Callable[[], object] = int
        self._turn = threading.Lock()

    @property
    def path(self) -> Path:
        """The folder."""
        with self._turn:
            if self._path is None:
                self._path = Path(tempfile.mkdtemp(prefix="amnestic-console-"))
                self._remove = weakref.finalize(self, shutil.rmtree, self._path, True)
            return self._path

    def close(self) -> None:
        """Remove the folder, if it is this process's own."""
        self._remove()

    def secret(self) -> bytes:
        """32 random bytes, which are the same for all who share the folder."""
        file, own = self.path / _FILE, self.path / f"{_FILE}-{os.getpid()}"
        own.touch(0o600)
        own.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):  # another worker was quicker
            os.link(own, file)
        own.unlink()
        return file.read_bytes()
