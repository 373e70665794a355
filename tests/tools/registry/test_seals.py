"""Keys are read from a file of its owner's alone, and what they seal opens nowhere else."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from amnestic import extras
from amnestic.exceptions import (
    ConfigurationError,
    InvalidRequestError,
    MissingExtraError,
    SealError,
)
from amnestic.tools.registry.seal_keys import add_key, make_key, read_seals
from amnestic.tools.registry.seals import SealKey, Seals, lines_opened, lines_sealed

ONE, OTHER = bytes(range(32)), bytes(range(1, 33))
WHAT = "the target `t-1`"


def seals(*raw: bytes) -> Seals:
    return Seals(tuple(map(SealKey.of, raw)))


def in_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_what_is_sealed_opens_with_its_key_in_its_place_alone() -> None:
    sealed = seals(ONE).seal(["Ada"], "here")
    assert sealed != seals(ONE).seal(["Ada"], "here")
    assert seals(OTHER, ONE).opened(sealed, "here", WHAT) == ["Ada"]
    with pytest.raises(SealError, match="`t-1` was changed by something other"):
        seals(ONE).opened(sealed, "there", WHAT)


def test_a_missing_key_is_named_by_its_id() -> None:
    sealed, own, other = seals(ONE).seal("Ada", "here"), SealKey.of(ONE).id, SealKey.of(OTHER).id
    with pytest.raises(SealError) as none:
        Seals().opened(sealed, "here", WHAT)
    assert str(none.value) == (
        f"the target `t-1` is sealed with the key {own}, and no key is given: name the file that "
        "holds it in AMNESTIC_SEAL_KEY_FILE; what was sealed with a key that is lost for good can "
        "only be deleted, with `amnestic revoke ID --purge`"
    )
    with pytest.raises(SealError, match=f"{own}, and the keys given are {other}: name"):
        seals(OTHER).opened(sealed, "here", WHAT)


def test_not_one_byte_of_what_is_sealed_may_change() -> None:
    sealed = seals(ONE).seal("Ada", "here")
    last = max(i for i, letter in enumerate(sealed) if letter.isalnum())
    forgeries = [
        sealed[:i] + ("A" if sealed[i] != "A" else "B") + sealed[i + 1 :]
        for i in range(len(sealed))
    ]
    forgeries += [sealed[:last] + c + sealed[last + 1 :] for c in "ABCDEFgh" if c != sealed[last]]
    for forged in forgeries:
        with pytest.raises(SealError):
            seals(ONE).opened(forged, "here", WHAT)


def test_how_long_a_record_is_tells_little() -> None:
    assert len({len(seals(ONE).seal("A" * n, "here")) for n in range(200)}) == 1
    sealed = [lines_sealed("salt", ["Ada", "A" * n], "here") for n in range(1, 60)]
    assert len({len(line) for lines in sealed for line in lines}) == 1


def test_names_are_hashed_by_key_and_namespace_whatever_their_marks() -> None:
    both = seals(ONE, OTHER)
    assert both.hashed("+49 (170) 12345", "a") == both.hashed("49-170-12345", "a")
    assert both.hashed("Mirela OSK", "a")[0] == seals(ONE).hashed("mirela  osk", "a")[0]
    told = {h for s in "ab" for h in both.hashed("Mirela Osk", s)}
    assert len(told) == 4
    assert seals().hashed("Mirela Osk", "a") == []


def test_the_lines_of_a_trail_open_with_the_salt_in_their_places() -> None:
    lines = lines_sealed("salt", ["ann", ""], "t-1\n7")
    assert lines[1] == ""
    assert lines_opened("salt", lines, "t-1\n7", WHAT) == ["ann", ""]
    for salt, bound in (("other", "t-1\n7"), ("salt", "t-1\n8")):
        with pytest.raises(SealError):
            lines_opened(salt, lines, bound, WHAT)


def test_a_made_key_is_its_owners_alone_and_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "seal.key"
    made = make_key(file)
    assert read_seals(file, None).ids == (made,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(ConfigurationError, match="is there already"):
        make_key(file)
    assert file.read_bytes() == before


def test_a_new_key_goes_first_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "seal.key"
    first = make_key(file)
    second = add_key(file)
    assert read_seals(file, None).ids == (second, first)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_keys_of_the_environment_go_before_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "seal.key"
    made = make_key(file)
    told = f"{in_base64(ONE)} {in_base64(OTHER)}"
    ids = tuple(SealKey.of(raw).id for raw in (ONE, OTHER))
    assert read_seals(file, told).ids == (*ids, made)
    assert read_seals(None, in_base64(ONE)).ids == ids[:1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no key"),
        ("# only words\n", "holds no key"),
        ("secret\n", "line 1: no key"),
        (f"{in_base64(ONE)}\n{in_base64(ONE[:16])}\n", "line 2: no key"),
        ("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "no key"),
    ],
)
def test_a_file_without_keys_is_one_clear_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "seal.key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(ConfigurationError, match=told) as caught:
        read_seals(file, None)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_not_there_or_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "seal.key"
    with pytest.raises(ConfigurationError, match=r"no seal key file .* `amnestic key new"):
        read_seals(file, None)
    make_key(file)
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="may be read by others; `chmod 600` it"):
        read_seals(file, None)
    with pytest.raises(ConfigurationError, match="cannot be read as text"):
        read_seals(tmp_path, None)


def test_a_variable_without_keys_is_told_without_its_value() -> None:
    for value in ("hunter2", "", f"{in_base64(ONE)} hunter2"):
        with pytest.raises(ConfigurationError, match="AMNESTIC_SEAL_KEY: no key") as caught:
            read_seals(None, value)
        assert "hunter2" not in str(caught.value)


def test_without_the_extra_one_line_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda extra: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'amnestic\[proof\]'"):
        read_seals(None, in_base64(ONE))


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(InvalidRequestError, match="`amnestic key new FILE`"):
        Seals().seal("Ada", "here")
