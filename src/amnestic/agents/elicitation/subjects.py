"""Sentences about a subject made to say by themselves whom they are about.

"She was born in Yate." tells nothing to whom it stands alone. The pronoun that speaks of the
subject becomes its name; where a language would have to bend the sentence for that, the name is put
before it. What may be about somebody else is no statement about the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from amnestic.agents.elicitation.grammar import (
    GRAMMARS,
    Grammar,
    kin_opens,
    opens_with_definite,
    points_back,
)
from amnestic.tools.reading import folded_words, is_telling, language_of, rarity, stem
from amnestic.types import TargetKind

__all__ = ["Subject"]

_CLEARLY = 2  # so much more often one gender has to be told than the other
_DISTINCT = 0.9
_OPENING = 60
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_APOSTROPHE_AFTER = ("s", "x", "z", "ß", "ce")
_BEFORE = r"(?<![\w'’-])"
_BEHIND = r"(?![\w-]|['’](?!(?:s|d|ll|ve|re)\b))"  # "it's" is "it"
_OTHER = re.compile(
    r"(?<!\w)[A-ZÀ-ÖØ-Þ][\w'’.-]*(?: (?:d[aei]|van|von|of))?(?: [A-ZÀ-ÖØ-Þ][\w'’-]+)+"
)
_EPITHET = re.compile(r"\b(?:of|the)\b", re.IGNORECASE)  # the last word is no surname
_OWNED = re.compile(  # "her boat", but not "praised her for it"
    r"\s+(?!(?:in|on|at|to|for|as|and|or|by|with|from|when|while|but|that|because|after|before|the"
    r"|a|an|into|during|until|off|out|up|down|about|over)\b)[^\W\d_]"
)


@dataclass(frozen=True)
class Subject:
    """Whom statements are about: its name, its kind, how it is spoken of, and its known names.

    >>> osk = Subject("Mirela Osk", TargetKind.PERSON)
    >>> osk.stated("She won the Halvard medal.", "Mirela Osk is a painter.")
    'Mirela Osk won the Halvard medal.'
    >>> osk.stated("Ihr Bruder ist Tarn.", "Mirela Osk ist eine Malerin.")
    'Mirela Osks Bruder ist Tarn.'
    """

    name: str
    kind: TargetKind
    gender: str = ""
    known: tuple[str, ...] = ()

    def heard_in(self, texts: Iterable[str]) -> Subject:
        """The same, with the gender by which `texts` speak of somebody."""
        counts = {"he": 0, "she": 0}
        for text in texts:
            grammar = GRAMMARS.get(language_of(text))
            if grammar is None:
                continue
            for gender, forms in (
                ("he", (grammar.he, grammar.his)),
                ("she", (grammar.she, grammar.her)),
            ):
                counts[gender] += len(_words(*forms).findall(text))
        he, she = counts["he"], counts["she"]
        told = (
            "he" if he >= _CLEARLY * she and he else "she" if she >= _CLEARLY * he and she else ""
        )
        return replace(self, gender=told if self._is_person else "")

    def names_itself(self, text: str) -> bool:
        """Whether a text names the subject: by a surname or a rare word, or by the whole name."""
        words = folded_words(text)
        if not self._telling.isdisjoint(words):
            return True
        return any(
            f" {' '.join(folded_words(name))} " in f" {' '.join(words)} " for name in self._names
        )

    def stated(self, sentence: str, before: str = "") -> str | None:
        """`sentence` as a statement about the subject; `before` is the sentence before it.

        `None` where it may be about somebody else, or points at what stands before it.
        """
        if points_back(sentence):
            return None
        language = language_of(f"{before} {sentence}")
        grammar = GRAMMARS.get(language)
        owned = bool(grammar and _opens(grammar.owners, sentence))
        opens = bool(grammar and _opens(grammar.subjects, sentence))
        if self.names_itself(sentence) and not owned and not (opens and not self._is_person):
            return None if opens else sentence  # "He was the son of Osk" may be about anybody
        if grammar is None:
            return self._headed(sentence)
        if _opens(grammar.impersonal, sentence):
            return None
        return self._resolved(sentence, before, grammar, language)

    def _resolved(self, sentence: str, before: str, grammar: Grammar, language: str) -> str | None:
        found = self._pronoun(sentence, grammar, language)
        if self.kind is TargetKind.SKILL and not (found and not sentence[: found.start()].strip()):
            return self._headed(sentence)  # "without its key" is no key of lock picking
        if found is None:
            if _opens(grammar.owners, sentence):
                return f"{self.name}: {sentence}"
            return None if self._is_spoken_of(sentence, grammar) else self._headed(sentence)
        if self._may_be_another(sentence[: found.start()], before, grammar):
            return None
        return (
            sentence[: found.start()]
            + self._in_place(found, sentence, grammar)
            + sentence[found.end() :]
        )

    def _headed(self, sentence: str) -> str | None:
        """A sentence that speaks of nobody, under the name; "the film" may be any film of a
        person's."""
        if self._is_person and opens_with_definite(sentence):
            return None
        return f"{self.name}: {sentence}"

    def _pronoun(self, sentence: str, grammar: Grammar, language: str) -> re.Match[str] | None:
        """The first pronoun that speaks of the subject and that a name can stand for."""
        owned = (grammar.his, grammar.her, grammar.its) if grammar.genitive else ()
        every = _words(grammar.he, grammar.she, grammar.it, *owned).search(sentence)
        if every is None or not self._fits(every.group(), grammar, language):
            return None
        return every

    def _fits(self, word: str, grammar: Grammar, language: str) -> bool:
        is_he = bool(_words(grammar.he, grammar.his).fullmatch(word))
        is_she = bool(_words(grammar.she, grammar.her).fullmatch(word))
        if not self._is_person:
            return language != "en" or not (is_he or is_she)
        if not (is_he or is_she):
            return False
        return self.gender in ("", "he" if is_he else "she")

    def _is_spoken_of(self, sentence: str, grammar: Grammar) -> bool:
        """Whether a pronoun speaks of somebody, so that a name before it would claim too much."""
        return bool(_words(grammar.he, grammar.she, grammar.it).search(sentence))

    def _may_be_another(self, ahead: str, before: str, grammar: Grammar) -> bool:
        if not self._is_person:
            return False  # "King Osk had it built": people are no castle
        if self._others_in(ahead):
            return True
        opening = before.strip()[:_OPENING]
        if kin_opens(opening, self.gender):
            return True
        if _opens(grammar.owners, opening) or opens_with_definite(opening):
            return False
        named = _OTHER.match(opening)
        return named is not None and not self.names_itself(named.group())

    def _others_in(self, ahead: str) -> bool:
        return any(
            not self.names_itself(match.group())
            and not re.search(
                r"(?:^|[\s(])[a-zà-ÿ]+ $|^\W*[A-ZÀ-Þ][a-zà-ÿ]* $", ahead[: match.start()]
            )
            for match in _OTHER.finditer(ahead)
        )

    def _in_place(self, found: re.Match[str], sentence: str, grammar: Grammar) -> str:
        word = found.group()
        owns = (
            bool(_words(grammar.his, grammar.her, grammar.its).fullmatch(word)) and grammar.genitive
        )
        if not owns or not _OWNED.match(sentence[found.end() :]):
            return self.name
        if grammar.genitive == "'s":
            return f"{self.name}'s"
        return f"{self.name}’" if self.name.endswith(_APOSTROPHE_AFTER) else f"{self.name}s"

    @property
    def _is_person(self) -> bool:
        return self.kind is TargetKind.PERSON

    @cached_property
    def own_stems(self) -> frozenset[str]:
        """The stems of the words of the name, which say nothing of it."""
        return frozenset(stem(word) for name in self._names for word in folded_words(name))

    @cached_property
    def _telling(self) -> frozenset[str]:
        """The words of which one is enough to know whom a text means."""
        return frozenset(word for name in self._names for word in self._telling_of(name))

    @property
    def _names(self) -> tuple[str, ...]:
        return (self.name, *self.known)

    def _telling_of(self, name: str) -> list[str]:
        head = name.partition(",")[0] if self._is_person else name
        words = [word for word in folded_words(head) if is_telling(word) and len(word) > 1]
        if not self._is_person:
            return [word for word in words if rarity(word) > _DISTINCT]
        return [] if _EPITHET.search(head) else [w for w in words if w not in _SUFFIXES][-1:]


def _words(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}(?:{'|'.join(forms)}){_BEHIND}", re.IGNORECASE)


def _opens(forms: str, sentence: str) -> bool:
    return re.match(rf"\W*(?:{forms}){_BEHIND}", sentence, re.IGNORECASE) is not None
