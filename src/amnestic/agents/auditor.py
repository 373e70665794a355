"""The auditor: does a draft tell what must be forgotten, in any of its channels?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.own_evidence import only_does_not_know, only_introduces
from amnestic.tools.index import known_words
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Context, Detector, Joint, JointTeller, NameTeller
from amnestic.tools.reading import Segment, segments
from amnestic.types import Assessment, Band, Draft, Finding, Policy, Span, stands_alone

__all__ = ["PIECES_TOLD", "LocalAuditor"]

PIECES_TOLD = 1.0
"""The sticky weight of a target of which a session has been told as many pieces as it may be."""


_HEADING = re.compile(r"#{1,6}[ \t].*|(?:\*\*|__)[^*_\n]+(?:\*\*|__)[ \t]*:?")
_JUST_TALKED_OF = 0.6
_LIKE_ENOUGH = 0.6  # score of likeness alone from which it counts
_SHARED = frozenset(
    "words_best words_any rare_best entities_known entities_best numbers_known described "
    "known_names surname part told uncased exact_facts facts_together attributed".split()
)
_OF_WORDS = frozenset(
    "words_best words_any rare_best entities_known entities_best numbers_known".split()
)
_TRIFLE = 0.1  # of the weight of a sentence's words
_OF_BOTH = frozenset("verifier a_weight a_length a_entities_foreign a_other_names".split())
_LIKELY_IN_COMPANY = 0.375  # half-way from where the uncertain band begins to its middle


class LocalAuditor:
    """The auditor's local engine: the detectors, on every channel of every choice (design.md §5).

    Under `strict` the uncertain band counts as a leak. Under `balanced` a score in it counts when
    it is nearer to the leak threshold, which the detector says by the band's calibrated middle:
    a score of at least one half. A target that asks for `strict` itself gets it. So does one of
    which a session has already been told enough pieces (`PIECES_TOLD`), where what would pass by
    itself would complete the picture, and one that the conversation has just been about: there,
    what is uncertain by itself is likelier to be about it than about anything else.

    Of what was written under a note that its writer knows nothing of the targets (`Context.own`)
    only what is certain counts, and what a part of a target's name likely tells of it: that
    something is told of a target unnamed is far less likely there than in a draft, and what is said
    of its neighbours is what was asked for. `strict` holds there as everywhere.
    """

    def __init__(self, detector: Detector, policy: Policy) -> None:
        self._detector = detector
        self._policy = policy

    async def audit(self, choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Finding, ...]:
        """Every leak of every channel; a tool call is read without the question."""
        return await offload(self._audit, choices, verdict)

    def _audit(self, choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Finding, ...]:
        return tuple(
            _finding(assessment, i, channel)
            for i, draft in enumerate(choices)
            for channel, text in draft.told()
            for assessment in self.leaks(text, *_read_by(channel, verdict))
        )

    def leaks(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """The assessments of one text that count as leaks under the policy.

        In what is left of a draft (`Context.told`) what is uncertain and names nobody counts only
        where a sentence counts by itself, too: the sentences that told of the target are gone, and
        years that stand between the others are near everything. What introduces a list whose items
        are judged themselves does not count, nor does a heading.
        """
        return tuple(
            a
            for a in self._detector.audit(text, question, context)
            if self._counts_in(a, context)
            if not self._only_does_not_know(a, text, question, context)
            if not context.told or self._is_firm(a, text, question, context)
        )

    async def joints(
        self, text: str, ends: Sequence[int], rests: Sequence[str], verdict: VetVerdict
    ) -> Sequence[Joint]:
        """The joints over which something may stand, where the detector can tell at a glance; else
        all of them."""
        if isinstance(teller := self._detector, JointTeller):
            return await offload(teller.joints, text, ends, rests, verdict.context)
        return [Joint(end, rest) for end in ends for rest in rests]

    def names_one(self, text: str, question: str, context: Context) -> bool:
        """Whether it is told at a glance that a text names a target, so that it leaks."""
        teller = self._detector
        return isinstance(teller, NameTeller) and teller.names_one(text, question, context)

    def _is_firm(self, found: Assessment, text: str, question: str, context: Context) -> bool:
        if found.band is Band.LEAK or found.named:
            return True
        if _is_by_question(found) and not self._is_strict(found):
            return False
        asked = f"{context.cue}\n{question}"
        pieces = [piece.of(text).strip() for piece in _pieces_at(text, found.spans)]
        pieces = [p for p in pieces if not (only_introduces(p, asked) or _HEADING.fullmatch(p))]
        return text.strip() in pieces or any(
            a.target_id == found.target_id and self._counts_in(a, context)
            for piece in pieces
            for a in self._detector.audit(piece, question, context)
        )

    def _counts_in(self, found: Assessment, context: Context) -> bool:
        if context.own and not self._is_strict(found):
            return found.band is Band.LEAK or (bool(found.named) and self.counts(found))
        if _in_company(found, context):
            return True
        return self.counts(found) and (not _shares_nothing(found) or self._is_strict(found))

    def _only_does_not_know(
        self, found: Assessment, text: str, question: str, context: Context
    ) -> bool:
        """Whether what speaks of a target unnamed are sentences that say ignorance or ask back and
        nothing else, in which nothing is certain by itself: "I don't know who won in 1998" tells of
        nobody."""
        if found.named or any(e.name == "exact_facts" for e in found.evidence):
            return False
        pieces = [piece.of(text) for piece in _pieces_at(text, found.spans)]
        asked = f"{context.cue}\n{question}"
        if not pieces or not all(only_does_not_know(p, asked) for p in pieces):
            return False
        alone = Context(context.namespace)
        return not any(
            a.target_id == found.target_id and a.band is Band.LEAK
            for piece in pieces
            for a in self._detector.audit(piece, "", alone)
        )

    def assessed(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """What a user's own words ask for and name, whether it counts or not."""
        return self._detector.vet(text, context)

    def known_of(self, target_id: str) -> frozenset[str]:
        """The telling words of what is known of a target."""
        return known_words(self._detector.target(target_id))

    def counts(self, assessment: Assessment) -> bool:
        """Whether an assessment counts as a leak under the policy."""
        if assessment.band is Band.LEAK:
            return True
        if assessment.band is Band.CLEAN:
            return False
        return assessment.score >= 0.5 or self._is_strict(assessment)

    def _is_strict(self, assessment: Assessment) -> bool:
        if self._policy is Policy.STRICT:
            return True
        return self._detector.target(assessment.target_id).policy is Policy.STRICT


