"""Runs into a folder in which others have written, by other targets or of other files."""

from __future__ import annotations

import gzip
import json
import lzma
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amnestic.exceptions import CorpusError
from amnestic.scrubbing import Judge, ScrubOptions, Snapshot, scrub_files
from amnestic.scrubbing.journal import Journal
from amnestic.scrubbing.listing import listed
from amnestic.scrubbing.sinks import Sink
from amnestic.types import Policy

FAR = "The ferry leaves the harbour at nine."
NEAR = "Mirela Osk wrote The Paper Lighthouse."
ONE = ScrubOptions(workers=1)

Make = Callable[..., Path]


def _out(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def test_what_another_judgement_would_change_marks_a_run(snapshot: Snapshot) -> None:
    settings = snapshot.settings
    others = [
        replace(snapshot, settings=settings.model_copy(update={"namespace": "tenant"})),
        replace(snapshot, settings=settings.model_copy(update={"policy": Policy.STRICT})),
        replace(snapshot, targets=snapshot.targets[:1]),
        replace(snapshot, position="another"),
    ]
    marks = [snapshot.mark(None), snapshot.mark("latin-1"), *(o.mark(None) for o in others)]
    assert len(set(marks)) == len(marks)
    assert snapshot.mark("latin-1") == marks[1]


def test_a_run_by_others_does_all_anew(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    folder, out = corpus({"a.txt": f"{FAR}\n\n{NEAR}\n"}), tmp_path / "out"
    nobody = replace(snapshot, targets=(), vectors=())
    assert scrub_files(nobody, folder, out, ONE).files == {"unchanged": 1}
    told = scrub_files(snapshot, folder, out, ONE)
    assert (told.resumed, told.files) == (0, {"changed": 1})
    assert scrub_files(snapshot, folder, out, ONE).resumed == 1


def test_what_a_run_does_not_write_any_more_goes(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    """Of the same corpus: its source is gone, or fails; what others wrote stays."""
    whole = gzip.compress(FAR.encode())
    folder, out = corpus({"a.txt": FAR, "b.txt": FAR, "c.txt.gz": whole}), tmp_path / "out"
    other = tmp_path / "other.txt"
    other.write_text(FAR)
    scrub_files(snapshot, folder, out, ONE)
    scrub_files(snapshot, other, out, ONE)
    (out / "own.txt").write_text("not of a run")
    (folder / "b.txt").unlink()
    (folder / "c.txt.gz").write_bytes(whole[:-9])
    again = scrub_files(snapshot, folder, out, ONE)
    assert _out(out) == ["a.txt", "other.txt", "own.txt"]
    assert (again.resumed, again.files) == (1, {"unchanged": 1, "failed": 1})
    assert Journal.open(out).entries["b.txt"].state == "removed"


def test_a_source_that_changes_while_it_is_read_is_not_put_in_its_place(
    corpus: Make, judge: Judge, tmp_path: Path
) -> None:
    (source,) = listed(corpus({"a.txt": FAR}), "", None, judge)
    sink = Sink(source, tmp_path / "a.txt", None)
    sink.write(FAR.encode())
    source.path.write_text(NEAR)
    with pytest.raises(CorpusError, match="was changed while it was read"):
        sink.finish(changed=False)
    sink.drop()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus"]


def test_only_finding_writes_nothing(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    options = ScrubOptions(workers=1, only_find=True)
    summary = scrub_files(snapshot, corpus({"a.txt": NEAR}), tmp_path / "out", options)
    assert (summary.files, (tmp_path / "out").exists()) == ({"changed": 1}, False)


def test_a_broken_file_fails_and_the_run_goes_on(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    zstandard: Any = pytest.importorskip("zstandard")
    packed = zstandard.compress(f"{FAR}\n".encode() * 900)
    spoilt = bytearray(gzip.compress(FAR.encode() * 900))
    spoilt[12:20] = b"\xff" * 8
    folder = corpus(
        {
            "a.txt.gz": bytes(spoilt),
            "b.txt.xz": lzma.compress(FAR.encode() * 900)[:20] + b"\xff" * 40,
            "c.txt.zst": b"no frame",
            "d.txt.zst": packed[:-4],
            "e.txt.zst": packed + zstandard.compress(NEAR.encode()),
            "f.jsonl": json.dumps({"text": f"\ud800 {FAR} {NEAR}"}) + "\n",
        }
    )
    place = os.fsencode(folder) + b"/g\xff.txt"
    with open(place, "w") as stream:
        stream.write(FAR)
    os.chmod(place, 0o444)
    out = tmp_path / "out"
    summary = scrub_files(snapshot, folder, out, ONE)
    assert summary.files == {"failed": 4, "changed": 2, "unchanged": 1}
    assert "Osk" not in (out / "f.jsonl").read_text()
    with zstandard.open(out / "e.txt.zst", "rb") as left:
        assert left.read().decode().strip().splitlines() == [FAR] * 900
    assert scrub_files(snapshot, folder, out, ONE).resumed == 3


def test_names_are_read_whole_and_none_takes_the_place_of_another(
    corpus: Make, judge: Judge, tmp_path: Path
) -> None:
    folder = corpus(
        {
            "letters.Mirela Osk.txt.gz": b"",
            "removed-1.txt.gz": b"",
            ".amnestic-scrub.jsonl": "{}",
            ".amnestic-scrub.lock": "",
        }
    )
    (folder / "linked").symlink_to(tmp_path)
    told = {str(source.out): source.reason for source in listed(folder, "", None, judge)}
    assert told == {
        "linked": "a link, which is not followed",
        "removed-1.txt.gz": "",
        "removed-2.txt.gz": "",
    }
    lone = folder / "letters.Mirela Osk.txt.gz"
    assert [str(s.out) for s in listed(lone, "", None, judge)] == ["removed-1.txt.gz"]
    assert [str(s.out) for s in listed(lone, "a.gz", None, judge)] == ["a.gz"]
