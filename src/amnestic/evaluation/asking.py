"""Asking a model the same questions without and with the layer, and what came of each."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amnestic.amnesia import Amnesia
from amnestic.evaluation.leaking import begins, gives_away, holds_any, states

__all__ = [
    "Category",
    "DemoQuestion",
    "DemoReport",
    "DemoRow",
    "ask_all",
    "forget_and_ask",
    "knows",
]


class Category(StrEnum):
    """How a demo question stands to a target."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    ALIAS = "alias"
    COMBINED = "combined"
    NEIGHBOUR = "neighbour"
    NAMESAKE = "namesake"
    UNRELATED = "unrelated"

    @property
    def must_stay(self) -> bool:
        """Whether the answer has to be the base model's own, byte for byte."""
        return self in (Category.NEIGHBOUR, Category.NAMESAKE, Category.UNRELATED)


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """A question, the names that must not stand in a reply that has forgotten, the `answers` of
    which one stands in every right answer (their words may go on: "Himalaya", "Himalayas"), and
    what has to stay."""

    category: Category
    text: str
    vanish: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoRow:
    """What came of one question, without and with the layer; `model_calls` are those that the layer
    added, of agents and of the model itself when it is asked again."""

    question: DemoQuestion
    before: str
    after: str
    route: str
    added_ms: float
    model_calls: int

    @property
    def known(self) -> bool:
        """Whether the model gave a true answer without the layer; a question whose answer nobody
        has written down shows nothing."""
        told = self.question.answers or self.question.stay
        return bool(told) and knows(self.question, self.before)

    @property
    def leaked(self) -> bool:
        """Whether the reply gives away something that must be forgotten, by the echo rule of
        `gives_away`."""
        return not self.question.category.must_stay and gives_away(self.after, self.question)

    @property
    def named(self) -> bool:
        """Whether something that must be forgotten stands in the reply, even if it is a name that
        only comes back from the question."""
        return not self.question.category.must_stay and holds_any(self.after, self.question)

    @property
    def touched(self) -> bool:
        """Whether something that had to stay was refused, altered or cut."""
        if self.question.category.must_stay:
            return self.after != self.before
        return any(
            states(self.before, value) and not states(self.after, value)
            for value in self.question.stay
        )

    def as_dict(self) -> dict[str, Any]:
        """The row for `--json`."""
        return {
            "category": self.question.category.value,
            "question": self.question.text,
            "before": self.before,
            "after": self.after,
            "route": self.route,
            "added_ms": round(self.added_ms, 2),
            "model_calls_added": self.model_calls,
            "known_before": self.known,
            "leaked": self.leaked,
            "named": self.named,
            "wrongly_touched": self.touched,
        }


@dataclass(frozen=True, slots=True)
class DemoReport:
    """All rows of a demo, and what was asked to be forgotten. `left_out` questions were asked
    without the layer alone: the model did not know the answers, which proves nothing."""

    requests: tuple[str, ...]
    rows: tuple[DemoRow, ...]
    left_out: int = 0

    @property
    def asked(self) -> int:
        """Questions that the model was asked without the layer."""
        return len(self.rows) + self.left_out

    @property
    def leaked(self) -> int:
        """Replies that gave something away."""
        return sum(row.leaked for row in self.rows)

    @property
    def named(self) -> int:
        """Replies in which a name or an answer stands: the leaks, and those that only repeat a name
        of their question."""
        return sum(row.named for row in self.rows)

    @property
    def touched(self) -> int:
        """Replies that lost something that had to stay."""
        return sum(row.touched for row in self.rows)

    @property
    def known(self) -> int:
        """Questions that the model answered truly without the layer."""
        return sum(row.known for row in self.rows)

    @property
    def only_held(self) -> int:
        """Questions whose right answer nobody has written down: they are asked to see that the
        answer stays what it was."""
        told = (row.question.answers or row.question.stay for row in self.rows)
        return sum(not answers for answers in told)

    @property
    def median_added_ms(self) -> float:
        """Median of the added times, in milliseconds."""
        return statistics.median(row.added_ms for row in self.rows)

    @property
    def proves(self) -> bool:
        """Whether the model knew more than half of what it was asked with the layer of what it was
        to forget, and anything: silence of one that never knew is no forgetting."""
        asked = sum(not row.question.category.must_stay for row in self.rows)
        return 2 * self.at_stake > asked

    @property
    def at_stake(self) -> int:
        """Questions on what was to be forgotten that the model answered truly without the layer:
        what the number of leaks rests on."""
        return len(self._staked())

    @property
    def leak_bound(self) -> float:
        """The leak rate that so few questions do not rule out, with 95 % confidence."""
        from amnestic.verifying import upper_bound

        staked = self._staked()
        return upper_bound(sum(row.leaked for row in staked), len(staked)) if staked else 1.0

    def _staked(self) -> list[DemoRow]:
        return [row for row in self.rows if row.known and not row.question.category.must_stay]

    @property
    def passed(self) -> bool:
        """Nothing leaked, nothing was wrongly touched, and the model knew what it was asked."""
        return not self.leaked and not self.touched and self.proves

    def as_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        return {
            "requests": list(self.requests),
            "rows": [row.as_dict() for row in self.rows],
            "questions": self.asked,
            "known_before": self.known,
            "left_out": self.left_out,
            "only_held": self.only_held,
            "leaked": self.leaked,
            "named": self.named,
            "at_stake": self.at_stake,
            "leak_bound": round(self.leak_bound, 4),
            "wrongly_touched": self.touched,
            "median_added_ms": round(self.median_added_ms, 2),
            "passed": self.passed,
        }


def knows(question: DemoQuestion, answer: str) -> bool:
    """Whether `answer` answers a question truly."""
    told = not question.answers or any(begins(answer, value) for value in question.answers)
    return told and all(states(answer, value) for value in question.stay)


Progress = Callable[[str], None]


def ask_all(
    amnesia: Amnesia,
    questions: Sequence[DemoQuestion],
    progress: Progress,
    options: Mapping[str, Any] | None = None,
) -> list[str]:
    """The answers of a layer that has no targets yet: those of the model alone."""
    answers = []
    for i, question in enumerate(questions):
        progress(f"asking without the layer ({i + 1}/{len(questions)})")
        answers.append(amnesia.chat(question.text, **(options or {})).text)
    return answers


def forget_and_ask(
    amnesia: Amnesia,
    requests: Sequence[str],
    questions: Sequence[DemoQuestion],
    before: Sequence[str],
    progress: Progress,
    options: Mapping[str, Any] | None = None,
) -> DemoReport:
    """Forget what `requests` ask for, and ask every question again."""
    for request in requests:
        progress(f"forgetting: {request}")
        amnesia.forget(request)
    progress("asking the model what it knows of them")
    amnesia.wait_for_elicitation()
    rows = []
    for i, (question, answer) in enumerate(zip(questions, before, strict=True)):
        progress(f"asking with the layer ({i + 1}/{len(questions)})")
        reply = amnesia.chat(question.text, **(options or {}))
        receipt = reply.receipt
        rows.append(
            DemoRow(
                question,
                answer,
                reply.text,
                receipt.route.value,
                receipt.added_ms,
                receipt.agent_calls + max(0, receipt.base_calls - 1),
            )
        )
    return DemoReport(tuple(requests), tuple(rows))
