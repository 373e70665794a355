"""LiteLLM's proxy with its content filter on the same names, beside ours in `serving.py`.

It is none of this project's dependencies: give it an environment of its own,
`python -m venv DIR && DIR/bin/pip install 'litellm[proxy]'`.
"""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from socket import socket

__all__ = ["KEY", "litellm"]

KEY = "sk-bench"
_PATIENCE = 120.0  # seconds that it has to start
_FAREWELL = 20.0  # and to end


@contextmanager
def litellm(
    program: Path, folder: Path, upstream: int, names: Sequence[str], workers: int
) -> Iterator[tuple[int, int]]:
    """LiteLLM's proxy in front of the upstream, as its port and its process id. Its filter masks
    `names` in requests and replies."""
    config = folder / "litellm.yaml"
    config.write_text(json.dumps(_config(upstream, names)), "utf-8")  # JSON is YAML
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = ["--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
    command = [str(program), *given, "--num_workers", str(workers)]
    with (folder / "litellm.log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _await(running, port, folder / "litellm.log")
        yield port, running.pid
    finally:
        running.terminate()
        try:
            running.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _config(upstream: int, names: Sequence[str]) -> dict[str, object]:
    model = {
        "model": "openai/m",
        "api_base": f"http://127.0.0.1:{upstream}/v1",
        "api_key": "none",
    }
    masked = [{"keyword": name, "action": "MASK"} for name in names]
    guard = {
        "guardrail": "litellm_content_filter",
        "mode": ["pre_call", "post_call"],
        "default_on": True,
        "blocked_words": masked,
    }
    return {
        "model_list": [{"model_name": "m", "litellm_params": model}],
        "guardrails": [{"guardrail_name": "names", "litellm_params": guard}],
        "general_settings": {"master_key": KEY},
    }


def _await(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and running.poll() is None:
        try:
            address = f"http://127.0.0.1:{port}/health/liveliness"
            with urllib.request.urlopen(address, timeout=1):
                return
        except (HTTPException, OSError):
            time.sleep(0.2)
    raise SystemExit(f"LiteLLM's proxy did not start:\n{log.read_text('utf-8')[-2000:]}")
