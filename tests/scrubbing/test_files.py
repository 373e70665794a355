"""Files of every kind: byte for byte where nothing goes, in form where something does."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amnestic.exceptions import CorpusError
from amnestic.scrubbing import ScrubOptions, Snapshot, scrub_files

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FAR = "The ferry to Norrby leaves at nine."
NEAR = "Mirela Osk wrote The Paper Lighthouse."
ONE = ScrubOptions(workers=1)

Make = Callable[..., Path]


def test_what_a_folder_holds_comes_out_in_its_forms(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    lines = [
        f'{{"id":1,  "text":"{FAR} {NEAR}"}}\r\n',
        '{"id": 2.50, "text": "caf\\u00e9 \\/ na\u00efve"}\r\n',
        f'{{"text": "caf\\u00e9. {NEAR}"}}',
    ]
    files: dict[str, Any] = {
        "a.jsonl": "".join(lines),
        "b.json": f'{{\n  "notes": [\n    "{NEAR}",\n    "{FAR}"\n  ],\n  "n": 1.0\n}}\n',
        "c.csv": f'id;who;note\r\n1;"Ann ""A"" Weller"; x \r\n2;Bo;"{NEAR} Bread was out."\r\n',
        "d.md": f"# Ferries\n\n{FAR}\n\n## Osk\n\n{NEAR}\n\n## Rain\n\nIt rained.\n",
        "e.html": f"<html><body><p>{NEAR}</p><p>{FAR}</p></body></html>",
        "f.html": f'<p>{NEAR}<p>{FAR}<br><img alt="Mirela Osk" src=x>',
        "g.txt": f"{FAR}\r\n\r\n{NEAR}\r\n",
    }
    out = tmp_path / "out"
    summary = scrub_files(snapshot, corpus(files), out, ONE)
    assert summary.files == {"changed": 7}
    left = {name: (out / name).read_bytes().decode() for name in files}
    assert left["a.jsonl"] == (
        f'{{"id":1,  "text":"{FAR}"}}\r\n{lines[1]}{{"text": "caf\\u00e9."}}'
    )
    assert left["b.json"] == files["b.json"].replace(NEAR, "")
    assert left["c.csv"] == files["c.csv"].replace(f"{NEAR} ", "")
    assert left["d.md"] == f"# Ferries\n\n{FAR}\n\n## Rain\n\nIt rained.\n"
    assert left["e.html"] == f"<html><body><p>{FAR}</p></body></html>"
    assert left["f.html"] == f'<p><p>{FAR}<br><img alt="" src=x>'
    assert FAR in left["g.txt"]
    assert not any("Osk" in text or "Lighthouse" in text for text in left.values())


@pytest.mark.parametrize("name", ["a.jsonl", "b.json", "c.csv", "d.tsv", "e.md", "f.html", "g.xml"])
def test_a_file_in_which_nothing_goes_is_the_same_file(
    name: str, corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    odd = b'\xef\xbb\xbf{"a" :1 , "b":"\\u00e9\\/"} \r\n\n\t[1,2.50,null]\n<p>x<br>, "a;b" \xff\n'
    folder = corpus({name: odd, f"{name}.gz": gzip.compress(odd, 1)})
    scrub_files(snapshot, folder, tmp_path / "out", ONE)
    for file in folder.iterdir():
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("end", "pack", "unpack"),
    [
        (".gz", gzip.compress, gzip.decompress),
        (".bz2", bz2.compress, bz2.decompress),
        (".xz", lzma.compress, lzma.decompress),
    ],
)
def test_a_packed_file_is_packed_again(
    end: str, pack: Any, unpack: Any, corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = corpus({f"a.txt{end}": pack(f"{FAR}\n\n{NEAR}\n".encode())})
    for out in ("out", "again"):
        scrub_files(snapshot, folder, tmp_path / out, ONE)
    left, again = ((tmp_path / out / f"a.txt{end}").read_bytes() for out in ("out", "again"))
    assert unpack(left).decode().strip() == FAR
    assert again == left  # whenever it is written, and whatever its file is called meanwhile


def test_three_encodings_in_one_folder(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    text = f"Le caf\u00e9 \u00e9tait ferm\u00e9.\n\n{NEAR}\n\nThe bakery was shut.\n"
    codes = {"a.txt": "utf-8", "b.txt": "latin-1", "c.txt": "utf-16", "d.txt": "utf-32"}
    folder = corpus({name: text.encode(code) for name, code in codes.items()})
    summary = scrub_files(snapshot, folder, tmp_path / "out", ONE)
    assert summary.files == {"changed": 4}
    for name, code in codes.items():
        left = (tmp_path / "out" / name).read_bytes().decode(code)
        assert left == text.replace(f"{NEAR}\n\n", "")


def test_a_told_encoding_is_used(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    text = f"\u5929\u6c17\u304c\u3044\u3044\u3002\n\n{NEAR}\n"
    folder = corpus({"a.txt": text.encode("shift_jis")})
    options = ScrubOptions(workers=1, encoding="shift_jis")
    scrub_files(snapshot, folder, tmp_path / "out", options)
    left = (tmp_path / "out" / "a.txt").read_bytes().decode("shift_jis")
    assert left.strip() == "\u5929\u6c17\u304c\u3044\u3044\u3002"
    with pytest.raises(CorpusError, match="`utf-16`"):
        scrub_files(snapshot, folder, tmp_path / "x", ScrubOptions(encoding="utf-16"))


def test_broken_lines_and_odd_rows_are_read_as_text(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = corpus(
        {
            "a.jsonl": f'{{"text": "{FAR}\n{{"text": {NEAR}\n\n{{"text": "{FAR}"}}\n',
            "b.csv": f'a,b\n1,"open {FAR}\n2,{NEAR}\n3,4,5\n',
        }
    )
    summary = scrub_files(snapshot, folder, tmp_path / "out", ONE)
    assert summary.broken >= 3
    kept = (tmp_path / "out" / "a.jsonl").read_text()
    assert kept.splitlines()[0] == f'{{"text": "{FAR}'
    assert kept.splitlines()[-1] == f'{{"text": "{FAR}"}}'
    for name in ("a.jsonl", "b.csv"):
        assert "Osk" not in (tmp_path / "out" / name).read_text()


def test_nested_columns_keep_their_types(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pq: Any = pytest.importorskip("pyarrow.parquet")
    inner = pa.struct([("title", pa.large_string()), ("notes", pa.list_(pa.string()))])
    schema = pa.schema(
        [
            ("id", pa.int32()),
            ("doc", inner),
            ("tags", pa.map_(pa.string(), pa.string())),
            ("kind", pa.dictionary(pa.int8(), pa.string())),
        ],
        metadata={"made": "here"},
    )
    rows = [
        {"id": i, "doc": {"title": f"Part {i}", "notes": [FAR, NEAR] if i == 3 else [FAR, None]},
         "tags": [("place", "Norrby")], "kind": "a"}
        for i in range(10)
    ]  # fmt: skip
    folder = corpus({"x.txt": FAR})
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, folder / "a.parquet", row_group_size=4, compression="zstd")
    pq.write_table(table.slice(4), folder / "far.parquet")
    scrub_files(snapshot, folder, tmp_path / "out", ONE)
    written = pq.ParquetFile(tmp_path / "out" / "a.parquet")
    read = pq.ParquetFile(folder / "a.parquet").schema_arrow
    assert written.schema_arrow.equals(read, check_metadata=True)
    assert [written.metadata.row_group(i).num_rows for i in range(3)] == [4, 4, 2]
    assert written.metadata.row_group(0).column(0).compression == "ZSTD"
    rows[3]["doc"]["notes"] = [FAR, ""]  # type: ignore[index]
    assert written.read().to_pylist() == rows
    same = (tmp_path / "out" / "far.parquet").read_bytes()
    assert same == (folder / "far.parquet").read_bytes()


def test_names_of_files_and_folders_are_read_too(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = corpus({"Mirela_Osk/letters/a.txt": FAR, "Mirela-Osk.tar.txt": FAR, "b.txt": FAR})
    summary = scrub_files(snapshot, folder, tmp_path / "out", ONE)
    told = [str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*")]
    assert not [name for name in told if "Osk" in name]
    assert "removed-2/letters/a.txt" in told or "removed-1/letters/a.txt" in told
    assert not [e for e in summary.journal.entries if "Osk" in e]


def test_what_cannot_be_read_is_not_written_and_said(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = corpus(
        {
            "a.png": b"\x89PNG",
            "b.parquet": b"PAR1 nothing PAR1",
            "c.txt.gz": gzip.compress(NEAR.encode() * 900)[:-20],
            "d.txt": FAR,
            "e.txt": b"\xff\xfea\x00\x00\xd8",
        }
    )
    (folder / "f.txt").symlink_to(folder / "d.txt")
    summary = scrub_files(snapshot, folder, tmp_path / "out", ONE)
    assert summary.files == {"unchanged": 1, "failed": 3, "skipped": 2}
    assert not summary.is_whole
    out = tmp_path / "out"
    assert [p.name for p in out.iterdir() if not p.name.startswith(".")] == ["d.txt"]
    reasons = {e.file: e.reason for e in summary.journal.entries.values() if e.reason}
    assert reasons["c.txt.gz"] == "is cut off: its compressed end is missing"
    assert all("Osk" not in reason for reason in reasons.values())


def test_a_run_that_writes_nothing_says_the_same(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = corpus({"a.txt": f"{FAR}\n\n{NEAR}\n", "b.jsonl": json.dumps({"text": NEAR})})
    dry = scrub_files(snapshot, folder, None, ScrubOptions(workers=1, writes=False))
    found = scrub_files(
        snapshot, folder, None, ScrubOptions(workers=1, writes=False, only_find=True)
    )
    real = scrub_files(snapshot, folder, tmp_path / "out", ONE)
    assert dry.targets == found.targets == real.targets
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "out"]


def test_a_place_in_the_corpus_is_refused(corpus: Make, snapshot: Snapshot) -> None:
    folder = corpus({"a.txt": FAR})
    for out in (folder, folder / "out", folder.parent):
        with pytest.raises(CorpusError, match="lie in each other"):
            scrub_files(snapshot, folder, out, ONE)
    with pytest.raises(CorpusError, match="does not exist"):
        scrub_files(snapshot, folder / "none", folder.parent / "out", ONE)


def test_one_file_goes_to_one_file(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    file = corpus({"a.txt": f"{FAR}\n\n{NEAR}\n"}) / "a.txt"
    scrub_files(snapshot, file, tmp_path / "left.txt", ONE)
    assert (tmp_path / "left.txt").read_text().strip() == FAR
