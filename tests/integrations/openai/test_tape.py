"""A tape passes each event once, in their order, and keeps no more of it than it came with."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from amnestic.integrations.openai.tape import Tape
from amnestic.integrations.openai.wire import Event
from amnestic.models.protocol import Delta

PIECES = ["Rain", " falls", ". Snow", " lies."]


def read(tape: Tape, piece: str) -> Event:
    """An event, as it is recorded and read."""
    event = Event("", json.dumps({"choices": [{"index": 0, "delta": {"content": piece}}]}))
    tape.record(event)
    event.value()
    tape.take(Delta(text=piece))
    return event


def test_events_pass_once_in_their_order_and_are_told_of_again() -> None:
    tape = Tape()
    assert not tape
    came = [read(tape, piece) for piece in PIECES]
    tape.release(Delta(text="Rain falls."))
    assert [*tape.passing()] == came[:2]
    assert [*tape.passing()] == []
    assert (tape.passed(), tape.events(), tape.told) == (came[:2], came, {(0, "answer"): 10})
    assert [*tape.rest()] == came[2:]
    assert (tape.passed(), [*tape.rest()], bool(tape)) == (came, [], True)
    assert tape.passed()[0].value()["choices"][0]["delta"] == {"content": "Rain"}


def test_what_comes_behind_events_that_all_have_passed_holds_none_of_them() -> None:
    tape = Tape()
    first = read(tape, "Rain.")
    tape.release(Delta(text="Rain."))
    assert [*tape.passing()] == [first]
    tape.hold()
    tape.take(Delta(text=" Snow.", finish_reason="stop"))
    second = read(tape, " Ice.")
    tape.release(Delta(text=" Snow."))
    assert [*tape.passing()] == []
    tape.release(Delta(text=" Ice."))
    assert [*tape.passing()] == [second]


@pytest.mark.parametrize("way", ["passing", "rest"])
def test_an_event_that_passed_takes_little_more_than_its_data(way: str) -> None:
    tape, said = Tape(), "x" * 1000  # so that what else is first used here is small beside it
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(200):
            event = Event("", json.dumps({"said": said, "in": [{"a": {"b": [1.5, {}]}}]}))
            tape.record(event)
            event.value()
            tape.take(Delta(text="x"))
            tape.release(Delta(text="x"))
            for passed in getattr(tape, way)():
                passed.value()
        data = sum(len(event.data) for event in tape.passed())
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(tape.passed()) == 200
    assert after - before < 2 * data


def test_of_events_that_wait_only_the_last_is_kept_as_it_was_read() -> None:
    tape, said = Tape(), {"in": [{"a": {"b": [1.5, {}]}} for _ in range(50)]}
    came = []
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(100):
            came.append(event := Event("", json.dumps(said)))
            tape.record(event)
            event.value()
            tape.take(Delta(text="x"))
        data = sum(len(event.data) for event in came)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [event.value() for event in tape.rest()] == [said] * 100
    assert after - before < 2 * data
