"""What was said before the last user turn: who it was about, and what they were called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from amnestic.agents.auditor import PIECES_TOLD
from amnestic.tools.names import is_speaker, nicknames_in
from amnestic.tools.protocols import Context, Detector
from amnestic.tools.reading import takes_role
from amnestic.types import Assessment, Conversation, LeakKind, Message

__all__ = ["DECAY", "History", "read_history"]

DECAY = 0.7
"""What is left of a target's weight from one user turn to the next."""

_FORGOTTEN_BELOW = 0.15
_PIECES = 3
_INSTRUCTING = ("system", "developer", "user")
_AGREED_ON = 0.6
_IN_PASSING = 0.5


@dataclass(frozen=True, slots=True)
class History:
    """The messages that tell of a target, by index, and the company that the rest is judged in."""

    tainted: tuple[int, ...] = ()
    sticky: Mapping[str, float] = field(default_factory=dict)
    persona: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    nicknames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()


def read_history(
    detector: Detector, conversation: Conversation, last: int | None, namespace: str
) -> History:
    """Judge every message but the one at `last`, and the names of all who speak.

    A target weighs less from user turn to user turn, unless the conversation has agreed on a name
    for it, has told the model to speak as it, or says that the user is it. One of which the
    assistant has told three pieces is marked as told enough (`PIECES_TOLD`). What a tool gave back
    is scrubbed, and nobody spoke of it; of what a system prompt holds, not yet.
    """
    tainted: list[int] = []
    sticky: dict[str, float] = {}
    pieces: Counter[str] = Counter()
    persona: set[str] = set()
    speakers: set[str] = set()
    nicknames: dict[str, tuple[str, ...]] = {}
    named: set[str] = set()
    for i, message in enumerate(conversation):
        if i == last:
            continue
        found = _found(detector, message, Context(namespace))
        if message.role == "user":
            sticky = {t: w * DECAY for t, w in sticky.items() if w * DECAY > _FORGOTTEN_BELOW}
        if found:
            tainted.append(i)
        named |= {a.target_id for a in found if a.kind is LeakKind.DIRECT}
        if message.role != "tool":
            most = _IN_PASSING if message.role in ("system", "developer") else 1.0
            for a in found:
                sticky[a.target_id] = max(sticky.get(a.target_id, 0.0), min(a.score, most))
        if message.role == "assistant":
            pieces.update({a.target_id for a in found})
        if found and message.role in _INSTRUCTING:
            nicknames |= _called(message.text, found)
            direct = [a for a in found if a.kind is LeakKind.DIRECT]
            persona |= {a.target_id for a in direct if takes_role(message.text, a.spans)}
            speakers |= {a.target_id for a in direct if is_speaker(message.text, a.spans)}
    for target_id, score in _speakers(detector, conversation, namespace):
        sticky[target_id] = max(sticky.get(target_id, 0.0), score)
        speakers.add(target_id)
    agreed = {t: max(_AGREED_ON, sticky.get(t, 0.0)) for t in (*persona, *speakers, *nicknames)}
    told = {t: PIECES_TOLD for t, count in pieces.items() if count >= _PIECES}
    return History(
        tuple(tainted),
        {**sticky, **agreed, **told},
        frozenset(persona),
        frozenset(speakers),
        nicknames,
        frozenset(named),
    )


def _found(detector: Detector, message: Message, context: Context) -> tuple[Assessment, ...]:
    texts = [message.text, message.reasoning, *(call.arguments for call in message.tool_calls)]
    asks = message.role == "user"
    return tuple(
        assessment
        for text in filter(None, texts)
        for assessment in (
            detector.vet(text, context) if asks else detector.audit(text, "", context)
        )
    )


def _speakers(
    detector: Detector, conversation: Conversation, namespace: str
) -> Iterator[tuple[str, float]]:
    """The targets that take part: "Where was I born?" asks for who is said to have asked it."""
    names = {m.name.replace("_", " ") for m in conversation if m.name and m.role != "tool"}
    for name in names:
        for assessment in detector.vet(name, Context(namespace)):
            yield assessment.target_id, assessment.score


def _called(text: str, found: tuple[Assessment, ...]) -> dict[str, tuple[str, ...]]:
    """What a message calls the targets that it names."""
    direct = (a for a in found if a.kind is LeakKind.DIRECT)
    names = {a.target_id: nicknames_in(text, a.spans) for a in direct}
    return {target_id: given for target_id, given in names.items() if given}
