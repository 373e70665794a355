"""The folder of a run: `run.json`, `probes.jsonl`, `records.jsonl`, and beside them `judged.jsonl`
and `bare.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from amnestic.evaluation.contract import Probe, Record
from amnestic.evaluation.running.lines import LineFile, read_lines
from amnestic.evaluation.running.manifest import FORMAT, FORMAT_VERSION, Manifest
from amnestic.evaluation.running.rows import probe_of
from amnestic.exceptions import InvalidRequestError, RunError
from amnestic.private_files import writing_private

__all__ = ["Run", "RunFolder", "read_run", "working_on"]

Place = tuple[str, str, int, int]
_MANIFEST, _LOCK = "run.json", ".lock"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run folder holds.

    `probes` are by key, `seeds` says by which seeds each was drawn; `records` are one for each
    place, in the order in which they were written; `told` is what a judge said, by place.
    """

    manifest: Manifest
    probes: Mapping[str, Probe]
    seeds: Mapping[str, tuple[int, ...]]
    records: tuple[Record, ...]
    told: Mapping[Place, bool | None]


def read_run(folder: Path) -> Run:
    """A run as its folder holds it, finished or not; nothing is changed.

    Raises `RunError` for a folder that is no run, is one of another version, or is damaged.
    """
    manifest = read_manifest(folder)
    probes, seeds = {}, {}
    file = folder / "probes.jsonl"
    for number, row in read_lines(file):
        try:
            probe = probe_of(row)
            seeds[probe.key] = tuple(int(seed) for seed in row["seeds"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RunError(f"`{file}` is damaged: line {number} is no probe") from None
        probes[probe.key] = probe
    return Run(manifest, probes, seeds, tuple(_records(folder)), dict(_told(folder)))


def _records(folder: Path) -> Iterable[Record]:
    """One record for each place: a reply before an error, else the later one."""
    file = folder / "records.jsonl"
    found: dict[Place, Record] = {}
    for number, row in read_lines(file):
        try:
            record = Record.model_validate(row)
        except ValidationError as error:
            field = ".".join(map(str, error.errors()[0]["loc"]))
            raise RunError(
                f"`{file}` is damaged: line {number} is no record, see {field!r}"
            ) from None
        before = found.get(record.place)
        if before is None or before.error or not record.error:
            found[record.place] = record
    return found.values()


def _told(folder: Path) -> Iterator[tuple[Place, bool | None]]:
    file = folder / "judged.jsonl"
    for number, row in read_lines(file):
        try:
            place = (str(row["system"]), str(row["probe"]), int(row["seed"]), int(row["sample"]))
        except (KeyError, TypeError, ValueError):
            raise RunError(f"`{file}` is damaged: line {number} is no verdict") from None
        leaks = row.get("leaks")
        yield place, leaks if isinstance(leaks, bool) else None


def read_manifest(folder: Path) -> Manifest:
    """What a run says of itself. Raises `RunError` where it is none, or another version's."""
    file = folder / _MANIFEST
    try:
        told: Any = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise RunError(
            f"`{folder}` is no run: it holds no {_MANIFEST}; `amnestic eval --out` begins one"
        ) from None
    except OSError as error:
        raise RunError(f"`{file}` cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise RunError(f"`{file}` is damaged: it is no JSON") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise RunError(f"`{file}` is no run of `amnestic eval`: its format is not {FORMAT!r}")
    if told.get("format_version") != FORMAT_VERSION:
        raise RunError(
            f"`{file}` has format {told.get('format_version')!r}, and this Amnestic reads "
            f"{FORMAT_VERSION}: begin a new run"
        )
    try:
        return Manifest.model_validate(told)
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"]))
        raise RunError(f"`{file}` is damaged: see {field!r}") from None


class RunFolder:
    """A run folder that is written to; make it by `working_on`."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self.probes = LineFile(path / "probes.jsonl")
        self.records = LineFile(path / "records.jsonl")
        self.judged = LineFile(path / "judged.jsonl")
        self.bare = LineFile(path / "bare.jsonl")

    def save(self, manifest: Manifest) -> None:
        """Put another manifest in the place of the one there. Raises `RunError`."""
        try:
            with writing_private(self.path / _MANIFEST) as stream:
                stream.write(manifest.model_dump_json(indent=2) + "\n")
        except InvalidRequestError as error:
            raise RunError(str(error)) from None
        self.manifest = manifest


@contextmanager
def working_on(path: Path, manifest: Manifest) -> Iterator[RunFolder]:
    """The folder of a run for as long as the block lasts: a new one with this manifest, or the one
    that is there, which keeps its own.

    Raises `RunError` for a folder that holds something else, is another version's, or is worked on
    by another process.
    """
    if not path.is_dir() or not _holds_anything(path):
        _make(path)
        known = None
    elif not (path / _MANIFEST).exists():
        raise RunError(f"`{path}` holds something else than a run: name another folder")
    else:
        known = read_manifest(path)
        if known.product != manifest.product:
            raise RunError(
                f"`{path}` was begun by Amnestic {known.product}, and this is {manifest.product}: "
                "figures of both do not belong together; begin a new run"
            )
    with _locked(path):
        folder = RunFolder(path, known or manifest)
        if known is None:
            folder.save(manifest)
        yield folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The folder for this process alone. Raises `RunError` where another one has it, or where no
    file can be made there."""
    from filelock import FileLock, Timeout

    lock = FileLock(path / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(f"`{path}` is worked on by another process: wait for it to end") from None
    except OSError as error:
        raise RunError(f"`{path}` cannot be written: {error.strerror}") from None
    try:
        yield
    finally:
        lock.release()


def _holds_anything(path: Path) -> bool:
    try:
        return any(inner.name != _LOCK for inner in path.iterdir())
    except OSError as error:
        raise RunError(f"`{path}` cannot be read: {error.strerror}") from None


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RunError(f"`{path}` cannot be made: {error.strerror}") from None
