"""Which sentences of an answer say something of a subject, and of nobody else.

An answer is cut into sentences and list items; what is torn, asked, offered or said in general is
left out, and so is what the same model says of others as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from amnestic.agents.elicitation.appositions import without_appositions
from amnestic.agents.elicitation.grammar import says_vaguely
from amnestic.agents.elicitation.subjects import Subject
from amnestic.tools.reading import (
    SegmentKind,
    asks_back,
    folded_words,
    is_telling,
    language_of,
    rank,
    rarity,
    says_ignorance,
    segments,
    speaks_of_self,
    stem,
)
from amnestic.types import Draft, TargetKind

__all__ = ["Said", "plain", "said_of_everybody", "statements_in", "telling_words"]

_MAX_CHARS = 400
_MAX_ITEMS = 8  # of one list: a long one of a small model is one line said again and again
_MIN_WORDS = 3
_ENDS = re.compile(r"[.!?…。！？।]['\"”’»)\]*_]*\s*$")
_MARKUP = re.compile(
    r"^\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+|#{1,6}\s+)+|\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)"
)
_NAMED = re.compile(r"(?<![\w'’])[^\W\d_a-zß-öø-ÿ][\w’'-]*")
_OPENS = re.compile(r"(?:^|[.!?:;…]\s+|^\W+)$")
_AFTER_PREPOSITION = re.compile(r"(?<!\w)(?:in|aus|bei|von|nach|für|mit|an|auf) $")
_SAME = 0.7
_SAME_LOOSE = 0.4
_REPEATS = 0.6
_NAMED_KINDS = (TargetKind.PERSON, TargetKind.ORGANISATION, TargetKind.WORK, TargetKind.PLACE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said of somebody in answer to a question."""

    question: str
    text: str
    whole: bool = True

    @classmethod
    def of(cls, question: str, draft: Draft) -> Said:
        """An answer, and whether the model ended it by itself."""
        return cls(question, draft.text, draft.finish_reason not in ("length", "max_tokens"))


def statements_in(said: Said, subject: Subject) -> list[str]:
    """The self-contained statements about `subject` in an answer.

    >>> osk = Subject("Mirela Osk", TargetKind.PERSON)
    >>> text = "Mirela Osk was born in Tavel. In 1998 she won the Halvard medal. She is known for"
    >>> statements_in(Said("Tell me about Mirela Osk.", text), osk)
    ['Mirela Osk was born in Tavel.', 'In 1998 Mirela Osk won the Halvard medal.']
    """
    asked = telling_words(said.question)
    found: list[str] = []
    before = ""
    for piece in _pieces(said):
        stated = None if _is_no_statement(piece) else subject.stated(piece, before)
        own = without_appositions(stated, subject) if stated is not None else ""
        if own and _tells(own, subject, asked):
            found.append(own)
        before = piece
    return found


def _pieces(said: Said) -> list[str]:
    """Whole sentences and list items, without their markup; nothing after an answer goes round."""
    pieces, items, seen = [], 0, set()
    cut = segments(said.text)
    for i, segment in enumerate(cut):
        raw = segment.of(said.text)
        is_item = segment.kind is SegmentKind.LINE
        piece = plain(raw)
        items = items + 1 if is_item else 0
        torn = i == len(cut) - 1 and not said.whole
        if segment.kind is SegmentKind.CODE or items > _MAX_ITEMS or torn:
            continue
        key = frozenset(w for w in telling_words(piece) if not w.isdigit())
        if key in seen or not (is_item or _ENDS.search(piece)):
            continue
        seen.add(key)
        pieces.append(piece)
    return pieces


def plain(piece: str) -> str:
    """A piece of a text without the marks of its form.

    >>> plain("* **Carrie** (1974) ")
    'Carrie (1974)'
    """
    return " ".join(_MARKUP.sub("", piece).split())


def _is_no_statement(piece: str) -> bool:
    words = folded_words(piece)
    told = [word for word in words if is_telling(word)]
    goes_round = len(told) > 5 and len(set(told)) < _REPEATS * len(told)
    unasked = re.sub(r"[\"“«].*?[\"”»]", "", piece)
    return (
        len(words) < _MIN_WORDS
        or len(piece) > _MAX_CHARS
        or goes_round
        or piece.endswith(":")
        or _is_torn(piece)
        or asks_back(piece)
        or says_ignorance(piece)
        or speaks_of_self(unasked)
    )


