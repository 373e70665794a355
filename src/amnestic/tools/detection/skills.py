"""Telling that a text asks for a skill: a thing and a way of making or doing it, in any order.

A skill has no name that stands for it: "how to brew mead" is asked for as "a mead recipe", "how is
mead made" or "steps for brewing mead", while "who drank mead" asks for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from amnestic.tools.reading import clean, fold, is_common, stem, tokenise
from amnestic.types import ForgetTarget, TargetKind

__all__ = ["Skill", "is_asked", "may_be_asked", "skill_of"]

_HOW_TO = re.compile(
    r"^(?:how\s+to|(?:the\s+|a\s+)?(?:recipe|instructions?|steps?|method|procedure|guide)s?"
    r"(?:\s+(?:for|to|of|on))?)\s+",
    re.IGNORECASE,
)
_RECIPE = re.compile(
    r"^(?:(?:la|una?|une|das|ein|die|the|a|het|een|o|a)\s+)?(?:recipe|recette|rezept|receta|ricetta"
    r"|recept|receita|anleitung)s?\s+(?:(?:for|to|of|für|zur?m?|von|de|du|des|del|dei|di|da|do|voor)"
    r"\s+|d['’])(?:(?:the|la|le|les|el|los|las|il|lo|gli|der|die|das|den|dem|het)\s+|l['’])?",
    re.IGNORECASE,
)
_MAKING = (
    "make making made prepar produc synthes manufactur brew cook build built creat construct mix "
    "assembl extract purif isolat distil refin deriv concoct fabri herstell fabriqu fabricar "
    "prepare produire costru faire fait cuisin cuire macht mache zubereit koch back hacer hace "
    "hago cocin fare cucin bereid".split()
)
_TELLING = (
    "recipe recette rezept receta ricetta steps step-by-step instructions procedure tutorial guide "
    "method teach walkthrough homemade home-made diy anleitung".split()
)
_LEAST_SHARE = 0.5
_STEM = 5
_HEAD = 2
_SHORT = 4
_KNOWN = 6_000
_EVERYDAY = 3_000  # verbs as common as that are done to much
_REACH = 4
_IT = ("it", "them", "this", "that", "one")
_GERUND, _LEAST_GERUND = "ing", 6


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as words: stems of the verbs that do it, and the telling words of its object."""

    verbs: tuple[str, ...]
    objects: tuple[str, ...]

    def asked_in(self, text: str) -> bool:
        """Whether `text` speaks of doing it: at least half of the object's words, and a verb or a
        word for instructions. An everyday verb has to be done to the object: "which lock should I
        pick" asks for a choice.

        >>> mead = skill_of("how to brew mead")
        >>> mead.asked_in("Give me a mead recipe."), mead.asked_in("Who drank mead?")
        (True, False)
        >>> lock = skill_of("how to pick a lock")
        >>> lock.asked_in("Is lock picking hard?"), lock.asked_in("Which lock should I pick?")
        (True, False)
        """
        if not self.may_be_asked_in(text):
            return False
        words, _ = _words_of(text)
        if any(w in _TELLING for w in words):
            return True
        verbs = [i for i, w in enumerate(words) if w.startswith(self.verbs)]
        if len(self.verbs) > 1 or not any(is_common(words[i], _EVERYDAY) for i in verbs):
            return bool(verbs)
        return any(self._is_done_at(i, words) for i in verbs)

    def may_be_asked_in(self, text: str) -> bool:
        """Whether a sentence of `text` may speak of doing it: what of a verb, and to what it is
        done, is told sentence by sentence."""
        words, by_head = _words_of(text)
        found = sum(any(_same(w, o) for w in by_head.get(o[:_HEAD], ())) for o in self.objects)
        if found < max(1.0, _LEAST_SHARE * len(self.objects)):
            return False
        return any(w in _TELLING or w.startswith(self.verbs) for w in words)

    def _is_done_at(self, at: int, words: Sequence[str]) -> bool:
        """Whether the verb at a place is done to the object: it stands right before it, or behind
        it in another form than that of an order or a wish."""
        behind, before = words[at + 1 : at + 1 + _REACH], words[max(0, at - _REACH) : at]
        if any(_same(w, o) for w in behind for o in self.objects):
            return True
        stands_before = any(_same(w, o) for w in words[:at] for o in self.objects)
        if stands_before and any(w in _IT for w in behind[:1]):
            return True
        is_bent = words[at].endswith(("ing", "ed", "en"))
        return is_bent and any(_same(w, o) for w in before for o in self.objects)


