"""Runs of an encoder: each text once, hardly any padding, and a failure comes through."""

from __future__ import annotations

import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.embedding.spreading import RUN_TOKENS, Begun, like_lengths, spread
from tests.patience import PATIENCE


@given(st.lists(st.integers(1, 300), max_size=60))
def test_every_text_is_in_one_run_and_runs_hold_hardly_any_padding(lengths: list[int]) -> None:
    groups = like_lengths(lengths)
    assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
    for group in groups:
        own = [lengths[i] for i in group]
        padded = len(own) * max(own)
        assert padded <= max(1.1 * sum(own), sum(own) + 8)
        assert len(own) == 1 or padded <= RUN_TOKENS


def test_the_longest_texts_run_first() -> None:
    lengths = [3, 200, 50, 90]
    longest = [max(lengths[i] for i in group) for group in like_lengths(lengths)]
    assert longest == sorted(longest, reverse=True)


def test_jobs_come_back_in_order() -> None:
    assert spread(str, range(50)) == [str(i) for i in range(50)]


def test_jobs_run_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amnestic.tools.embedding.spreading._threads", lambda: 2)
    meeting = threading.Barrier(2, timeout=PATIENCE)
    assert len(spread(lambda _: meeting.wait(), [0, 1])) == 2


def test_a_failing_job_fails_the_whole() -> None:
    with pytest.raises(ZeroDivisionError):
        spread(lambda n: 1 // n, [1, 0, 2])


def test_jobs_that_were_begun_run_beside_whoever_began_them() -> None:
    begun_by, ran_in = threading.get_ident(), list[int]()
    begun = Begun(lambda n: ran_in.append(threading.get_ident()) or n + 1, [1, 2, 3])
    assert begun.results() == [2, 3, 4]
    assert (os.cpu_count() or 1) < 2 or begun_by not in ran_in


def test_the_first_failure_of_begun_jobs_is_raised_where_they_are_asked_for() -> None:
    begun = Begun(lambda n: 1 // n, [1, 0])
    with pytest.raises(ZeroDivisionError):
        begun.results()


def test_dropped_jobs_do_not_begin() -> None:
    gate, ran = threading.Event(), list[int]()

    def work(n: int) -> None:
        gate.wait(10)
        ran.append(n)

    begun = Begun(work, list(range(50)))
    begun.drop()
    gate.set()
    begun = Begun(ran.append, [50])  # behind all that had begun
    begun.results()
    assert len(ran) < 50
