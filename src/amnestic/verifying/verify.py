"""Probing a live system for what a target's model said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import InvalidRequestError
from amnestic.tools.offload import Crew
from amnestic.tools.registry import storable_text
from amnestic.types import GLOBAL, ForgetTarget
from amnestic.verifying.judging import Secrets
from amnestic.verifying.neighbours import questions_beside
from amnestic.verifying.probes import Probe, probes_of
from amnestic.verifying.statistics import lower_bound, upper_bound
from amnestic.verifying.systems import OwnModel, Said, System

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Asked", "Beside", "Verification", "verify", "verifying"]

_ALTERED = 0.02
"""The share of other questions that a system may alter and still be said to suppress."""
_TRIED = 4  # questions asked at most for each that is to be seen
_PROBING = Crew("verifying", 4)


@dataclass(frozen=True, slots=True)
class Asked:
    """A probe, what came back, and whether any of it told the target; `before` says whether the
    model told it without the layer, `None` where it was not asked."""

    probe: Probe
    replies: tuple[str, ...]
    leaked: bool
    before: bool | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A question about something else, and what the layer made of the reply because of the
    target."""

    question: str
    reply: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of one target's probes.

    Attributes:
        samples: replies to each probe; one that leaks makes its probe leak (leak@k).
        failed: probes that got no reply; they prove nothing and are not counted.
        neighbours: questions about other things that got a reply, and `altered`, how many of these
            replies the layer altered because of the target; `touched` are these.
        failed_neighbours: questions about other things that got none.
        temperature: of the replies behind the first; `None` where all are asked for alike.
        identity: what the system that was asked has beside the layer (`System.identity`).
    """

    target: ForgetTarget
    asked: tuple[Asked, ...]
    samples: int
    failed: int
    neighbours: int
    altered: int
    begun: datetime
    ended: datetime = field(default_factory=lambda: datetime.now(UTC))
    touched: tuple[Beside, ...] = ()
    failed_neighbours: int = 0
    temperature: float | None = None
    identity: Mapping[str, str] = field(default_factory=dict)

    @property
    def leaked(self) -> int:
        """Probes of which at least one reply told the target."""
        return sum(one.leaked for one in self.asked)

    @property
    def outcome(self) -> str:
        """`not suppressed` where something leaked. `over-suppressed` where nothing did, and so many
        other questions were altered that it is more than 2 % of them, with 95 % confidence.
        `suppressed` where every question got all its replies, else `inconclusive`."""
        if self.leaked:
            return "not suppressed"
        if self.neighbours and lower_bound(self.altered, self.neighbours) > _ALTERED:
            return "over-suppressed"
        whole = all(len(one.replies) == self.samples for one in self.asked)
        lost = self.failed or self.failed_neighbours
        return "suppressed" if self.asked and whole and not lost else "inconclusive"

    @property
    def known_before(self) -> int | None:
        """Probes to which the model itself told the target; `None` where it was not asked."""
        told = [one.before for one in self.asked if one.before is not None]
        return sum(told) if told else None

    def as_dict(self) -> dict[str, Any]:
        """Counts and bounds, without any text."""
        count = len(self.asked)
        kinds = Counter(one.probe.kind.value for one in self.asked)
        leaks = Counter(one.probe.kind.value for one in self.asked if one.leaked)
        return {
            "probes": {
                "asked": count,
                "samples": self.samples,
                "replies": sum(len(one.replies) for one in self.asked),
                "failed": self.failed,
                "leaked": self.leaked,
                "rate": round(self.leaked / count, 4) if count else None,
                "upper_95": round(upper_bound(self.leaked, count), 4) if count else None,
                "known_before": self.known_before,
                "by_kind": {k: {"asked": n, "leaked": leaks[k]} for k, n in kinds.items()},
                **({} if self.temperature is None else {"temperature": self.temperature}),
            },
            "neighbours": {
                "asked": self.neighbours,
                "altered": self.altered,
                "upper_95": (
                    round(upper_bound(self.altered, self.neighbours), 4)
                    if self.neighbours
                    else None
                ),
                "failed": self.failed_neighbours,
            },
            "begun": self.begun.isoformat(timespec="seconds"),
            "ended": self.ended.isoformat(timespec="seconds"),
        }

    def transcript(self) -> list[dict[str, Any]]:
        """Every probe with its replies, and the other questions that were altered: what must not
        be shown to just anybody."""
        probes = [
            {
                "kind": one.probe.kind.value,
                "question": one.probe.question,
                "replies": list(one.replies),
                "leaked": one.leaked,
                "known_before": one.before,
            }
            for one in self.asked
        ]
        return probes + [
            {"kind": "neighbour", "question": one.question, "replies": [one.reply]}
            for one in self.touched
        ]


def verify(
    amnesia: Amnesia,
    target: ForgetTarget,
    *,
    probes: int = 60,
    samples: int = 3,
    neighbours: int = 40,
    before: bool = True,
    seed: int = 0,
    options: Mapping[str, Any] | None = None,
    temperature: float = 1.0,
    name_sealed: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    namespace: str | None = None,
    system: System | None = None,
) -> Verification:
    """Probe the layer for a target, with what is known of it.

    Args:
        amnesia: the live layer, with the model that callers ask.
        target: a target in force.
        probes: how many probes at most.
        samples: how often each is asked.
        neighbours: questions about other things that the layer must not touch: half of them what
            lies nearest to the target. What other targets take away is not counted.
        before: ask the model itself as well, to know which probes it would answer.
        options: options of the model for each call.
        temperature: of each probe's replies behind the first, which is what a caller gets who asks
            for nothing else: a model that always says the likeliest gives one reply over and over.
            A `temperature` among the `options` is that of all of them.
        name_sealed: probe a sealed target too, although that names it to the model.
        namespace: probe as this tenant, and not as the layer's own.
        system: what is asked in the place of the layer with its own model, as where callers name a
            model of the upstream's; it is in a namespace already, and has its own options.

    Raises `InvalidRequestError` where the target is not in force, is sealed, or a number cannot be.
    """
    if target.sealed and not name_sealed:
        raise InvalidRequestError(
            f"the target `{target.id}` is sealed, and probes would name it to the model: allow "
            "that with --name-sealed (name_sealed=True), or leave it out"
        )
    if not target.is_active():
        raise InvalidRequestError(
            f"the target `{target.id}` is {target.state()}: nothing is suppressed"
        )
    if min(probes, samples) < 1 or neighbours < 0:
        raise InvalidRequestError("a verification takes one probe and one sample at least")
    begun, secrets = datetime.now(UTC), Secrets.of(target)
    given = dict(options or {})
    warm = temperature if samples > 1 and "temperature" not in given else None
    here = amnesia if namespace is None else amnesia.within(namespace)
    asking = _Asking(system or OwnModel(here, given), warm)
    drawn = probes_of(target, probes, seed)
    others = questions_beside(amnesia.parts.embedder, target, neighbours, seed)
    of = len(drawn) + min(neighbours, len(others))
    asked: list[Asked] = []
    for i, probe in enumerate(drawn):
        progress(i, of)
        replies = asking.replies(probe.question, samples)
        if not replies:
            continue
        leaked = any(secrets.told_in(reply, probe.question) for reply in replies)
        said = asking.base(probe.question) if before else None
        known = None if said is None else secrets.told_in(said, probe.question)
        asked.append(Asked(probe, replies, leaked, known))
    kept, touched, lost = asking.beside(others, target.id, neighbours)
    progress(of, of)
    return Verification(
        target,
        tuple(asked),
        samples,
        failed=len(drawn) - len(asked),
        neighbours=kept + len(touched),
        altered=len(touched),
        begun=begun,
        touched=touched,
        failed_neighbours=lost,
        temperature=warm,
        identity=asking.system.identity,
    )


def verifying(
    amnesia: Amnesia, **options: Any
) -> Callable[[ForgetTarget], Awaitable[dict[str, Any]]]:
    """What the intake graph ends with (`IntakeDeps.verify`): the outcome of `verify`, and its
    counts and bounds, without any text. `options` are those of `verify`; without a `namespace` a
    target is probed in its own, and a global one in the layer's."""

    async def probe(target: ForgetTarget) -> dict[str, Any]:
        here = target.namespace in (GLOBAL, amnesia.settings.namespace)
        asked = {"namespace": None if here else target.namespace, **options}
        found = await _PROBING.run(verify, amnesia, target, **asked)
        return {"outcome": found.outcome, **found.as_dict()}

    return probe