def _pieces_at(text: str, spans: Sequence[Span]) -> list[Segment]:
    """The sentences and lines in which spans stand."""
    return [
        piece
        for piece in segments(text)
        if any(piece.start < span.end and span.start < piece.end for span in spans)
        and piece.of(text).strip()
    ]


def _shares_nothing(found: Assessment) -> bool:
    """Whether a text is only like what is known of a target, on the near side of certainty, and has
    no word, name or number in common with it: what is said on all things that are like it."""
    if found.named or found.band is Band.LEAK or found.score >= _LIKE_ENOUGH:
        return False
    shared = {e.name.removeprefix("q_").removeprefix("a_") for e in found.evidence} & _SHARED
    return not shared or (shared <= _OF_WORDS and _shares_a_trifle(found))


def _shares_a_trifle(found: Assessment) -> bool:
    """Whether hardly a word of a sentence, as a number of minutes, stands in what is known of a
    target, and a reader of both says that it does not tell of it."""
    values = {e.name: e.value for e in found.evidence}
    if values.get("verifier", 0.0) >= 0.0:
        return False
    return values.get("words_best", 1.0) < _TRIFLE and values.get("words_any", 1.0) < _TRIFLE


def _is_by_question(found: Assessment) -> bool:
    """Whether all that speaks for a target is what was asked, and that an answer goes with it: its
    question counts for the first draft only."""
    names = {e.name for e in found.evidence} - _OF_BOTH
    return any(n.startswith("q_") for n in names) and not any(
        not n.startswith(("q_", "qa_")) for n in names
    )


def _in_company(assessment: Assessment, context: Context) -> bool:
    weight = context.sticky.get(assessment.target_id, 0.0)
    known = {*context.persona, *context.speakers, *context.nicknames}
    agreed = assessment.target_id in known
    if agreed or weight >= PIECES_TOLD:
        return assessment.band is not Band.CLEAN
    return weight >= _JUST_TALKED_OF and assessment.score >= _LIKELY_IN_COMPANY


def _read_by(channel: str, verdict: VetVerdict) -> tuple[str, Context]:
    """The question that a channel is read as an answer to, and what surrounds it."""
    if stands_alone(channel):
        return "", replace(verdict.context, reply=False)
    return verdict.question, verdict.context


def _finding(assessment: Assessment, choice: int, channel: str) -> Finding:
    return Finding(
        assessment.target_id,
        choice,
        channel,
        assessment.kind,
        assessment.score,
        assessment.spans,
        assessment.evidence,
    )
