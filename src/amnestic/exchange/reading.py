"""Reading targets out of a file, line by line.

A line of JSON Lines is a record (the fields of a `ForgetTarget`, and `facts` as a list), or
`{"text": …}` with a request in plain words. A CSV file has a head with the same names, with commas,
semicolons or tabs between them; fields that are lists hold their parts with `;` between them, or a
JSON list.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from amnestic.exceptions import AmnesticError, InvalidRequestError
from amnestic.exchange.columns import LISTS, SINGLE

__all__ = ["count_lines", "records_in"]

_LONGEST_LINE = 1_000_000
_AT_ONCE = 1 << 20  # bytes
_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_KNOWN = {*LISTS, *SINGLE, "text"}
Record = dict[str, Any]


def count_lines(file: Path) -> int:
    """The lines of a file; raises `InvalidRequestError` where it cannot be read."""
    with _reading(file) as stream:
        return sum(1 for _ in _lines_of(stream))


def records_in(file: Path) -> Iterator[tuple[int, Record | AmnesticError]]:
    """The lines of a file as mappings, each with its number; or what is wrong with one."""
    if file.suffix.lower() == ".csv":
        yield from _table_records(file)
        return
    if file.suffix.lower() not in (".jsonl", ".ndjson"):
        raise InvalidRequestError(f"`{file}` must end in .jsonl or .csv")
    with _reading(file) as stream:
        for number, line in enumerate(_lines_of(stream), start=1):
            if line.strip():
                yield number, _read_line(line)


def _lines_of(stream: IO[str]) -> Iterator[str]:
    """Lines, each as far as one may be long: a file that is one line of a gigabyte is not held."""
    line = stream.readline(_LONGEST_LINE + 1)
    while line:
        rest, following = line, ""
        while len(rest) > _LONGEST_LINE and not rest.endswith("\n"):
            before, rest = rest, stream.readline(_LONGEST_LINE + 1)
            if before.endswith("\r") and rest != "\n":  # it ended there
                following = rest
                break
        yield line
        line = following or stream.readline(_LONGEST_LINE + 1)


def _read_line(line: str) -> Record | AmnesticError:
    if len(line) > _LONGEST_LINE:
        return InvalidRequestError(f"longer than {_LONGEST_LINE:,} characters")
    try:
        found = json.loads(line, object_pairs_hook=_told_once)
        line.encode()
        if "\\u" in line:  # which may be the half of a letter
            json.dumps(found, ensure_ascii=False).encode()
    except InvalidRequestError as error:
        return error
    except (ValueError, RecursionError):
        return InvalidRequestError("no JSON")
    if not isinstance(found, dict):
        return InvalidRequestError("a JSON object is expected")
    return found


def _told_once(pairs: list[tuple[str, Any]]) -> Record:
    """An object in which no name stands twice."""
    if twice := [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]:
        raise InvalidRequestError(f"`{twice[0][:60]}` stands there twice")
    return dict(pairs)


def _table_records(file: Path) -> Iterator[tuple[int, Record | AmnesticError]]:
    with _reading(file) as stream:
        first, above = stream.readline(_LONGEST_LINE + 1), 0
        if told := _TOLD.fullmatch(first.strip("\r\n")):
            first, above = stream.readline(_LONGEST_LINE + 1), 1
        separator = told[1] if told else _separator(first)
        lines = _Lines(first, stream)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        try:
            head = [name.strip().lower() for name in next(reader, [])]
            _check_head(file, head)
            above += 1  # a row is told by its first line
        except csv.Error as error:
            yield above + 1, _no_table(error)
            return
        except _TooLongError as error:
            yield above + 1, error
            return
        for before, row in _rows(reader, lines):
            if isinstance(row, InvalidRequestError):
                yield before + above, row
            elif len(row) == len(head):
                yield before + above, _mapped(dict(zip(head, row, strict=True)))
            else:
                yield before + above, _of_other_length(row, head, separator)


class _TooLongError(InvalidRequestError):
    """A row that is longer than one may be."""


class _Lines:
    """Lines as they are read, and the last of them; a row that has no end is not held."""

    def __init__(self, first: str, stream: IO[str]) -> None:
        self._next, self._stream = first, stream
        self.last, self._of_row = "", 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.last, self._next = self._next or self._stream.readline(_LONGEST_LINE + 1), ""
        if not self.last:
            raise StopIteration
        self._of_row += len(self.last)
        if self._of_row > _LONGEST_LINE:
            raise _TooLongError(
                f"longer than {_LONGEST_LINE:,} characters, so that nothing behind it was read: "
                "divide it, and bring the file in again"
            )
        return self.last

    def begin_row(self) -> None:
        """Say that the line which comes next is the first of a row."""
        self._of_row = 0


def _rows(reader: Any, lines: _Lines) -> Iterator[tuple[int, list[str] | InvalidRequestError]]:
    """The rows of a table that are not empty, or what is wrong with one, each with the number of
    lines before it. Behind a quotation that does not end, and a row that is too long, nothing is
    read: nobody knows where the next row begins."""
    while True:
        before = reader.line_num
        lines.begin_row()
        try:
            if (row := next(reader, None)) is None:
                return
        except _TooLongError as error:
            yield before, error
            return
        except csv.Error as error:
            if reader.line_num > before + 1 or lines.last.count('"') % 2:
                yield before, InvalidRequestError(_UNCLOSED)
                return
            yield before, _no_table(error)
        else:
            if any(row):
                yield before, row


_UNCLOSED = (
    "a quotation mark that opens a field in this line is not closed as it should be, so that "
    "nothing behind it was read: mend it, and bring the file in again"
)


def _no_table(error: csv.Error) -> InvalidRequestError:
    return InvalidRequestError(
        f"no CSV: {error}; a field in double quotes ends with one, and holds each of its own twice"
    )


_TOLD = re.compile(r"(?i:sep)=([,;\t])")
"""The line that a spreadsheet writes above the head, or reads there."""


def _separator(head: str) -> str:
    """What stands between the fields of a table: that which finds the most known names in its head.

    >>> _separator("subject;kind;facts\\n"), _separator("subject")
    (';', ',')
    """

    def found(separator: str) -> int:
        try:
            names = next(csv.reader([head], delimiter=separator), [])
        except csv.Error:
            return 0
        return sum(name.strip().lower() in _KNOWN for name in names)

    return max(_SEPARATORS, key=found)


def _of_other_length(row: list[str], head: list[str], separator: str) -> InvalidRequestError:
    if len(row) < len(head):
        return InvalidRequestError(f"{len(row)} fields, and the head has {len(head)}")
    return InvalidRequestError(
        f"{len(row)} fields, and the head has {len(head)}: a field that holds "
        f"{_SEPARATORS[separator]} stands in double quotes"
    )


def _check_head(file: Path, head: list[str]) -> None:
    if strange := [name for name in head if name not in _KNOWN]:
        raise InvalidRequestError(
            f"`{file}`: the column {strange[0]!r} is not known, but {', '.join(sorted(_KNOWN))}"
        )
    if twice := [name for name, count in Counter(head).items() if count > 1]:
        raise InvalidRequestError(f"`{file}`: the column {twice[0]!r} stands there twice")
    if not {"subject", "text"} & set(head):
        raise InvalidRequestError(f"`{file}`: a column `subject` or `text` is needed")


def _mapped(row: dict[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: value.strip().removeprefix("'") for name, value in row.items() if value.strip()
    }
    if "sealed" in told:
        told["sealed"] = {"true": True, "false": False}.get(told["sealed"].lower(), told["sealed"])
    for name in told.keys() & set(LISTS):
        told[name] = _parts(told[name])
    return told


def _parts(value: str) -> list[Any]:
    if value.startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if isinstance(found, list):
            return found
    return [part.strip() for part in value.split(";") if part.strip()]


@contextmanager
def _reading(file: Path) -> Iterator[IO[str]]:
    try:
        with file.open(encoding=_encoding_of(file), newline="") as stream:
            yield stream
    except OSError as error:
        raise InvalidRequestError(f"`{file}` cannot be read: {error.strerror}") from None
    except UnicodeError:
        raise InvalidRequestError(
            f"`{file}` cannot be read as text: no UTF-16, as its beginning says"
        ) from None


def _encoding_of(file: Path) -> str:
    """UTF-8, or UTF-16 where the first bytes say so. Raises `InvalidRequestError` that names the
    first line which is in another, before anything is made of those above it."""
    with file.open("rb") as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        above, decoder = 0, codecs.getincrementaldecoder("utf-8")()
        chunk = None
        while chunk != b"":
            chunk = stream.read(_AT_ONCE)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                number = above + error.object.count(b"\n", 0, error.start) + 1
                raise InvalidRequestError(
                    f"`{file}`, line {number}: not UTF-8; save the file as UTF-8 (in a "
                    "spreadsheet: “CSV UTF-8”) and bring it in again"
                ) from None
            above += chunk.count(b"\n")
    return "utf-8-sig"
