"""The choices of an answer while they are mended: withheld, kept, rewritten and put back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.beside import beside
from amnestic.agents.contracts import Case, Rating, Vet, VetVerdict
from amnestic.agents.passed_over import not_passed_over
from amnestic.agents.roles import Crew
from amnestic.graphs.emitting import clean_beginning
from amnestic.graphs.state import Attempt, Deps, State
from amnestic.types import ENDINGS, Draft, Finding, Generation, Span, ToolCall

__all__ = [
    "attempts_for",
    "bounded",
    "composed",
    "continued",
    "ending_choices",
    "for_next_writer",
    "next_round",
    "refused",
    "rejoined",
    "repeated",
    "tail_case",
    "token_limit",
    "told_in_full",
    "withdrawn",
    "withheld",
]


def _behind(verdict: VetVerdict, kept: str) -> VetVerdict:
    """What is left of a draft is read beside it, but for the beginning that is out already."""
    drafts = verdict.context.drafts
    if not kept or drafts is None:
        return verdict
    return replace(verdict, context=replace(verdict.context, drafts=drafts.behind(kept)))


async def attempts_for(
    state: State, crew: Crew, schema: Mapping[str, Any] | None, listening: bool
) -> tuple[Attempt, ...]:
    """One attempt for each choice whose answer leaks.

    Where the conversation was clear and somebody is listening, the clean beginning of the answer
    may be out already, before the leak came: that beginning is kept as it is.
    """
    leaking: dict[int, list[Finding]] = {}
    for finding in state["findings"]:
        if finding.channel == "answer":
            leaking.setdefault(finding.choice, []).append(finding)
    choices, verdict = state["generation"].choices, state["verdict"]
    left = beside(verdict, state["findings"], choices)
    attempts = []
    for i, found in leaking.items():
        text, released = choices[i].text, listening and verdict.vet is Vet.CLEAR
        kept = await clean_beginning(text, crew, verdict, found) if released else ""
        case = Case(_behind(left, kept), "answer", text, tuple(found), schema=schema, kept=kept,
                    finish_reason=choices[i].finish_reason)  # fmt: skip
        attempts.append(Attempt(i, case, kept))
    return tuple(attempts)


def tail_case(attempt: Attempt) -> Case:
    """What the rewriter gets: the part of the answer that is not kept."""
    case, at = attempt.case, _tail_start(attempt)
    if not attempt.kept:
        return case
    findings = tuple(replace(f, spans=_shifted(f.spans, at)) for f in case.findings)
    begun = case.text[:at]
    rejected = tuple(text.removeprefix(begun) for text in case.rejected)
    return replace(case, text=case.text[at:], findings=findings, rejected=rejected, begun=begun)


def rejoined(attempt: Attempt, candidates: Sequence[str]) -> tuple[str, ...]:
    """The rewriter's candidates behind the beginning that is kept."""
    if not attempt.kept:
        return tuple(candidates)
    head = attempt.case.text[: _tail_start(attempt)]
    return tuple(head + candidate.lstrip() for candidate in candidates)


def continued(attempt: Attempt, text: str) -> str:
    """What the model wrote to come next, behind the beginning that is kept. A break of its own
    stands: a heading or a list may begin there, where the draft went on in the same line."""
    gap = text[: len(text) - len(text.lstrip())]
    if "\n" in gap and not attempt.kept[-1:].isspace():
        return attempt.kept + text
    return rejoined(attempt, (text,))[0]


def _tail_start(attempt: Attempt) -> int:
    text, at = attempt.case.text, len(attempt.kept)
    return at + len(text[at:]) - len(text[at:].lstrip()) if at else 0


