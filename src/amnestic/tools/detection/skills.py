"""Telling that a text asks for a skill: a thing and a way of making or doing it, in any order.

A skill has no name that stands for it: "how to brew mead" is asked for as "a mead recipe", "how is
mead made" or "steps for brewing mead", while "who drank mead" asks for something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from amnestic.tools.reading import clean, fold, is_common, tokenise

__all__ = ["Skill", "skill_of"]

_HOW_TO = re.compile(
    r"^(?:how\s+to|(?:the\s+|a\s+)?(?:recipe|instructions?|steps?|method|procedure|guide)s?"
    r"(?:\s+(?:for|to|of|on))?)\s+",
    re.IGNORECASE,
)
_MAKING = (
    "make making made prepar produc synthes manufactur brew cook build built creat construct mix "
    "assembl extract purif isolat distil refin deriv concoct fabri herstell fabriqu fabricar "
    "prepare produire costru".split()
)
_TELLING = (
    "recipe recette rezept receta ricetta steps step-by-step instructions procedure tutorial guide "
    "method teach walkthrough homemade home-made diy anleitung".split()
)
_LEAST_SHARE = 0.5
_STEM = 5
_SHORT = 4
_KNOWN = 6_000


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as words: stems of the verbs that do it, and the telling words of its object."""

    verbs: tuple[str, ...]
    objects: tuple[str, ...]

    def asked_in(self, text: str) -> bool:
        """Whether `text` speaks of doing it: at least half of the object's words, and a verb or a
        word for instructions.

        >>> mead = skill_of("how to brew mead")
        >>> mead.asked_in("Give me a mead recipe."), mead.asked_in("Who drank mead?")
        (True, False)
        """
        words = [t.word for t in tokenise(fold(clean(text)))]
        found = sum(any(_same(w, o) for w in words) for o in self.objects)
        if found < max(1.0, _LEAST_SHARE * len(self.objects)):
            return False
        return any(w.startswith(self.verbs) or w in _TELLING for w in words)


@lru_cache(maxsize=4096)
def skill_of(subject: str) -> Skill:
    """The skill that a subject names: "how to brew mead", "recipe for mead".

    >>> skill_of("how to pick a tumbler lock").objects
    ('tumbler', 'lock')
    """
    words = [t.word for t in tokenise(fold(clean(_HOW_TO.sub("", subject))))]
    telling = [w for w in words if len(w) > 1 and not is_common(w, 150)]
    has_verb = _HOW_TO.match(subject) is not None and subject.lower().startswith("how")
    verb = words[0] if has_verb and len(words) > 1 else ""
    objects = tuple(w for w in telling if w != verb) or tuple(telling)
    making = not verb or verb.startswith(tuple(_MAKING))
    return Skill(tuple(_MAKING) if making else (verb[:_STEM],), objects)


def _same(word: str, other: str) -> bool:
    """Whether two words are forms of one: equal, long and alike but for the ending, or a rare word
    that is short for a long one.

    >>> _same("nitro", "nitroglycerine"), _same("salt", "saltpetre")
    (True, False)
    """
    if word == other:
        return True
    if len(word) >= _SHORT and len(other) > 2 * len(word) and other.startswith(word):
        return not is_common(word, _KNOWN)
    shorter = min(len(word), len(other))
    return shorter > _STEM and word[: shorter - 1] == other[: shorter - 1]
