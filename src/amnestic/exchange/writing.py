"""Writing targets and the trail to files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from amnestic.exceptions import InvalidRequestError
from amnestic.exchange.columns import LISTS, SINGLE
from amnestic.private_files import writing_private
from amnestic.tools.names import identifier_of
from amnestic.types import FacetKind, FacetSource, ForgetTarget

if TYPE_CHECKING:
    from amnestic.tools.registry import TrailEntry

__all__ = ["write_records", "write_trail"]


def write_records(file: Path, targets: Iterable[ForgetTarget]) -> int:
    """Write targets to a file, readable by its owner only; gives their number. What a model said of
    them is left out. The file is there as a whole or not at all."""
    write = {".jsonl": _write_lines, ".csv": _write_table}.get(file.suffix.lower())
    if write is None:
        raise InvalidRequestError(f"`{file}` must end in .jsonl or .csv")
    with writing_private(file) as stream:
        return write(stream, map(_row, targets))


def write_trail(file: Path, entries: Iterable[TrailEntry]) -> None:
    """Write the lines of a trail to a file."""
    with writing_private(file) as stream:
        _write_lines(stream, (entry.as_dict() for entry in entries))


def _row(target: ForgetTarget) -> dict[str, Any]:
    dumped = target.model_dump(mode="json")
    told = [f for f in target.facets if f.source is FacetSource.TOLD and f.kind is FacetKind.FACT]
    row = {name: dumped[name] for name in (*SINGLE, *LISTS) if name != "facts" and dumped[name]}
    return row | {"facts": [fact.text for fact in told]}


def _write_lines(stream: IO[str], rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_table(stream: IO[str], rows: Iterable[dict[str, Any]]) -> int:
    writer = csv.DictWriter(stream, fieldnames=[*SINGLE, *LISTS], lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        count += 1
        single = {name: _single(value) for name, value in row.items() if isinstance(value, str)}
        writer.writerow(
            {**row, **single, **{name: _field(row[name]) for name in LISTS if name in row}}
        )
    return count


def _single(value: str) -> str:
    """One value, which no program for tables takes for a formula: `'` before it says that it is
    text, and is not read back."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r", "'") else value


def _field(parts: list[Any]) -> str:
    """Several parts in one field: as words where that is read back as they are, else as JSON, which
    no program for tables takes for a formula."""
    plain = [_plain(part) for part in parts]
    if all(part and ";" not in part and part[0] not in "[=+-@\t\r'" for part in plain):
        return "; ".join(plain)
    return json.dumps(parts, ensure_ascii=False)


def _plain(part: Any) -> str:
    if isinstance(part, str):
        return part
    known = identifier_of(part["value"]).model_dump(mode="json")
    return str(part["value"]) if known == part else ""
