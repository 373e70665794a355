"""Parquet: columns of text, however nested, in the types, row groups and metadata they have."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from amnestic.exceptions import CorpusError
from amnestic.extras import require
from amnestic.scrubbing.encodings import decoded
from amnestic.scrubbing.formats.base import Output, Piece, Place, places_of
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.records import touched
from amnestic.scrubbing.values import leaves_of, replaced

__all__ = ["Parquet"]

_ROWS = 256


@dataclass(frozen=True, slots=True)
class Parquet:
    """A Parquet file. A column in which nothing goes is taken over as it is."""

    encoding: str | None = None

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """Some rows at a time, as Arrow's own bytes; a new row group begins a new piece."""
        require("scrub", "a Parquet file")
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(stream)
            names = file.schema_arrow.names
            if len(set(names)) < len(names):
                raise CorpusError("two of its columns have one name: rename one before")
            if not file.metadata.num_rows:  # its names are judged all the same
                yield Piece(_written(file.schema_arrow.empty_table().combine_chunks()))
            number = 1
            for group in range(file.num_row_groups):
                for batch in file.read_row_group(group).to_batches(_ROWS):
                    yield Piece(_written(batch), number)
                    number += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise CorpusError(f"no Parquet that can be read: {_first(error)}") from None

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of the rows of each piece."""
        import pyarrow as pa

        tables = [pa.ipc.open_stream(piece.raw).read_all().combine_chunks() for piece in pieces]
        for table in tables:
            _refuse_names(table.schema, judge)
        rows = [_told(table) for table in tables]
        leaves = [list(leaves_of(row)) for told in rows for row in told]
        found = iter(list(zip(leaves, touched(leaves, judge), strict=True)))
        return [
            _output(piece, table, told, [next(found) for _ in told])
            for piece, table, told in zip(pieces, tables, rows, strict=True)
        ]

    def write(self, source: BinaryIO, place: Path, pieces: Iterator[bytes]) -> None:
        """A file with the rows of the pieces, in the row groups and the codec of the source."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = pq.ParquetFile(source)
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        with pq.ParquetWriter(place, file.schema_arrow, compression=_codecs(file)) as writer:
            for size in sizes:
                batches: list[Any] = []
                while sum(b.num_rows for b in batches) < size:
                    batches += pa.ipc.open_stream(next(pieces)).read_all().to_batches()
                table = pa.Table.from_batches(batches, file.schema_arrow)
                writer.write_table(table, row_group_size=max(size, 1))


def _codecs(file: Any) -> dict[str, str]:
    """The codec of each column, by its name in the file."""
    if not file.num_row_groups:
        return {}
    group = file.metadata.row_group(0)
    columns = (group.column(i) for i in range(group.num_columns))
    return {c.path_in_schema: c.compression.replace("UNCOMPRESSED", "NONE") for c in columns}


def _written(batch: Any) -> bytes:
    import pyarrow as pa

    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write(batch)
    return sink.getvalue()


def _refuse_names(schema: Any, judge: Judge) -> None:
    """Raise `CorpusError` where a column's name tells of a target, or what is noted of the columns:
    they are not cut, since whoever reads the file looks for them."""
    texts = list(dict.fromkeys(_notes(schema)))
    near = judge.sift(texts)
    if any(judge.found(text) for text, is_near in zip(texts, near, strict=True) if is_near):
        raise CorpusError("the name of a column, or a note in its schema, tells of a target")


def _notes(kind: Any) -> Iterator[str]:
    """The names of all fields in a schema or a type, and their metadata."""
    for key, value in (getattr(kind, "metadata", None) or {}).items():
        yield from (decoded(key)[0], decoded(value)[0])
    for at in range(getattr(kind, "num_fields", len(getattr(kind, "names", ())))):
        inner = kind.field(at)
        yield from (inner.name, re.sub(r"[_\-.]+", " ", inner.name))
        yield from _notes(inner)
        yield from _notes(inner.type)


def _told(table: Any) -> list[dict[str, Any]]:
    """The rows of a table, of which those columns are read in which a string or a number can be."""
    import pyarrow as pa

    wanted = [i for i, f in enumerate(table.schema) if not pa.types.is_boolean(f.type)]
    chosen = table.select(wanted)
    rows: list[dict[str, Any]] = chosen.to_pylist()
    return rows


def _output(piece: Piece, table: Any, rows: list[dict[str, Any]], found: list[Any]) -> Output:
    import pyarrow as pa

    places: list[Place] = []
    columns: set[str] = set()
    new = list(rows)
    for i, (leaves, touches) in enumerate(found):
        values = {
            (leaves[t.leaf].path, False): t.text for t in touches if not leaves[t.leaf].is_key
        }
        if values:
            new[i] = replaced(rows[i], values)
            columns |= {str(path[0]) for path, _ in values}
            inside = [t for t in touches if not leaves[t.leaf].is_key]
            places += places_of(piece.number + i, leaves, inside)
    if not places:
        return Output(piece.raw, records=len(rows))
    for name in columns:
        at = table.schema.get_field_index(name)
        told = table.schema.field(at)
        values = pa.array([row[name] for row in new], type=_plain(told.type))
        table = table.set_column(at, told, values.cast(told.type))
    return Output(_written(table.to_batches()[0]), tuple(places), records=len(rows))


def _plain(kind: Any) -> Any:
    """The type that values are made in: that of the values where a column holds numbers of them."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _first(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
