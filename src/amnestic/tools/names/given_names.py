"""Which words are given names."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["is_given_name"]


def is_given_name(word: str) -> bool:
    """Whether a folded word is somebody's first name somewhere, and no word of a language besides.

    The table is chosen by `benchmarks/build_given_names.py`; names of other scripts than the Latin
    one are not in it.

    >>> is_given_name("gustave"), is_given_name("hope"), is_given_name("london")
    (True, False, False)
    """
    return word in _table()


@cache
def _table() -> frozenset[str]:
    file = resources.files("amnestic.tools.names").joinpath("data", "given_names.txt")
    lines = file.read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
