"""The vetter: what does this conversation ask for?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from amnestic.agents.contracts import PartVerdict, Vet, VetVerdict
from amnestic.agents.history import DECAY, read_history
from amnestic.agents.masking import mask_of
from amnestic.agents.pasted import apart_from_statements, own_words
from amnestic.agents.sealed import any_sealed
from amnestic.tools.names import asks_beyond, others_beside
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Context, Detector
from amnestic.tools.reading import asks_apart, question_parts, separate_requests
from amnestic.types import Assessment, Band, Conversation, LeakKind, Message, Span

__all__ = ["LocalVetter", "route_of"]

_ADDS = re.compile(r"\s*and\s+", re.IGNORECASE)
_CUE_TURNS = 2
_CUE_CHARS = 600
_SAID_CHARS = 4_000


class LocalVetter:
    """The vetter's local engine: detectors over every message, no model call (design.md §4).

    Targets of earlier turns stay with the conversation (`read_history`). One of a document that
    was pasted beside the question is company for the question only: the document is scrubbed, and
    an answer cannot speak of what the model has not seen. The detector keeps its
    verdicts by text, so that a long history costs one new message a turn.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    async def vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        """Judge a conversation by its last user turn and by everything before it."""
        return await offload(self._vet, conversation, namespace)

    def _vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        last = _last_user(conversation)
        before = read_history(self._detector, conversation, last, namespace)
        sticky, named = before.sticky, before.named
        text = conversation[last].text if last is not None else ""
        alone = self._vetted(text, Context(namespace))
        question = self._apart(self._asked(text, namespace), namespace) if alone else text
        if question != text:
            sticky = {**sticky, **{a.target_id: a.score * DECAY for a in alone}}
            named |= {a.target_id for a in alone if a.kind is LeakKind.DIRECT}
        cue = _cue(conversation, last)
        context = Context(
            namespace, before.sticky, cue, before.persona, before.speakers, before.nicknames
        )
        is_judged = question == text and context == Context(namespace)  # nothing is around it
        whole = alone if is_judged else self._vetted(question, context)
        around = replace(context, sticky=sticky)
        asked = whole if question == text else self._vetted(question, around)
        parts = self._judge_parts(question, asked, around)
        route = route_of(parts, sticky, before.tainted, question)
        if route is Vet.CLEAR and question != text:
            route = Vet.SUSPECT
        places = [span for a in whole for span in a.named or a.spans]
        is_far = route is Vet.CLEAR and not whole and not any(part.assessments for part in parts)
        beyond = not is_far and (asks_beyond(question, places) or _asks_else(question, parts))
        if route is Vet.DIRECT and beyond:
            route = Vet.SUSPECT
        company = frozenset(
            a.target_id for found in (whole, *(p.assessments for p in parts)) for a in found
        )
        return VetVerdict(
            route,
            question,
            parts,
            replace(context, company=company, named=named, reply=True),
            before.tainted,
            said=_said(conversation[:last], before.tainted),
            mask=mask_of(question, whole),
            beyond=beyond,
            sealed=any_sealed(self._detector, (*company, *sticky)),
        )

    def _vetted(self, question: str, context: Context) -> tuple[Assessment, ...]:
        return self._detector.vet(question, context) if question.strip() else ()

    def _asked(self, text: str, namespace: str) -> str:
        """The user's own words of a text that is near a target, without pasted documents that will
        be scrubbed."""
        context = Context(namespace)
        return own_words(text, lambda piece: bool(self._detector.audit(piece, "", context)))

    def _apart(self, question: str, namespace: str) -> str:
        """What is asked, without statements about a target with which it has nothing to do."""
        context = Context(namespace)
        if not self._vetted(question, context):
            return question
        return apart_from_statements(question, lambda p: bool(self._detector.vet(p, context)))

    def _judge_parts(
        self, question: str, whole: tuple[Assessment, ...], context: Context
    ) -> tuple[PartVerdict, ...]:
        """The parts of a question of which `whole` was found in a context."""
        if not question.strip():
            return ()
        spans = question_parts(question) if whole else ()
        if len(spans) < 2:
            return (PartVerdict(Span(0, len(question)), whole), *_parts_of_others(question, whole))
        parts = tuple(self._each_part(question, _led_in(question, spans), context))
        if any(part.assessments for part in parts):
            return parts
        return (PartVerdict(Span(0, len(question)), whole),)

    def _each_part(
        self, question: str, spans: Sequence[Span], context: Context
    ) -> Iterator[PartVerdict]:
        """Judge parts in order: a later one may lean on the target of an earlier one."""
        for span in spans:
            found = self._detector.vet(question[span.start : span.end], context)
            yield PartVerdict(span, found)
            company = {a.target_id: a.score for a in found if a.score > 0.5}
            context = replace(context, sticky={**context.sticky, **company})


