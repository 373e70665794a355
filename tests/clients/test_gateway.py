"""LiteLLM's own guardrail client against the door for gateways."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.patience import PATIENCE
from tests.server.running import running_proxy

from .stand import Stand, python_of
from .upstream import CLEAR, NEAR

pytestmark = pytest.mark.clients

SCRIPT = Path(__file__).parent / "scripts" / "litellm_guardrail.py"
DOCUMENT = "Bangor lies in Maine. Stephen King lives there. It has an airport of its own."


def given(stand: Stand, *asked: dict[str, Any]) -> list[Any]:
    """What LiteLLM is given, input by input."""
    lines = "".join(json.dumps({"call": "c", **one}) + "\n" for one in asked)
    with (
        Amnesia(ScriptedBackend(), db=stand.targets, elicit=False) as layer,
        running_proxy(layer, gateway_keys=["gate"]) as proxy,
    ):
        found = subprocess.run(
            [python_of("openai3"), str(SCRIPT), proxy.url, "gate"], input=lines, text=True,
            capture_output=True, timeout=PATIENCE,
            env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3000:]
    return [json.loads(line) for line in found.stdout.splitlines()]


def user(text: str) -> dict[str, Any]:
    return {"texts": [text], "structured_messages": [{"role": "user", "content": text}]}


def test_litellm_is_given_what_may_be_read_and_told(stand: Stand) -> None:
    system = {"role": "system", "content": DOCUMENT}
    clear = [{"kind": "request", **user(CLEAR)}, {"kind": "response", "texts": ["Paris."]}]
    near = [
        {"kind": "request", "texts": [DOCUMENT, NEAR],
         "structured_messages": [system, {"role": "user", "content": NEAR}]},
        {"kind": "response", "texts": ["Stephen King wrote it. Bangor has an airport."]},
        {"kind": "response", "texts": [""], "tool_calls": [{"id": "c", "type": "function",
         "function": {"name": "find", "arguments": '{"author": "Stephen King"}'}}]},
    ]  # fmt: skip
    asked, answered = given(stand, *clear)
    assert (asked["texts"], answered["texts"]) == ([CLEAR], ["Paris."])
    cleaned, told, called = given(stand, *near)
    assert "King" not in json.dumps([cleaned, told, called])
    assert NEAR in json.dumps(cleaned)
    assert called["blocked"]
