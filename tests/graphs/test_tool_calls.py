"""A tool call that leaks in a part is made with the rest, so that an agent goes on working."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Route, ToolCall
from tests.layers import keyword_layer


def made(tmp_path: Path, arguments: Any) -> tuple[tuple[ToolCall, ...], Route]:
    """The calls that come out for a call with `arguments`, and the route."""
    call = ToolCall("1", "note", json.dumps(arguments))
    backend = ScriptedBackend(Draft(tool_calls=(call,), finish_reason="tool_calls"))
    with keyword_layer(tmp_path, "Osk") as layer:
        outcome = layer.complete("Go on.", backend=backend)
    return outcome.generation.choices[0].tool_calls, outcome.receipt.route


@pytest.mark.parametrize(
    ("arguments", "rest"),
    [
        ({"text": "It rains in Tavel. Osk left. The sea is near."},
         {"text": "It rains in Tavel. The sea is near."}),
        ({"names": ["Osk", "Tarn"], "deep": True}, {"names": ["Tarn"], "deep": True}),
        ({"rows": [{"name": "Osk", "n": 1}, {"name": "Tarn", "n": 2}]},
         {"rows": [{"name": "Tarn", "n": 2}]}),
    ],
)  # fmt: skip
def test_a_call_is_made_with_what_may_stay_of_it(tmp_path: Path, arguments: Any, rest: Any) -> None:
    calls, route = made(tmp_path, arguments)
    assert [json.loads(c.arguments) for c in calls] == [rest]
    assert route is Route.REWRITTEN


@pytest.mark.parametrize(
    "arguments", [{"query": "Osk"}, {"names": ["Osk"]}, {"name": "Osk", "deep": True}, "Osk"]
)
def test_a_call_that_would_lose_an_argument_is_not_made(tmp_path: Path, arguments: Any) -> None:
    calls, _ = made(tmp_path, arguments)
    assert calls == ()
