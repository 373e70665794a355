"""The layer around `transformers serve`, which accepts JSON schema mode and ignores it."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.agents.model_engines.agent_model import AgentModel, Limits
from amnestic.agents.model_engines.answers import ProbeAnswer
from amnestic.agents.model_engines.judge import ModelJudge
from amnestic.agents.model_engines.probing import Ability
from amnestic.agents.model_engines.structured import schema_options
from amnestic.config import Settings
from amnestic.models import resolve_backend
from amnestic.models.deltas import collect
from amnestic.models.resolve import EMBEDDED_DIR
from amnestic.prompts.loader import load_prompts
from amnestic.types import Message
from tests.patience import PATIENCE, tries

pytestmark = pytest.mark.anyio
PARIS = (Message.of("user", "What is the capital of France?"),)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`transformers serve` with the embedded model on a free port of loopback; its base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(EMBEDDED_DIR)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    log = tmp_path_factory.mktemp("serve") / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}/health", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in tries("transformers serve did not start"):
        assert process.poll() is None, log.read_text("utf-8")[-2000:]
        with suppress(OSError), urllib.request.urlopen(url, timeout=PATIENCE):
            return


def settings(server: str) -> Settings:
    return Settings(base_url=server, api_key="none", model=f"openai:{EMBEDDED_DIR}")


async def test_it_answers_plain_and_streamed(server):
    backend = resolve_backend(settings(server).model, settings(server))
    options = {"temperature": 0, "max_tokens": 40}
    plain = await backend.generate(PARIS, options)
    assert "Paris" in plain.choices[0].text
    assert plain.usage.output_tokens > 0
    streamed = await collect(backend.stream(PARIS, options))
    assert streamed.choices[0].text == plain.choices[0].text


async def test_probing_notices_that_json_schema_mode_is_ignored(server):
    backend = resolve_backend(settings(server).model, settings(server))
    options = schema_options(backend, ProbeAnswer)
    assert options is not None
    assert "response_format" in options  # LangChain offers it, and the server takes it
    # With some seals the embedded model's answer to the second probe has no end but the limit's.
    limits = Limits(timeout=PATIENCE, answer_tokens=100)
    judge = ModelJudge(AgentModel(backend, limits), load_prompts())
    assert await judge.ability() is not Ability.SCHEMA


def test_it_is_wrapped_as_a_base_model(server, tmp_path):
    given = settings(server)
    with Amnesia(settings=given, db=tmp_path / "registry.db", elicit=False) as layer:
        before = layer.chat("What is the capital of France?", temperature=0, max_tokens=40)
        assert "Paris" in before.text
        layer.forget("Please forget Paris. Paris is the capital of France.")
        after = layer.chat("What is the capital of France?", temperature=0, max_tokens=40)
        assert "Paris" not in after.text
        other = layer.chat("What is the capital of Italy?", temperature=0, max_tokens=40)
        assert "Rome" in other.text
