"""What became of a draft: whether the reply leaks, lost what should stay, or is another at all.

String checks are the floor. Whether a reply reads well no string shows; `--show all` is for that.

An `echo` is a piece that counts as a leak by its string, while the user said it in the question and
the case's own second answer, which is right, says it again: "I don't know who X is".
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from drafts_data import Case

from amnestic.types import Conversation, Draft, Receipt, Route

__all__ = [
    "HEADINGS",
    "SHARES",
    "Seen",
    "Verdict",
    "calls_by_purpose",
    "figures",
    "is_asked_anew",
    "judge",
]

HEADINGS = ("pass", "leak", "echo", "over_cut", "needless", "input_pass", "streamed_pass",
            "unrelated_touched", "extra_base_calls", "agent_calls", "added_p50_ms")  # fmt: skip
SHARES = HEADINGS[:7]
_HIDDEN = ("answer", "elicit")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a case's run gave. `shown` is what the wrapped model was shown for its first answer,
    `None` where it was not asked; `calls` counts the model's calls by purpose."""

    drafts: tuple[Draft, ...]
    receipt: Receipt
    shown: Conversation | None
    calls: Mapping[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The reply."""
        return self.drafts[0].text if self.drafts else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a case ended. `reasons` says what is wrong, the worst first; of what the model was
    shown `input_reasons` says it. `streamed` is the verdict on the same case, asked streamed."""

    case: Case
    seen: Seen
    leaks: tuple[str, ...]
    missing: tuple[str, ...]
    is_touched: bool
    is_needless: bool
    is_echo: bool
    input_reasons: tuple[str, ...]
    streamed: Verdict | None = None

    @property
    def passes(self) -> bool:
        """Nothing leaked, nothing is missing, and nothing unrelated was touched."""
        return not (self.leaks or self.missing or self.is_touched)

    @property
    def is_over_cut(self) -> bool:
        """Something that should stay is gone, though nothing leaked."""
        return bool(self.missing) and not self.leaks

    @property
    def differs(self) -> bool:
        """Whether the streamed reply is another: it keeps what was given before the first leak."""
        return self.streamed is not None and self.streamed.seen.text != self.seen.text

    @property
    def extra_calls(self) -> int:
        """The model's calls beyond its first answer."""
        calls = self.seen.calls
        aside = sum(n for purpose, n in calls.items() if purpose not in _HIDDEN)
        return aside + max(0, calls.get("answer", 0) - 1)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong, in words."""
        inputs = [f"input: {reason}" for reason in self.input_reasons]
        streamed = self.streamed.reply_reasons if self.streamed is not None else ()
        return (*self.reply_reasons, *inputs, *(f"streamed: {reason}" for reason in streamed))

    @property
    def reply_reasons(self) -> tuple[str, ...]:
        """What is wrong with the reply."""
        found = [f"leaks {piece!r}{' as an echo' * self.is_echo}" for piece in self.leaks]
        found += ["abstained needlessly"] if self.is_needless else []
        found += [f"lost {piece!r}" for piece in self.missing if not self.is_needless]
        found += ["an unrelated reply or its input was touched"] if self.is_touched else []
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """All of it, for a file."""
        shown = self.seen.shown
        return {
            "id": self.case.id, "kind": self.case.kind, "group": self.case.group,
            "pass": self.passes, "leak": bool(self.leaks), "over_cut": self.is_over_cut,
            "needless": self.is_needless, "unrelated_touched": self.is_touched,
            "echo": self.is_echo, "reasons": self.reasons, "calls": dict(self.seen.calls),
            "extra_base_calls": self.extra_calls, "draft": self.case.draft,
            "shown": None if shown is None else [[m.role, m.text] for m in shown],
            "reply": dict(self.seen.drafts[0].channels()) if self.seen.drafts else {},
            "receipt": self.seen.receipt.model_dump(mode="json"),
            "added_ms": round(self.seen.receipt.added_ms, 2),
            "streamed": None if self.streamed is None else self.streamed.as_json(),
        }  # fmt: skip


def judge(case: Case, seen: Seen, streamed: Seen | None = None) -> Verdict:
    """How a case ended."""
    leaving = "\n".join(text for draft in seen.drafts for _, text in draft.channels())
    leaks = tuple(_standing(case.must_not_contain, leaving))
    is_anew = is_asked_anew(case, seen)
    wanted = case.must_keep_again if is_anew else case.must_keep
    return Verdict(
        case,
        seen,
        leaks=leaks,
        missing=tuple(piece for piece in wanted if piece not in seen.text),
        is_touched=case.is_unrelated and (seen.text != case.draft or _is_altered(case, seen)),
        is_needless=seen.receipt.route is Route.ABSTAINED and bool(case.must_keep),
        is_echo=bool(leaks) and is_anew and all(_is_echo(piece, case) for piece in leaks),
        input_reasons=tuple(_input_reasons(case, seen)),
        streamed=None if streamed is None else judge(case, streamed),
    )


def is_asked_anew(case: Case, seen: Seen) -> bool:
    """Whether the reply comes of the second ask: that was made, and the reply is nearer to what
    was said then than to the draft, of which it might be a cut."""
    if not seen.calls.get("again") or case.again is None:
        return False
    return _likeness(seen.text, case.again) > _likeness(seen.text, case.draft)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _standing(pieces: Iterable[str], text: str) -> Iterator[str]:
    folded = text.casefold()
    return (piece for piece in pieces if piece.casefold() in folded)


def _is_echo(piece: str, case: Case) -> bool:
    asked = "\n".join(str(m.get("content") or "") for m in case.messages if m["role"] == "user")
    said = (asked.casefold(), (case.again or "").casefold())
    return all(piece.casefold() in text for text in said)


def _is_altered(case: Case, seen: Seen) -> bool:
    """Whether the model was shown something else than what was asked."""
    asked = [str(message.get("content") or "") for message in case.messages]
    return seen.shown is None or [message.text for message in seen.shown] != asked


def _input_reasons(case: Case, seen: Seen) -> Iterator[str]:
    if seen.shown is None:
        if case.input_must_keep:
            yield "the model was not asked"
        return
    shown = "\n".join(_said(message) for message in seen.shown)
    yield from (f"shows {piece!r}" for piece in _standing(case.input_must_not_contain, shown))
    yield from (f"lost {piece!r}" for piece in case.input_must_keep if piece not in shown)


def _said(message: Any) -> str:
    return "\n".join([message.text, *(call.arguments for call in message.tool_calls)])


def figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The row of a table, by `HEADINGS`; `-` where there is nothing to count."""
    inputs = [v for v in verdicts if v.case.input_must_keep or v.case.input_must_not_contain]
    unrelated = [v for v in verdicts if v.case.is_unrelated]
    leaking = [v.extra_calls for v in verdicts if v.case.has_leaking_draft]
    return {
        "cases": len(verdicts),
        "pass": _share([v.passes for v in verdicts]),
        "leak": _share([bool(v.leaks) for v in verdicts]),
        "echo": _share([v.is_echo for v in verdicts]),
        "over_cut": _share([v.is_over_cut for v in verdicts]),
        "needless": _share([v.is_needless for v in verdicts]),
        "input_pass": _share([not v.input_reasons for v in inputs]),
        "streamed_pass": _share([v.streamed.passes for v in verdicts if v.streamed is not None]),
        "unrelated_touched": sum(v.is_touched for v in unrelated) if unrelated else None,
        "extra_base_calls": round(statistics.mean(leaking), 2) if leaking else None,
        "agent_calls": sum(v.seen.receipt.agent_calls for v in verdicts),
        "added_p50_ms": round(statistics.median(v.seen.receipt.added_ms for v in verdicts), 1),
    }


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def calls_by_purpose(verdicts: Sequence[Verdict]) -> Counter[str]:
    """All calls of the model, for whom they were made."""
    return sum((Counter(v.seen.calls) for v in verdicts), Counter())
