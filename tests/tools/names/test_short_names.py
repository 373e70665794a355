"""Short names go with their long ones, and no other person's name becomes a target's."""

from __future__ import annotations

from pathlib import Path

import pytest

from amnestic.tools.names import forms_of
from amnestic.tools.names.short_names import other_given_names
from amnestic.types import ForgetTarget
from tests.prepared import run_file

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("william", "bill"),
        ("catherine", "kate"),
        ("rebecca", "becca"),
        ("donald", "donnie"),
        ("elizabeth", "lizzie"),
        ("gabriel", "gabby"),
        ("victoria", "tori"),
        ("reginald", "reggie"),
        ("stephanie", "steph"),
        ("wesley", "wes"),
    ],
)
def test_a_short_name_goes_with_its_long_name_both_ways(long: str, short: str) -> None:
    assert short in other_given_names(long)
    assert long in other_given_names(short)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("aaron", "erin"),
        ("john", "ian"),
        ("solomon", "saul"),
        ("salvador", "sally"),
        ("carlton", "carl"),
        ("evaline", "eva"),
        ("julia", "jill"),
        ("louis", "lewis"),
        ("joyce", "joy"),
        ("almena", "ali"),
        ("maria", "mary"),
        ("mary", "marie"),
        ("sarah", "sara"),
    ],
)
def test_a_name_with_a_life_of_its_own_is_nobodys_short_name(name: str, other: str) -> None:
    assert other not in other_given_names(name)
    assert name not in other_given_names(other)


@pytest.mark.parametrize("word", ["king", "may", "court", "field", "green", "art", "life", "one"])
def test_a_common_word_is_no_short_name(word: str) -> None:
    assert other_given_names(word) == ()


def test_a_target_is_named_by_its_short_name_and_surname() -> None:
    target = ForgetTarget(id="t", subject="Rebecca Oskelly")
    assert ("becca", "oskelly") in {form.words for form in forms_of(target)}


def test_the_table_is_what_its_script_chooses() -> None:
    found = run_file(ROOT / "benchmarks" / "build_short_names.py", "--check")
    assert found.returncode == 0, found.stderr
