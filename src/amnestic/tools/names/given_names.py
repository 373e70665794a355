"""Which words are given names, and which of them many people bear."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["is_given_name", "is_often_given"]


def is_given_name(word: str) -> bool:
    """Whether a folded word is somebody's first name somewhere, and no word of a language besides.

    The table is chosen by `benchmarks/build_given_names.py`; names of other scripts than the Latin
    one are not in it.

    >>> is_given_name("gustave"), is_given_name("hope"), is_given_name("london")
    (True, False, False)
    """
    return word in _table("given_names.txt")


def is_often_given(word: str) -> bool:
    """Whether a given name is given in so many countries that it names nobody by itself.

    >>> is_often_given("michael"), is_often_given("napoleon")
    (True, False)
    """
    return word in _table("often_given_names.txt")


@cache
def _table(name: str) -> frozenset[str]:
    file = resources.files("amnestic.tools.names").joinpath("data", name)
    lines = file.read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
