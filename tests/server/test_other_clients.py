"""Clients that are not in the test environment: the SDK's other major, npm's, schemathesis.

Each is installed into a folder of its own, or skipped where it cannot be had.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, ScriptedServer, serve_scripted
from tests.patience import PATIENCE, tries
from tests.server.conftest import CLEAN
from tests.server.running import Proxy, running_proxy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCRIPT = """
import OpenAI from "openai";
const client = new OpenAI({ baseURL: process.argv[2], apiKey: "any", maxRetries: 0 });
const said = {};
for (const [name, content] of Object.entries({ far: "Where is Paris?", leak: "Name poets.",
                                               direct: "Who is Osk?" })) {
  const messages = [{ role: "user", content }];
  const plain = await client.chat.completions.create({ model: "m", messages });
  let streamed = "";
  for await (const chunk of await client.chat.completions.create(
      { model: "m", messages, stream: true })) {
    streamed += chunk.choices[0]?.delta?.content ?? "";
  }
  const response = await client.responses.create({ model: "m", input: content });
  let events = "";
  for await (const event of await client.responses.create(
      { model: "m", input: content, stream: true })) {
    if (event.type === "response.output_text.delta") events += event.delta;
  }
  said[name] = [plain.choices[0].message.content, streamed, response.output_text, events];
}
const tools = await client.chat.completions.create(
  { model: "m", messages: [{ role: "user", content: "Call both." }] });
said.calls = tools.choices[0].message.tool_calls.map((call) => call.id);
console.log(JSON.stringify(said));
"""


def run(*command: str, cwd: Path, **environment: str) -> Any:
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, **environment},
    )


def test_the_sdks_other_major_is_wrapped_alike(tmp_path: Path) -> None:
    other = "openai>=2.45,<3" if openai.__version__.startswith("3") else "openai>=3,<4"
    extra = ["httpx"] if other.endswith("<3") else ["httpx2"]
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(tmp_path))
    if run(*pip, other, *extra, cwd=ROOT).returncode != 0:
        pytest.skip(f"{other} cannot be installed here")
    found = run(
        sys.executable, "-m", "pytest", "-q", "tests/integrations/openai/test_client.py",
        cwd=ROOT, PYTHONPATH=str(tmp_path),
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-3000:]


def test_npms_openai_package_is_served_alike(proxy: Proxy, tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("node is not installed")
    (tmp_path / "package.json").write_text('{"type": "module", "private": true}')
    if run(npm, "install", "--no-audit", "--no-fund", "openai", cwd=tmp_path).returncode != 0:
        pytest.skip("npm's openai package cannot be installed here")
    (tmp_path / "ask.mjs").write_text(SCRIPT)
    found = run(node, "ask.mjs", f"{proxy.url}/v1", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    said = json.loads(found.stdout)
    assert said["far"] == [CLEAN] * 4
    assert len(set(said["leak"])) == 1
    assert len(set(said["direct"])) == 1
    assert "Osk" not in found.stdout
    assert said["calls"] == ["c2"]


@pytest.fixture
def open_proxy(tmp_path: Path) -> Iterator[tuple[Proxy, ScriptedServer]]:
    """A proxy whose targets may be changed, with a real layer."""
    model = ScriptedBackend(default="Hello there.")
    with (
        serve_scripted(model) as upstream,
        Amnesia(model, db=tmp_path / "r.db", elicit=False) as layer,
        running_proxy(layer, upstream=upstream.base_url, admin_token="admin") as proxy,
    ):
        yield proxy, upstream


def test_no_request_that_the_description_allows_breaks_the_server(
    open_proxy: tuple[Proxy, ScriptedServer], tmp_path: Path
) -> None:
    if importlib.util.find_spec("schemathesis") is None:
        pytest.skip("schemathesis is not installed")
    proxy, _ = open_proxy
    checks = "not_a_server_error,status_code_conformance,content_type_conformance"
    found = run(
        sys.executable, "-m", "schemathesis.cli", "run", f"{proxy.url}/openapi.json",
        "-H", "Authorization: Bearer admin", "--checks", checks, "--max-examples", "40",
        "--seed", "1", cwd=tmp_path,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-4000:]
    assert "Traceback" not in found.stdout


def test_transformers_serve_as_the_upstream(tmp_path: Path) -> None:
    program = shutil.which("transformers", path=str(Path(sys.executable).parent))
    if program is None or importlib.util.find_spec("python_multipart") is None:
        pytest.skip("transformers[serving] is not installed")
    model = str(ROOT / "src" / "amnestic" / "models" / "embedded")
    with (
        _transformers(program) as url,
        Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as layer,
        running_proxy(layer, upstream=url) as proxy,
    ):
        client = openai.OpenAI(base_url=f"{proxy.url}/v1", api_key="any", max_retries=0)
        asked: Any = {
            "model": model,
            "messages": [{"role": "user", "content": "What is the capital of France?"}],
            "temperature": 0,
        }
        plain = client.chat.completions.create(**asked).choices[0].message.content
        chunks = client.chat.completions.create(**asked, stream=True)
        streamed = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert "Paris" in (plain or "")
    assert streamed == plain


class _transformers:
    """`transformers serve` in a process of its own."""

    def __init__(self, program: str) -> None:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        command = [program, "serve", "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> str:
        import httpx

        url = f"http://127.0.0.1:{self._port}/v1"
        for _ in tries("transformers serve did not start"):
            try:
                httpx.get(f"{url}/models")
            except httpx.TransportError:
                if self._process.poll() is not None:
                    pytest.skip("transformers serve does not run here")
            else:
                return url
        raise AssertionError("out of patience")

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