def _shifted(spans: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple(Span(max(s.start - by, 0), s.end - by) for s in spans if s.end > by)


def next_round(attempt: Attempt, rounds: int) -> Attempt:
    """The attempt as the rewriter gets it again, with the critic's reasons."""
    if attempt.best is not None:
        return attempt
    rated = zip(attempt.ratings, attempt.candidates, strict=False)
    told = [(rating.reason, text) for rating, text in rated if rating.reason]
    reasons, rejected = tuple(r for r, _ in told), tuple(text for _, text in told)
    case = replace(attempt.case, round=rounds, reasons=reasons, rejected=rejected)
    return replace(attempt, case=case)


def for_next_writer(attempt: Attempt) -> Attempt:
    """The attempt as a writer gets it who has not tried yet."""
    if attempt.best is not None:
        return attempt
    case = replace(attempt.case, round=0, reasons=(), note="", anew=False, obeyed=False)
    return replace(attempt, case=case, candidates=(), ratings=(), writer="")


def refused(attempt: Attempt, reason: str) -> Attempt:
    """The attempt after its text did not pass the last audit."""
    ratings = (Rating(1, 1, 1, reason, reason),)
    return replace(attempt, candidates=attempt.candidates[:1], ratings=ratings, merged=None)


def withheld(generation: Generation, findings: tuple[Finding, ...], question: str) -> Generation:
    """Empty the leaking channels that are not answers: reasoning goes, a refusal is worded anew,
    a leaking tool call is not made; a choice left with nothing abstains."""
    choices = list(generation.choices)
    for i, draft in enumerate(choices):
        leaking = {f.channel for f in findings if f.choice == i and f.channel != "answer"}
        if not leaking:
            continue
        calls = tuple(
            call for k, call in enumerate(draft.tool_calls) if f"tool_call:{k}" not in leaking
        )
        draft = _plainly_ended(draft)
        if "beside" in leaking:
            calls = _renamed(calls)
        clean = replace(
            draft,
            reasoning="" if "reasoning" in leaking else draft.reasoning,
            beside="" if "beside" in leaking else draft.beside,
            refusal=worded_abstention(question) if "refusal" in leaking else draft.refusal,
            tool_calls=calls,
        )
        if not (clean.text or clean.refusal or clean.tool_calls):
            clean = replace(clean, text=worded_abstention(question))
        finished = clean.finish_reason if calls or not draft.tool_calls else "stop"
        choices[i] = replace(clean, finish_reason=finished)
    return Generation(tuple(choices), generation.usage)


def _renamed(calls: tuple[ToolCall, ...]) -> tuple[ToolCall, ...]:
    """The calls under ids of the layer's own, where one of the model's may tell something."""
    return tuple(replace(call, id=f"call_{secrets.token_hex(12)}") for call in calls)


def _plainly_ended(draft: Draft) -> Draft:
    """The draft with an ending that everybody knows; another is a word of the model's own."""
    if draft.finish_reason in ENDINGS:
        return draft
    return replace(draft, finish_reason="tool_calls" if draft.tool_calls else "stop")


def composed(generation: Generation, attempts: tuple[Attempt, ...]) -> Generation:
    """The answer with the accepted candidates in their places. How the model came to an answer
    that was touched is not told: its reasoning goes."""
    choices = list(generation.choices)
    for attempt in attempts:
        if attempt.text is not None:
            draft = choices[attempt.choice].with_channel(attempt.case.channel, attempt.text)
            draft = _plainly_ended(draft)
            choices[attempt.choice] = replace(draft, reasoning="", beside="")
    return Generation(tuple(choices), generation.usage)


def ending_choices(state: State, abstention: Draft, deps: Deps) -> tuple[Draft, ...]:
    """The choices of a run that is out of rounds: what was accepted stands, an answer that could
    not be mended ends where its clean beginning ends, with what it passes over said not to be
    known, and abstains where it has none."""
    generation = state.get("generation")
    if generation is None:
        return repeated(abstention, deps)
    attempts = state.get("attempts") or ()
    choices = list(composed(generation, attempts).choices)
    for attempt in attempts:
        if attempt.best is None:
            kept = attempt.kept
            text = told_in_full(attempt.case, kept, deps.options) if kept else ""
            choices[attempt.choice] = Draft(text=text) if text else abstention
    return tuple(choices)


def withdrawn(
    choices: tuple[Draft, ...], which: set[int], state: State, abstention: Draft
) -> tuple[Draft, ...]:
    """The choices with the clean beginnings of `which` in their places, or an abstention."""
    kept = {a.choice: Draft(text=a.kept) for a in state.get("attempts") or () if a.kept}
    return tuple(
        kept.get(i, abstention) if i in which else draft for i, draft in enumerate(choices)
    )


def bounded(draft: Draft, options: Mapping[str, Any]) -> Draft:
    """What the layer words itself, as long as a model's answer may be: cut where a stop word
    begins, and behind as many tokens as are asked for.

    >>> bounded(Draft(text="I don't know that."), {"max_tokens": 2, "stop": "that"}).text
    "I don't"
    >>> bounded(Draft(text="I don't know that."), {"stop": ["know"]}).text
    "I don't "
    """
    text, finish = draft.text, draft.finish_reason
    stop = options.get("stop")
    for word in [stop] if isinstance(stop, str) else stop or ():
        if isinstance(word, str) and word:
            text = text.partition(word)[0]
    most = token_limit(options)
    tokens = _TOKEN.findall(text)
    if most is not None and len(tokens) > most:
        text, finish = "".join(tokens[:most]), "length"
    return draft if text == draft.text else replace(draft, text=text, finish_reason=finish)


def told_in_full(case: Case, answer: str, options: Mapping[str, Any]) -> str:
    """An answer, with what it passes over said not to be known, where its caller left room."""
    told = not_passed_over(case, answer)
    return told if bounded(Draft(text=told), options).text == told else answer


def token_limit(options: Mapping[str, Any]) -> int | None:
    """The most tokens that an answer may have, where its caller says so.

    >>> token_limit({"max_tokens": 9, "max_completion_tokens": 7}), token_limit({})
    (7, None)
    """
    limits = [options.get(name) for name in _LIMITS]
    return min((n for n in limits if isinstance(n, int) and n > 0), default=None)


_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_TOKEN = re.compile(r"\s*[^\W_](?:[\w'’]*)|\s*\S|\s+")


def repeated(draft: Draft, deps: Deps) -> tuple[Draft, ...]:
    """One draft for each choice that was asked for."""
    count = deps.options.get("n")
    return (draft,) * (count if isinstance(count, int) and 1 <= count <= 128 else 1)
