"""The choices of an answer while they are mended: withheld, kept, rewritten and put back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.beside import beside
from amnestic.agents.contracts import Case, Rating, Vet, VetVerdict
from amnestic.agents.passed_over import not_passed_over
from amnestic.agents.roles import Crew
from amnestic.agents.said_already import broken_off
from amnestic.graphs.emitting import clean_beginning
from amnestic.graphs.state import Attempt, Deps, State
from amnestic.graphs.wording import bounded, gone_on_with
from amnestic.types import ENDINGS, Draft, Finding, Generation, Span, ToolCall

__all__ = [
    "attempts_for",
    "behind",
    "composed",
    "continued",
    "ending_choices",
    "for_next_writer",
    "next_round",
    "refused",
    "rejoined",
    "repeated",
    "tail_case",
    "told_in_full",
    "with_rest",
    "withdrawn",
    "withheld",
]


def behind(verdict: VetVerdict, kept: str) -> VetVerdict:
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
        broken_in = state.get("broken_in", "") if i == 0 else ""
        is_open = len(broken_in) > len(kept)
        kept = broken_in if is_open else kept
        case = Case(behind(left, kept), "answer", text, tuple(found), schema=schema, kept=kept,
                    finish_reason=choices[i].finish_reason)  # fmt: skip
        attempts.append(Attempt(i, case, kept, is_open))
    return tuple(attempts)


def tail_case(attempt: Attempt) -> Case:
    """What the rewriter gets: the part of the answer that is not kept; all of it where that begins
    in the middle of a sentence, which is cut as a whole."""
    case, at = attempt.case, _tail_start(attempt)
    if not attempt.kept or attempt.is_open:
        return case
    findings = tuple(replace(f, spans=_shifted(f.spans, at)) for f in case.findings)
    begun = case.text[:at]
    rejected = tuple(text.removeprefix(begun) for text in case.rejected)
    return replace(case, text=case.text[at:], findings=findings, rejected=rejected, begun=begun)


def rejoined(attempt: Attempt, candidates: Sequence[str]) -> tuple[str, ...]:
    """The rewriter's candidates behind the beginning that is kept. One that is open is broken off
    where they do not have its sentence any more."""
    if not attempt.kept:
        return tuple(candidates)
    if attempt.is_open:
        asked = attempt.case.verdict.question
        return tuple(
            text if text.startswith(attempt.kept) else broken_off(attempt.kept, asked, text)
            for text in candidates
        )
    head = attempt.case.text[: _tail_start(attempt)]
    return tuple(head + candidate.lstrip() for candidate in candidates)


def continued(attempt: Attempt, text: str) -> str:
    """What the model wrote to come next, behind the beginning that is kept. A break of its own
    stands: a heading or a list may begin there, where the draft went on in the same line."""
    if attempt.is_open:
        return attempt.kept + (text if not text[:1].isalnum() else f" {text}")
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
            kept = _standing(attempt, deps.options) if attempt.kept else None
            told = kept and told_in_full(attempt.case, kept.text, deps.options)
            choices[attempt.choice] = replace(kept, text=told) if kept and told else abstention
    return tuple(choices)


def _standing(attempt: Attempt, options: Mapping[str, Any]) -> Draft:
    """What is kept of an answer, as it stands by itself."""
    if not attempt.is_open:
        return Draft(text=attempt.kept)
    return gone_on_with(attempt.kept, attempt.case.verdict.question, options)


def withdrawn(
    choices: tuple[Draft, ...],
    which: set[int],
    state: State,
    abstention: Draft,
    options: Mapping[str, Any],
) -> tuple[Draft, ...]:
    """The choices with the clean beginnings of `which` in their places, or an abstention; where a
    sentence has begun that is out, and nobody mended its answer, that is broken off."""
    kept = {a.choice: _standing(a, options) for a in state.get("attempts") or () if a.kept}
    if begun := state.get("broken_in"):
        kept.setdefault(0, gone_on_with(begun, state["verdict"].question, options))
    return tuple(
        kept.get(i, abstention) if i in which else draft for i, draft in enumerate(choices)
    )


def told_in_full(case: Case, answer: str, options: Mapping[str, Any]) -> str:
    """An answer, with what it passes over said not to be known, where its caller left room."""
    told = not_passed_over(case, answer)
    return told if bounded(Draft(text=told), options).text == told else answer


def with_rest(
    generation: Generation, verdict: VetVerdict, options: Mapping[str, Any]
) -> Generation:
    """A clean answer to a question of several parts, of which one asked for a target under an
    invented name, with a sentence of not knowing where it says nothing to that part; the generation
    itself where nothing is passed over, and where a program reads the answer."""
    if not (verdict.mask and verdict.beyond) or options.get("response_format"):
        return generation
    cases = [Case(verdict, "answer", draft.text, ()) for draft in generation.choices]
    told = tuple(
        replace(draft, text=told_in_full(case, draft.text, options))
        if draft.text and not draft.tool_calls and draft.finish_reason != "length"
        else draft
        for draft, case in zip(generation.choices, cases, strict=True)
    )
    return generation if told == generation.choices else Generation(told, generation.usage)


def repeated(draft: Draft, deps: Deps) -> tuple[Draft, ...]:
    """One draft for each choice that was asked for."""
    count = deps.options.get("n")
    return (draft,) * (count if isinstance(count, int) and 1 <= count <= 128 else 1)
