"""Mending a leaking answer: writers, tried in order until a candidate is accepted and audited.

*again* is the wrapped model, asked for the whole answer a second time; *edit* cuts what that gave
and then the draft, or asks the rewriting agent where there is one. Whatever a writer gives is
judged by its own evidence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

from amnestic.agents.contracts import NAMED, Again, SecondScene, Vet
from amnestic.graphs import checks
from amnestic.graphs.asking import asking_whom, reads_strangers
from amnestic.graphs.auditing import findings_in
from amnestic.graphs.choices import (
    attempts_for,
    composed,
    continued,
    for_next_writer,
    next_round,
    refused,
    rejoined,
    tail_case,
    told_in_full,
    withheld,
)
from amnestic.graphs.second_answers import back_at_draft, for_cutting, on_second
from amnestic.graphs.state import Attempt, Deps, State
from amnestic.graphs.tool_calls import mended_calls
from amnestic.tools.offload import offload
from amnestic.types import Draft, Finding, Generation, Route, Stage

__all__ = ["MENDING_NODES", "first_writer"]

SECOND_ASKS = 2
"""Times that the wrapped model is asked again, at most."""


def first_writer(deps: Deps) -> str:
    """The node of the writer that gets a leaking draft first."""
    return "again" if _asks_again(deps) else "rewrite"


def _asks_again(deps: Deps) -> bool:
    """Whether the wrapped model is asked again: unless the settings say otherwise, and never one
    that reads no notes, whose answer under one is no sentence at all."""
    second = deps.crew.second_ask
    if deps.settings.rewrite_by not in (None, "again") or second is None:
        return False
    return reads_strangers(deps.backend) and second.serves(deps.backend)


async def again(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Ask the wrapped model for the whole answer once more, as one that never heard of it."""
    deps = runtime.context
    update = await _prepared(state, deps)
    attempts: tuple[Attempt, ...] = update["attempts"]
    open_ = [attempt for attempt in attempts if attempt.best is None]
    if not open_:
        return Command(update=update, goto="recheck")
    given, stage = await _asked(open_[0], state, deps)
    attempts = tuple([await _answered(a, given, deps) if a.best is None else a for a in attempts])
    update |= {
        "attempts": attempts,
        "asks": state.get("asks", 0) + 1,
        "base_calls": state.get("base_calls", 0) + 1,
        "stages": [stage],
    }
    if given.text:
        return Command(update=update, goto="criticise")
    update["tried"] = [f"again: {given.failure}"]
    return Command(update=update, goto="rewrite")


async def _asked(attempt: Attempt, state: State, deps: Deps) -> tuple[Again, Stage]:
    second = deps.crew.second_ask
    assert second is not None
    scene = SecondScene(
        state["plain"], deps.backend, deps.options, deps.settings.model_timeout, attempt.kept
    )
    begun = asyncio.get_running_loop().time()
    given = await second.ask(attempt.case, scene)
    ms = (asyncio.get_running_loop().time() - begun) * 1000
    return given, Stage(name="generate", ms=ms)


async def _answered(attempt: Attempt, given: Again, deps: Deps) -> Attempt:
    case = replace(attempt.case, note=given.note, anew=True, obeyed=given.obeyed)
    if not given.text:
        return for_next_writer(attempt)
    text = given.text
    if attempt.kept and not text.startswith(attempt.kept):
        text = continued(attempt, text)
    text = await offload(told_in_full, case, text, deps.options)
    return replace(attempt, case=case, candidates=(text,), ratings=(), writer="again")


