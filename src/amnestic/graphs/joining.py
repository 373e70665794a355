"""Answers that go on from something, and calls that are made together, joined before they are
judged.

An answer may be cut in the middle of a name, by a limit or a stop word, and its rest asked for in
the next turn; or a caller begins the answer, and the model ends it. Neither piece tells anything by
itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.roles import Auditor
from amnestic.graphs import checks
from amnestic.models.values import strings_in
from amnestic.types import Conversation, Draft, Finding, LeakKind, Span

__all__ = ["beginnings", "joined_findings"]

_REACH = 100  # characters on each side of the joint
_ENDS = ".?!…。？！:"


def beginnings(conversation: Conversation) -> tuple[str, ...]:
    """What an answer to a conversation may go on from: the ends of what was said last, by the model
    itself and by anybody, where that is no whole sentence.

    >>> from amnestic.types import Message
    >>> beginnings((Message.of("user", "Who?"), Message.of("assistant", "It was Ad")))
    ('It was Ad',)
    >>> beginnings((Message.of("user", "Who was it?"),))
    ()
    """
    found = []
    for role in ("assistant", "user"):
        last = next((m.text for m in reversed(conversation) if m.role == role), "")
        if last.strip() and (role == "assistant" or last.rstrip()[-1] not in _ENDS):
            found.append(last[-_REACH:])
    return tuple(dict.fromkeys(found))


async def joined_findings(
    auditor: Auditor, choices: Sequence[Draft], verdict: VetVerdict
) -> tuple[Finding, ...]:
    """What an answer and what it goes on from tell together, over their joint; the places are those
    in the answer. Only names and exact facts count there, so that what shares no telling word with
    a target need not be looked at for its meaning."""
    found: dict[Finding, None] = {}
    alone = replace(verdict, question="")
    over = replace(alone, context=replace(verdict.context, bulk=True))
    for i, draft in enumerate(choices):
        head = draft.text[:_REACH]
        for begun in verdict.begun if head.strip() else ():
            for joined, at in _joined(begun, head):
                answer = await auditor.audit((Draft(text=joined),), over)
                found |= dict.fromkeys(_beyond(checks.findings(answer), i, len(begun), at))
        found |= dict.fromkeys(await _called_together(auditor, draft, i, alone))
    return tuple(found)


async def _called_together(
    auditor: Auditor, draft: Draft, choice: int, alone: VetVerdict
) -> Sequence[Finding]:
    """What the arguments of several calls tell together and none by itself: a name in halves."""
    if len(draft.tool_calls) < 2:
        return ()
    pieces = [_said(call.arguments) for call in draft.tool_calls]
    for whole in dict.fromkeys((" ".join(pieces), "".join(pieces))):
        found = checks.findings(await auditor.audit((Draft(text=whole),), alone))
        apart = [Draft(text=piece) for piece in pieces]
        if found and not checks.findings(await auditor.audit(apart, alone)):
            return [
                replace(found[0], choice=choice, channel=f"tool_call:{i}", spans=())
                for i in range(len(pieces))
            ]
    return ()


def _said(arguments: str) -> str:
    """The texts in a call's arguments.

    >>> _said('{"a": "Ada", "b": 1}'), _said("Ada")
    ('Ada', 'Ada')
    """
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    return " ".join(strings_in([value]))


def _joined(begun: str, head: str) -> Iterator[tuple[str, int]]:
    """Both in one text, and where the second begins in it."""
    yield begun + head, len(begun)
    if not (begun[-1].isspace() or head[0].isspace()):
        yield f"{begun} {head}", len(begun) + 1


def _beyond(found: Sequence[Finding], choice: int, end: int, at: int) -> Iterator[Finding]:
    """The names and exact facts that stand over the joint, so that neither piece has them by
    itself. What only means a target does not count: the end of a question is near what it asks for,
    whatever the answer begins with."""
    for finding in (one for one in found if _is_exact(one)):
        over = [s for s in finding.spans if s.start < end and s.end > at]
        if over:
            spans = tuple(Span(0, span.end - at) for span in over)
            yield replace(finding, choice=choice, spans=spans)


def _is_exact(finding: Finding) -> bool:
    """Whether it is a name, an identifier or an exact fact that was found, letter by letter."""
    return finding.kind is LeakKind.DIRECT or any(e.name == "exact_facts" for e in finding.evidence)
