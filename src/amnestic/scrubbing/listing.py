"""Which files a corpus has, and under which names they go out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.formats import Format, ends_of, format_of
from amnestic.scrubbing.journal import JOURNAL
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.places import LOCK

__all__ = ["Source", "listed"]

_OWN = frozenset((JOURNAL, LOCK))


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a corpus.

    Attributes:
        path: where it is.
        out: where it goes, below the folder of the run; without a name of a target's.
        format: how it is read; `None` where that is not known.
        reason: why it is left out, where it is.
    """

    path: Path
    out: PurePath
    format: Format | None
    size: int
    changed: int
    reason: str = ""

    def check(self) -> None:
        """Raise `CorpusError` where the file is another one than was listed."""
        told = self.path.stat()
        if (told.st_size, told.st_mtime_ns) != (self.size, self.changed):
            raise CorpusError("was changed while it was read: run again")

    @property
    def stamp(self) -> str:
        """What changes when the file does."""
        return f"{self.size}:{self.changed}"


def listed(corpus: Path, out_name: str, encoding: str | None, judge: Judge) -> list[Source]:
    """The files of a folder, in the order of their names, or the one file that the corpus is.
    Raises `CorpusError` where there is none."""
    if not corpus.exists():
        raise CorpusError(f"`{corpus}` does not exist")
    if corpus.is_file():
        out = out_name or _names([PurePath(corpus.name)], judge)[PurePath(corpus.name)]
        return [_source(corpus, PurePath(out), encoding)]
    found = sorted(_files(corpus))
    if not found:
        raise CorpusError(f"`{corpus}` holds no file")
    inner = [file.relative_to(corpus) for file in found]
    names = _names(inner, judge)
    return [
        _source(file, PurePath(*(names[p] for p in _folders(path))), encoding)
        for file, path in zip(found, inner, strict=True)
    ]


def _files(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise CorpusError(f"`{error.filename}` cannot be read: {error.strerror}") from None

    for place, folders, names in os.walk(folder, onerror=fail):
        links = (name for name in folders if Path(place, name).is_symlink())
        yield from (Path(place, name) for name in (*names, *links) if name not in _OWN)


def _source(file: Path, out: PurePath, encoding: str | None) -> Source:
    form = format_of(file, encoding)
    if file.is_symlink():
        return Source(file, out, None, 0, 0, "a link, which is not followed")
    try:
        told = file.stat()
    except OSError as error:
        return Source(file, out, None, 0, 0, f"cannot be read: {error.strerror}")
    reason = "" if form is not None else "of a kind that is not read"
    if not file.is_file():
        form, reason = None, "no file"
    return Source(file, out, form, told.st_size, told.st_mtime_ns, reason)


def _folders(path: PurePath) -> list[PurePath]:
    """A path and the folders that it stands in, outermost first."""
    return [*reversed([p for p in path.parents if p.parts]), path]


def _names(paths: Sequence[PurePath], judge: Judge) -> dict[PurePath, str]:
    """The name of every file and folder; one that tells of a target has a number in its place."""
    every = list(dict.fromkeys(p for path in paths for p in _folders(path)))
    texts = [_words(p.name) for p in every]
    near = judge.sift(texts)
    names: dict[PurePath, str] = {}
    taken = {(p.parent, p.name.lower()) for p in every}
    for path, text, is_near in zip(every, texts, near, strict=True):
        names[path] = path.name
        if is_near and judge.found(text):
            free = (f"removed-{n}{ends_of(path.name)}" for n in count(1))
            names[path] = next(n for n in free if (path.parent, n.lower()) not in taken)
            taken.add((path.parent, names[path]))
    return names


def _words(name: str) -> str:
    stem = name.removesuffix(ends_of(name)) or name
    return re.sub(r"[_\-+.]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem))
