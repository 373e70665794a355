"""What must hold of a mended answer, whoever wrote it (design.md §5, criticise).

Each check is deterministic and says in one fixed sentence what is wrong, or nothing. The sentences
hold no word of an answer: they go into receipts, and to the writer who tries again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from amnestic.agents.contracts import Case, Vet
from amnestic.agents.leads import ends_with_lead
from amnestic.tools.documents import is_data, is_json, keeps_form, keeps_forms
from amnestic.tools.prose import goes_in_circles, leans, miscounts, points_at_one_of_two
from amnestic.tools.reading import (
    Segment,
    SegmentKind,
    asks_back,
    language_of,
    says_ignorance,
    segments,
)

__all__ = ["ANEW", "broken"]

_TOLD_LANGUAGE = 60  # characters by which the language of an answer is told
_HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]+\S[^\n]*$", re.MULTILINE)
_NUMBERED = re.compile(r"^(?P<indent>[ \t]*)(?P<number>\d{1,3})[.)][ \t]+\S", re.MULTILINE)
_WITHHELD = re.compile(
    r"\[(?:redacted|removed|omitted|withheld|deleted|…|\.\.\.)\]|█|▇"
    r"|\b(?:have|has|had|was|were|been|is|are) (?:been )?(?:redacted|withheld|left out"
    r" on purpose)\b"
    r"|\bnot (?:allowed|permitted) to (?:talk|speak|tell|say|mention|discuss|share|name|reveal)\b"
    r"|\b(?:as|like) (?:i was )?(?:told|instructed|asked) (?:not to|to forget|to omit)\b"
    r"|\b(?:not |un)known to you\b|\byou(?: ha|')ve never heard\b"
    r"|\bunder (?:this|the) note\b|\bmy (?:instructions|guidelines) (?:say|tell|forbid|prevent)",
    re.IGNORECASE,
)
_MANY_CLEAN = 3
_MOST = 0.75
_LEAST_WORDS = 4
_ALIKE = 0.5  # of the words of two openings together
_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w'’-]+(?:\s+[^\W\d_a-zß-ÿ][\w'’-]+)+")

Check = Callable[[str, Case], bool]


def broken(candidate: str, case: Case, checks: Sequence[tuple[str, Check]]) -> str:
    """The first thing that does not hold of a candidate; empty where all does."""
    return next((said for said, fails in checks if fails(candidate, case)), "")


def _another_language(candidate: str, case: Case) -> bool:
    if min(len(candidate), len(case.text)) < _TOLD_LANGUAGE or is_data(case.text):
        return False
    return language_of(candidate) != language_of(case.text)


def _lost_form(candidate: str, case: Case) -> bool:
    if is_json(case.text) and case.schema is None:
        return candidate.strip()[:1] != case.text.strip()[:1] or not is_json(candidate)
    if is_json(case.text):
        return not keeps_form(candidate, case.text, case.schema)
    return not keeps_forms(candidate, case.text)


def _same_again(candidate: str, case: Case) -> bool:
    return candidate.strip() == case.text.strip()


def _says_withheld(candidate: str, case: Case) -> bool:
    return bool(_WITHHELD.search(candidate)) and not _WITHHELD.search(case.text)


def _in_circles(candidate: str, case: Case) -> bool:
    return goes_in_circles(candidate) and not goes_in_circles(case.text)


def _declines_all(candidate: str, case: Case) -> bool:
    """Whether nothing is answered although most of the draft could stay, and somebody or something
    else than a target was asked for. Who says so a second time is believed: what the detectors did
    not find in the draft may tell of the target all the same."""
    if case.reasons or (case.verdict.vet is not Vet.CLEAR and not case.verdict.beyond):
        return False
    told = [p for p in _sentences(candidate) if not (says_ignorance(p) or asks_back(p))]
    clean = list(_clean(case))
    return not told and len(clean) >= max(_MANY_CLEAN, _MOST * len(_sentences(case.text)))


def _bad_numbers(candidate: str, case: Case) -> bool:
    return _jumps(candidate) and not _jumps(case.text)


def _bad_counts(candidate: str, case: Case) -> bool:
    told = candidate.removeprefix(case.kept)  # a count that is out already cannot be changed
    return miscounts(told) and not miscounts(case.text)


def _empty_heading(candidate: str, case: Case) -> bool:
    return _has_empty_heading(candidate) and not _has_empty_heading(case.text)


def _leads_nowhere(candidate: str, case: Case) -> bool:
    return ends_with_lead(candidate) and not ends_with_lead(case.text)


def _orphan(candidate: str, case: Case) -> bool:
    if points_at_one_of_two(candidate) and not points_at_one_of_two(case.text):
        return True
    opening, first = _opening(candidate), _opening(case.text)
    points_ahead = opening.rstrip().endswith(":")
    return bool(opening) and not points_ahead and leans(opening) and not leans(first)


def _lost_beginning(candidate: str, case: Case) -> bool:
    return not candidate.startswith(case.kept)


def _begins_again(candidate: str, case: Case) -> bool:
    """Whether what comes behind the beginning that is out is that beginning once more."""
    if not case.kept.strip():
        return False
    first, rest = _sentences(case.kept)[:1], _sentences(candidate.removeprefix(case.kept))[:1]
    said, more = ({w.lower() for w in re.findall(r"\w+", "".join(p))} for p in (first, rest))
    return len(said) >= _LEAST_WORDS and len(said & more) >= _ALIKE * len(said | more)


def _silent_on_others(candidate: str, case: Case) -> bool:
    """Whether somebody else whom the question asks for, and the draft told of, is passed over."""
    question = case.verdict.mask.applied(case.verdict.question)
    masked = set(case.verdict.mask.names.values())
    asked = {m.group() for m in _NAME.finditer(question)} - masked
    return any(name in case.text and name.split()[-1] not in candidate for name in asked)


ANEW: tuple[tuple[str, Check], ...] = (
    ("it says again what the draft said", _same_again),
    ("it does not go on from what has been said", _lost_beginning),
    ("it begins again what has been said", _begins_again),
    ("it is in another language", _another_language),
    ("it has lost the form that was asked for", _lost_form),
    ("it says that something is withheld", _says_withheld),
    ("it goes round in circles", _in_circles),
    ("it declines what could be answered", _declines_all),
    ("it passes over somebody else who was asked for", _silent_on_others),
    ("its numbering jumps", _bad_numbers),
    ("its counts do not match its lists", _bad_counts),
    ("a heading in it is empty", _empty_heading),
    ("it leads to something that does not come", _leads_nowhere),
    ("something in it points at nothing", _orphan),
)
"""What must hold of an answer that was written anew, with what is said where it does not."""


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────


def _sentences(text: str) -> list[str]:
    return [piece.of(text) for piece in segments(text) if piece.of(text).strip()]


def _clean(case: Case) -> Iterator[str]:
    """The sentences and lines of the draft in which nothing was found."""
    spans = [span for finding in case.findings for span in finding.spans]
    for piece in segments(case.text):
        if piece.of(case.text).strip() and not any(_meets(piece, s.start, s.end) for s in spans):
            yield piece.of(case.text)


def _meets(piece: Segment, start: int, end: int) -> bool:
    return piece.start < end and start < piece.end


def _opening(text: str) -> str:
    first = next((p for p in segments(text) if p.of(text).strip()), None)
    return first.of(text) if first is not None and first.kind is SegmentKind.SENTENCE else ""


def _jumps(text: str) -> bool:
    """Whether a numbered list goes on with another number than the next."""
    last: dict[str, tuple[int, int]] = {}
    for match in _NUMBERED.finditer(text):
        indent, number = match["indent"], int(match["number"])
        before, at = last.get(indent, (0, -1))
        blank = text.count("\n\n", at, match.start()) if at >= 0 else 2
        if before and blank < 2 and number not in (before + 1, 1, before):
            return True
        last[indent] = (number, match.end())
    return False


def _has_empty_heading(text: str) -> bool:
    """Whether a heading is followed by one that is no deeper, or by nothing."""
    found = list(_HEADING.finditer(text))
    for i, match in enumerate(found):
        following = found[i + 1] if i + 1 < len(found) else None
        between = text[match.end() : following.start() if following else len(text)]
        deeper = following is not None and len(following["level"]) > len(match["level"])
        if not between.strip(" \t\r\n-*_") and not deeper:
            return True
    return False
