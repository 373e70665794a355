"""Entries of a list that lean on the one before them, as the steps of a recipe do."""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.leaning import leans

__all__ = ["entry_leans"]

_THINGS = frozenset(("it", "them", "they"))


def entry_leans(entry: str) -> bool:
    """Whether an entry of a list leans on the one before it: it begins with a word that points
    back, or with what is to be done with what it does not name.

    >>> entry_leans("It rings."), entry_leans("Drain it well"), entry_leans("Stir until it boils")
    (True, True, True)
    >>> entry_leans("Drain the rice, then fry it"), entry_leans("Drain rice and fry it")
    (False, False)
    """
    if leans(entry):
        return True
    grammar = grammar_of(entry)
    for word in re.findall(r"[^\W\d_]+", entry)[1:]:
        said = word.lower()
        if word[0].isupper() or said in grammar.articles | grammar.owns:
            return False
        if said in grammar.persons or said in _THINGS:
            return True
        if said not in grammar.common:
            return False
    return False
