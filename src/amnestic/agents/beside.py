"""What is left of a draft is read beside what the draft named outright (design.md §5, rewrite)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.own_evidence import masked
from amnestic.tools.detection import is_by_place
from amnestic.tools.protocols import Drafts, Told
from amnestic.tools.reading import folded_words, phrasing_of, read, segments, words_in
from amnestic.types import Draft, Finding, LeakKind, stands_alone

__all__ = ["beside"]

_PARTS = frozenset(f"{of}{part}" for of in ("", "a_") for part in ("told", "surname", "part"))
_OFTEN = 2  # sentences of a draft from which on a word is what the draft is about


def beside(
    verdict: VetVerdict, findings: Sequence[Finding], choices: Sequence[Draft]
) -> VetVerdict:
    """The verdict that what is left of drafts is read under: what they name, in full or by a part
    of the name that counts, may be told of in sentences that name nobody, by words that the drafts
    do not have all over."""
    told = frozenset(f.target_id for f in findings if _names_it(f))
    drafts = _drafts(choices, verdict, told | {f.target_id for f in findings if is_by_place(f)})
    if not told:
        of_drafts = drafts if drafts.targets else verdict.context.drafts
        return replace(verdict, context=replace(verdict.context, drafts=of_drafts, cut={}))
    common = frozenset().union(*(_common(d.text, i, findings) for i, d in enumerate(choices)))
    company = verdict.context.company | told
    asked = {a.target_id for part in verdict.parts for a in part.assessments if a.named}
    about_others = all(
        _is_about(draft.text, verdict.question, [f for f in findings if f.choice == i])
        for i, draft in enumerate(choices)
    )
    aside = told - asked - verdict.context.sticky.keys() if about_others else frozenset()
    context = replace(
        verdict.context,
        told=told,
        aside=aside,
        company=company,
        common=common,
        drafts=drafts,
        cut={},
    )
    return replace(verdict, context=context)


def _names_it(found: Finding) -> bool:
    """Whether a target is named where it was found; by a part of its name among the names of
    others it may be one of them."""
    if found.kind is LeakKind.INDIRECT:
        return any(e.name in _PARTS and e.value for e in found.evidence)
    return found.kind is LeakKind.DIRECT


def _drafts(choices: Sequence[Draft], verdict: VetVerdict, targets: frozenset[str]) -> Drafts:
    """The drafts, each text with the question that its audit reads it with; without what is no
    reply."""
    asked = masked(verdict).question if verdict.mask and verdict.beyond else verdict.question
    texts = (
        Told(text, asked)
        for draft in choices
        for channel, text in draft.channels()
        if not stands_alone(channel)
    )
    return Drafts(tuple(texts), targets)


def _is_about(text: str, question: str, findings: Sequence[Finding]) -> bool:
    """Whether an answer opens with somebody whom its question names in several words, and with
    nothing that was found: what names nobody is about them."""
    reading = read(question)
    asked = phrasing_of(reading.tokens, reading.views[0].folded.text).runs
    opening = next((piece for piece in segments(text) if piece.of(text).strip()), None)
    if opening is None or any(
        opening.start < span.end and span.start < opening.end
        for finding in findings
        for span in finding.spans
    ):
        return False
    words = set(folded_words(opening.of(text)))
    return any(len(run) > 1 and words.issuperset(run) for run in asked)


def _common(text: str, choice: int, findings: Sequence[Finding]) -> frozenset[str]:
    """The telling words of several sentences of a draft in which nothing was found."""
    spans = [s for f in findings if f.choice == choice for s in f.spans]
    counted = Counter[str]()
    for piece in segments(text):
        if not any(piece.start < s.end and s.start < piece.end for s in spans):
            counted.update(words_in(read(piece.of(text))).weights.keys())
    return frozenset(word for word, count in counted.items() if count >= _OFTEN)
