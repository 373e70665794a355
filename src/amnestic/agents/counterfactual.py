"""Abstention in the base model's own voice.

The base model is asked the same question about somebody who does not exist: the target's names are
replaced by invented ones of the same kind, length and language, the answer is audited, and the
names that the user asked with are put back. Of the answer stays what says that the model does not
know: what it makes up about a stranger is never said of a target. Where it says no such thing, the
words serve in which it has said so of nobody (`own_voice`). What comes out is how this very model
speaks of what it never learned, after the time that it takes for that, so that neither words nor
length nor time tell a listed subject from one that the model does not know and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from amnestic.agents.asked_name import SMALL, asked_name
from amnestic.agents.contracts import Scene, VetVerdict
from amnestic.agents.masking import invented_word
from amnestic.agents.own_voice import OwnVoice, unknowing
from amnestic.agents.roles import Auditor
from amnestic.exceptions import AmnesticError
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Context, Detector
from amnestic.types import Conversation, Draft, ForgetTarget, Message, TargetKind

__all__ = ["CounterfactualAbstainer"]

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class CounterfactualAbstainer:
    """Asks the base model about an invented subject and gives its answer, or nothing.

    Args:
        detector: knows the targets' names.
        auditor: audits the answer before the names are put back.
        voice: how models say that they do not know.
    """

    def __init__(self, detector: Detector, auditor: Auditor, voice: OwnVoice | None = None) -> None:
        self._detector = detector
        self._auditor = auditor
        self._voice = voice or OwnVoice()

    async def answer(self, verdict: VetVerdict, scene: Scene) -> str | None:
        """The base model's words about what it never learned.

        `None` where the base model fails, or is not heard to say that it does not know; the worded
        abstention then serves. A question in which a sealed target is still found is not asked.
        """
        targets = await offload(self._targets, verdict)
        person = any(target.kind is TargetKind.PERSON for target in targets)
        asked = scene.model, scene.ask, verdict.question, person
        try:
            async with self._voice.beside(*asked) as says:
                name, own = await self._heard(verdict, scene, targets)
                return own or await says(name) or None
        except AmnesticError:
            return None

    async def _heard(
        self, verdict: VetVerdict, scene: Scene, targets: Sequence[ForgetTarget]
    ) -> tuple[str, str]:
        """The name in the question, and what the base model says of not knowing an invented one.
        Where there is none to be replaced it is asked as it was, if it is to be asked at all, and
        its answer left."""
        swaps = _swaps(verdict.question, targets, every=verdict.sealed)
        name = asked_name(verdict.question, swaps)
        asked = _swapped(verdict.question, swaps)
        if verdict.sealed and (not swaps or await self._leaks(asked, "", verdict)):
            return name, ""
        if not swaps:
            if scene.asks_anyway:
                await scene.ask(scene.conversation)
            return name, ""
        given = await scene.ask(_conversation(scene.conversation, verdict, asked))
        text = given.choices[0].text.strip() if given.choices else ""
        if not text or await self._leaks(text, asked, verdict):
            return name, ""
        return name, unknowing(_restored(text, swaps), verdict.question, name)

    def _targets(self, verdict: VetVerdict) -> list[ForgetTarget]:
        return [self._detector.target(target_id) for target_id in verdict.targets]

    async def _leaks(self, text: str, question: str, verdict: VetVerdict) -> bool:
        plain = VetVerdict(verdict.vet, question, context=Context(verdict.context.namespace))
        return bool(await self._auditor.audit((Draft(text=text),), plain))


def _conversation(
    conversation: Conversation, verdict: VetVerdict, question: str
) -> tuple[Message, ...]:
    """The instructions that hold nothing of a target, and the question."""
    rules = [
        message
        for i, message in enumerate(conversation)
        if message.role in ("system", "developer") and i not in verdict.tainted
    ]
    last = next((m for m in reversed(conversation) if m.role == "user"), None)
    asked = last.with_text(question) if last is not None else Message.of("user", question)
    return (*rules, asked)


# ── Names ────────────────────────────────────────────────────────────────────────────────────────


def _swaps(
    question: str, targets: Iterable[ForgetTarget], *, every: bool = False
) -> dict[str, str]:
    """Invented words by the words of targets' names and identifiers that stand in the question;
    short ones where a whole name does, or where `every` one must go."""
    words = (piece for word in _WORD.findall(question) for piece in re.split(r"['’-]", word))
    present = {word.lower(): word for word in (*words, *_WORD.findall(question))}
    swaps: dict[str, str] = {}
    for target in targets:
        for name in (*target.names, *(i.value for i in target.identifiers)):
            own = [w for w in _WORD.findall(name) if w.lower() not in SMALL]
            telling = own if every or _stands_in(name, question) else [w for w in own if len(w) > 3]
            for word in telling:
                if word.lower() in present:
                    swaps[word.lower()] = _fresh(word.lower(), target.id, present)
    return swaps


def _stands_in(name: str, question: str) -> bool:
    return name.lower() in question.lower()


def _fresh(word: str, salt: str, taken: Mapping[str, str]) -> str:
    tries = (invented_word(word, f"{salt}/{n}") for n in range(20))
    return next((found for found in tries if found not in taken), word[::-1])


def _swapped(text: str, swaps: Mapping[str, str]) -> str:
    def swap(match: re.Match[str]) -> str:
        found = swaps.get(match.group().lower())
        if found is None:
            return _swapped_possessive(match.group(), swaps)
        return _cased(found, match.group())

    return _WORD.sub(swap, text)


def _swapped_possessive(word: str, swaps: Mapping[str, str]) -> str:
    """A word with what hangs on it ("Osk's", "Osk-like") swapped piece by piece."""
    pieces = re.split(r"(['’-])", word)
    return "".join(_cased(swaps.get(piece.lower(), piece), piece) for piece in pieces)


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _restored(text: str, swaps: Mapping[str, str]) -> str:
    back = {invented: asked for asked, invented in swaps.items()}
    return _swapped(text, back)
