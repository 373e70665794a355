"""A secret planted in any channel appears nowhere, whichever door is used and however it is asked.

The matrix is in `tests/integrations/matrix`: 19 channels (what the caller sends, what the model
says), 12 doors, 28 modes (plain, streaming, asynchronous, both; each as usual, with two answers, a
tool call, structured output, an error, a caller who leaves, a model that never ends). What cannot
exist is left out by `matrix/rules.py`, each with its reason; some 4,000 cells remain. In every one
the same is read: what the caller gets, the log at DEBUG, the metrics, the traces, the checkpoints.

CI and `make test-all` run a part, chosen by a fixed seed, in which every pair of coordinates meets:
some 500 cells. `make test` runs those of it in which each door meets each channel, in every mode.
`make test-slow` runs all others, one test a door.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda

from .canary import FORGET, SECRETS, traced
from .matrix.asking import ask
from .matrix.cells import Cell, all_cells, covering
from .matrix.channels import CHANNELS, LEAK
from .matrix.modes import MODES
from .matrix.rules import AGENT, CHAT, DOORS, MODEL, PROXY_CHAT, RULES, SDK, why_not
from .matrix.seen import MARK, Seen, places
from .matrix.stand import Stand, standing
from .matrix.upstream import Part


def _part() -> Iterator[Any]:
    """The part that CI runs; cells that bring no new door with a channel are `thorough`."""
    seen: set[object] = set()
    for cell in sorted(covering(), key=str):
        news = {(cell.door, cell.channel.name), cell.mode} - seen
        seen |= news
        yield pytest.param(cell, id=str(cell), marks=() if news else pytest.mark.thorough)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A layer that has forgotten, behind every door."""
    with standing(tmp_path_factory.mktemp("matrix"), FORGET) as made:
        yield made


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The same doors with a layer that has forgotten nothing, and so finds nothing."""
    with standing(tmp_path_factory.mktemp("blind")) as made:
        yield made


def cell_of(name: str) -> Cell:
    return next(cell for cell in all_cells() if str(cell) == name)


@pytest.mark.parametrize("cell", list(_part()))
def test_a_secret_appears_nowhere(stand: Stand, cell: Cell) -> None:
    assert not list(places(SECRETS, ask(stand, cell), cell.channel))


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)  # not by cell: collecting 3,600 tests takes seconds
def test_a_secret_appears_nowhere_in_the_rest_of_the_matrix(stand: Stand, door: str) -> None:
    rest = [cell for cell in all_cells() if cell.door == door and cell not in covering()]
    found = {str(c): list(places(SECRETS, ask(stand, c), c.channel)) for c in rest}
    assert not {cell: leaks for cell, leaks in found.items() if leaks}


# ── The matrix itself ────────────────────────────────────────────────────────────────────────────


def test_whatever_two_coordinates_meet_in_the_matrix_meet_in_the_part_that_ci_runs() -> None:
    meet = {pair for cell in all_cells() for pair in cell.pairs}
    assert meet == {pair for cell in covering() for pair in cell.pairs}


def test_every_rule_leaves_something_out_that_no_other_does() -> None:
    combinations = list(product(DOORS, CHANNELS, MODES))
    for reason, holds in RULES:
        alone = [
            c for c in combinations
            if holds(*c) and not any(other(*c) for r, other in RULES if r != reason)
        ]  # fmt: skip
        assert alone, reason


def test_every_door_has_every_channel_or_a_reason_for_each_mode_in_which_it_has_not() -> None:
    for door, channel in product(DOORS, CHANNELS):
        found = [c for c in all_cells() if c.door == door and c.channel is channel]
        reasons = [why_not(door, channel, mode) for mode in MODES]
        assert len(found) == reasons.count(None)
        assert found or all(reasons)


# ── The check can fail ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("channel", ["system prompt", "content"])
@pytest.mark.parametrize("door", DOORS)
def test_behind_a_layer_that_finds_nothing_every_door_shows_the_secret(
    blind: Stand, door: str, channel: str
) -> None:
    cell = cell_of(f"{door} | plain, usual | {channel}")
    found = list(places(SECRETS, ask(blind, cell), cell.channel))
    assert any(place.startswith("caller") for place in found)


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("caller", f"{SDK} | streaming, usual | reasoning"),
        ("caller", f"{PROXY_CHAT} | streaming, structured | tool result"),
        ("logs", f"{CHAT} | plain, usual | content"),
        ("metrics", f"{PROXY_CHAT} | plain, usual | content"),
        ("traces", f"{MODEL} | async, usual | content"),
        ("checkpoints", f"{AGENT} | async streaming, tool call | system prompt"),
        ("model", f"{CHAT} | plain, usual | passage"),
    ],
)
def test_the_check_finds_a_secret_in_each_place(
    blind: Stand, monkeypatch: pytest.MonkeyPatch, surface: str, name: str
) -> None:
    cell = cell_of(name)
    if surface == "logs":
        _talk_to_the_log(monkeypatch)
    if surface == "metrics":
        _talk_to_the_metrics(monkeypatch)
    found = list(places(SECRETS, ask(blind, cell), cell.channel))
    assert any(place.startswith(surface) for place in found)


def test_tracing_reaches_the_threads_that_serve(blind: Stand) -> None:
    with traced() as traces:
        blind.patient.layer.call(lambda: RunnableLambda(lambda x: x).ainvoke(LEAK))
    seen = Seen(traces=[sent[1].get("data") for sent in traces.sent])
    assert list(places(SECRETS, seen, CHANNELS[0]))


def _talk_to_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    generation = Part.generation

    def logged(self: Part, *args: Any) -> Any:
        said = generation(self, *args)
        logging.getLogger("some.library").debug("said %s", said)
        return said

    monkeypatch.setattr(Part, "generation", logged)


def _talk_to_the_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    from amnestic.server.metrics import Metrics

    text = Metrics.text
    monkeypatch.setattr(Metrics, "text", lambda self: text(self) + f"# {LEAK}\n".encode())


def test_what_the_caller_handed_over_is_left_out_and_the_same_words_elsewhere_are_not() -> None:
    channel = next(c for c in CHANNELS if c.name == "history: assistant")
    own = [HumanMessage("Hi", id=f"{MARK}0"), AIMessage(LEAK, id=f"{MARK}1")]
    assert not list(places(SECRETS, Seen(checkpoints=[{"messages": own}]), channel))
    for leak in (AIMessage(LEAK, id="run-1"), AIMessage(f"{LEAK} Yes.", id=f"{MARK}1"), LEAK):
        assert list(places(SECRETS, Seen(checkpoints=[{"messages": [*own, leak]}]), channel))
