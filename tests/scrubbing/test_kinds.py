"""Values and files of kinds in which text is easily passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from amnestic.exceptions import CorpusError
from amnestic.scrubbing import Judge, ScrubStage, Snapshot, scrubbed
from amnestic.scrubbing.encodings import checked_encoding, decoded
from amnestic.scrubbing.formats import Parquet, Piece, Table, format_of
from amnestic.scrubbing.formats.plain import Markup

FAR = "The ferry leaves the harbour at nine."
NEAR = "Mirela Osk wrote The Paper Lighthouse."


def test_arrays_bytes_sets_and_their_kin_are_read(judge: Judge) -> None:
    vector = np.array([0.125, 4915112345.5])
    told: dict[Any, Any] = {
        "array": np.array([[FAR, NEAR], [FAR, FAR]], dtype=object),
        "fixed": np.array([NEAR, FAR]),
        "raw": f"{FAR} {NEAR}".encode(),
        "buffer": bytearray(f"Caf\xe9. {NEAR}".encode("latin-1")),
        "tags": {NEAR},
        "vector": vector,
        "none": None,
    }
    (left,) = scrubbed([told], judge)
    assert "Osk" not in repr(left)
    assert left["array"].tolist() == [[FAR, ""], [FAR, FAR]]
    assert (left["fixed"].tolist(), left["fixed"].dtype.kind) == (["", FAR], "U")
    assert (left["raw"], left["buffer"]) == (FAR.encode(), bytearray(b"Caf\xe9."))
    assert (left["tags"], left["none"]) == ({""}, None)
    assert left["vector"] is vector
    named = scrubbed([{b"Mirela Osk": 1}, [Path("Mirela Osk"), 1]], judge)
    assert named == [{"removed_0": 1}, [None, 1]]
    with pytest.raises(CorpusError, match="of type `object` cannot be read"):
        scrubbed([{"text": object()}], judge)


@dataclass
class Document:
    """What datatrove hands on."""

    text: str
    id: str
    metadata: dict[str, Any] = field(default_factory=dict)


def test_a_stage_reads_columns_of_arrays_and_names_beside_a_text(snapshot: Snapshot) -> None:
    stage = ScrubStage(snapshot)
    ragged = np.empty(2, dtype=object)
    ragged[:] = [np.array([FAR, NEAR], dtype=object), np.array([FAR], dtype=object)]
    given = stage({"two": np.array([[FAR, NEAR], [FAR, FAR]]), "in": ragged, "n": np.zeros((2, 2))})
    assert given["two"].tolist() == [[FAR, ""], [FAR, FAR]]
    assert [item.tolist() for item in given["in"]] == [[FAR, ""], [FAR]]
    documents = [Document(FAR, "a", {"text": NEAR, "n": 1}), Document(FAR, "Mirela Osk")]
    left, hers = stage.run(documents)
    assert (left.text, left.id, left.metadata) == (FAR, "a", {"text": "", "n": 1})
    assert "Osk" not in hers.id


def test_utf_8_is_tried_before_what_was_told() -> None:
    assert decoded("Zo\xeb".encode(), "latin-1") == ("Zo\xeb", "utf-8")
    assert decoded("Zo\xeb".encode("cp1250"), "cp1250") == ("Zo\xeb", "cp1250")
    for name in ("utf-7", "iso2022_jp", "hz"):
        with pytest.raises(CorpusError, match="not one of text lines"):
            checked_encoding(name)


def test_markup_loses_what_is_no_element_or_fails(judge: Judge) -> None:
    told = f'<?xml version="1.0"?><a><?note {NEAR}?><b>{FAR}</b></a>'
    (left,) = Markup().cleaned([Piece(told.encode())], judge)
    assert left.raw.decode() == f'<?xml version="1.0"?><a><b>{FAR}</b></a>'
    entity = f'<!DOCTYPE a [<!ENTITY who "{NEAR}">]><a><b>&who;</b></a>'
    (left,) = Markup().cleaned([Piece(entity.encode())], judge)
    assert left.raw.decode() == "<!DOCTYPE a []><a><b>&who;</b></a>"
    with pytest.raises(CorpusError, match="cannot be cut"):
        Markup().cleaned([Piece(f"<p>{FAR}<img alt=Mirela Osk>".encode())], judge)


def test_tabs_part_cells_and_a_first_row_may_be_a_record(judge: Judge) -> None:
    assert format_of(Path("a.tsv")) == Table(None, "\t")
    first = Piece(f"7,{FAR} {NEAR}\n".encode())
    table = Table().headed(first)
    (left,) = table.cleaned([first], judge)
    assert "Osk" not in left.raw.decode()
    head = Piece(b"id,name,note\n")
    assert Table().headed(head).cleaned([head], judge)[0].raw == head.raw


def _parquet(place: Path, table: Any) -> list[Piece]:
    pq: Any = pytest.importorskip("pyarrow.parquet")
    pq.write_table(table, place)
    with place.open("rb") as stream:
        return list(Parquet().pieces(stream))


def test_parquet_is_read_in_bytes_names_and_notes(judge: Judge, tmp_path: Path) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    place = tmp_path / "a.parquet"
    table = pa.table({"raw": pa.array([f"{FAR} {NEAR}".encode(), b"\xff\x00"], pa.binary())})
    (left,) = Parquet().cleaned(_parquet(place, table), judge)
    read = pa.ipc.open_stream(left.raw).read_all()
    assert read.to_pylist() == [{"raw": FAR.encode()}, {"raw": b"\xff\x00"}]
    twice = pa.Table.from_arrays([pa.array([NEAR]), pa.array([FAR])], names=["a", "a"])
    with pytest.raises(CorpusError, match="have one name"):
        _parquet(place, twice)
    for told in (
        pa.table({"mirela_osk": pa.array([], pa.int32())}),
        pa.table({"in": pa.array([{"Mirela Osk": 1}])}),
        pa.table({"n": [1]}).replace_schema_metadata({"made": NEAR}),
    ):
        with pytest.raises(CorpusError, match="tells of a target"):
            Parquet().cleaned(_parquet(place, told), judge)
