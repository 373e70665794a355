"""A run over the files of a corpus: read, judged in several processes, written as wholes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from amnestic.exceptions import CorpusError, MissingExtraError
from amnestic.scrubbing.encodings import Coding, checked_encoding
from amnestic.scrubbing.formats import (
    Format,
    Output,
    Parquet,
    Place,
    Table,
    broken,
    opened,
    packing_of,
    why_broken,
)
from amnestic.scrubbing.journal import Entry, Journal
from amnestic.scrubbing.leftovers import mark_of, remove, remove_others
from amnestic.scrubbing.listing import Source, listed
from amnestic.scrubbing.on_ray import RayWorkers
from amnestic.scrubbing.places import alone_in, place_of_run
from amnestic.scrubbing.recoding import as_utf8
from amnestic.scrubbing.sinks import Sink, swept
from amnestic.scrubbing.snapshot import Snapshot
from amnestic.scrubbing.workers import Failure, Job, Workers

__all__ = ["ScrubOptions", "ScrubSummary", "scrub_files"]

Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ScrubOptions:
    """How a run goes.

    Attributes:
        workers: processes; as many as there are cores unless given.
        encoding: of files that are not UTF-8, -16 or -32; Windows-1252 unless given.
        writes: whether anything is written; else it is only said what would go.
        only_find: whether it is enough to say where targets stand: nothing is cut, or written.
        ray: the address of the Ray cluster whose actors judge, `local` for one begun here; this
            machine's processes unless given.
    """

    workers: int = 0
    encoding: str | None = None
    writes: bool = True
    only_find: bool = False
    ray: str | None = None


@dataclass(frozen=True, slots=True)
class ScrubSummary:
    """What a run has done, all of it or since it was stopped. `targets` counts places by target id;
    `resumed` are the files that an earlier run had done."""

    revision: int
    position: str
    files: dict[str, int]
    records: int
    broken: int
    places: int
    targets: dict[str, int]
    resumed: int
    seconds: float
    journal: Journal = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether every file was read."""
        return not self.files.get("failed") and not self.files.get("skipped")


def scrub_files(
    snapshot: Snapshot,
    corpus: Path,
    out: Path | None,
    options: ScrubOptions | None = None,
    advance: Advance = lambda done, total: None,
) -> ScrubSummary:
    """Write the files of `corpus` to `out` without what belongs to a target.

    Each file is written beside its place and put there when it is whole, so that a run may be
    killed at any moment and started again; what an earlier run did by the same targets stands. A
    file that cannot be read, or judged, is not written, and said so. Raises `CorpusError` for what
    no run can be made of.

    Args:
        snapshot: the targets.
        corpus: a file or a folder, of which files are read by the ends of their names.
        out: a folder, or for a file also the name of one; `None` where nothing is written.
        options: how it goes.
        advance: told how many bytes are done, and of how many.
    """
    options = options or ScrubOptions()
    checked_encoding(options.encoding)
    begun = perf_counter()
    folder, name = place_of_run(corpus, out if options.writes and not options.only_find else None)
    judge = snapshot.judge()
    sources = listed(corpus, name, options.encoding, judge)
    with alone_in(folder):
        journal = Journal.open(folder)
        own = mark_of(corpus)
        resumed = _Run(snapshot, folder, options, journal, sources, advance, own).go()
        remove_others({str(s.out) for s in sources}, own, folder, journal)
    entries = [journal.entries[str(s.out)] for s in sources]
    targets = Counter(t for e in entries for p in e.places for t in p.targets)
    return ScrubSummary(
        snapshot.revision,
        snapshot.position,
        dict(Counter(e.state for e in entries)),
        sum(e.records for e in entries),
        sum(e.broken for e in entries),
        sum(len(e.places) for e in entries),
        dict(targets.most_common()),
        resumed,
        perf_counter() - begun,
        journal,
    )


@dataclass(slots=True)
class _Open:
    """A file that is being worked on."""

    number: int
    source: Source
    sink: Sink | None = None
    places: list[Place] = field(default_factory=list)
    records: int = 0
    broken: int = 0
    reason: str = ""


