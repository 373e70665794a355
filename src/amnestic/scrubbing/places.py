"""Where a run writes: a folder beside the corpus, which it has to itself."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from filelock import FileLock, Timeout

from amnestic.exceptions import CorpusError

__all__ = ["LOCK", "alone_in", "place_of_run"]

LOCK = ".amnestic-scrub.lock"
"""The name of the lock, in the folder of a run."""


def place_of_run(corpus: Path, out: Path | None) -> tuple[Path | None, str]:
    """The folder of a run, and the name of a lone file in it where one was given."""
    if out is None:
        return None, ""
    _refuse_overlap(corpus, out)
    single = corpus.is_file() and not out.is_dir() and out.suffix != ""
    folder, name = (out.parent, out.name) if single else (out, "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"`{folder}` cannot be made: {error.strerror}") from None
    return folder, name


def alone_in(folder: Path | None) -> AbstractContextManager[object]:
    """A lock on the folder of a run. Raises `CorpusError` where another run has it."""
    if folder is None:
        return nullcontext()
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CorpusError(f"another run writes to `{folder}`: wait for it") from None
    except OSError as error:
        raise CorpusError(f"`{folder}` cannot be written: {error.strerror}") from None
    return lock


def _refuse_overlap(corpus: Path, out: Path) -> None:
    """Raise `CorpusError` where what is written would be read, or stand in its place."""
    a, b = corpus.resolve(), out.resolve()
    if a == b or a in b.parents or b in a.parents:
        raise CorpusError(f"`{out}` and `{corpus}` lie in each other: give a place beside it")
