"""Pieces of a text in the order in which they are read: what goes takes along what leans on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.definites import points_at_gone, telling_words
from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.joining import concludes, unjoined
from amnestic.tools.prose.leaning import (
    counts,
    lacks_subject,
    leans,
    leans_on_kind,
    leans_on_person,
    names_another,
    people_in,
    roles_in,
)

__all__ = ["Flow", "Heir", "Leaks"]

_LONGEST = 4_000  # characters of a sentence of which a part may stay
_LISTS = 4  # lists back to which a count may point

Leaks = Callable[[str], bool]
Heir = Callable[[str, str], str | None]


_CAPITAL = re.compile(r"[^\W\d_a-z][\w'’-]+")
_THESE = re.compile(  # before a number: that of the list before
    r"\b(?:these|those|all|dieser?|diesen|aller?|allen|ces|estos|estas|questi|queste|deze)\s+\w*$",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\W*(\w+)")
_OPENS_PLAINLY = re.compile(  # no name stands before the pronoun, but for that of a place
    r"\W*(?:[^\W_]+(?:[ \t]+(?:[^\W_A-ZÀ-Þ]|[’'-])+|,)*|"
    r"(?:[Ii]n|[Aa]t|[Ff]rom|[Ii]m|[Aa]us|[Ee]n|[Dd]e|[Aa]|[Dd]a|[Nn]el|[Ee]m|[Uu]it)"
    r"[ \t]+[^\W\d_]+),?\s*$"
)
_OPENED = re.compile(  # "In 1919 she", "From the 1960s on, she": nobody is named before
    r"\W*(?:in|on|at|by|from|since|until|after|before|during|around|throughout|later|then|today|now"
    r"|im|am|um|seit|bis|nach|vor|während|ab|später|dann|heute|en|au|depuis|après|avant|vers|puis"
    r"|desde|hasta|después|tras|nel|dal|dopo|poi|em|sinds|na|voor|later)\b"
    r"(?:[ \t]+(?:the|der|dem|den|die|das|le|la|les|el|los|las|il|lo|gli|o|a|os|as|de|het)\b)?"
    r"(?:[ \t]+[\w’'-]+){0,3}?,?[ \t]+(?=(?:s?he|er|sie|il|elle|él|ella|lui|lei|hij|zij)\b)",
    re.IGNORECASE,
)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_NAMED = re.compile(r"\s?[,(–—-]")  # "she, Mirela Osk, wrote it": of nobody named before
_OPPOSITE = {
    "he": _SHE,
    "she": _HE,
    "il": re.compile(r"\belles?\b", re.IGNORECASE),
    "elle": re.compile(r"\bils?\b", re.IGNORECASE),
    "él": re.compile(r"\bellas?\b", re.IGNORECASE),
    "ella": re.compile(r"\bél\b", re.IGNORECASE),
    "er": re.compile(r"\b(?:sie|ihre?[nmrs]?)\b", re.IGNORECASE),
    "sie": re.compile(r"\b(?:er|ihm|ihn|seine?[nmrs]?)\b", re.IGNORECASE),
    "lui": re.compile(r"\blei\b", re.IGNORECASE),
    "lei": re.compile(r"\blui\b", re.IGNORECASE),
    "hij": re.compile(r"\b(?:zij|ze|haar)\b", re.IGNORECASE),
    "zij": re.compile(r"\b(?:hij|hem|zijn)\b", re.IGNORECASE),
}
_PEOPLE = {  # by their pronouns
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("he", "his"), "he"),
    **dict.fromkeys(("er", "sie", "il", "elle", "él", "ella", "lui", "lei", "hij", "zij"), ""),
}


@dataclass(slots=True)
class Flow:
    """What was read so far, and what the last dropped piece takes along.

    Args:
        leaks: whether a piece must go.
        counted: how many items each list had that lost some, and how many it has.
        heir: given a dropped sentence and one that leans on it, that sentence as it may stay by
            itself, or `None` where it cannot.
        goes_whole: whether a sentence means something else without a part of it: "In the second
            row it rains".

    >>> flow = Flow(lambda s: "Osk" in s)
    >>> [flow.sentence(s) for s in ("Osk wrote it.", "She lives in Tavel.", "Rain fell.")]
    ['', '', 'Rain fell.']
    """

    leaks: Leaks
    heir: Heir | None = None
    shorter: bool = False
    counted: list[tuple[int, int]] = field(default_factory=list)
    goes_whole: Leaks | None = None
    _dropped: bool = False
    _sentence: str = ""
    _alone: bool = False
    _kept_subject: str = ""  # "she", where she stands before what was dropped
    _goes_on: str = ""  # the same, of whom what stays goes on behind it
    _words: set[str] = field(default_factory=set)
    _people: set[str] = field(default_factory=set)
    _roles: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)  # telling words of what went, and of what stayed
    _told: set[str] = field(default_factory=set)

    def sentence(self, sentence: str) -> str:
        """What may stay of the sentence that comes next; nothing where it goes."""
        piece = self._what_stays(sentence)
        if piece and self._points(piece):
            piece = trimmed(piece, lambda part: self.leaks(part) or self._points(part))
        if piece and piece is not sentence and self.takes(piece):  # what is left of it leans, too
            piece = ""
        if piece and self.shorter:
            piece = self._recounted(piece) if counts(piece) else self._with_counts(piece)
        if not piece or (piece is sentence and self.takes(sentence)):
            self.drop(sentence)
            return ""
        alone = self._dropped  # what it was joined to is gone
        self.keep(piece)
        if len(piece) < len(sentence):
            self._gone.update(telling_words(sentence))
        self.shorter = self.shorter or len(piece) < len(sentence)
        return unjoined(piece) if alone else piece

    def takes(self, sentence: str) -> bool:
        """Whether a sentence goes because of what went before it."""
        if self._kept_subject and _is_only_of(sentence, self._kept_subject):
            self._goes_on = self._kept_subject  # whoever it speaks of was named in what stays
            return False
        if self._dropped and (
            leans(sentence)
            or concludes(sentence)
            or leans_on_kind(sentence, self._words, self._roles)
            or lacks_subject(sentence)
        ):
            return True
        if self._points(sentence):
            return True
        if self._goes_on and _is_only_of(sentence, self._goes_on):
            return False
        return self._alone and leans_on_person(sentence, self._people)

    def _points(self, piece: str) -> bool:
        return points_at_gone(piece, self._gone, self._told)

    def note_gone(self, piece: str) -> None:
        """Note that a row or a record went, of which a sentence may speak as of something known."""
        self._gone.update(telling_words(piece))

    def begin(self) -> None:
        """Note that what comes next, an item of a list, leans on nothing before it."""
        self._dropped = self._alone = False

    def drop(self, piece: str, *, spoken: bool = True) -> None:
        """Note that a piece went; `spoken` where it is a sentence, and no line of a list."""
        of_kept = spoken and bool(self._people) and not self._dropped
        self._kept_subject = _subject(piece) if of_kept else ""
        self._goes_on = ""
        self._dropped = True
        self._sentence = piece if spoken else ""
        self._roles.update(roles_in(piece))
        self._gone.update(telling_words(piece))
        if piece.strip():
            self._alone = spoken and not names_another(piece, self._people, self.leaks)

    def keep(self, piece: str, *, spoken: bool = True) -> None:
        """Note that a piece stayed."""
        if not piece.strip():
            return
        self._dropped, self._sentence, self._kept_subject = False, "", ""
        if not spoken:
            self._people.update(_CAPITAL.findall(piece))
        self._words.update(re.findall(r"\w+", piece.lower()))
        self._told.update(telling_words(piece))
        self._people.update(w for name in people_in(piece) for w in name.split())
        if self._alone:
            self._alone = spoken and not names_another(piece, self._people, self.leaks)

    def _recounted(self, sentence: str) -> str:
        """A sentence that says of how many a list was, as it is true now; nothing where that
        cannot be said."""
        for before, left in reversed(self.counted[-_LISTS:]):
            new = recounted(sentence, before, left)
            if left > 1 and new != sentence:
                return new
        return ""

    def _with_counts(self, sentence: str) -> str:
        """A sentence that says "of these four" as it is true now."""
        for before, left in reversed(self.counted[-_LISTS:]):
            new = recounted(sentence, before, left) if left > 1 else sentence
            at = next((i for i, (a, b) in enumerate(zip(sentence, new, strict=False)) if a != b), 0)
            if new != sentence and _THESE.search(sentence[: at + 1]):
                return new
        return sentence

    def _what_stays(self, sentence: str) -> str:
        saved = self._saved(sentence)
        if saved is not None and not self.leaks(saved):
            return saved
        if not sentence.strip() or not self.leaks(sentence):
            return sentence
        if self.goes_whole is not None and self.goes_whole(sentence):
            return ""
        return trimmed(sentence, self.leaks) if len(sentence) <= _LONGEST else ""

    def _saved(self, sentence: str) -> str | None:
        """A sentence that leans on somebody else whom the dropped one named, as it may stay."""
        if self.heir is None or not self._dropped or not self._sentence or not leans(sentence):
            return None
        return self.heir(self._sentence, sentence)


def _is_only_of(sentence: str, subject: str) -> bool:
    """Whether a sentence begins with this pronoun, and speaks of nobody by the other one.

    >>> _is_only_of("He sang.", "he"), _is_only_of("He saw that she was tired.", "he")
    (True, False)
    """
    other = _OPPOSITE.get(subject)
    return _subject(sentence) == subject and not (other and other.search(sentence))


def _subject(sentence: str) -> str:
    """The pronoun with which a sentence about somebody begins, perhaps behind a time or a place;
    nothing where it has none.

    >>> _subject("She sang."), _subject("In 1919 she sang."), _subject("In Tavel she sang.")
    ('she', 'she', 'she')
    >>> _subject("After Tor left her, she sang."), _subject("In 1919 she, Edda Tarn, sang.")
    ('', '')
    """
    opened = _OPENED.match(sentence)
    if opened and not _OPENS_PLAINLY.match(opened.group()):
        return ""
    first = _FIRST.match(sentence, opened.end() if opened else 0)
    if first and _NAMED.match(sentence, first.end()):
        return ""
    word = first[1].lower() if first else ""
    return _PEOPLE.get(word, "") or (word if word in _PEOPLE else "")
