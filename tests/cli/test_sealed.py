"""Sealed targets from the command line: made, masked, revealed, and their keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import Run, run

__all__ = ["run"]

OSK = "Please forget Mirela Osk, a poet from Tavel. Her e-mail is osk@tavel.org."
PRIVATE = ("Mirela", "Osk", "osk@", "Tavel", "poet", "goat", "letter")


@pytest.fixture
def key(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key that the commands know."""
    file = tmp_path / "seal.key"
    made = run("key", "new", str(file))
    assert (made.code, "AMNESTIC_SEAL_KEY_FILE" in made.out) == (0, True)
    monkeypatch.setenv("AMNESTIC_SEAL_KEY_FILE", str(file))
    return file


@pytest.fixture
def sealed(run: Run, key: Path) -> dict[str, Any]:
    """A sealed target as the command told it."""
    facts = ("--fact", "Mirela Osk keeps a goat.", "--reason", "a letter")
    told = run("forget", OSK, "--sealed", *facts, "--json")
    assert told.code == 0
    found: dict[str, Any] = json.loads(told.out)
    return found


def test_who_has_no_key_is_told_that_sealed_targets_are_not_searched(
    run: Run, sealed: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("forget", "Please forget Tor Hagen-Lys.", "--no-elicit", "--yes")
    assert "sealed" not in run("targets", "show", "nobody").err
    other = tmp_path / "other.key"
    run("key", "new", str(other))
    for name in (str(other), ""):
        monkeypatch.setenv("AMNESTIC_SEAL_KEY_FILE", name)
        told = run("targets", "show", "osk@tavel.org")
        assert told.code == 2
        assert "1 sealed target is not searched without its key" in told.err
        found = run("targets", "--search", "osk@tavel.org")
        assert "1 sealed target is not searched without its key" in found.err
        assert not told_in(told.out + found.out + found.err)
    assert "not searched" not in run("targets", "--search", "Hagen").err


def told_in(text: str) -> list[str]:
    return [word for word in PRIVATE if word in text]


@pytest.mark.parametrize(
    "command",
    [
        ("targets",),
        ("targets", "--json"),
        ("targets", "--search", "osk@tavel.org"),
        ("targets", "show", "Mirela Osk"),
        ("targets", "show", "Mirela Osk", "--json", "--versions"),
        ("targets", "edit", "Mirela Osk", "--alias", "Corvane"),
        ("trail",),
        ("trail", "--json"),
        ("trail", "Mirela Osk", "--check"),
        ("explain", "Who is Mirela Osk?"),
        ("explain", "Who is Mirela Osk?", "--json"),
        ("revoke", "osk@tavel.org", "--json"),
        ("forget", "Please forget Mirela Osk.", "--no-elicit", "--dry-run", "--json"),
    ],
    ids=" ".join,
)
def test_it_is_masked_wherever_it_is_shown(
    run: Run, sealed: dict[str, Any], command: tuple[str, ...]
) -> None:
    told = run(*command)
    assert told.code == 0
    if command[0] == "forget":
        shown = json.loads(told.out)
        assert shown["namesakes"] == [sealed["id"]]
        assert {match["text"] for match in shown["others"]} == {sealed["subject"]}
        return
    assert told_in(told.out + told.err) == []
    if command[-1] != "--check":
        assert sealed["id"] in told.out


def test_what_was_just_sealed_is_not_repeated(run: Run, key: Path) -> None:
    told = run("forget", OSK, "--sealed")
    assert (told.code, told_in(told.out + told.err)) == (0, [])
    assert "(person, active, sealed)" in told.out


def test_it_is_revealed_where_that_is_asked_for(run: Run, sealed: dict[str, Any]) -> None:
    assert sealed["subject"].startswith("sealed:")
    shown = json.loads(run("targets", "show", sealed["id"], "--reveal", "--json").out)
    assert (shown["subject"], shown["reason"], "salt" in shown) == ("Mirela Osk", "a letter", False)
    assert ": a letter" in run("trail", "--reveal").out
    assert f"  sealed  add  {sealed['id']}: sealed\n" in run("trail").out


def test_without_its_key_it_is_listed_and_nothing_else(
    run: Run, sealed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMNESTIC_SEAL_KEY_FILE")
    listed = run("targets")
    assert (listed.code, sealed["id"] in listed.out) == (0, True)
    commands = [("ask", "Hello?"), ("targets", "show", sealed["id"]), ("revoke", sealed["id"])]
    for command in (*commands, ("trail", "--check"), ("targets", "export", "o.csv", "--reveal")):
        told = run(*command)
        assert (told.code, told.err.count("\n")) == (2, 1)
        assert f"the target `{sealed['id']}` is sealed with the key" in told.err
    assert "FAIL  database" in run("doctor").out
    refused = run("revoke", sealed["id"], "--purge")
    assert (refused.code, "lost for good, add --yes\n" in refused.err) == (2, True)
    purged = run("revoke", sealed["id"], "--purge", "--yes")
    assert (purged.code, purged.out.splitlines()[0]) == (0, f"{sealed['id']}  purged")
    assert run("trail", "--check").code == 0


def test_it_leaves_a_registry_only_when_that_is_asked_for(
    run: Run, sealed: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("forget", "Please forget Tor Hagen.", "--no-elicit")
    for ending in ("jsonl", "csv"):
        file = tmp_path / f"out.{ending}"
        told = run("targets", "export", str(file))
        assert told.err == "1 sealed ones are not in it; --reveal writes them in clear\n"
        assert told_in(file.read_text()) == []
        assert run("targets", "export", str(file), "--reveal").out.startswith("2 targets")
        monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / f"{ending}.db"))
        assert run("targets", "import", str(file)).out == "2 brought in, 0 known, 0 not read\n"
        assert run("targets", "import", str(file)).out == "0 brought in, 2 known, 0 not read\n"
        rows = json.loads(run("targets", "--json").out)
        assert [row["sealed"] for row in rows] == [True, False]
        shown = json.loads(run("targets", "show", "Mirela Osk", "--reveal", "--json").out)
        assert shown["identifiers"][0]["value"] == "osk@tavel.org"
        monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / "registry.db"))


