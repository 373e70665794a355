"""The unlearning graph (design.md §4): vet, scrub, generate, audit, rewrite, criticise, abstain.

Rounds are counted in the state. One handler fails closed for every node. The graph is compiled
without a checkpointer, since its state holds drafts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from langgraph.errors import NodeError
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.contracts import Scene, Vet, VetVerdict
from amnestic.agents.scrubber import NOTHING_LEFT
from amnestic.config import Settings
from amnestic.graphs import checks
from amnestic.graphs.asking import Asking, base_failure, why
from amnestic.graphs.choices import (
    attempts_for,
    composed,
    ending_choices,
    next_round,
    rejoined,
    repeated,
    tail_case,
    withdrawn,
    withheld,
)
from amnestic.graphs.emitting import generate_emitting
from amnestic.graphs.state import Attempt, Deps, State
from amnestic.graphs.tool_calls import mended_calls
from amnestic.models.protocol import StreamingBackend
from amnestic.tools.documents import requested_schema
from amnestic.tools.offload import offload
from amnestic.types import Conversation, Draft, Generation, Route, Stage, Usage

__all__ = ["build_graph", "recursion_limit"]

Graph = CompiledStateGraph[State, Deps, State, State]
Node = Callable[[State, Runtime[Deps]], Awaitable[Command[str]]]


def build_graph(settings: Settings) -> Graph:
    """Compile the graph for `settings`; it may be run many times and concurrently."""
    return _compiled(settings.model_timeout, settings.agent_timeout)


@lru_cache(maxsize=8)  # it keeps nothing of a run, so that layers can share it
def _compiled(model_timeout: float, agent_timeout: float) -> Graph:
    builder = StateGraph(State, context_schema=Deps)
    handler: Any = fail_closed  # the library's node types do not know that handlers take an error
    builder.set_node_defaults(error_handler=handler)
    for name, (node, leads_to) in _NODES.items():
        limit = model_timeout if name in _BASE_NODES else agent_timeout
        builder.add_node(name, _timed(name, node), timeout=limit, destinations=leads_to)
    builder.add_edge(START, "vet")
    return builder.compile(checkpointer=False, name="amnestic")


def recursion_limit(settings: Settings) -> int:
    """Steps that a run may take: the path with every round used, and some air."""
    return 8 + 3 * settings.rounds


def _timed(name: str, node: Node) -> Any:
    async def run(state: State, runtime: Runtime[Deps]) -> Command[str]:
        begun = time.perf_counter()
        command = await node(state, runtime)
        update: dict[str, Any] = {**(command.update or {})}
        inner: list[Stage] = update.get("stages", [])
        own = (time.perf_counter() - begun) * 1000 - sum(stage.ms for stage in inner)
        update["stages"] = [*inner, Stage(name=name, ms=own)]
        return Command(update=update, goto=command.goto)

    run.__name__ = name
    return run


# ── Nodes ────────────────────────────────────────────────────────────────────────────────────────


async def vet(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Judge what the conversation asks for."""
    deps = runtime.context
    await offload(deps.refresh)
    answer = await deps.crew.vetter.vet(state["conversation"], deps.namespace)
    verdict = checks.verdict(answer)
    update = {"verdict": verdict, "visible": state["conversation"], "round": 0}
    match verdict.vet:
        case Vet.CLEAR:
            return Command(update=update, goto="generate")
        case Vet.SUSPECT:
            return Command(update=update, goto="scrub")
        case Vet.DIRECT:
            return Command(update=update, goto="feign" if _feigns(deps) else "abstain")


def _feigns(deps: Deps) -> bool:
    """Whether the base model is asked although its answer is not wanted; an abstention in its own
    voice asks it anyway."""
    return deps.settings.direct == "ask" and deps.crew.counterfactual is None


