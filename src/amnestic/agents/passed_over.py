"""What an answer says to the part of a question whose answer is gone.

Several things are asked at once ("Who wrote A, and who wrote B?"), and what the draft said of one
is gone. A model that never learned it would say that it does not know; one that is too small to be
told so answers the other part alone, and so may a cut. So it is where one question names several
things ("the authors of A and B"), and a list or a table has lost the rows of some (`rows`). Only
what the question itself asks for is spoken of, and by no word of a target.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.contracts import Case
from amnestic.agents.rows import is_machine_read, passes_over_a_row
from amnestic.tools.reading import (
    ASKING,
    Segment,
    SegmentKind,
    asks_apart,
    asks_back,
    language_of,
    question_parts,
    read,
    says_ignorance,
    segments,
    words_in,
)
from amnestic.types import Band, Span

__all__ = ["before", "not_passed_over"]

_TOLD_LANGUAGE = 60  # characters by which the language of an answer is told
_LEAST_PART = 8
_MANY = 8  # parts; a longer list of them is a document, or an exam
_LONG = 20_000  # characters
_JOINT = re.compile(
    rf"(?<=？)(?=.)|(?:[,;]|(?<!\s)(?:\s*[,;])?)\s+(?:and|or|und|oder|et|ou|y|e|o|en|of|i|oraz|och|og|и|или)\s+(?=(?:{ASKING}|about|über|sobre|over|om)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\W*(?:\w+\s+)?(?:{ASKING})\b", re.IGNORECASE)
_BEGINS = re.compile(rf"\W*(?:{ASKING})\b", re.IGNORECASE)
_MARKS = "?？"
_WIDE_STOPS = "。！？"


def not_passed_over(case: Case, answer: str) -> str:
    """`answer`, with a sentence of not knowing for the part of the question that it passes over
    because what the draft said to it is gone; `answer` itself where nothing is passed over, where
    it says already that its speaker does not know, where nobody can tell, and where a program would
    read the sentence.

    The sentence stands first where that part was asked first, and else last.
    """
    question = case.verdict.question
    if case.channel != "answer" or case.schema is not None:
        return answer
    if max(len(question), len(answer), len(case.text)) > _LONG:
        return answer
    if is_machine_read(question, answer) or is_machine_read(question, case.text):
        return answer
    if any(says_ignorance(p) or _asks_for_more(p, case.text) for p in _pieces(answer)):
        return answer
    part = _part_passed_over(case, answer)
    if part is None and not passes_over_a_row(question, case.text, answer):
        return answer
    language = _language(question, f"{case.text}\n{answer}")
    if part is None or not part.is_first or case.kept:
        return _behind(answer, worded_abstention(question, language=language, kind="rest"))
    return before(answer, worded_abstention(part.text, language=language))


def _asks_for_more(piece: str, draft: str) -> bool:
    """Whether a piece of an answer asks back; not as its draft did, which knew the rest ("Let me
    know if you want more.")."""
    return asks_back(piece) and piece.strip() not in draft


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    is_first: bool


def _part_passed_over(case: Case, answer: str) -> _Part | None:
    """The one part of a question of several that an answer says nothing to."""
    question = case.verdict.question
    asked = list(_asked(question))
    if not 1 < len(asked) <= _MANY or _leans(question, asked):
        return None
    part = _Talk(case, asked).passed_over(answer)
    if part is None:
        return None
    return _Part(question[part.start : part.end], part.start == asked[0].start)


def _asked(question: str) -> Iterator[Span]:
    """The parts of a question of which each asks for something. Who writes question marks writes
    one behind each: what stands without is told, not asked ("I live where she lives.")."""
    ends = [piece.end for piece in segments(question)] if _has_mark(question) else []
    for part in question_parts(question):
        begin = part.start
        at = bisect_left(ends, part.end)
        sentence = question[begin : ends[at] if at < len(ends) else part.end]
        told = _BEGINS.match(sentence) or not asks_apart(sentence)
        if ends and told and not _has_mark(sentence):
            continue
        for joint in _JOINT.finditer(question, part.start, part.end):
            text = question[begin : joint.start()]
            if len(text) >= _LEAST_PART:
                if _asks(text):
                    yield Span(begin, joint.start())
                begin = joint.end()
        text = question[begin : part.end]
        if _asks(text):
            yield Span(begin, part.end)


def _asks(text: str) -> bool:
    return _has_mark(text) or bool(_ASKS.match(text)) or asks_apart(text)


def _has_mark(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def _leans(question: str, asked: Sequence[Span]) -> bool:
    """Whether a part of the question leans on another one ("and where was she born?")."""
    texts = [question[part.start : part.end] for part in asked]
    return any("?" in text and not asks_apart(text) for text in texts)


def _pieces(text: str) -> list[str]:
    return [piece.of(text) for piece in segments(text) if piece.of(text).strip()]


class _Talk:
    """A question in parts, and the draft that answers them."""

    def __init__(self, case: Case, asked: Sequence[Span]) -> None:
        self.case, self.asked = case, asked
        texts = (case.verdict.question[part.start : part.end] for part in asked)
        self._words = [words_in(read(text)).weights for text in texts]

    def passed_over(self, answer: str) -> Span | None:
        """The one part whose answer is gone from the draft, and to which `answer` says nothing."""
        owners = self._owners(self.case.text)
        gone = {owner for piece, owner in owners if self._leaks(piece)} | self._asked_for()
        clean = [(p.of(self.case.text).strip(), i) for p, i in owners if not self._leaks(p)]
        gone -= {owner for text, owner in clean if text in answer}
        left = [owner for owner in gone if owner is not None]
        if len(left) != 1:
            return None
        (part,) = left
        told = _names("\n".join(p.of(self.case.text) for p, i in owners if i == part))
        others = "\n".join(text for text, i in clean if i != part)
        if _names(answer) & (told - _names(f"{self.case.verdict.question}\n{others}")):
            return None  # what the draft named of it is named
        of_others = [said for said in clean if said[1] != part]
        return self.asked[part] if self._tells_of_others(answer, part, of_others) else None

    def _tells_of_others(
        self, answer: str, gone: int, clean: Sequence[tuple[str, int | None]]
    ) -> bool:
        """Whether each piece of an answer has to do with other parts of the question alone: by
        their words, or by the names and numbers of what the draft said to them."""
        others = {word for i, held in enumerate(self._words) if i != gone for word in held}
        own, names = self._words[gone].keys() - others, _names("\n".join(text for text, _ in clean))
        told_of_it = (own & words_in(read(piece)).weights.keys() for piece in _pieces(answer))
        if not own or any(told_of_it):
            return False
        answers = False
        for piece, owner in self._told(answer):
            text = piece.of(answer).strip()
            stands = [of for said, of in clean if text in said]
            tells = (
                owner is not None
                or bool(_names(text) & names)
                or any(of is not None for of in stands)
            )
            if not (tells or stands):
                return False
            answers = answers or tells
        return answers

    def _owners(self, text: str) -> list[tuple[Segment, int | None]]:
        """Each piece of the draft with the part that it answers: by its words, by its place where
        there is one for each, or with the piece before it."""
        told, last = list(self._told(text)), None
        if len(told) == len(self.asked) and all(owner in (None, i) for i, (_, owner) in
                                                enumerate(told)):  # fmt: skip
            return [(piece, i) for i, (piece, _) in enumerate(told)]
        owners: list[tuple[Segment, int | None]] = []
        for piece, owner in told:
            last = last if owner is None else owner
            owners.append((piece, last))
        return owners

    def _told(self, text: str) -> Iterator[tuple[Segment, int | None]]:
        """The pieces of a text, each with the part with which alone it shares most words."""
        for piece in segments(text):
            if not piece.of(text).strip():
                continue
            held = words_in(read(piece.of(text))).weights.keys()
            shared = [sum(w for word, w in own.items() if word in held) for own in self._words]
            most = max(shared)
            yield piece, shared.index(most) if most and shared.count(most) == 1 else None

    def _leaks(self, piece: Segment) -> bool:
        spans = (span for finding in self.case.findings for span in finding.spans)
        return any(piece.start < span.end and span.start < piece.end for span in spans)

    def _asked_for(self) -> set[int]:
        """The parts that ask for a target."""
        near = [
            (part.span.start + span.start, part.span.start + span.end)
            for part in self.case.verdict.parts
            for found in part.assessments
            if found.named or found.band is Band.LEAK
            for span in found.named or found.spans
        ]
        parts = enumerate(self.asked)
        return {i for i, p in parts if any(a < p.end and p.start < b for a, b in near)}


def _names(text: str) -> frozenset[str]:
    words = words_in(read(text))
    return words.entities | words.numbers


def _language(question: str, reply: str) -> str:
    told = language_of(reply) if len(reply) >= _TOLD_LANGUAGE else "en"
    return told if told != "en" else language_of(question)


def before(answer: str, said: str) -> str:
    """An answer with a sentence before it, in a paragraph of its own where the answer has such.

    >>> before("It rains.", "I don't know."), before("- one\\n- two", "No.")
    ("I don't know. It rains.", 'No.\\n\\n- one\\n- two')
    """
    first = segments(answer)[0]
    alone = "\n\n" in answer.strip() or first.kind is not SegmentKind.SENTENCE
    return f"{said}{_gap(alone, said)}{answer.lstrip()}"


def _behind(answer: str, said: str) -> str:
    told = answer.rstrip()
    last = segments(told)[-1]
    alone = "\n\n" in told or last.kind is not SegmentKind.SENTENCE or _is_line(told)
    return f"{told}{_gap(alone, told)}{said}{answer[len(told) :]}"


def _is_line(text: str) -> bool:
    """Whether a text of several lines ends with one that no sentence ends."""
    return "\n" in text and text[-1:].isalnum()


def _gap(alone: bool, before: str) -> str:
    return "\n\n" if alone else "" if before[-1:] in _WIDE_STOPS else " "
