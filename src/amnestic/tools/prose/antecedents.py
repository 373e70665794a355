"""Who "he" and "she" are behind what went: somebody who is told of in what stays, or in that.

What is spoken of by a pronoun goes on, as a rule, to be so until another is named of whom it may be
true (Grosz, Joshi and Weinstein, "Centering", Computational Linguistics 21(2), 1995, rule 1). Where
a target is never meant by a pronoun, and nobody new is named in what went before that pronoun
stands there, whoever is meant by it stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.leaning import KINDS
from amnestic.tools.prose.people import names_person, people_in

__all__ = ["PERSONS", "Antecedents"]

PERSONS = frozenset(("he", "she"))
"""The pronouns by which English speaks of a person, as subjects."""

_FORMS = {"he": r"he|him|his|himself", "she": r"she|her|hers|herself"}
_OF = {subject: re.compile(rf"\b(?:{forms})\b", re.IGNORECASE) for subject, forms in _FORMS.items()}
_SUBJECTS = {form: subject for subject, forms in _FORMS.items() for form in forms.split("|")}
_POINTS = re.compile(  # words that may mean what went, whatever it is
    r"\b(?:its?|itself|this|these|those|they|them|their|theirs|there|both|former|latter)\b",
    re.IGNORECASE,
)
_SOMEONE = re.compile(  # "a designer", "its founder"
    r"\b(?:an?|the|its|their|another|whose)\s(?:[a-z]+\s){0,2}?"
    r"\w+(?:er|or|ee|ian|ist|ant|man|woman|person|head|chief)\b",
    re.IGNORECASE,
)
_DOES = re.compile(  # whoever a clause begins with: "A shepherd ran it", not "the game it"
    r"(?:^|,\s)\W*(?:an?|the|one|another|some|my|our)\b"
    r"(?!(?:\s(?!(?:of|at|in|for|behind)\b)[\w-]+){1,2}\s[\W_]*it\b)|\bit['’]s?\s+\w",
    re.IGNORECASE,
)
_KIND = re.compile(  # what a target may be meant by: "the firm", "his firm"
    rf"\b(?i:the|his|her|that) (?P<kind>{KINDS})\b(?!\s+(?:of|from|who|that|which|with)\b|\s+[A-Z])"
)
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 12  # words in which a sentence says whom and what it is about


@dataclass(slots=True)
class Antecedents:
    """The pronouns by which what was read so far speaks of whom.

    Args:
        never: those by which no target is spoken of.
        names: the targets' names as they stand in the text.

    >>> whom = Antecedents(frozenset({"he"}), ("Osk",))
    >>> whom.keep("Ivo Tarn sang. He lived in Sund.", ())
    >>> whom.drop("In May Osk gave him a coat.", ())
    >>> whom.stay("Later he moved to Ry.", ()), whom.stay("Later she moved to Ry.", ())
    (True, False)
    >>> whom.drop("Edda Marsh came, too, and met him.", ())
    >>> whom.stay("Later he moved to Ry.", ())
    False
    """

    never: frozenset[str] = frozenset()
    names: Collection[str] = ()
    _told: set[str] = field(default_factory=set)  # pronouns by which what stays speaks of somebody
    _new: set[str] = field(default_factory=set)  # those that may mean somebody who went
    _somebody: bool = False

    def keep(self, piece: str, people: Collection[str]) -> None:
        """Note that a piece stayed; `people` are words of the names that were read so far."""
        if not self.never:
            return
        spoken = {subject for subject, form in _OF.items() if form.search(piece)}
        self._told |= spoken
        self._new -= spoken
        if names_person(piece, people):
            self._somebody = True
            self._new.clear()

    def drop(self, piece: str, people: Collection[str]) -> None:
        """Note that a piece went."""
        for subject in self.never - self._new:
            said = _OF[subject].search(piece)
            before = piece[: said.start()] if said else piece
            if self._names_new(before, people, subject):
                self._new.add(subject)

    def stay(
        self, sentence: str, people: Collection[str], words: Collection[str] = frozenset()
    ) -> bool:
        """Whether a sentence speaks by its pronouns of nobody and nothing but those who are told of
        in what stays, and of no "firm" or "novel" that is none of the `words` of that."""
        if not self.never or grammar_of(sentence).code != "en":
            return False
        own = [match.group().lower() for match in _WORD.finditer(sentence)]
        persons = {_SUBJECTS[word] for word in own if word in _SUBJECTS}
        if not persons or not persons <= self.never - self._new:
            return False
        first = next(i for i, word in enumerate(own) if word in _SUBJECTS)
        if _POINTS.search(" ".join(own[: first + _REACH])):
            return False
        if any(match["kind"].lower() not in words for match in _KIND.finditer(sentence)):
            return False
        return persons <= self._told or (
            self._somebody and not self._told and len(persons) == 1  # else "she" may be a ship
        )

    def _names_new(self, piece: str, people: Collection[str], subject: str) -> bool:
        """Whether a piece names somebody, of whom this pronoun may be true, for the first time."""
        for name in self.names:
            piece = piece.replace(name, "it")
        found = [name for name in people_in(piece) if not set(name.split()) <= {*people}]
        if found or _SOMEONE.search(piece) or _DOES.search(piece):
            return True
        return names_person(piece.lower(), (), subject)
