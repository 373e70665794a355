"""Where the replies that callers may refer to are kept: a folder of this server's alone."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["private_place"]

_PREFIX = "amnestic-history-"
_JUST_MADE = 60.0  # seconds in which a folder may not be locked yet


@contextmanager
def private_place() -> Iterator[Path]:
    """A folder that only its owner may enter, which is gone when the block ends.

    It stands in the user's runtime directory, which is memory on most systems, or else among the
    temporary files. What a server left there that was killed is removed here.

    >>> with private_place() as place:
    ...     oct(place.stat().st_mode & 0o777)
    '0o700'
    >>> place.exists()
    False
    """
    base = _base()
    _remove_leftovers(base)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
    held = _locked(place)  # by the processes that are forked from here too, while one lives
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if held is not None:
            os.close(held)


def _base() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = runtime and os.path.isdir(runtime) and os.access(runtime, os.W_OK | os.X_OK)
    return Path(runtime if usable else tempfile.gettempdir())


def _remove_leftovers(base: Path) -> None:
    """Remove the folders of servers that are gone: those that nobody holds a lock on."""
    for left in base.glob(f"{_PREFIX}*"):
        try:
            state = left.lstat()
            ours = not left.is_symlink() and state.st_uid == os.getuid()
            if not ours or time.time() - state.st_mtime < _JUST_MADE:
                continue
            if (held := _locked(left)) is not None:
                shutil.rmtree(left, ignore_errors=True)
                os.close(held)
        except (AttributeError, OSError):
            continue  # another server removes it too, or a system without owners


def _locked(folder: Path) -> int | None:
    """A lock on a folder; `None` where another process holds it, or where there are no locks."""
    try:
        import fcntl
    except ModuleNotFoundError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
