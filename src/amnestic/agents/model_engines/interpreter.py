"""The interpreter's model engine: a model reads a forget request, the local grammar checks it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from amnestic.agents.model_engines.answers import InterpretAnswer, ReadTarget
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.agents.requests import Interpretation, LocalInterpreter, RequestReading, ground_in
from amnestic.exceptions import (
    ForgetRequestError,
    ModelError,
    NeedsClarificationError,
)
from amnestic.prompts.loader import Prompts
from amnestic.tools.names import identifier_of
from amnestic.types import TargetKind

__all__ = ["ModelInterpreter"]


class ModelInterpreter:
    """Lets a model read a forget request in any language.

    Its answer is data: names, identifiers and exceptions that do not stand in the text are dropped,
    and what is broad or about the layer is refused however the model reads it. Names and
    identifiers that only the grammar saw are told as unread. Where the model gives no answer, the
    grammar's reading holds.
    """

    def __init__(self, local: LocalInterpreter, judge: Judge, prompts: Prompts) -> None:
        self._local = local
        self._judge = judge
        self._prompt = prompts["interpret"]

    async def aread(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """Read a request; raises what `LocalInterpreter.read` raises."""
        moment = now or datetime.now(UTC)
        self._local.refuse(text)
        prompt = self._prompt.render(text=text, today=f"{moment:%A, %Y-%m-%d}")
        try:
            answer = await self._judge.judge(Task("interpreter", prompt, InterpretAnswer))
        except ModelError:
            return self._local.read(text, now=moment)
        return self._checked(answer, text, moment)

    def _checked(self, answer: InterpretAnswer, text: str, now: datetime) -> RequestReading:
        targets = tuple(found for t in answer.targets if (found := _told(t, text, now)) is not None)
        if answer.outcome == "refuse" or (answer.outcome == "ok" and not targets):
            return self._local.read(text, now=now)  # the grammar's reason, or its own reading
        if answer.outcome == "ask":
            raise NeedsClarificationError(
                "the request leaves open who or what is meant; give full names, and dates as "
                "YYYY-MM-DD"
            )
        for target in targets:
            self._local.refuse_broad(target)
        unread = [piece for piece in answer.unread if _stands_in(piece, text)]
        try:
            seen = self._local.read(text, now=now)
        except ForgetRequestError:
            seen = None
        if seen is not None:
            unread += seen.unread
            unread += _missing(seen, targets)
        return RequestReading(targets, tuple(dict.fromkeys(unread)))


def _told(read: ReadTarget, text: str, now: datetime) -> Interpretation | None:
    """A target as far as it stands in the text; `None` where its name does not."""
    if not _stands_in(re.sub(r"^how\s+to\s+", "", read.subject, flags=re.I), text):
        return None
    identifiers = tuple(
        identifier_of(i.value, i.label[:40]) for i in read.identifiers if _stands_in(i.value, text)
    )
    found = Interpretation(
        read.subject.strip(),
        TargetKind(read.kind),
        " ".join(fact.strip() for fact in read.facts if _is_of(fact, text)),
        tuple(a.strip() for a in read.aliases if len(a.strip()) > 1 and _stands_in(a, text)),
        tuple(e.strip() for e in read.exceptions if _stands_in(e, text)),
        identifiers=identifiers,
        legal_basis=ground_in(text),
    )
    return replace(found, expires=_date(read.expires, now))


def _date(told: str, now: datetime) -> datetime | None:
    try:
        date = datetime.strptime(told, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    if date.date() < now.date():
        raise ForgetRequestError(
            f"the expiry {date:%Y-%m-%d} is in the past; give a later date or none"
        )
    return date


def _stands_in(piece: str, text: str) -> bool:
    return bool(_letters(piece)) and _letters(piece) in _letters(text)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _is_of(fact: str, text: str) -> bool:
    """Whether a fact says what the text says: most of its words, and all its names and numbers."""
    words = re.findall(r"\w+", fact)
    said = {w.casefold() for w in re.findall(r"\w+", text)}
    names = [w for w in words[1:] if w[:1].isupper() or w[:1].isdigit()]
    held = sum(w.casefold() in said for w in words)
    return all(n.casefold() in said for n in names) and held >= len(words) / 2


def _missing(seen: RequestReading, targets: Iterable[Interpretation]) -> list[str]:
    """The names and identifiers of the grammar's reading that the model's does not hold."""
    held = " ".join(
        _letters(" ".join((t.subject, *t.aliases, t.description, *t.exceptions)))
        + " ".join(_letters(i.value) for i in t.identifiers)
        for t in targets
    )
    names = [t.subject for t in seen.targets if t.kind is not TargetKind.TOPIC]
    names += [i.value for t in seen.targets for i in t.identifiers]
    return [name for name in names if _letters(name) not in held]
