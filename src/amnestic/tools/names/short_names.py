"""Given names and the short forms that go with them."""

from __future__ import annotations

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
_VARIANTS: dict[str, set[str]] = {}
for _line in _SHORT_NAMES.replace("\n", "|").split("|"):
    _formal, *_shorts = _line.split()
    for _short in _shorts:
        _VARIANTS.setdefault(_formal, set()).add(_short)
        _VARIANTS.setdefault(_short, set()).add(_formal)


def other_given_names(given: str) -> tuple[str, ...]:
    """The names that may stand for a folded given name: short for long, and long for short.

    >>> other_given_names("kate")
    ('catherine', 'katherine')
    """
    return tuple(sorted(_VARIANTS.get(given, ())))
