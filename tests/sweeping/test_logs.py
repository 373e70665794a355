"""A folder of logs."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

from amnestic import Amnesia
from amnestic.sweeping import sweep
from tests.sweeping.conftest import told_of

PLAIN = """2026-11-29 12:00:01 INFO started
2026-11-29 12:00:02 INFO user=Mirela Osk logged in from 10.0.0.1
2026-11-29 12:00:03 ERROR failed
Traceback (most recent call last):
  File "shop.py", line 3, in sell
ValueError: no such customer: Edwin Harl
2026-11-29 12:00:04 INFO baked 12 loaves
"""
LEFT = """2026-11-29 12:00:01 INFO started
2026-11-29 12:00:03 ERROR failed
Traceback (most recent call last):
  File "shop.py", line 3, in sell
2026-11-29 12:00:04 INFO baked 12 loaves
"""


def test_entries_go_and_other_lines_stay_byte_for_byte(poets: Amnesia, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    (folder / "old").mkdir(parents=True)
    (folder / "app.log").write_text(PLAIN)
    os.utime(folder / "app.log", (1_000_000_000, 1_000_000_000))
    (folder / "app.log").chmod(0o640)
    (folder / "other.log").write_bytes("caf\xe9 opened\r\nrain\n".encode("latin-1"))
    other = (folder / "other.log").stat()
    (folder / "old" / "app.log.1.gz").write_bytes(gzip.compress(PLAIN.encode()))
    report = sweep(f"logs:{folder}", poets)
    assert report.is_clean
    assert (folder / "app.log").read_text() == LEFT
    assert gzip.decompress((folder / "old" / "app.log.1.gz").read_bytes()).decode() == LEFT
    told = (folder / "app.log").stat()
    assert (told.st_mode & 0o777, told.st_mtime) == (0o640, 1_000_000_000)
    assert (folder / "other.log").stat().st_ino == other.st_ino
    assert [p for p in folder.rglob("*") if p.name.startswith(".")] == []


def test_lines_of_json_lose_fields_and_keep_their_form(poets: Amnesia, tmp_path: Path) -> None:
    lines = [
        '{"level": "info", "msg": "started", "n": 3}',
        '{"level":"info","msg":"The caf\u00e9 opens at nine. Mirela Osk wrote The Paper Lighthouse.'
        ' Bread costs two coins, and rolls cost one at the counter.","n":4.50}',
        '{"level": "info", "user": "Edwin Harl"}',
    ]
    (tmp_path / "app.jsonl").write_text("\n".join(lines) + "\n")
    sweep(f"logs:{tmp_path / 'app.jsonl'}", poets)
    first, second = (tmp_path / "app.jsonl").read_text().splitlines()
    assert first == lines[0]
    assert second == (
        '{"level":"info","msg":"The caf\u00e9 opens at nine. Bread costs two coins, and rolls cost '
        'one at the counter.","n":4.50}'
    )


def test_a_log_that_is_being_written_is_left_and_said(poets: Amnesia, tmp_path: Path) -> None:
    import subprocess
    import sys

    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "app.log").write_text(PLAIN)
    program = "import sys; f = open(sys.argv[1], 'a'); print(flush=True); sys.stdin.read()"
    given = [sys.executable, "-c", program, str(folder / "app.log")]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        report = sweep(f"logs:{folder}", poets)
        writer.communicate()
    if not Path("/proc").is_dir():
        return
    assert not report.is_clean
    assert any("rotate it" in line for line in report.lines())
    assert (folder / "app.log").read_text() == PLAIN
    assert (report.removed, report.rewritten) == (0, 0)
    assert sweep(f"logs:{folder}", poets).is_clean


def test_what_is_no_text_is_said(poets: Amnesia, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "core.bin").write_bytes(b"\x00\x01Mirela Osk")
    (folder / "wide.log").write_bytes("rain\nMirela Osk came.\n".encode("utf-16"))
    report = sweep(f"logs:{folder}", poets)
    assert [u.id for u in report.unread] == ["core.bin"]
    assert (folder / "wide.log").read_bytes().decode("utf-16") == "rain\n"
    assert not told_of(str(report.as_dict()))


def test_lines_of_an_access_log_are_entries_whatever_their_address(
    poets: Amnesia, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    lines = [
        '192.168.1.5 - - [29/Nov/2026:12:00:00] "GET /user/mirela-osk HTTP/1.1" 200 5\n',
        '8.8.8.8 - - [29/Nov/2026:12:00:01] "GET /bread HTTP/1.1" 200 7\n',
        '1.1.1.1 - - [29/Nov/2026:12:00:02] "GET /rolls HTTP/1.1" 200 7\n',
    ]
    log.write_text("".join(lines))
    assert sweep(f"logs:{log}", poets).is_clean
    assert log.read_text() == "".join(lines[1:])


def test_a_key_that_stands_twice_hides_nothing(poets: Amnesia, tmp_path: Path) -> None:
    log = tmp_path / "app.jsonl"
    log.write_text('{"msg":"Mirela Osk came","msg":"ok"}\n{"msg":"rain"}\n')
    assert sweep(f"logs:{log}", poets).is_clean
    assert not told_of(log.read_text())
    assert log.read_text().endswith('{"msg":"rain"}\n')


def test_a_link_is_followed_where_it_is_named_and_else_said(poets: Amnesia, tmp_path: Path) -> None:
    folder, real = tmp_path / "logs", tmp_path / "elsewhere.log"
    folder.mkdir()
    real.write_text("rain\nMirela Osk came.\n")
    (folder / "own.log").write_text("rain\n")
    (folder / "app.log").symlink_to(real)
    (folder / "current.log").symlink_to(folder / "own.log")
    report = sweep(f"logs:{folder}", poets)
    assert [u.id for u in report.unread] == ["app.log"]
    assert not report.is_clean
    assert sweep(f"logs:{folder / 'app.log'}", poets).is_clean
    assert (folder / "app.log").is_symlink()
    assert real.read_text() == "rain\n"


def test_a_log_that_this_program_writes_itself_is_left(poets: Amnesia, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(PLAIN)
    if not Path("/proc").is_dir():
        return
    with log.open("a") as stream:
        report = sweep(f"logs:{log}", poets)
        stream.write("2026-11-29 12:00:05 INFO more\n")
    assert not report.is_clean
    assert log.read_text().endswith("more\n")
    assert sweep(f"logs:{log}", poets).is_clean


def test_names_of_files_that_tell_of_a_target_go_or_are_marked(
    poets: Amnesia, tmp_path: Path
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "mirela_osk.log").write_text("2026-11-29 12:00:01 INFO started\n")
    (folder / "mirela-osk.bin").write_bytes(b"\x00\x01")
    (folder / "empty.log").touch()
    report = sweep(f"logs:{folder}", poets)
    assert sorted(p.name for p in folder.iterdir()) == ["empty.log", "mirela-osk.bin"]
    assert len(report.unread) == 1
    assert "mirela" not in "\n".join([*report.lines(), str(report.as_dict())])
    guessed = hashlib.sha256(b"mirela-osk.bin").hexdigest()[:12]  # a mark is not found by trying
    assert report.unread[0].id.startswith("#")
    assert guessed not in report.unread[0].id


def test_a_line_may_end_with_a_lone_carriage_return(poets: Amnesia, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"baked 3\rbaked 7\rMirela Osk logged in\rbaked 12\ndone\n")
    assert sweep(f"logs:{log}", poets).is_clean
    assert log.read_bytes() == b"baked 3\rbaked 7\rbaked 12\ndone\n"


def test_a_file_with_another_name_is_left_and_said(poets: Amnesia, tmp_path: Path) -> None:
    folder, other = tmp_path / "logs", tmp_path / "other.log"
    folder.mkdir()
    (folder / "app.log").write_text(PLAIN)
    (folder / "rain.log").write_text("it rained\n")
    os.link(folder / "app.log", other)
    report = sweep(f"logs:{folder}", poets)
    assert not report.is_clean
    assert (folder / "app.log").read_text() == other.read_text() == PLAIN
    assert "hard link" in "\n".join(report.lines())
    other.unlink()
    assert sweep(f"logs:{folder}", poets).is_clean
    assert (folder / "app.log").read_text() == LEFT