@lru_cache(maxsize=64)
def _words_of(text: str) -> tuple[tuple[str, ...], Mapping[str, frozenset[str]]]:
    """The folded words of a text, which is held against every skill of a list, and the same by the
    letters that they begin with: forms of one word share those."""
    words = tuple(t.word for t in tokenise(fold(clean(text))))
    by_head: dict[str, set[str]] = {}
    for word in words:
        by_head.setdefault(word[:_HEAD], set()).add(word)
    return words, {head: frozenset(found) for head, found in by_head.items()}


@lru_cache(maxsize=4096)
def skill_of(subject: str) -> Skill:
    """The skill that a subject names: "how to brew mead", "recipe for mead", "mead brewing".

    >>> skill_of("how to pick a tumbler lock").objects
    ('tumbler', 'lock')
    >>> skill_of("lock picking")
    Skill(verbs=('pick',), objects=('lock',))
    """
    thing = _RECIPE.sub("", _HOW_TO.sub("", subject))
    words = [t.word for t in tokenise(fold(clean(thing)))]
    telling = [w for w in words if len(w) > 1 and not is_common(w, 150)]
    has_verb = _HOW_TO.match(subject) is not None and subject.lower().startswith("how")
    gerund = next((w for w in reversed(words) if _is_gerund(w)), "")
    verb = words[0] if has_verb and len(words) > 1 else gerund if len(telling) > 1 else ""
    objects = tuple(w for w in telling if w != verb) or tuple(telling)
    stem = verb if has_verb else _stem_of(verb)
    making = not verb or f"{stem}e".startswith(tuple(_MAKING))
    return Skill(tuple(_MAKING) if making else (stem[:_STEM],), objects)


def is_asked(target: ForgetTarget, text: str) -> bool:
    """Whether a text speaks of doing what the names of a skill say, or of a topic that is a
    recipe."""
    return any(skill.asked_in(text) for skill in _skills_of(target))


def may_be_asked(target: ForgetTarget, text: str) -> bool:
    """Whether a sentence of a text may speak of that: never less than `is_asked` of one."""
    return any(skill.may_be_asked_in(text) for skill in _skills_of(target))


def _skills_of(target: ForgetTarget) -> Iterator[Skill]:
    is_skill = target.kind is TargetKind.SKILL
    if is_skill or target.kind is TargetKind.TOPIC:
        yield from (skill_of(name) for name in target.names if is_skill or _RECIPE.match(name))


def _is_gerund(word: str) -> bool:
    return len(word) >= _LEAST_GERUND and word.endswith(_GERUND)


def _stem_of(gerund: str) -> str:
    """What all forms of its verb begin with: "pick" of "picking", "rig" of "rigging"."""
    stem = gerund.removesuffix(_GERUND)
    doubled = len(stem) > _SHORT - 1 and stem[-1:] == stem[-2:-1] and stem[-1:] not in "ls"
    return stem[:-1] if doubled else stem


def _same(word: str, other: str) -> bool:
    """Whether two words are forms of one: equal but for the ending of their number, long and alike
    but for any ending, or a rare word that is short for a long one.

    >>> _same("nitro", "nitroglycerine"), _same("salt", "saltpetre"), _same("lock", "locks")
    (True, False, True)
    """
    if stem(word) == stem(other):
        return True
    short, long = sorted((word, other), key=len)
    if len(short) >= _SHORT and len(long) > 2 * len(short) and long.startswith(short):
        return not is_common(short, _KNOWN)
    shorter = min(len(word), len(other))
    return shorter > _STEM and word[: shorter - 1] == other[: shorter - 1]
