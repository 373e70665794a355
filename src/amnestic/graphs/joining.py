"""Answers that go on from something, and calls that are made together, joined before they are
judged.

An answer may be cut in the middle of a name, by a limit or a stop word, and its rest asked for in
the next turn; or a caller begins the answer, and the model ends it. Neither piece tells anything by
itself.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.roles import Auditor, JointReader
from amnestic.graphs import checks
from amnestic.models.values import strings_in
from amnestic.tools.protocols import JOINT_REACH, Joint
from amnestic.types import Conversation, Draft, Finding, LeakKind, Span

__all__ = ["beginnings", "endings", "joined_findings", "thoughts"]

_REACH = JOINT_REACH
_PIECE = 24  # characters of an answer that may be no more than a piece of a word
_MOST_WORDS = 30  # of a question that are tried in front of one
_WORD_END = re.compile(r"(?<=\w)(?!\w)")
_ENDS = ".?!。？！:"
_WHOLE = "?!。？！:)"  # marks at an end that are more than a sign that it goes on
_OPEN_HEAD = re.compile(r"^\s*(?:[^\w\s]|_)+\s*(?=[^\W_])")


class _Joined(NamedTuple):
    """Two texts in one: where the second begins, and how much of its own beginning is left out."""

    text: str
    at: int
    skipped: int


def beginnings(conversation: Conversation) -> tuple[str, ...]:
    """What an answer to a conversation may go on from: the ends of what was said last, by the model
    itself and by anybody else, where that is no whole sentence, and of what the model has said turn
    by turn. Marks that only show that something is left open are no part of it.

    >>> from amnestic.types import Message
    >>> beginnings((Message.of("user", "Who?"), Message.of("assistant", "It was Ad")))
    ('It was Ad',)
    >>> beginnings((Message.of("user", "Who was it?"),))
    ()
    >>> beginnings((Message.of("user", "Complete: It was Ad..."),))
    ('Complete: It was Ad...', 'Complete: It was Ad')
    """
    own = [m.text for m in conversation if m.role == "assistant" and m.text.strip()]
    found = own[-1:]
    if own and len(own[-1]) < _REACH:
        found.append("".join(text[-_REACH:] for text in own[-_REACH:]))
    last = {m.role: m.text for m in conversation if m.role != "assistant" and m.text.strip()}
    found += filter(_is_open, last.values())
    ends = [text[-_REACH:] for text in found]
    return tuple(dict.fromkeys((*ends, *filter(None, map(_without_marks, ends)))))


def endings(conversation: Conversation) -> tuple[str, ...]:
    """What an answer to a conversation may lead to: the beginning of what an instruction behind the
    last question says, as the suffix of a completion is.

    >>> from amnestic.types import Message
    >>> endings((Message.of("user", "It was Ad"), Message.of("system", "a Venn.")))
    ('a Venn.',)
    """
    behind = itertools.takewhile(lambda m: m.role == "system", reversed(conversation))
    return tuple(m.text[:_REACH] for m in behind if m.text.strip()) if len(conversation) > 1 else ()


def thoughts(reasoning: str) -> tuple[str, ...]:
    """What an answer goes on from where its model thought aloud before: the end of that, where it
    is no whole sentence.

    >>> thoughts("It may be Ad"), thoughts("It may be Ada.")
    (('It may be Ad',), ())
    """
    return (reasoning[-_REACH:],) if reasoning.strip() and _is_open(reasoning) else ()


def _is_open(text: str) -> bool:
    """Whether a text ends within a sentence, or with marks which show that it goes on."""
    return text.rstrip()[-1] not in _ENDS or _without_marks(text) != text


def _without_marks(text: str) -> str:
    """A text without the marks at its end that show that it goes on: dots, quotes, a blank.

    >>> [_without_marks(text) for text in ("Ad…", '"Ad"', "Ad ___", "It is Ad.", "Is it Ad?")]
    ['Ad', '"Ad', 'Ad', 'It is Ad.', 'Is it Ad?']
    """
    end = len(text)
    while end and not text[end - 1].isalnum() and text[end - 1] not in _WHOLE:
        end -= 1
    return text if text[end:].strip() in ("", ".") else text[:end]


async def joined_findings(
    auditor: Auditor,
    choices: Sequence[Draft],
    verdict: VetVerdict,
    leaking: Collection[int] = (),
) -> tuple[Finding, ...]:
    """What an answer and what it goes on from tell together, over their joint; the places are those
    in the answer. Only names and exact facts count there, so that what shares no telling word with
    a target need not be looked at for its meaning. A short answer that is `leaking` by itself, by
    the number of its choice, does not stay, and is not read with the words of its question."""
    found: dict[Finding, None] = {}
    alone = replace(verdict, question="")
    over = replace(alone, context=replace(verdict.context, bulk=True))
    for i, draft in enumerate(choices):
        joined = await _over_joints(auditor, draft, verdict, over, within=i not in leaking)
        found |= dict.fromkeys(replace(one, choice=i) for one in joined)
        found |= dict.fromkeys(await _called_together(auditor, draft, i, alone))
    return tuple(found)


async def _over_joints(
    auditor: Auditor, draft: Draft, verdict: VetVerdict, over: VetVerdict, *, within: bool
) -> list[Finding]:
    """What stands over the joints of an answer, and of what is thought before it; with the words
    `within` its question as well."""
    begun = (*verdict.begun, *thoughts(draft.reasoning))
    found = [one async for one in _gone_on(auditor, draft.text, begun, over)]
    said, asked = draft.text.lstrip(), verdict.question if within else ""
    blanks = len(draft.text) - len(said)
    found += [_behind(one, blanks) async for one in _gone_on_within(auditor, said, asked, over)]
    async for one in _gone_on(auditor, draft.reasoning, verdict.begun, over):
        found.append(replace(one, channel="reasoning"))
    for ahead in verdict.ahead if draft.text.strip() else ():
        for front, said in _in_front_of(draft.text, begun):
            answer = await auditor.audit((Draft(text=front + said + ahead),), over)
            end = len(front) + len(said)
            found += [_whole(one, draft) for one in _beyond(checks.findings(answer), end)]
    return found


async def _gone_on(
    auditor: Auditor, text: str, begun: Sequence[str], over: VetVerdict
) -> AsyncIterator[Finding]:
    """What a text tells together with what it goes on from."""
    head = text[:_REACH]
    for front in begun if head.strip() else ():
        rests = _rests(head, blank=not (front[-1].isspace() or head[0].isspace()))
        async for one in _over(auditor, front, [len(front)], rests, over):
            yield one


async def _gone_on_within(
    auditor: Auditor, text: str, question: str, over: VetVerdict
) -> AsyncIterator[Finding]:
    """What a short text tells together with the word of its question that it may go on from."""
    if ends := _ends_in(question, text):
        rests = _rests(text.rstrip(), blank=True)
        async for one in _over(auditor, question, ends, rests, over):
            yield one


def _rests(head: str, *, blank: bool) -> dict[str, int]:
    """The ways in which a text may go on from something: as it stands, without marks before its
    first word, and behind a `blank`; of each how many characters of its own are left out, less one
    that is not its own.

    >>> _rests("'rel", blank=True)
    {"'rel": 0, " 'rel": -1, 'rel': 1}
    """
    rests = {head: 0} | ({f" {head}": -1} if blank else {})
    if opening := _OPEN_HEAD.match(head):
        rests[head[opening.end() :]] = opening.end()
    return rests


async def _over(
    auditor: Auditor, front: str, ends: Sequence[int], rests: Mapping[str, int], over: VetVerdict
) -> AsyncIterator[Finding]:
    """What stands over the joints of a text and what may go on at one of its ends; over nearly all
    of them nothing does, as is told at a glance."""
    if isinstance(auditor, JointReader):
        worth = await auditor.joints(front, ends, tuple(rests), over)
    else:
        worth = [Joint(end, rest) for end in ends for rest in rests]
    joints = []
    for joint in worth:
        joined = joint.over(front)
        joints.append(_Joined(joined, len(joined) - len(joint.rest), rests[joint.rest]))
    async for one in _read(auditor, joints, over):
        yield one


async def _read(
    auditor: Auditor, joints: Sequence[_Joined], over: VetVerdict
) -> AsyncIterator[Finding]:
    """What joined texts tell over their joints, all read in one go: there may be many."""
    drafts = tuple(Draft(text=joint.text) for joint in joints)
    for one in checks.findings(await auditor.audit(drafts, over)) if drafts else ():
        joint = joints[one.choice]
        for over_joint in _beyond((one,), joint.at):
            yield _behind(over_joint, joint.skipped)


def _ends_in(question: str, text: str) -> list[int]:
    """Where a word ends in a question that may be the beginning of one which a short answer ends.

    >>> [("It is Ad. What else?")[:end] for end in _ends_in("It is Ad. What else?", "a")]
    ['It', 'It is', 'It is Ad', 'It is Ad. What', 'It is Ad. What else']
    >>> _ends_in("The half is Ad.", "It is a long way to the other half of it.")
    []
    """
    if not 0 < len(text.strip()) <= _PIECE:
        return []
    return [word.start() for word in list(_WORD_END.finditer(question))[-_MOST_WORDS:]]


def _in_front_of(text: str, begun: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is joined with what comes behind an answer: its end, and where it is short, all of it
    with what it goes on from."""
    yield "", text[-_REACH:]
    if len(text) < _REACH:
        yield from ((front, text) for front in begun)