def test_a_private_persons_identifier_proposes_to_seal(run: Run) -> None:
    told = run("forget", OSK, "--no-elicit")
    assert "--sealed would encrypt and mask it" in told.err
    assert "--sealed would" in run("forget", OSK, "--dry-run").out
    assert json.loads(run("forget", OSK, "--dry-run", "--json").out)["proposes_sealing"] is True
    assert json.loads(run("targets", "--json").out)[0]["proposes_sealing"] is True
    assert "--sealed" not in run("forget", "Please forget Tor Hagen.", "--no-elicit").err


def test_keys_are_rotated(run: Run, sealed: dict[str, Any], key: Path) -> None:
    old = key.read_text()
    assert run("key", "rotate", str(key)).code == 0
    assert json.loads(run("key", "reseal", "--json").out)["resealed"] == 1
    assert run("key", "reseal").out.startswith("0 targets are sealed anew")
    key.write_text(key.read_text().removesuffix(old))
    assert run("targets", "show", "Mirela Osk").code == 0
    assert run("trail", "--check").code == 0
    assert "1 sealed, keys" in run("doctor").out


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("key", "new", "{key}"), "is there already; `amnestic key rotate`"),
        (("key", "rotate", "nowhere.key"), "there is no seal key file `nowhere.key`"),
        (("verify", "Mirela Osk"), "is sealed, and probes would name it to the model"),
        (("verify", "Mirela Osk", "--name-sealed", "--with-text"), "no document holds its text"),
        (
            ("targets", "elicit", "Mirela Osk", "--model", "embedded"),
            "is sealed: no model is asked",
        ),
    ],
)
def test_what_cannot_be_is_one_line(
    run: Run, sealed: dict[str, Any], key: Path, command: tuple[str, ...], told: str
) -> None:
    found = run(*(word.format(key=key) for word in command))
    assert found.code == 2
    assert told in found.err.strip().splitlines()[-1]
    assert told_in(found.err) == []


def test_sealed_ones_are_left_out_of_a_verification_of_all(
    run: Run, sealed: dict[str, Any], tmp_path: Path
) -> None:
    few = ("--probes", "1", "--samples", "1", "--neighbours", "1")
    told = run("verify", "--all", "--out", str(tmp_path), *few)
    assert told.code == 0
    assert "1 sealed ones are left out; --name-sealed probes them too" in told.err


def test_without_a_key_one_line_says_how_to_make_one(run: Run) -> None:
    told = run("forget", OSK, "--sealed")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "there is no key to seal a target with: make one with `amnestic key new" in told.err
    assert run("targets").out == "nothing is forgotten\n"


def test_the_chat_masks_it(run: Run, sealed: dict[str, Any]) -> None:
    told = run("chat", answers="/targets\n")
    assert sealed["id"] in told.out
    assert told_in(told.out) == []