class _Run:
    def __init__(
        self,
        snapshot: Snapshot,
        folder: Path | None,
        options: ScrubOptions,
        journal: Journal,
        sources: list[Source],
        advance: Advance,
        corpus: str,
    ) -> None:
        self._snapshot = snapshot
        self._folder = folder
        self._options = options
        self._journal = journal
        self._sources = sources
        self._advance = advance
        self._corpus = corpus
        self._mark = snapshot.mark(options.encoding)
        self._codings: dict[int, Coding | None] = {}
        self._ends: dict[int, str] = {}

    def go(self) -> int:
        """Do what is not done, and give how many files were."""
        if self._folder is not None:
            swept(self._folder)
        total = sum(s.size for s in self._sources)
        todo = [i for i, s in enumerate(self._sources) if not self._is_done(s)]
        done = total - sum(self._sources[i].size for i in todo)
        self._advance(done, total)
        if todo:
            self._work(todo, done, total)
        return len(self._sources) - len(todo)

    def _is_done(self, source: Source) -> bool:
        entry = self._journal.entries.get(str(source.out))
        if entry is None or not entry.is_done or self._folder is None:
            return False
        place = self._folder / source.out
        same = (entry.stamp, entry.position) == (source.stamp, self._mark)
        return same and place.is_file() and place.stat().st_size == entry.bytes

    def _work(self, todo: list[int], done: int, total: int) -> None:
        now: _Open | None = None
        waiting = iter(todo)
        with self._workers() as workers:
            for job, output in workers.results(self._jobs(todo)):
                while now is None or now.number != job.file:
                    done += self._close(now)
                    now = self._open(next(waiting))
                    self._advance(done, total)
                self._take(now, output)
        done += self._close(now)
        for i in waiting:
            done += self._close(self._open(i))
            self._advance(done, total)

    def _workers(self) -> Workers | RayWorkers:
        told, count = self._options, self._options.workers
        if told.ray is None:
            count = count or os.cpu_count() or 1
            return Workers(self._snapshot, count, only_find=told.only_find)
        address = None if told.ray == "local" else told.ray
        return RayWorkers(self._snapshot, count, address, only_find=told.only_find)

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def _jobs(self, todo: list[int]) -> Iterator[Job]:
        """The pieces of all files, one file after the other. Why one could not be read to its end
        is noted for when its pieces are back."""
        for i in todo:
            source = self._sources[i]
            if source.format is None:
                continue
            try:
                yield from self._pieces(i, source, source.format)
            except (CorpusError, MissingExtraError) as error:
                self._ends[i] = str(error)
            except EOFError:
                self._ends[i] = "is cut off: its compressed end is missing"
            except broken() as error:
                self._ends[i] = f"cannot be read: {why_broken(error)}"

    def _pieces(self, i: int, source: Source, form: Format) -> Iterator[Job]:
        with opened(source.path, packing_of(source.path)) as packed:
            stream, coding = (packed, None) if isinstance(form, Parquet) else as_utf8(packed)
            self._codings[i] = coding
            for piece in form.pieces(stream):
                if isinstance(form, Table) and not form.head:
                    form = form.headed(piece)
                yield Job(i, form, piece)

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────

    def _open(self, i: int) -> _Open:
        source = self._sources[i]
        now = _Open(i, source, reason=source.reason)
        if self._folder is not None and source.format is not None and not now.reason:
            try:
                now.sink = Sink(source, self._folder / source.out, self._codings.get(i))
            except MissingExtraError as error:
                now.reason = str(error)
            except broken() as error:
                now.reason = f"cannot be written: {why_broken(error)}"
        return now

    def _take(self, now: _Open, output: Output | Failure) -> None:
        if isinstance(output, Failure):
            now.reason = now.reason or output.reason
            return
        now.places += output.places
        now.records += output.records
        now.broken += output.broken
        if now.sink is not None:
            try:
                now.sink.write(output.raw)
            except broken() as error:
                now.reason = now.reason or f"cannot be written: {why_broken(error)}"

    def _close(self, now: _Open | None) -> int:
        """End a file: it is in its place and then in the journal, or in neither."""
        if now is None:
            return 0
        source = now.source
        reason = now.reason or self._ends.get(now.number, "")
        written = 0
        if now.sink is not None:
            try:
                if not reason:
                    written = now.sink.finish(changed=bool(now.places))
            except CorpusError as error:
                reason = str(error)
            except broken() as error:
                reason = f"cannot be written: {why_broken(error)}"
            finally:
                now.sink.drop()
        left = remove(str(source.out), self._folder, self._journal) if reason else ""
        self._journal.add(self._entry(now, left or reason, written, left=bool(left)))
        return source.size

    def _entry(self, now: _Open, reason: str, written: int, *, left: bool) -> Entry:
        source = now.source
        state = "changed" if now.places else "unchanged"
        if reason:
            state = "skipped" if source.format is None else "failed"
        return Entry(
            str(source.out),
            state,
            source.stamp,
            self._mark,
            now.records,
            now.broken,
            written,
            () if reason else tuple(now.places),
            reason,
            self._corpus,
            left,
        )
