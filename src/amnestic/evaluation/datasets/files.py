"""Rows of JSON, JSON Lines and parquet files, with the place of each for messages."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnestic.exceptions import DataSetError

__all__ = ["Row", "find", "present", "read_rows", "required"]

_ENDINGS = (".jsonl", ".json", ".parquet")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file; `place` says which, as "forget10.json, line 3"."""

    place: str
    values: Mapping[str, Any]

    def text(self, *names: str) -> str:
        """The text in the first of some fields that is there. Raises `DataSetError`."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
        wanted = " or ".join(map(repr, names))
        has = ", ".join(map(repr, list(self.values)[:8])) or "no field"
        raise DataSetError(f"{self.place}: the field {wanted} must hold text; the row has {has}")

    def maybe(self, name: str, default: str = "") -> str:
        """The text of a field, or `default` where it is not there. Raises where it is no text."""
        return default if self.values.get(name) in (None, "") else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a field: none, one, or a list of them. Raises `DataSetError`."""
        value = self.values.get(name)
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise DataSetError(f"{self.place}: the field {name!r} must be a text or a list of texts")

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows that a field holds as a list. Raises `DataSetError`."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
            raise DataSetError(f"{self.place}: the field {name!r} must be a list of objects")
        return tuple(Row(f"{self.place}, {name}[{i}]", v) for i, v in enumerate(value))


def find(folder: Path, stem: str) -> tuple[Path, ...]:
    """The files of one table: `STEM.jsonl`, `.json` or `.parquet`, or `STEM-*.parquet` pieces."""
    for ending in _ENDINGS:
        if (path := folder / f"{stem}{ending}").is_file():
            return (path,)
    return tuple(sorted(folder.glob(f"{stem}-*.parquet")))


def present(folder: Path, *stems: str) -> bool:
    """Whether all of some tables are there."""
    return all(find(folder, stem) for stem in stems)


def required(folder: Path, stem: str, mend: str) -> tuple[Path, ...]:
    """The files of a table that has to be there. Raises `DataSetError` with the mend."""
    found = find(folder, stem)
    if not found:
        raise DataSetError(f"{folder} has no {stem}.jsonl, .json or .parquet: {mend}")
    return found


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """All rows of some files. Raises `DataSetError` where one cannot be read."""
    return [row for path in paths for row in _rows(path)]


def _rows(path: Path) -> Iterator[Row]:
    if path.suffix == ".parquet":
        yield from _parquet(path)
        return
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise DataSetError(f"{path} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise DataSetError(f"{path} cannot be read: {error.strerror}") from None
    whole = text.lstrip()
    if path.suffix == ".json" and whole.startswith("["):
        yield from _list(path, whole)
    else:
        yield from _lines(path, text)


def _list(path: Path, text: str) -> Iterator[Row]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataSetError(f"{path}: not JSON ({error}): fetch the file again") from None
    for i, value in enumerate(values, start=1):
        yield _row(f"{path}, row {i}", value)


def _lines(path: Path, text: str) -> Iterator[Row]:
    # Not `splitlines`: a text may hold U+2028, which JSON allows inside a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            place = f"{path}, line {number}"
            raise DataSetError(f"{place}: not JSON ({error}): fetch the file again") from None
        yield _row(f"{path}, line {number}", value)


def _parquet(path: Path) -> Iterator[Row]:
    if importlib.util.find_spec("pyarrow") is None:
        raise DataSetError(
            f"{path} is a parquet file, which needs pyarrow: run pip install pyarrow, "
            "or save the table as JSON Lines beside it"
        )
    parquet: Any = importlib.import_module("pyarrow.parquet")
    try:
        values = parquet.read_table(path).to_pylist()
    except (OSError, ValueError) as error:
        raise DataSetError(f"{path} cannot be read as parquet: {error}") from None
    for i, value in enumerate(values, start=1):
        yield _row(f"{path}, row {i}", value)


def _row(place: str, value: Any) -> Row:
    if not isinstance(value, Mapping):
        raise DataSetError(f"{place}: a row must be an object with named fields")
    return Row(place, value)
