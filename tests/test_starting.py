"""What a start makes is left alone by the garbage collector, and nothing else is changed."""

from __future__ import annotations

import gc
import sys

import pytest

from amnestic.starting import loading, uncollected


class Made:
    """Something that a start makes."""


def test_what_was_made_counts_as_old() -> None:
    with uncollected():
        made = [Made() for _ in range(10)]
        assert not gc.isenabled()
    assert gc.isenabled()
    old = {id(found) for found in gc.get_objects(generation=2)}
    assert {id(one) for one in made} <= old


def test_what_was_made_stays_in_its_order() -> None:
    """Garbage is finalised in that order: a client closes its sockets before they are missed."""
    first = Made()
    gc.collect()  # old already
    with uncollected():
        last = Made()
    old = [id(found) for found in gc.get_objects(generation=2)]
    assert old.index(id(first)) < old.index(id(last))


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_an_application_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        with uncollected():
            pass
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(KeyError), loading():
        raise KeyError
    assert gc.isenabled()
    assert sys.modules.get("httpx._main", "absent") is not None