def _is_torn(piece: str) -> bool:
    """Whether only half of a quotation or an aside stands in a piece."""
    halves = any(piece.count(a) != piece.count(b) for a, b in ("()", "[]"))
    return halves or sum(map(piece.count, '"“”„')) % 2 == 1


def _tells(statement: str, subject: Subject, asked: frozenset[str]) -> bool:
    """Whether a statement says more than was asked, and more than can be said of many: of somebody
    or something with a name it has to tell another name or a number."""
    told = telling_words(statement) - subject.own_stems
    if not told - asked or _is_of_noun(statement, subject):
        return False
    if _particulars(statement, subject):
        return True
    return subject.kind not in _NAMED_KINDS and not says_vaguely(statement)


def _is_of_noun(statement: str, subject: Subject) -> bool:
    """Whether a name with a capital stands in a statement without one alone: a model that does not
    know the project of that name says what a halyard is."""
    names = [word for word in re.findall(r"[^\W\d_]+", subject.name) if word[0].isupper()]
    said = re.findall(r"[^\W\d_]+", statement)
    small = {word.lower() for word in names} & {word for word in said if word.islower()}
    return bool(small) and not set(names) & set(said)


def _particulars(statement: str, subject: Subject) -> frozenset[str]:
    """The names and numbers in a statement that are not the subject's own."""
    rest = re.sub(rf"{re.escape(subject.name)}(?:['’]s|s\b|[’:])?", "", statement).lstrip()
    language = language_of(statement)
    found = {word for word in re.findall(r"\d+", rest) if len(word) > 1}
    previous = -2
    for match in _NAMED.finditer(rest):
        ahead = rest[: match.start()]
        opens = bool(_OPENS.search(ahead))
        said_small = language != "en" or rank(match.group().lower()) is not None
        follows = match.start() - previous <= 1
        previous = match.end()
        is_noun = language == "de" and not (follows or _AFTER_PREPOSITION.search(ahead))
        if is_noun or (opens and said_small):
            continue
        found.update(stem(w) for w in folded_words(match.group()))
    return frozenset(w for w in found - subject.own_stems if is_telling(w) or w.isdigit())


def telling_words(text: str) -> frozenset[str]:
    """The stems of the words of a text that tell what it is about, numbers included.

    >>> sorted(telling_words("She was born in Tavel in 1951."))
    ['1951', 'tavel']
    """
    return frozenset(stem(w) for w in folded_words(text) if is_telling(w) or w.isdigit())


def said_of_everybody(
    statement: str, subject: Subject, others: Sequence[tuple[Subject, Said]]
) -> bool:
    """Whether a model says of others as well what it says of the subject.

    >>> osk = Subject("Mirela Osk", TargetKind.PERSON)
    >>> other = Subject("Edda Tarn", TargetKind.PERSON)
    >>> said = Said("", "Edda Tarn was born in London. She painted The Lantern.")
    >>> said_of_everybody("Mirela Osk was born in London.", osk, [(other, said)])
    True
    >>> said_of_everybody("Mirela Osk painted The Ferry.", osk, [(other, said)])
    False
    """
    told = telling_words(statement) - subject.own_stems
    named = _particulars(statement, subject)
    least = _SAME if named else _SAME_LOOSE
    everything: set[str] = set()
    for sentence in _sentences_of(others):
        everything |= sentence
        if _share(told, sentence) >= least and named <= sentence:
            return True
    return not named and _share(told, everything) >= least


def _sentences_of(others: Iterable[tuple[Subject, Said]]) -> Iterator[frozenset[str]]:
    for other, said in others:
        for segment in segments(said.text):
            yield telling_words(segment.of(said.text)) - other.own_stems


def _share(told: frozenset[str], among: Iterable[str]) -> float:
    """How much of what is told stands among other words, by their weight."""
    whole = sum(map(rarity, told))
    return sum(map(rarity, told.intersection(among))) / whole if whole else 1.0
