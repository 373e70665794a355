"""`amnestic verify` from the command line, in front of an API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.cli import verify as verify_module
from amnestic.testing import ScriptedBackend, serve_scripted
from amnestic.types import ForgetTarget
from tests.cli.test_cli import Run, run

__all__ = ["run"]


class _Clock(datetime):
    """A clock that was put back."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Clock:
        return cls(2001, 1, 1, tzinfo=tz)


PROBING = ("--probes", "6", "--samples", "1", "--neighbours", "4")


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An API whose model knows Osk."""
    with serve_scripted(ScriptedBackend(rules=[("Osk", "Mirela Osk.")], default="I see.")) as api:
        monkeypatch.setenv("AMNESTIC_BASE_URL", api.base_url)
        monkeypatch.setenv("AMNESTIC_API_KEY", "key")
        monkeypatch.setenv("AMNESTIC_MODEL", "openai:m")
        yield


def test_a_target_is_verified_and_its_document_checked(run: Run, tmp_path: Path) -> None:
    target = json.loads(run("forget", "Please forget Mirela Osk.", "--no-elicit", "--json").out)
    file = tmp_path / "osk.html"
    told = run("verify", "Mirela Osk", *PROBING, "--out", str(file))
    assert (told.code, told.out.splitlines()[0]) == (
        0,
        f"{target['id']}  suppressed: 0 of 6 probes leaked, at most 39.3% of all (95 % confidence)",
    )
    assert "verify" in run("trail").out
    checked = run("verify", "--check", str(file))
    assert (checked.code, checked.out.splitlines()[-1]) == (
        0,
        "nothing that it rests on has changed since",
    )
    run("revoke", "Mirela Osk")
    late = run("verify", "--check", str(file))
    assert (late.code, "the target is revoked" in late.out) == (1, True)
    file.write_text(file.read_text().replace("suppressed", "gone"))
    assert "not genuine" in run("verify", "--check", str(file)).out
    assert run("verify", target["id"]).code == 2


def test_all_that_changed_are_verified_into_a_folder(run: Run, tmp_path: Path) -> None:
    run("forget", "Please forget Mirela Osk and Tor Hagen-Lys.", "--no-elicit")
    folder = tmp_path / "out"
    folder.mkdir()
    told = run("verify", "--all", *PROBING, "--out", str(folder), "--json")
    documents = json.loads(told.out)
    assert {f"{d['target']['id']}.json" for d in documents} == {f.name for f in folder.iterdir()}
    assert json.loads(run("verify", "--all", "--since", "2099-01-01", "--json").out) == []


def test_the_replies_behind_the_first_are_drawn_as_warm_as_is_said(run: Run) -> None:
    run("forget", "Please forget Mirela Osk.", "--no-elicit")
    asked = ("verify", "Mirela Osk", "--probes", "1", "--samples", "2", "--json")
    told = [run(*asked, *more).out for more in ((), ("--temperature", "0.4"))]
    assert [json.loads(out)["probes"]["temperature"] for out in told] == [1.0, 0.4]


@pytest.mark.parametrize(("when", "purged"), [("before", False), ("while", True)])
def test_what_is_taken_back_while_others_are_verified_is_left_out(
    run: Run, monkeypatch: pytest.MonkeyPatch, when: str, purged: bool
) -> None:
    names = ("Mirela Osk", "Tor Hagen-Lys", "Una Tarn")
    ids = [_forgotten(run, f"Please forget {name}.") for name in names]
    probe, seen = verify_module._probed, list[str]()

    def probed(amnesia: Amnesia, target: ForgetTarget, *args: Any, **more: Any) -> Any:
        seen.append(target.id)
        if len(seen) == (1 if when == "before" else 2):
            (amnesia.purge if purged else amnesia.revoke)(ids[1])
        return probe(amnesia, target, *args, **more)

    monkeypatch.setattr(verify_module, "_probed", probed)
    told = run("verify", "--all", *PROBING, "--json")
    assert told.code == 0
    assert [document["target"]["id"] for document in json.loads(told.out)] == [ids[0], ids[2]]
    assert f"{ids[1]} is not in force any more" in told.err
    assert seen == (ids if when == "while" else [ids[0], ids[2]])


def _forgotten(run: Run, request: str) -> str:
    return str(json.loads(run("forget", request, "--no-elicit", "--json").out)["id"])


def test_a_clock_that_goes_back_hides_no_change(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    today = datetime.now(UTC)
    run("forget", "Please forget Mirela Osk.", "--no-elicit")
    monkeypatch.setattr("amnestic.tools.registry.trail.datetime", _Clock)
    run("forget", "Please forget Tor Hagen-Lys.", "--no-elicit")
    assert run("trail").out.count("2001-01-01") == 1
    assert run("trail", "--check").code == 0
    told = run("verify", "--all", *PROBING, "--since", f"{today:%Y-%m-%d}", "--json")
    assert len(json.loads(told.out)) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name a target"),
        (["X", "--all"], "name a target"),
        (["Nobody"], "no target has"),
        (["--check", "missing.json"], "cannot be read"),
        (["--all", "--out", "nowhere"], "must be a folder"),
        (["Mirela Osk", "--out", "nowhere/osk.json"], "no folder `nowhere`"),
        (["Mirela Osk", "--since", "2026-11-01"], "--since says which of --all"),
        (["Mirela Osk", "--check", "osk.json"], "name no target"),
        (["--check", "osk.json"], "as --key, or name the key's file in AMNESTIC_SIGNING_KEY"),
        (["--check", "osk.json", "--key", "mine"], "`mine` is no public key"),
        (["--check", "bytes.json"], "it holds bytes that are no text"),
    ],
)
def test_what_cannot_be_verified_is_one_line(
    run: Run, arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "osk.json").write_text('{"kind": "amnestic-verification"}')
    (tmp_path / "bytes.json").write_bytes(b"{\xff}")
    if "Mirela Osk" in arguments:
        run("forget", "Please forget Mirela Osk.", "--no-elicit")
    result = run("verify", *arguments)
    assert (result.code, told in result.err) == (2, True), result.err


def test_a_key_that_is_made_is_told_and_none_to_verify_is_said(run: Run) -> None:
    nothing = run("verify", "--all")
    assert (nothing.code, "no target in force is to be verified" in nothing.err) == (0, True)
    run("forget", "Please forget Mirela Osk.", "--no-elicit")
    assert "made the signing key" not in run("verify", "Mirela Osk", *PROBING).err


def test_what_is_altered_besides_ends_with_code_1(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("forget", "Please forget Mirela Osk.", "--no-elicit")
    monkeypatch.setattr("amnestic.types.Receipt.touched", lambda _: True)
    told = run("verify", "Mirela Osk", *PROBING)
    assert (told.code, "over-suppressed" in told.out) == (1, True)
    assert "4 of 4 other questions were altered\n    Is it true that " in told.out


def test_a_leak_ends_with_code_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("forget", "Please forget Mirela Osk.", "--no-elicit")
    monkeypatch.setattr("amnestic.verifying.judging.Secrets.told_in", lambda *_: True)
    told = run("verify", "Mirela Osk", *PROBING)
    assert (told.code, "not suppressed" in told.out) == (1, True)
