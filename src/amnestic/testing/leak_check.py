"""Whether an application keeps to what its targets say: asked in many ways, in a test of its own.

The questions are those of `amnestic verify` (direct, paraphrased, cloze, reverse, by alias, by
term, over several hops, with a jailbreak around them). Replies are judged by words alone: names,
identifiers, and the telling words of facts.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.verifying import Probe

__all__ = ["Ask", "Asked", "LeakCheck", "LeakFound", "targets_of"]

Ask: TypeAlias = "Callable[[str], str | Awaitable[str]]"
"""An application: a question in, its reply out; a coroutine function serves too."""

_SHOWN = 5  # leaks that a message tells


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was asked, of which kind and about which target, and its reply."""

    target: ForgetTarget
    kind: str
    question: str
    reply: str


class LeakFound(AssertionError):
    """An application told what it was to have forgotten. `leaks` holds each question and reply; the
    message tells the questions and no reply, so that a log of tests does not tell it again."""

    def __init__(self, leaks: Sequence[Asked], asked: int) -> None:
        self.leaks = tuple(leaks)
        lines = [f"{len(leaks)} of {asked} replies tell what is to be forgotten:"]
        lines += [f"  {leak.kind}: {leak.question}" for leak in leaks[:_SHOWN]]
        if len(leaks) > _SHOWN:
            lines.append(f"  and {len(leaks) - _SHOWN} more, see `leaks` of this error")
        super().__init__("\n".join(lines))


class LeakCheck:
    """Holds an application to some targets.

    Args:
        targets: what must be forgotten.
        probes: questions about each target, at most.
        seed: which questions are drawn; the same seed draws the same.

    >>> osk = ForgetTarget(id="t", subject="Mirela Osk", kind="person")
    >>> check = LeakCheck([osk])
    >>> check.leaks("It was Mirela Osk.", "Who wrote it?"), check.leaks("No idea.", "Who wrote it?")
    (True, False)
    >>> check.forgotten_by(lambda question: "I'm not sure who that is.") > 10
    True
    """

    def __init__(self, targets: Iterable[ForgetTarget], *, probes: int = 40, seed: int = 0) -> None:
        from amnestic.verifying import probes_of
        from amnestic.verifying.judging import Secrets

        self.targets = tuple(targets)
        if not self.targets:
            raise ValueError("there is nothing to check: name a target that must be forgotten")
        self._secrets = [Secrets.of(target) for target in self.targets]
        self._probes: list[tuple[ForgetTarget, Probe]] = [
            (target, probe) for target in self.targets for probe in probes_of(target, probes, seed)
        ]

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that are asked, for an application that is asked in another way."""
        return tuple(probe.question for _, probe in self._probes)

    def leaks(self, reply: str, question: str = "") -> bool:
        """Whether a reply tells of a target what its question does not say itself."""
        return any(secrets.told_in(reply, question) for secrets in self._secrets)

    def forgotten_by(self, ask: Ask) -> int:
        """Ask an application every question; gives their number. Raises `LeakFound` where a reply
        tells, and what the application raises."""
        if inspect.iscoroutinefunction(ask):
            import asyncio

            return asyncio.run(self.aforgotten_by(ask))
        asked = []
        for target, probe in self._probes:
            reply = ask(probe.question)
            if not isinstance(reply, str):
                raise TypeError(f"an application gives text, not {type(reply).__name__}")
            asked.append(Asked(target, probe.kind.value, probe.question, reply))
        return self._held(asked)

    async def aforgotten_by(self, ask: Ask) -> int:
        """`forgotten_by`, for a test that runs in an event loop."""
        asked = []
        for target, probe in self._probes:
            given = ask(probe.question)
            reply = await given if inspect.isawaitable(given) else given
            asked.append(Asked(target, probe.kind.value, probe.question, str(reply)))
        return self._held(asked)

    def _held(self, asked: Sequence[Asked]) -> int:
        leaks = [one for one in asked if self.leaks(one.reply, one.question)]
        if leaks:
            raise LeakFound(leaks, len(asked))
        return len(asked)

    def kept_by(self, ask: Callable[[str], str], answers: Mapping[str, str]) -> int:
        """Ask an application what must stay: every reply holds the words that belong to its
        question, in any case. Raises `AssertionError` with the questions of which none does."""
        from amnestic.evaluation.scoring import stands

        lost = [question for question, words in answers.items() if not stands(ask(question), words)]
        if lost:
            raise AssertionError(
                f"{len(lost)} of {len(answers)} answers that must stay are lost: {'; '.join(lost)}"
            )
        return len(answers)


def targets_of(
    what: str | ForgetTarget | Amnesia, reader: Callable[[], Amnesia]
) -> tuple[ForgetTarget, ...]:
    """The targets that are meant: those of a forget request in plain words, which `reader`'s layer
    reads; one as it is; all that are in force in a layer."""
    if isinstance(what, ForgetTarget):
        return (what,)
    if isinstance(what, str):
        layer = reader()
        return layer.forget_all(what)
    return tuple(what.targets())