async def feign(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Ask the wrapped model as for any subject and keep nothing of its answer but what it took:
    when it is down, its caller hears of it, whoever was asked about."""
    deps = runtime.context
    generation = await deps.backend.generate(state["conversation"], deps.options)
    update = {"base_calls": 1, "base_usage": generation.usage}
    return Command(update=update, goto="abstain")


async def scrub(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Take what belongs to a target out of what the wrapped model will see."""
    deps = runtime.context
    answer = await deps.crew.scrubber.scrub(state["conversation"], state["verdict"])
    scrubbed = checks.scrubbed(answer)
    update = {"visible": scrubbed.conversation, "scrubbed": scrubbed.changed}
    if _asks_nothing(scrubbed.conversation):
        return Command(update=update, goto="feign" if _feigns(deps) else "abstain")
    return Command(update=update, goto="generate")


def _asks_nothing(conversation: Conversation) -> bool:
    """Whether nothing is left of the last user turn."""
    last = next((m for m in reversed(conversation) if m.role == "user"), None)
    return last is not None and last.text.strip() == NOTHING_LEFT


async def generate(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Ask the wrapped model, unchanged, with the caller's own parameters. Far from every target a
    caller who listens is told what has passed while the rest arrives."""
    deps, verdict = runtime.context, state["verdict"]
    listening = deps.emit is not None and verdict.vet is Vet.CLEAR
    if listening and isinstance(deps.backend, StreamingBackend):
        generation = await generate_emitting(deps.backend, state["visible"], verdict, deps)
    else:
        generation = await deps.backend.generate(state["visible"], deps.options)
    return Command(update={"generation": generation, "base_calls": 1}, goto="audit")


async def audit(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Look for leaks in every channel of the draft, whatever the vetter said."""
    generation, verdict = state["generation"], state["verdict"]
    answer = await runtime.context.crew.auditor.audit(generation.choices, verdict)
    findings = checks.findings(answer)
    if findings:
        return Command(update={"findings": findings}, goto="rewrite")
    route = Route.CLEAR if verdict.vet is Vet.CLEAR else Route.PASSED
    return Command(update={"route": route}, goto=END)


async def rewrite(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Withhold the channels that no caller needs, and make candidates for the answers."""
    deps = runtime.context
    attempts, generation = state.get("attempts"), state["generation"]
    if attempts is None:
        schema = requested_schema(deps.options)
        attempts = await attempts_for(state, deps.crew.screen, schema)
        verdict = state["verdict"]
        generation, left = await mended_calls(generation, state["findings"], verdict, deps.crew)
        generation = withheld(generation, left, verdict.question)
    rewritten = await asyncio.gather(*(_rewritten(attempt, deps) for attempt in attempts))
    return Command(update={"attempts": tuple(rewritten), "generation": generation},
                   goto="criticise")  # fmt: skip


async def _rewritten(attempt: Attempt, deps: Deps) -> Attempt:
    if attempt.best is not None:
        return attempt
    count = deps.settings.candidates
    answer = await deps.crew.rewriter.rewrite(tail_case(attempt), count)
    found = rejoined(attempt, checks.candidates(answer, count))
    return replace(attempt, candidates=found, ratings=())


async def criticise(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Rate the candidates; go on with the accepted, or round again with the reasons."""
    deps = runtime.context
    judged = await asyncio.gather(*(_criticised(a, deps) for a in state["attempts"]))
    rounds = state["round"] + 1
    update = {"attempts": tuple(judged), "round": rounds}
    if all(attempt.best is not None for attempt in judged):
        return Command(update=update, goto="recheck")
    if rounds >= deps.settings.rounds:
        return Command(update=update, goto="abstain")
    update["attempts"] = tuple(next_round(attempt, rounds) for attempt in judged)
    return Command(update=update, goto="rewrite")


async def _criticised(attempt: Attempt, deps: Deps) -> Attempt:
    if attempt.ratings or not attempt.candidates:
        return attempt
    answer = await deps.crew.critic.criticise(attempt.case, attempt.candidates)
    return replace(attempt, ratings=checks.ratings(answer, len(attempt.candidates)))


async def recheck(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Audit what was put together, as any draft is: the last edit is checked. Where a merger of
    accepted candidates does not pass, the best of them is tried as it is."""
    crew, attempts = runtime.context.crew, state["attempts"]
    merged = await asyncio.gather(*(_merged(attempt, runtime.context) for attempt in attempts))
    generation = composed(state["generation"], tuple(merged))
    findings = checks.findings(await crew.auditor.audit(generation.choices, state["verdict"]))
    if findings and tuple(merged) != attempts:
        generation = composed(state["generation"], attempts)
        findings = checks.findings(await crew.auditor.audit(generation.choices, state["verdict"]))
    if findings:
        return Command(update={"generation": generation, "findings": findings}, goto="abstain")
    return Command(update={"generation": generation, "route": Route.REWRITTEN}, goto=END)


async def _merged(attempt: Attempt, deps: Deps) -> Attempt:
    best = attempt.accepted[: deps.settings.compose]
    if deps.crew.composer is None or len(best) < 2:
        return attempt
    text = checks.words(await deps.crew.composer.compose(attempt.case, best))
    return replace(attempt, merged=text)


async def abstain(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Answer every choice that could not be mended as a model that never learned the target. What
    the abstainer words is audited like any draft; fixed words take its place when it leaks."""
    deps = runtime.context
    verdict = state["verdict"]
    asking = Asking(deps, state.get("base_calls", 0))
    draft = await _own_words(state, asking) or await _fixed_words(verdict, deps)
    if asking.failure is not None and deps.settings.direct == "ask" and "generation" not in state:
        return Command(update={"model_error": asking.failure, **asking.update()}, goto=END)
    choices = ending_choices(state, draft, deps)
    leaking = {f.choice for f in checks.findings(await deps.crew.auditor.audit(choices, verdict))}
    choices = withdrawn(choices, leaking, state, draft)
    route = Route.ABSTAINED if draft in choices else Route.REWRITTEN
    usage = state["generation"].usage if "generation" in state else Usage()
    update = {"generation": Generation(choices, usage), "route": route, **asking.update()}
    return Command(update=update, goto=END)


async def _own_words(state: State, asking: Asking) -> Draft | None:
    """What the base model says of a subject that it never learned, where that is asked for."""
    counterfactual = asking.deps.crew.counterfactual
    if counterfactual is None:
        return None
    scene = Scene(state["conversation"], asking.ask)
    text = await counterfactual.answer(state["verdict"], scene)
    return Draft(text=checks.words(text)) if text is not None else None


async def _fixed_words(verdict: VetVerdict, deps: Deps) -> Draft:
    draft = Draft(text=checks.words(await deps.crew.abstainer.abstain(verdict)))
    if checks.findings(await deps.crew.screen.audit((draft,), verdict)):
        return Draft(text=worded_abstention(verdict.question))
    return draft


async def fail_closed(state: State, error: NodeError, runtime: Runtime[Deps]) -> Command[str]:
    """End a run in which a node failed. The wrapped model's own errors go on to its caller; any
    other failure ends in an abstention, made without the agents, since they may be what failed."""
    if error.node in _BASE_NODES:
        failure = await base_failure(error.error, state, runtime.context)
        return Command(update={"model_error": failure}, goto=END)
    verdict = state.get("verdict")
    question = verdict.question if verdict is not None else ""
    draft = Draft(text=worded_abstention(question))
    update = {
        "generation": Generation(repeated(draft, runtime.context)),
        "route": Route.FAILED,
        "reason": f"{error.node}: {why(error.error)}",
    }
    return Command(update=update, goto=END)


_BASE_NODES = ("feign", "generate")
"""The nodes that call the wrapped model."""

_NODES: dict[str, tuple[Node, tuple[str, ...]]] = {
    "vet": (vet, ("generate", "scrub", "feign", "abstain")),
    "feign": (feign, ("abstain",)),
    "scrub": (scrub, ("generate", "feign", "abstain")),
    "generate": (generate, ("audit",)),
    "audit": (audit, ("rewrite", END)),
    "rewrite": (rewrite, ("criticise",)),
    "criticise": (criticise, ("rewrite", "recheck", "abstain")),
    "recheck": (recheck, ("abstain", END)),
    "abstain": (abstain, (END,)),
}