async def _called_together(
    auditor: Auditor, draft: Draft, choice: int, alone: VetVerdict
) -> Sequence[Finding]:
    """What the arguments of several calls tell together and none by itself, a name in halves; also
    one that begins in what is said before the calls, or in what the answer goes on from."""
    calls = [_said(call.arguments) for call in draft.tool_calls]
    fronts = [draft.text[-_REACH:]] if draft.text.strip() else [*alone.begun]
    over = replace(alone, context=replace(alone.context, bulk=True))
    for pieces in (calls, *([front, *calls] for front in fronts if calls)):
        read = alone if pieces is calls else over  # of what stands in front only names count
        for whole in dict.fromkeys((" ".join(pieces), "".join(pieces))) if pieces[1:] else ():
            found = checks.findings(await auditor.audit((Draft(text=whole),), read))
            if pieces is not calls:
                found = tuple(one for one in found if _is_exact(one))
            apart = [Draft(text=piece) for piece in pieces]
            if found and not checks.findings(await auditor.audit(apart, alone)):
                return [
                    replace(found[0], choice=choice, channel=f"tool_call:{i}", spans=())
                    for i in range(len(calls))
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


def _whole(finding: Finding, draft: Draft) -> Finding:
    """A finding at the end of an answer, which goes whole where its end may not stay."""
    return replace(finding, spans=(Span(0, len(draft.text)),))


def _behind(finding: Finding, skipped: int) -> Finding:
    """A finding in a text of which so many characters were left out in front, or were added."""
    if not skipped:
        return finding
    return replace(finding, spans=tuple(Span(0, s.end + skipped) for s in finding.spans))


def _beyond(found: Sequence[Finding], at: int) -> Iterator[Finding]:
    """The names and exact facts that stand over the joint, so that neither piece has them by
    itself. What only means a target does not count: the end of a question is near what it asks for,
    whatever the answer begins with."""
    for finding in (one for one in found if _is_exact(one)):
        over = [s for s in finding.spans if s.start < at < s.end]
        if over:
            spans = tuple(Span(0, span.end - at) for span in over)
            yield replace(finding, spans=spans)


def _is_exact(finding: Finding) -> bool:
    """Whether it is a name, an identifier or an exact fact that was found, letter by letter."""
    return finding.kind is LeakKind.DIRECT or any(e.name == "exact_facts" for e in finding.evidence)
