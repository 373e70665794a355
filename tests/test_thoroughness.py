"""`make test` leaves out what repeats, and says so; where all is asked for, all is run."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thoroughness import chosen, repeating, rows

pytest_plugins = ["pytester"]

SUITE = """
import pytest

@pytest.mark.product
@pytest.mark.parametrize("letter, sound", [("a", "ah"), ("b", "be")])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_product(letter, sound, number):
    pass

@pytest.mark.thorough
def test_again():
    pass

@pytest.mark.parametrize("size", [1, pytest.param(9, marks=pytest.mark.thorough)])
def test_sizes(size):
    pass

@pytest.mark.parametrize("row", [pytest.param(0, marks=pytest.mark.skip), *range(1, 6)])
def test_rows(row):
    pass

@pytest.mark.every
@pytest.mark.parametrize("row", range(6))
def test_every_row(row):
    pass

@pytest.mark.parametrize("x", [1, 2])
def test_two_rows(x):
    pass

@pytest.mark.product
def test_of_one():
    pass
"""
ALL, LEFT, SKIPPED = 6 + 1 + 2 + 5 + 6 + 2 + 1, 3 + 1 + 1 + 2, 1


@given(st.lists(st.integers(min_value=1, max_value=5), min_size=1, max_size=4))
def test_each_value_of_a_product_is_still_seen(sizes: list[int]) -> None:
    cases = [dict(enumerate(case)) for case in product(*map(range, sizes))]
    named = [{str(name): value for name, value in case.items()} for case in cases]
    left_out = repeating(named)
    left = [case for at, case in enumerate(named) if at not in left_out]
    assert {v for case in left for v in case.items()} == {v for c in named for v in c.items()}
    assert len(left) <= sum(sizes)


def test_a_case_without_values_is_run() -> None:
    assert repeating([]) == set()
    assert repeating([{}, {"a": 0}]) == set()


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with tests that repeat."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    pytester.makeini("[pytest]\nmarkers =\n  product: x\n  thorough: x\n  every: x\n")
    pytester.makeconftest('pytest_plugins = ["tests.thoroughness"]')
    pytester.makepyfile(test_it=SUITE)
    return pytester


def test_what_repeats_is_left_out_and_counted(suite: pytest.Pytester) -> None:
    told = suite.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    told.assert_outcomes(passed=ALL - LEFT, skipped=SKIPPED, deselected=LEFT)
    told.stdout.fnmatch_lines([f"{LEFT} tests that repeat others were left out: `make test-all`*"])


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (["--thorough"], ALL),
        (["test_it.py"], ALL),
        (["test_it.py::test_product"], 6),
        (["-k", "test_product"], 6),
        (["--last-failed"], ALL),
        (["--failed-first"], ALL),
        (["--stepwise"], ALL),
    ],
)
def test_what_is_asked_for_is_run(suite: pytest.Pytester, given: list[str], number: int) -> None:
    told = suite.runpytest_subprocess(*given)
    assert told.parseoutcomes()["passed"] == number
    told.stdout.no_fnmatch_line("*left out*")


def test_in_ci_all_is_run(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")
    told = suite.runpytest_subprocess("-p", "no:cacheprovider")
    told.assert_outcomes(passed=ALL, skipped=SKIPPED)


def test_the_same_rows_are_run_each_time_the_first_and_the_last_among_them(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.parametrize("row", range(100))
        def test_rows(row):
            print(f"row {row} is run")
        """
    )
    runs = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        told = suite.runpytest_subprocess("-s", "-p", "no:cacheprovider")
        runs.append(re.findall(r"row (\d+) is run", told.stdout.str()))
    first, second = runs
    assert first == second
    assert (len(first), first[0], first[-1]) == (20, "0", "99")
    assert first != [str(row) for row in (*range(19), 99)]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 15, 16, 100])
def test_so_many_rows_are_chosen(number: int) -> None:
    kept = chosen([f"test_it[{at}]" for at in range(number)])
    assert len(kept) == rows(number)
    assert {0, number - 1} <= kept <= set(range(number))


def test_what_is_chosen_by_other_marks_than_the_usual_is_run_as_a_whole(
    suite: pytest.Pytester,
) -> None:
    suite.makeini(
        "[pytest]\naddopts = -m 'not slow'\nmarkers =\n  slow: x\n  product: x\n  thorough: x\n"
    )
    suite.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.slow
        @pytest.mark.parametrize("row", range(10))
        def test_slow_rows(row):
            pass

        @pytest.mark.parametrize("row", range(10))
        def test_rows(row):
            pass
        """
    )
    usual = suite.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    usual.assert_outcomes(passed=3, deselected=17)
    asked = suite.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-m", "slow")
    asked.assert_outcomes(passed=10, deselected=10)


def test_a_value_is_not_seen_in_a_case_that_is_skipped(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.product
        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.parametrize("letter", [pytest.param("a", marks=pytest.mark.skip), "b"])
        def test_product(letter, number):
            pass
        """
    )
    told = suite.runpytest_subprocess("-p", "no:cacheprovider")
    told.assert_outcomes(passed=2, skipped=2)


@pytest.mark.parametrize(("given", "tried"), [([], [40, 20, 8]), (["--thorough"], [200, 100, 8])])
def test_fewer_examples_of_a_property_are_tried(
    suite: pytest.Pytester, given: list[str], tried: list[int]
) -> None:
    suite.makepyfile(
        test_it=f"""
        from hypothesis import given, settings
        from hypothesis import strategies as st
        from tests.thoroughness import examples

        tried = [0, 0, 0]

        @settings(max_examples=examples(200), database=None)
        @given(st.integers())
        def test_some(number):
            tried[0] += 1

        @settings(database=None)
        @given(st.integers())
        def test_as_many_as_usual(number):
            tried[1] += 1

        @settings(max_examples=examples(8), database=None)
        @given(st.integers())
        def test_few(number):
            tried[2] += 1

        def test_count():
            assert tried == {tried}
        """
    )
    told = suite.runpytest_subprocess("-p", "no:cacheprovider", *given)
    told.assert_outcomes(passed=4)
