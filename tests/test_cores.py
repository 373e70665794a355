"""Cores that a local model works on are not free, and are again when it has ended."""

from __future__ import annotations

import os

import pytest

from amnestic.cores import free_cores, taking_cores


@pytest.fixture(autouse=True)
def _eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amnestic.cores.usable_cores", lambda: 8)


def test_what_is_taken_is_free_again_also_after_a_failure() -> None:
    def fail() -> None:
        with taking_cores(3, by="a"):
            assert free_cores() == 5
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert free_cores() == 8


def test_an_engine_that_serves_one_after_the_other_takes_its_cores_once() -> None:
    with taking_cores(3, by="a"), taking_cores(3, by="a"):
        assert free_cores() == 5
        with taking_cores(4, by="b"):
            assert free_cores() == 1
        assert free_cores() == 5


def test_one_is_always_free() -> None:
    with taking_cores(99, by="a"):
        assert free_cores() == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_none_at_work() -> None:
    with taking_cores(3, by="a"):
        if (child := os.fork()) == 0:
            os._exit(free_cores())
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 8