async def rewrite(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Make candidates for the answers out of the draft."""
    deps = runtime.context
    update = await _prepared(state, deps)
    attempts = await asyncio.gather(*(on_second(a, state, deps) for a in update["attempts"]))
    rewritten = await asyncio.gather(*(_rewritten(a, deps) for a in attempts))
    return Command(update={**update, "attempts": tuple(rewritten)}, goto="criticise")


def _requested_schema(options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The JSON schema in a caller's options, if the caller asks for one."""
    wanted = options.get("response_format")
    if not isinstance(wanted, Mapping):
        return None
    held = wanted.get("json_schema")
    schema = held.get("schema") if isinstance(held, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


async def _prepared(state: State, deps: Deps) -> dict[str, Any]:
    """The attempts, with the channels withheld that no caller needs, the first time."""
    attempts, generation = state.get("attempts"), state["generation"]
    if attempts is not None:
        return {"attempts": attempts}
    schema = _requested_schema(deps.options)
    attempts = await attempts_for(state, deps.crew, schema, deps.emit is not None)
    verdict = state["verdict"]
    generation, left = await mended_calls(generation, state["findings"], verdict, deps.crew)
    return {"attempts": attempts, "generation": withheld(generation, left, verdict.question)}


async def _rewritten(attempt: Attempt, deps: Deps) -> Attempt:
    if attempt.best is not None:
        return attempt
    count = 1 if deps.crew.one_by_one else deps.settings.candidates
    return await _cut(attempt, count, deps)


async def _cut(attempt: Attempt, count: int, deps: Deps) -> Attempt:
    answer = await deps.crew.rewriter.rewrite(tail_case(attempt), count)
    mask = attempt.case.verdict.mask
    given = (mask.lifted(text) for text in rejoined(attempt, checks.candidates(answer, count)))
    found = [await offload(told_in_full, attempt.case, text, deps.options) for text in given]
    return replace(attempt, candidates=tuple(dict.fromkeys(found)), ratings=(), writer="edit")


async def criticise(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Rate the candidates; go on with the accepted, or to the next try with the reasons."""
    deps = runtime.context
    judged = tuple(await asyncio.gather(*(_criticised(a, deps) for a in state["attempts"])))
    if all(attempt.best is not None for attempt in judged):
        if deps.crew.second_ask is not None and any(a.writer == "again" for a in judged):
            deps.crew.second_ask.kept(deps.backend)
        return Command(update={"attempts": judged}, goto="recheck")
    return _next_try(state, judged, deps)


async def _criticised(attempt: Attempt, deps: Deps) -> Attempt:
    if attempt.ratings or not attempt.candidates:
        return attempt
    rated = await _rated(attempt, deps)
    if not deps.crew.one_by_one or rated.writer != "edit" or rated.ratings[0].is_perfect:
        return rated
    more = await _cut(attempt, deps.settings.candidates, deps)
    return await _rated(more, deps) if more.candidates != attempt.candidates else rated


async def _rated(attempt: Attempt, deps: Deps) -> Attempt:
    answer = await deps.crew.critic.criticise(attempt.case, attempt.candidates)
    return replace(attempt, ratings=checks.ratings(answer, len(attempt.candidates)))


def _next_try(state: State, judged: tuple[Attempt, ...], deps: Deps) -> Command[str]:
    """Where a run goes on whose candidates were not all accepted: to the same writer with the
    reasons, to the next one, or to an abstention."""
    open_ = [attempt for attempt in judged if attempt.best is None]
    tried = _tried(open_)
    if any(attempt.writer == "again" for attempt in open_):
        named = any(r.cause == NAMED for a in open_ for r in a.ratings)
        if named and deps.crew.second_ask is not None:
            deps.crew.second_ask.named(deps.backend)
        if not named and state.get("asks", 0) < SECOND_ASKS and _asks_again(deps):
            attempts = tuple(next_round(attempt, 0) for attempt in judged)
            return Command(update={"attempts": attempts, "tried": tried}, goto="again")
        attempts = tuple(for_cutting(attempt) for attempt in judged)
        return Command(update={"attempts": attempts, "tried": tried}, goto="rewrite")
    if any(attempt.draft is not None for attempt in open_):
        attempts = tuple(back_at_draft(attempt) for attempt in judged)
        return Command(update={"attempts": attempts, "tried": tried}, goto="rewrite")
    rounds = state["round"] + 1
    update = {"attempts": judged, "round": rounds, "tried": tried}
    if rounds >= deps.settings.rounds:
        return Command(update=update, goto="abstain")
    update["attempts"] = tuple(next_round(attempt, rounds) for attempt in judged)
    return Command(update=update, goto="rewrite")


def _tried(attempts: list[Attempt]) -> list[str]:
    """What became of the candidates, for the receipt: in the critic's own fixed words."""
    told = [
        f"{attempt.writer}: {rating.told}"
        for attempt in attempts
        for rating in attempt.ratings
        if not rating.accepted
    ]
    return list(dict.fromkeys(told)) or ["edit: nothing was left"]


async def recheck(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Audit what was put together, as any candidate is: the last edit is checked. Where a merger of
    accepted candidates does not pass, the best of them is tried as it is; where that does not pass
    either, the next writer is."""
    deps, attempts = runtime.context, state["attempts"]
    merged = tuple(await asyncio.gather(*(_merged(attempt, deps) for attempt in attempts)))
    for candidate in (merged, attempts)[merged == attempts :]:
        generation = composed(state["generation"], candidate)
        findings = await findings_in(
            deps.crew.auditor,
            generation.choices,
            attempts[0].case.verdict if attempts else state["verdict"],
            anew=all(attempt.case.obeyed for attempt in attempts),
        )
        findings += await _identified(generation.choices, findings, state, deps)
        if not findings:
            told = [f"{a.writer}: accepted" for a in attempts]
            update = {"generation": generation, "tried": told, "route": Route.REWRITTEN}
            return Command(update=update, goto=END)
    leaking = {finding.choice for finding in findings}
    judged = tuple(refused(a, _LEAKS) if a.choice in leaking else a for a in attempts)
    if judged == attempts:  # what leaks is no answer that was rewritten
        return Command(update=_unmended(generation, findings), goto="abstain")
    return _next_try(state, judged, deps)


async def _identified(
    choices: tuple[Draft, ...], found: tuple[Finding, ...], state: State, deps: Deps
) -> tuple[Finding, ...]:
    """What a model identifies in what was cut: where only a model saw what the draft told, only a
    model can see whether that is gone. A writer that keeps to the note is believed."""
    identification, attempts = deps.crew.identification, state["attempts"]
    was_identified = any(e.name == "identified" for f in state["findings"] for e in f.evidence)
    if identification is None or found or not was_identified:
        return ()
    if all(attempt.case.obeyed for attempt in attempts):
        return ()
    verdict = replace(state["verdict"], vet=Vet.SUSPECT)
    return await identification.findings(choices, verdict, found, asking_whom(deps))


_LEAKS = "the last audit finds the target in it"


def _unmended(generation: Generation, findings: tuple[Any, ...]) -> dict[str, Any]:
    return {"generation": generation, "findings": findings}


async def _merged(attempt: Attempt, deps: Deps) -> Attempt:
    best = attempt.accepted[: deps.settings.compose]
    if deps.crew.composer is None or len(best) < 2:
        return attempt
    text = checks.words(await deps.crew.composer.compose(attempt.case, best))
    return replace(attempt, merged=text) if text.startswith(attempt.kept) else attempt


Node = Callable[[State, Runtime[Deps]], Awaitable[Command[str]]]

MENDING_NODES: dict[str, tuple[Node, tuple[str, ...]]] = {
    "again": (again, ("criticise", "recheck", "rewrite")),
    "rewrite": (rewrite, ("criticise",)),
    "criticise": (criticise, ("again", "rewrite", "recheck", "abstain")),
    "recheck": (recheck, ("again", "rewrite", "abstain", END)),
}
"""The nodes by which a leaking answer is mended, and where each may lead."""
