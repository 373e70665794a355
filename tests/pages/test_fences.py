"""Every fence of every page is of a known kind, and what it shows holds: commands are taken by the
parsers of their programs and run, settings are some, files are read, Python is put together
(`tests/test_readme.py` runs it). What is not run says why, in the page."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from fastapi.testclient import TestClient

import amnestic.server.settings  # noqa: F401 - its variables are known
from amnestic import Amnesia
from amnestic.cli.app import app
from amnestic.config import Settings
from amnestic.environment import known_variables
from amnestic.evaluation.datasets import load_data_set
from amnestic.exchange import bring_in
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from amnestic.tools.registry import make_key
from tests.cli.one_process import one_after_another
from tests.pages.fences import PAGES, ROOT, Fence, fences_in
from tests.pages.programs import PROGRAMS, asked_of, parsed
from tests.pages.shell import Call, called, typed

pytestmark = pytest.mark.every

FENCES = [one for page in PAGES
          for one in fences_in(page.read_text("utf-8"), str(page.relative_to(ROOT)))]  # fmt: skip
ENDLESS = {"serve"}
"""Commands that do not end: arguments and settings are read, and `curl` is answered in this
process by a server that has them."""


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(one, id=str(one)) for one in FENCES if one.kind in kinds]


def test_every_fence_is_of_a_known_kind() -> None:
    known = {"console", "bash", "python", "toml", "yaml", "json", "text"}
    assert [str(one) for one in FENCES if one.kind not in known] == []


def test_no_command_and_no_code_hides_in_what_is_only_shown() -> None:
    begins = ("$ ", *(f"{name} " for name in PROGRAMS), "from amnestic", "import ", "AMNESTIC_")
    assert [f"{one}: {line}" for one in FENCES if one.kind == "text"
            for line in one.text.split("\n") if line.startswith(begins)] == []  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with a registry in it, to work in."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("AMNESTIC_")]:
        monkeypatch.delenv(name)
    return tmp_path


def _read(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, Any]:
    """The settings that an environment makes. A value that is left to the reader is any."""
    assert set(settings) <= known_variables()
    with monkeypatch.context() as patched:
        for name, value in settings.items():
            patched.setenv(name, value.replace("…", "a" * 40))
        return Settings(), ServerSettings()


@pytest.mark.parametrize("fence", of_kind("console"))
def test_every_command_is_taken_by_its_program(
    fence: Fence, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = called("\n".join(one.command for one in typed(fence.text)), folder)
    assert calls
    for call in calls:
        assert call.words[0] in PROGRAMS, f"{call.words[0]} is no program that is known"
        PROGRAMS[call.words[0]](call)
        if "AMNESTIC_SEAL_KEY_FILE" not in call.settings:  # which a command before has made
            _read(call.settings, monkeypatch)
        if call.words[0] == "kubectl":
            literals = [one.partition("=")[2] for one in call.words if "literal" in one]
            told = dict(one.split("=", 1) for one in literals)
            drawn = {"AMNESTIC_SERVER_CONSOLE_SECRET"}  # by openssl
            assert {name for name, value in told.items() if not value} <= drawn
            _read({k: v or "…" for k, v in told.items() if k.startswith("AMNESTIC_")}, monkeypatch)


@pytest.mark.parametrize("fence", of_kind("bash"))
def test_every_variable_is_a_setting(
    fence: Fence, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (call,) = called(f"set -a\n{fence.text}\namnestic", folder)
    assert call.settings
    _read(call.settings, monkeypatch)


@pytest.mark.parametrize("fence", of_kind("toml", "yaml"))
def test_every_file_of_settings_is_one(
    fence: Fence, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fence.why_not:  # somebody else's
        assert yaml.safe_load(fence.text)
        return
    _settings_file(fence, folder)
    _read({"AMNESTIC_CONFIG": f"amnestic.{fence.kind}"}, monkeypatch)


def _settings_file(fence: Fence, folder: Path) -> None:
    file = folder / f"amnestic.{fence.kind}"
    file.write_text(fence.text, "utf-8")
    file.chmod(0o600)


def _questions(file: Path, _: Callable[..., Amnesia]) -> bool:
    return bool(load_data_set(file).subjects)


def _targets(file: Path, layer: Callable[..., Amnesia]) -> bool:
    make_key(key := file.with_suffix(".key"))  # one of them is sealed
    return bring_in(layer(seal_key_file=key), file).problems == []


@pytest.mark.parametrize("fence", of_kind("json"))
def test_every_line_of_a_file_is_read(
    fence: Fence, folder: Path, layer: Callable[..., Amnesia]
) -> None:
    rows = [json.loads(line) for line in fence.text.split("\n")]
    file = folder / "t.jsonl"
    file.write_text(fence.text, "utf-8")
    asks = ["question" in row for row in rows]
    assert len(set(asks)) == 1
    assert (_questions if asks[0] else _targets)(file, layer)


@pytest.mark.parametrize("fence", of_kind("python"))
def test_everything_that_python_imports_of_the_package_is_there(fence: Fence) -> None:
    for node in ast.walk(ast.parse(fence.text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("amnestic"):
            module = importlib.import_module(node.module or "")
            assert all(hasattr(module, one.name) for one in node.names)


RUNNABLE = {
    page: [one for one in FENCES if one.page == page and not one.why_not]
    for page in {one.page for one in FENCES}
}


def _all_calls(fences: list[Fence], folder: Path) -> Iterator[tuple[Call, str]]:
    """How a page's commands call programs, with what the page shows as their output. What is
    exported, or written to a file of settings, holds for all below."""
    exported: dict[str, str] = {}
    for fence in fences:
        if fence.kind == "toml":
            _settings_file(fence, folder)
        if fence.kind != "console":
            continue
        for one in typed(fence.text):
            *calls, last = called(f"{one.command}\nwritten :", folder, exported)
            exported = last.settings
            for number, call in enumerate(calls, start=1):
                yield call, one.output if number == len(calls) else ""


@pytest.mark.parametrize("page", sorted(
    page for page, told in RUNNABLE.items() if any(one.kind == "console" for one in told)
))  # fmt: skip
def test_every_command_runs(
    page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, layer: Callable[..., Amnesia]
) -> None:
    """One after the other, as somebody who reads the page."""
    runs: list[tuple[str, ...]] = []
    settings = {"AMNESTIC_DB": str(folder / "registry.db"), "HOME": str(folder)}
    server: dict[str, str] = {}
    asked = 0
    for call, output in _all_calls(RUNNABLE[page], folder):
        if call.words[0] == "curl":
            _asked(call, output, server, monkeypatch, layer)
            asked += 1
        if call.words[0] != "amnestic":
            continue
        command, given = parsed(call.words[1:])
        if command in ENDLESS:
            server = dict(call.settings)
            if given.get("config"):
                server["AMNESTIC_CONFIG"] = str(given["config"])
            continue
        settings |= call.settings
        runs.append(call.words[1:])
    for words, said in zip(runs, one_after_another(runs, settings) if runs else (), strict=True):
        assert said.code == 0, (words, said)


def _asked(
    call: Call,
    output: str,
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    layer: Callable[..., Amnesia],
) -> None:
    """Ask the server that a page has started what it has `curl` ask."""
    method, url, headers, body = asked_of(call)
    _, of_server = _read(settings, monkeypatch)
    open_ = of_server.model_copy(update={"upstream": None})
    with TestClient(create_app(layer(), open_), base_url="http://127.0.0.1") as client:
        told = client.request(method, url, headers=headers, content=body)
    assert told.is_success, told.text
    if output:
        assert told.json() == json.loads(output)


@pytest.mark.parametrize(
    ("transcript", "why"),
    [
        ("$ amnestic forget --quietly x", "No such option"),
        ("$ amnestic forgets x", "No such command"),
        ("$ amnestic", "Usage: amnestic"),
        ("$ AMNESTIC_SERVER_PROT=80 amnestic serve", "AMNESTIC_SERVER_PROT"),
        ("$ AMNESTIC_SERVER_PORT=many amnestic serve", "AMNESTIC_SERVER_PORT"),
        ("$ python benchmarks/drafts.py --mode sit", "invalid choice"),
        ("$ pip install 'amnestic[wings]'", "wings"),
        ("$ make tea", "tea"),
        ("$ curl --colour http://127.0.0.1/", "unrecognized"),
        ("$ kubectl create secret generic a --from-literal=AMNESTIC_DBB=x", "AMNESTIC_DBB"),
        ("$ wget x", "wget is no program"),
        ("$ amnestic forget 'x", "unexpected EOF"),
        ("amnestic targets", "begin commands with"),
    ],
)
def test_a_command_that_is_none_is_seen(
    transcript: str, why: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fence = Fence("a page", 1, "console", transcript)
    with pytest.raises(Exception, match=re.escape(why)):
        test_every_command_is_taken_by_its_program(fence, folder, monkeypatch)


def test_a_command_that_was_only_parsed_runs_afterwards() -> None:
    tree: Any = typer.main.get_command(app)
    before = tree.commands["doctor"].callback
    assert parsed(("doctor", "--json"))[0] == "doctor"
    assert tree.commands["doctor"].callback is before


def test_a_file_of_settings_that_is_none_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fence = Fence("a page", 1, "toml", "[server]\nprot = 80")
    with pytest.raises(Exception, match="prot"):
        test_every_file_of_settings_is_one(fence, folder, monkeypatch)
