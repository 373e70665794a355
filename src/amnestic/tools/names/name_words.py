"""The words that names are made of, and those that stand in them without naming anybody."""

from __future__ import annotations

import re

from amnestic.tools.reading import folded_words

__all__ = ["ARTICLES", "PARTICLES", "SUFFIXES", "TITLES", "words_of_name"]

TITLES = frozenset(
    "mr mrs ms miss dr prof sir dame lord lady saint st king queen prince princess duke duchess "
    "president pope emperor empress count countess baron senator general captain rev".split()
)
ARTICLES = frozenset("the a an le la les el los las il lo gli der die das de het een".split())
SUFFIXES = frozenset("jr sr ii iii iv phd md esq".split())
PARTICLES = frozenset(
    "de da di del della du van von der den la le el al bin ibn of the and y dos das".split()
)


def words_of_name(name: str) -> tuple[str, ...]:
    """The folded words of a name, without the sign of a genitive.

    >>> words_of_name("Mirela Osk's")
    ('mirela', 'osk')
    """
    words = folded_words(name)
    if len(words) > 1 and words[-1] == "s" and re.search(r"['’]s\W*$", name):
        words = words[:-1]
    return tuple(words)
