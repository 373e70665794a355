"""What `make test` leaves out and `make test-all`, as CI, runs: tests that repeat what others show.

Of a test with many rows a fifth is run: the first, the last, and those between whose names hash
lowest, so that each run, on each machine, has the same. Of a property with many examples a fifth is
tried, which Hypothesis draws. Of a test marked `every`, whose rows each go a way of their own, all
are run. A test marked `product` stands under several `parametrize`: it is run until each value of
each has been seen, and the rest, the other combinations of the same values, is left out. A test, a
file or a single row that is marked `thorough` is left out as a whole.

Nothing is left out of files and tests that are named, of what is chosen by `-k` or another `-m`, of
what failed before, where `--thorough` is given, in workers of pytest-xdist, or where `CI` is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

import pytest
from hypothesis import settings

__all__ = ["chosen", "examples", "repeating", "rows"]

_SHARE = 5
_FEWEST_EXAMPLES = 20
_FEWEST_ROWS = 3
_brief = False
_LEFT_OUT = pytest.StashKey[int]()
_ASKING = ("thorough", "keyword", "lf", "failedfirst", "stepwise")


def repeating(cases: Sequence[Mapping[str, object]]) -> set[int]:
    """Which of a product's cases have no value that the others do not show, by position.

    A case is its value under each name; those which bring several new values are
    taken first, so that a product of 3 and 4 values is seen in 4 cases.

    >>> sorted(repeating([{"a": 0, "b": 0}, {"a": 0, "b": 1}, {"a": 1, "b": 0}, {"a": 1, "b": 1}]))
    [1, 2]
    """
    kept = {at for at, case in enumerate(cases) if not case}
    seen: set[tuple[str, object]] = set()
    most = max((len(case) for case in cases), default=0)
    for new in range(most, 0, -1):
        for at, case in enumerate(cases):
            if at not in kept and len(case.items() - seen) >= new:
                kept.add(at)
                seen |= case.items()
    return set(range(len(cases))) - kept


def examples(number: int) -> int:
    """How many examples of a property are tried where all would be so many: a fifth, and 20 at
    least. Asked while tests are collected.

    >>> examples(20)
    20
    """
    return max(number // _SHARE, min(number, _FEWEST_EXAMPLES)) if _brief else number


def rows(number: int) -> int:
    """How many are run of the rows of a test that has so many: a fifth, and 3 at least.

    >>> rows(2), rows(10), rows(40)
    (2, 3, 8)
    """
    return max(number // _SHARE, min(number, _FEWEST_ROWS))


def chosen(names: Sequence[str]) -> set[int]:
    """Which of a test's rows are run, by position: the first, the last, and those between whose
    names hash lowest. A row that is added takes the place of one other at most.

    >>> sorted(chosen(["t[a]", "t[b]", "t[c]", "t[d]", "t[e]"]))
    [0, 2, 4]
    """
    last, number = len(names) - 1, rows(len(names))
    between = sorted(range(1, last), key=lambda at: sha256(names[at].encode()).digest())
    return {0, last, *between[: max(number - 2, 0)]}


def _values(item: pytest.Item) -> Mapping[str, str]:
    """The row of each `parametrize` that a test stands for. Its names alone, or its values, would
    not do: two rows may share some, and joined ids cannot be told apart."""
    call = getattr(item, "callspec", None)
    return {str(at): row for at, row in enumerate(call._idlist)} if call else {}


def _repeated(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """What repeats of tests with several rows, those aside that may not be run anyway."""
    for cases in _by_test(item for item in items if not _skipped(item)):
        if cases[0].get_closest_marker("product"):
            yield from (cases[at] for at in repeating([_values(case) for case in cases]))
        elif not cases[0].get_closest_marker("every"):
            kept = chosen([case.nodeid for case in cases])
            yield from (case for at, case in enumerate(cases) if at not in kept)


def _by_test(items: Iterable[pytest.Item]) -> Iterable[list[pytest.Item]]:
    """The rows, or combinations, of each test."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        found.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return found.values()


def _skipped(item: pytest.Item) -> bool:
    """Whether it may be that a test is not run, so that it shows nothing of its values."""
    return any(item.get_closest_marker(name) for name in ("skip", "skipif"))


def _all_is_asked_for(config: pytest.Config) -> bool:
    """By an option, in CI, or since tests are named, chosen by their marks, or taken up where they
    failed."""
    asked = any(config.getoption(name, default=False) for name in _ASKING)
    marks = config.getoption("markexpr", default="")
    marked = bool(marks) and marks not in config.getini("addopts")
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    worker = hasattr(config, "workerinput")
    return asked or marked or named or worker or bool(os.environ.get("CI"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that leaves nothing out."""
    parser.addoption(
        "--thorough", action="store_true", help="run what only repeats too, as CI does"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Know how much is asked for before the first test is read."""
    global _brief
    _brief = not _all_is_asked_for(config)
    settings.register_profile("asked", settings(), max_examples=examples(settings().max_examples))
    settings.load_profile("asked")


@pytest.hookimpl(trylast=True)  # of what is to be run, not of what other options take away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what repeats, unless all of it is asked for."""
    config.stash[_LEFT_OUT] = 0
    if _all_is_asked_for(config):
        return
    out = {item for item in items if item.get_closest_marker("thorough")}
    out.update(_repeated(item for item in items if item not in out))
    if out:
        config.stash[_LEFT_OUT] = len(out)
        config.hook.pytest_deselected(items=[item for item in items if item in out])
        items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many were left out, and what runs them."""
    if number := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{number} tests that repeat others were left out: `make test-all` runs them too"
        )
