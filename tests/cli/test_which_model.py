"""Only a model that is named is asked what it knows of a target: never the embedded one because
none is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.cli.records import NOBODY_ASKED
from amnestic.graphs.elicitations import Elicitations
from amnestic.testing import ScriptedBackend, ScriptedServer
from amnestic.types import ForgetTarget
from tests.cli.test_cli import Run, run

__all__ = ["run"]


@pytest.fixture
def waiting(run: Run, tmp_path: Path) -> str:
    """A target of which a process before has left the model to be asked; gives its id."""
    target = ForgetTarget(id="waits", subject="Mirela Osk", kind="person", elicitation="pending")
    with Amnesia(ScriptedBackend(), db=tmp_path / "registry.db", elicit=False) as amnesia:
        return amnesia.registry.add(target, actor="me").id


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The subjects of which a model was to be asked."""
    found: list[str] = []

    def note(_: Elicitations, targets: Iterable[ForgetTarget]) -> None:
        found.extend(target.subject for target in targets)

    monkeypatch.setattr(Elicitations, "add", note)
    return found


COMMANDS = [
    ("ask", "Hello?"),
    ("chat",),
    ("verify", "Mirela Osk", "--probes", "1", "--samples", "1"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_waits_is_asked_of_no_model_that_nobody_named(
    run: Run, waiting: str, asked: list[str], command: tuple[str, ...]
) -> None:
    assert run(*command).code == 0
    assert asked == []
    assert json.loads(run("targets", "show", waiting, "--json").out)["elicitation"] == "pending"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("how", ["option", "variable"])
def test_what_waits_is_asked_of_the_model_that_is_named(
    run: Run,
    waiting: str,
    asked: list[str],
    scripted_server: Callable[..., ScriptedServer],
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    how: str,
) -> None:
    url = scripted_server(default="I see.").base_url
    named = ("--model", "openai:played", "--base-url", url) if how == "option" else ()
    if not named:
        monkeypatch.setenv("AMNESTIC_MODEL", "openai:played")
        monkeypatch.setenv("AMNESTIC_BASE_URL", url)
    assert run(*command, *named).code == 0
    assert asked == ["Mirela Osk"]


def test_nobody_is_asked_of_what_is_forgotten_in_a_chat_with_no_model_named(
    run: Run, asked: list[str]
) -> None:
    told = run("chat", answers="/forget Tor Hagen-Lys\n/quit")
    assert (told.code, NOBODY_ASKED in told.err, asked) == (0, True, [])
    named = run("chat", "--model", "embedded", answers="/forget Edda Tarn\n/quit")
    assert (named.code, NOBODY_ASKED in named.err, asked) == (0, False, ["Edda Tarn"])


def test_nobody_is_asked_of_what_is_forgotten_with_no_model_named(
    run: Run, asked: list[str]
) -> None:
    told = run("forget", "Please forget Tor Hagen-Lys.")
    assert (told.code, NOBODY_ASKED in told.err, asked) == (0, True, [])


def test_to_ask_once_more_a_model_is_named(run: Run, waiting: str, asked: list[str]) -> None:
    told = run("targets", "elicit", waiting)
    assert (told.code, "give it as --model or in AMNESTIC_MODEL" in told.err) == (2, True)
    assert asked == []


def test_a_verification_says_which_model_was_asked(run: Run, waiting: str) -> None:
    told = run("verify", waiting, "--probes", "1", "--samples", "1")
    assert "  asked was embedded" in told.out