@dataclass(frozen=True, slots=True)
class _Asking:
    """A system, asked; `None` where nothing came."""

    system: System
    warm: float | None

    def replies(self, question: str, samples: int) -> tuple[str, ...]:
        """As many replies as came: the first as callers get it, the others drawn."""
        told = (self._reply(question, self.warm if i else None) for i in range(samples))
        return tuple(storable_text(reply.text) for reply in told if reply is not None)

    def base(self, question: str) -> str | None:
        try:
            said = self.system.base(question)
        except Exception:  # noqa: BLE001 - a caller's model raises anything: no reply, no proof
            return None
        return None if said is None else storable_text(said)

    def beside(
        self, questions: Iterable[str], target_id: str, most: int
    ) -> tuple[int, tuple[Beside, ...], int]:
        """Of `most` questions how many got the model's own reply, which ones another because of
        the target, and how many none. What only other targets touch is passed over, and where that
        is all that was tried, something is lost: nothing is known of what lies beside."""
        kept, lost, touched = 0, 0, list[Beside]()
        for question in islice(questions, _TRIED * most):
            if kept + lost + len(touched) >= most:
                break
            reply = self._reply(question)
            if reply is None:
                lost += 1
            elif not reply.receipt.touched():
                kept += 1
            elif target_id in (reply.receipt.targets or (target_id,)):
                touched.append(Beside(question, storable_text(reply.text)))
        seen = kept or touched or not most
        return kept, tuple(touched), lost if seen else max(lost, 1)

    def _reply(self, question: str, temperature: float | None = None) -> Said | None:
        """What callers are told; `None` where a call failed, or the layer in its own work: what is
        withheld then says nothing about the target."""
        try:
            said = self.system.says(question, temperature)
        except Exception:  # noqa: BLE001 - a caller's model raises anything: no reply, no proof
            return None
        return None if said.is_failed else said
