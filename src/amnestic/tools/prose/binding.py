"""Objects that cannot be the subject of their own clause: "Tarn has stood in for her".

A pronoun is free in its clause (Chomsky, "Lectures on Government and Binding", 1981, principle B):
whoever is named as the subject there is not whom it means.
"""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import grammar_of, has_verb
from amnestic.tools.prose.people import people_in

__all__ = ["means_another"]

_OBJECT = re.compile(r"\b(?P<who>him|her)\b(?=\s*(?:[.,;:!?)]|$)|\s+(?P<after>[a-z]+))")
_CLAUSE = re.compile(r"[,;:()—–]|\b(?:who|whom|whose|that|which|and|or|but)\b")


def means_another(sentence: str) -> bool:
    """Whether an English sentence speaks, as of an object, of somebody else than the only one whom
    it names before.

    >>> means_another("Edda Tarn has stood in for her since then.")
    True
    >>> means_another("Edda Tarn sold her mill."), means_another("Hill saw Tor Vey and paid him.")
    (False, False)
    """
    grammar = grammar_of(sentence)
    for match in _OBJECT.finditer(sentence) if grammar.code == "en" else ():
        if match["after"] and match["after"] not in grammar.small:
            continue  # "her mill"
        before = sentence[: match.start()]
        clause = _CLAUSE.split(before)[-1]
        if len(list(people_in(before))) == 1 == len(list(people_in(clause))):
            return has_verb(clause, grammar)
    return False
