"""Given names and the short forms that go with them.

The commonest stand here, also where one short form goes with many names. The rest stands in
`data/short_names.txt`, which `benchmarks/build_short_names.py` chooses from a public table: only
what stands for one name or a few, so that no other person is taken for a target.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["other_given_names"]

_SHORT_NAMES = """abigail abby|alexander alex|alexandra alex|alfred al|andrew andy drew|anthony tony
antonio tony|barbara barb|benjamin ben|bernard bernie|catherine cathy kate|charles charlie chuck
christina chris tina|christine chris|christopher chris|cynthia cindy|daniel dan danny|david dave
deborah debbie|donald don|dorothy dot|edward ed eddie ted|eleanor ellie|elizabeth liz beth eliza
eugene gene|frances fran|francis frank|franklin frank|frederick fred|gerald gerry jerry|gregory greg
henry harry hank|jacob jake|james jim jimmy|jennifer jen jenny|jessica jess|john jack johnny
jonathan jon|joseph joe|joshua josh|judith judy|katherine kate kathy|kenneth ken|kimberly kim
kristen kris|kristin kris|lawrence larry|leonard len lenny leo|louis lou|margaret maggie meg peggy
matthew matt|michael mike mick|mitchell mitch|nathaniel nathan nate|nicholas nick|nicole nikki
pamela pam|patricia pat patty|patrick pat|peter pete|philip phil|raymond ray|rebecca becky
richard rick dick rich|robert bob rob bobby|ronald ron|rudolph rudy|samantha sam|samuel sam
sandra sandy|stephen steve|steven steve|susan sue|theodore ted|thomas tom tommy|timothy tim
valentine val|victoria vicky|vincent vin vince|walter walt|wilhelmina mina|william bill billy will
zachary zach"""


def other_given_names(given: str) -> tuple[str, ...]:
    """The names that may stand for a folded given name: short for long, and long for short.

    >>> other_given_names("kate")
    ('catherine', 'katherine')
    """
    return _variants().get(given, ())


@cache
def _variants() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for formal, *shorts in _lines():
        for short in shorts:
            found.setdefault(formal, set()).add(short)
            found.setdefault(short, set()).add(formal)
    return {name: tuple(sorted(others)) for name, others in found.items()}


def _lines() -> list[list[str]]:
    file = resources.files("amnestic.tools.names").joinpath("data", "short_names.txt")
    rest = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [line.split() for line in (*_SHORT_NAMES.replace("\n", "|").split("|"), *rest)]
