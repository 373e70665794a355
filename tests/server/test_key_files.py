"""Keys are read from files, which warn where others may read them too."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from amnestic.exceptions import ConfigurationError
from amnestic.server.key_files import key_in, keys_in, warn_of_shown

OPTION = "--caller-key-file"


def written(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "keys"
    file.write_bytes(content)
    file.chmod(mode)
    return file


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"\xef\xbb\xbfone\r\n\r\n  two  ", ["one", "two"]),
        (b"#1", ["#1"]),
        ("schlüssel".encode(), ["schlüssel"]),
    ],
)
def test_each_line_is_a_key(
    tmp_path: Path, content: bytes, keys: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert keys_in(written(tmp_path, content), OPTION) == keys
    assert caplog.records == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_may_read_is_used_with_one_warning(
    tmp_path: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    file = written(tmp_path, b"secret\n", mode)
    assert key_in(file, "--admin-token-file") == "secret"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    told = record.getMessage()
    assert told == f"--admin-token-file: other users may read `{file}`; `chmod 600` it"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no key; write one on a line"),
        (b" \n\n", "holds no key"),
        (b"\xff\xfesecret", "is no text file"),
    ],
)
def test_a_file_without_keys_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as raised:
        keys_in(written(tmp_path, content), OPTION)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        keys_in(tmp_path / "none", OPTION)
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        keys_in(tmp_path, OPTION)


def test_several_lines_are_no_single_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds 2 lines; one key is wanted") as raised:
        key_in(written(tmp_path, b"secret-1\nsecret-2\n"), OPTION)
    assert "secret" not in str(raised.value)


def test_what_stands_in_the_list_of_processes_is_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warn_of_shown("https://api.example.org/v1", None)
    warn_of_shown(None, [])
    assert caplog.records == []
    warn_of_shown("https://me:secret@api.example.org/v1", ["secret"])
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text
