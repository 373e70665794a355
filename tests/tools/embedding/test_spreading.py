"""Runs of an encoder: each text once, hardly any padding, and a failure comes through."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.embedding.spreading import RUN_TOKENS, like_lengths, spread
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
