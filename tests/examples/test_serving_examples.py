"""The examples of the proxy, the wrapped client and the terminal run as they stand."""

from __future__ import annotations

import io
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, ScriptedServer, serve_scripted
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

EXAMPLES = Path(__file__).parents[2] / "examples"
RULES = [("France", "The capital of France is Paris."), ("bridge", "Orvella Quint painted it.")]


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedServer]:
    model = ScriptedBackend(rules=RULES, default="Orvella Quint is a bridge painter.")
    with serve_scripted(model) as server:
        yield server


@pytest.fixture(scope="module")
def proxy(upstream: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with ExitStack() as running:
        db = tmp_path_factory.mktemp("examples") / "registry.db"
        layer = running.enter_context(Amnesia(ScriptedBackend(), db=db, elicit=False))
        yield running.enter_context(
            running_proxy(layer, upstream=upstream.base_url, admin_token="change-me")
        )


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl(proxy: Proxy) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    said = run("sh", str(EXAMPLES / "curl.sh"), PROXY_URL=f"{proxy.url}/v1")
    forgotten, answers = said.split("Ask, whole:")
    assert json.loads(forgotten.splitlines()[1])["subject"] == "Orvella Quint"
    assert "painter" not in answers
    assert "Paris" in answers
    checked = json.loads(said.strip().splitlines()[-1])
    assert checked["verdict"] == "changed"
    assert "Quint" not in checked["text"]


def test_the_plain_script_with_another_base_url(proxy: Proxy) -> None:
    script = str(EXAMPLES / "openai_script.py")
    said = run(sys.executable, script, "Capital of France?", PROXY_URL=f"{proxy.url}/v1")
    assert said.splitlines() == ["The capital of France is Paris."] * 2


Play = Callable[..., str]


@pytest.fixture
def play(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], upstream: ScriptedServer
) -> Play:
    """Runs an example as `python` does, but in this process, which has loaded everything."""

    def script(name: str, *arguments: str, stdin: str = "", **environment: str) -> str:
        places = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": "k", **environment}
        for variable, value in places.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return script


def test_the_wrapped_client(play: Play, tmp_path: Path) -> None:
    db = str(tmp_path / "registry.db")
    said = play("wrapped_client.py", "Capital of France?", AMNESTIC_DB=db)
    assert said.strip() == "The capital of France is Paris."


def test_the_terminal_chat(play: Play, tmp_path: Path) -> None:
    lines = (
        "Capital of France?",
        "/forget Please forget Orvella Quint. Orvella Quint is a bridge painter.",
        "/targets",
        "Who painted the bridge?",
        "/revoke nothing",
        "/what",
        "",
    )
    db = str(tmp_path / "registry.db")
    said = play("terminal_chat.py", "--model", "openai:m", "--db", db, stdin="\n".join(lines),
                AMNESTIC_ELICIT="0")  # fmt: skip
    assert "The capital of France is Paris." in said
    assert "forgotten: Orvella Quint" in said
    assert "painted it" not in said
    assert said.count("! ") == 2
