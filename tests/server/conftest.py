"""Fixtures of the server's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from amnestic.testing import (
    HTTPFailure,
    MalformedAnswer,
    ScriptedBackend,
    ScriptedServer,
    serve_scripted,
)
from amnestic.types import Draft, ToolCall
from tests.layers import keyword_layer
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

CLEAN = "Paris is in France. It is large.\n- one\n- two"
CALLS = (ToolCall("c1", "find", '{"q":"Osk"}'), ToolCall("c2", "find", '{"q":"Tarn"}'))
RULES = [
    ("Where", CLEAN),
    ("poets", "Marsh sings well. Osk sings too. Tarn is silent."),
    ("Call", Draft(tool_calls=CALLS, finish_reason="tool_calls")),
    ("Think", Draft("He wrote it.", reasoning="That must be Osk.")),
    ("Broken", MalformedAnswer("cut")),
    ("Page", MalformedAnswer("html")),
    ("Empty", MalformedAnswer("empty")),
    ("Nothing", MalformedAnswer("no_choices")),
    ("Endless", MalformedAnswer("endless")),
    ("Limit", HTTPFailure(429, "slow down")),
    ("Fault", HTTPFailure(500, "Osk broke it")),
    ("Key", HTTPFailure(401, "Incorrect API key provided: sk-secret")),
]


@pytest.fixture(scope="session")
def upstream() -> Iterator[ScriptedServer]:
    """An OpenAI-compatible API that knows Osk."""
    with serve_scripted(ScriptedBackend(rules=RULES, default="Osk is a poet.")) as server:
        yield server


@pytest.fixture(scope="session")
def proxy(upstream: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy in front of it that has forgotten Osk; its admin token is `admin`."""
    with ExitStack() as running:
        layer = running.enter_context(keyword_layer(tmp_path_factory.mktemp("proxy"), "Osk"))
        yield running.enter_context(
            running_proxy(
                layer,
                upstream=upstream.base_url,
                upstream_key="upstream-key",
                admin_token="admin",
                max_body=300_000,
                max_messages=50,
                request_timeout=PATIENCE,
                body_timeout=PATIENCE,
            )
        )