def _led_in(question: str, spans: Sequence[Span]) -> list[Span]:
    """The parts of a question, without the "and" that only adds one which leans on nothing before
    it: "Who is she? And what is a noun?" A detector takes what begins so for the rest of a talk."""
    if not separate_requests(question):
        return [*spans]
    texts = [question[span.start : span.end] for span in spans]
    leads = [_ADDS.match(text) for text in texts]
    return [
        Span(span.start + (lead.end() if lead else 0), span.end)
        for span, lead in zip(spans, leads, strict=True)
    ]


def _asks_else(question: str, parts: Sequence[PartVerdict]) -> bool:
    """Whether one of several parts asks for something by itself that is near no target."""
    rest = (question[p.span.start : p.span.end] for p in parts if not p.assessments)
    return len(parts) > 1 and any(map(asks_apart, rest))


def _parts_of_others(question: str, whole: Sequence[Assessment]) -> Iterator[PartVerdict]:
    """What a comparison asks of somebody else, which deserves an answer."""
    names = [s for a in whole if a.kind is LeakKind.DIRECT for s in a.spans]
    for other in others_beside(question, names):
        begin = question.index(other)
        yield PartVerdict(Span(begin, begin + len(other)), ())


def _last_user(conversation: Conversation) -> int | None:
    for i in range(len(conversation) - 1, -1, -1):
        if conversation[i].role == "user":
            return i
    return None


def _said(before: Sequence[Message], tainted: Collection[int]) -> str:
    """What was said before the last question, without what an answer told of a target."""
    told = (
        m.text
        for i, m in enumerate(before)
        if m.role == "user" or (m.role == "assistant" and i not in tainted)
    )
    return "\n".join(told)[-_SAID_CHARS:]


def _cue(conversation: Conversation, last: int | None) -> str:
    before = [m.text for m in conversation[:last] if m.role in ("user", "assistant")]
    return "\n".join(before[-_CUE_TURNS:])[-_CUE_CHARS:]


def route_of(
    parts: tuple[PartVerdict, ...],
    sticky: Mapping[str, float],
    tainted: tuple[int, ...],
    question: str,
) -> Vet:
    """Direct when every part asks for a target for certain, suspect when anything does perhaps, as
    one word in small letters does, which may be a noun: its answer shows that."""
    told = [(p.assessments, question[p.span.start : p.span.end]) for p in parts]
    if told and all(_is_certain(found, text) for found, text in told):
        return Vet.DIRECT
    if tainted or sticky or any(p.assessments for p in parts):
        return Vet.SUSPECT
    return Vet.CLEAR


def _is_certain(assessments: tuple[Assessment, ...], text: str) -> bool:
    return any(a.band is Band.LEAK and not _may_be_noun(a, text) for a in assessments)


def _may_be_noun(assessment: Assessment, text: str) -> bool:
    names = [text[span.start : span.end] for span in assessment.named]
    return bool(names) and all(name.isalpha() and name.islower() for name in names)
