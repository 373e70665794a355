"""The unlearning graph (design.md §4): vet, scrub, generate, audit, rewrite, criticise, abstain.

Rounds are counted in the state. One handler fails closed for every node. The graph is compiled
without a checkpointer, since its state holds drafts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from langgraph.errors import NodeError
from langgraph.graph import END, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.contracts import Scene, Vet, VetVerdict
from amnestic.config import Settings
from amnestic.exceptions import AmnesticError
from amnestic.graphs import checks
from amnestic.graphs.asking import Asking, asking_whom, base_failure, reads_strangers, why
from amnestic.graphs.auditing import findings_in, lifted, sentences_without_findings
from amnestic.graphs.choices import ending_choices, repeated, with_rest, withdrawn
from amnestic.graphs.emitting import generate_emitting
from amnestic.graphs.joining import beginnings, endings
from amnestic.graphs.left_to_ask import asked_now, asks_nothing
from amnestic.graphs.letting_out import words_let_out
from amnestic.graphs.mending import MENDING_NODES, first_writer
from amnestic.graphs.state import Deps, State
from amnestic.graphs.stepping import Node, Step, timed
from amnestic.graphs.wording import bounded, gone_on_with
from amnestic.models.deltas import collect
from amnestic.models.fixed import FixedBackend
from amnestic.models.protocol import StreamingBackend
from amnestic.models.telemetry import observed
from amnestic.tools.offload import offload
from amnestic.types import Conversation, Draft, Generation, LeakKind, Route, Usage

__all__ = ["build_graph", "recursion_limit", "step_for"]

Graph = CompiledStateGraph[State, Deps, State, State]


def build_graph(settings: Settings) -> Graph:
    """Compile the graph for `settings`; it may be run many times and concurrently."""
    return _compiled(settings.model_timeout, settings.agent_timeout)


@lru_cache(maxsize=8)  # it keeps nothing of a run, so that layers can share it
def _compiled(model_timeout: float, agent_timeout: float) -> Graph:
    builder = StateGraph(State, context_schema=Deps)
    handler: Any = fail_closed  # the library's node types do not know that handlers take an error
    builder.set_node_defaults(error_handler=handler)
    for name, (node, leads_to) in _NODES.items():
        limit = _seconds(name, model_timeout, agent_timeout)
        run: Any = timed(name, node)  # nor do they know a node by its type alone
        builder.add_node(name, run, timeout=limit, destinations=leads_to)
    builder.set_conditional_entry_point(lambda state: state.get("at", "vet"), [*_NODES])
    return builder.compile(checkpointer=False, name="amnestic")


def step_for(name: str, settings: Settings) -> Step:
    """A node of the graph as a step that can be taken by itself."""
    seconds = _seconds(name, settings.model_timeout, settings.agent_timeout)
    return Step(name, timed(name, _NODES[name][0]), seconds, fail_closed)


def _seconds(name: str, model_timeout: float, agent_timeout: float) -> float:
    return model_timeout * _BASE_NODES[name] if name in _BASE_NODES else agent_timeout


def recursion_limit(settings: Settings) -> int:
    """Steps that a run may take: the path with every writer and round used, and some air."""
    return 20 + 4 * settings.rounds


# ── Nodes ────────────────────────────────────────────────────────────────────────────────────────


async def vet(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Judge what the conversation asks for."""
    deps = runtime.context
    if deps.emit is not None and not _may_seal(deps.settings):
        deps.ahead.begin(deps.backend, state["conversation"], deps.options)
    await offload(deps.refresh)
    answer = await deps.crew.vetter.vet(state["conversation"], deps.namespace)
    seen = state["conversation"]
    verdict = replace(checks.verdict(answer), begun=beginnings(seen), ahead=endings(seen))
    update = {"verdict": verdict, "visible": seen, "plain": seen, "round": 0}
    match verdict.vet:
        case Vet.CLEAR:
            return Command(update=update, goto="generate")
        case Vet.SUSPECT:
            return Command(update=update, goto="scrub")
        case Vet.DIRECT:
            return Command(update=update, goto="feign" if _feigns(deps) else "abstain")


def _may_seal(settings: Settings) -> bool:
    """Whether there may be sealed targets, which are told to no model, one of this process among
    them: nothing is begun before it is known whether one is named."""
    return settings.seal_key is not None or settings.seal_key_file is not None


def _feigns(deps: Deps) -> bool:
    """Whether the base model is asked for nothing; a `voice` asks it anyway."""
    return deps.settings.direct == "ask" and deps.crew.counterfactual is None


async def feign(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Ask the wrapped model as for any subject and keep nothing of its answer but what it took:
    when it is down, its caller hears of it, whoever was asked about. A sealed target is not named
    to it for that."""
    deps = runtime.context
    generation = await _asked(deps, await _as_may_be_told(state, deps))
    update = {"base_calls": 1, "base_usage": generation.usage}
    return Command(update=update, goto="abstain")


async def _as_may_be_told(state: State, deps: Deps) -> Conversation:
    """The conversation, in which a sealed target is not named."""
    if not state["verdict"].sealed:
        return state["conversation"]
    answer = await deps.crew.scrubber.scrub(state["conversation"], state["verdict"])
    return checks.scrubbed(answer).conversation


async def _asked(deps: Deps, conversation: Conversation) -> Generation:
    begun = await deps.ahead.taken(conversation)
    answer = collect(begun) if begun else deps.backend.generate(conversation, deps.options)
    return await observed(deps.backend.name, answer)


async def scrub(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Take what belongs to a target out of what the wrapped model will see."""
    deps = runtime.context
    answer = await deps.crew.scrubber.scrub(state["conversation"], state["verdict"])
    scrubbed = checks.scrubbed(answer)
    plain = scrubbed.plain or scrubbed.conversation
    verdict = asked_now(replace(state["verdict"], mask=scrubbed.mask), state, plain)
    update = {
        "verdict": verdict,
        "visible": scrubbed.conversation if reads_strangers(deps.backend) else plain,
        "plain": plain,
        "scrubbed": scrubbed.changed,
    }
    if asks_nothing(scrubbed.conversation):
        return Command(update=update, goto="feign" if _feigns(deps) else "abstain")
    return Command(update=update, goto="generate")


async def generate(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Ask the wrapped model, unchanged, with the caller's own parameters. Far from every target a
    caller who listens is told what has passed while the rest arrives."""
    deps, verdict = runtime.context, state["verdict"]
    listening = deps.emit is not None and verdict.vet is Vet.CLEAR
    if listening and isinstance(deps.backend, StreamingBackend):
        said = words_let_out(state, deps)
        generation, broken_in = await generate_emitting(
            deps.backend, state["visible"], verdict, deps, said
        )
    else:
        generation, broken_in = await _asked(deps, state["visible"]), ""
    told = lifted(generation, verdict.mask)
    update = {"generation": told, "was_lifted": told is not generation, "base_calls": 1}
    update["broken_in"] = broken_in
    return Command(update=update, goto="audit")


async def audit(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Look for leaks in every channel of the draft, whatever the vetter said."""
    generation, verdict, deps = state["generation"], state["verdict"], runtime.context
    findings = await findings_in(deps.crew.auditor, generation.choices, verdict)
    if deps.crew.identification is not None and reads_strangers(deps.backend):
        findings += await deps.crew.identification.findings(
            generation.choices, verdict, findings, asking_whom(deps)
        )
    if findings:
        named = frozenset(f.target_id for f in findings if f.kind is LeakKind.DIRECT)
        near = verdict.context
        under = replace(verdict, context=replace(near, named=near.named | named))
        update = {"findings": findings, "verdict": under}
        return Command(update=update, goto=first_writer(deps))
    told = await _in_full(generation, verdict, deps)
    if told is not generation or state.get("was_lifted"):
        return Command(update={"generation": told, "route": Route.REWRITTEN}, goto=END)
    route = Route.CLEAR if verdict.vet is Vet.CLEAR else Route.PASSED
    return Command(update={"route": route}, goto=END)


async def _in_full(generation: Generation, verdict: VetVerdict, deps: Deps) -> Generation:
    """What was found clean, with what it passes over said not to be known where that is clean."""
    told = await offload(with_rest, generation, verdict, deps.options)
    if told is generation or await findings_in(deps.crew.auditor, told.choices, verdict):
        return generation
    return told


async def voice(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Let the wrapped model say that it does not know; where no call is made, ask as in `feign`."""
    deps = runtime.context
    asking = Asking(deps, state.get("base_calls", 0))
    draft = await _own_words(state, asking)
    if deps.settings.direct == "ask" and "generation" not in state and not asking.own:
        with suppress(AmnesticError):
            await asking.ask(await _as_may_be_told(state, deps))
    if asking.failure is not None and deps.settings.direct == "ask" and "generation" not in state:
        return Command(update={"model_error": asking.failure, **asking.update()}, goto=END)
    return Command(update={"voiced": draft, **asking.update()}, goto="abstain")


async def abstain(state: State, runtime: Runtime[Deps]) -> Command[str]:
    """Answer every choice that could not be mended as a model that never learned the target. What
    the abstainer words is audited like any draft; fixed words take its place when it leaks."""
    deps, verdict = runtime.context, state["verdict"]
    await deps.ahead.end()
    if "voiced" not in state and _has_voice(deps):
        return Command(goto="voice")
    draft = state.get("voiced") or await _fixed_words(verdict, deps)
    draft = bounded(draft, deps.options)
    choices = await offload(ending_choices, state, draft, deps)
    leaking = {f.choice for f in await findings_in(deps.crew.auditor, choices, verdict)}
    if "voiced" in state and any(choices[i] is draft for i in leaking):
        told = await sentences_without_findings(deps.crew.auditor, draft.text, verdict)
        draft = Draft(text=told) if told else await _fixed_words(verdict, deps)
        draft = bounded(draft, deps.options)
    choices = withdrawn(choices, leaking, state, draft, deps.options)
    route = Route.ABSTAINED if draft in choices else Route.REWRITTEN
    usage = state["generation"].usage if "generation" in state else Usage()
    return Command(update={"generation": Generation(choices, usage), "route": route}, goto=END)


def _has_voice(deps: Deps) -> bool:
    """Whether the base model is to speak where nothing may stay, and can be asked anything."""
    return deps.crew.counterfactual is not None and not isinstance(deps.backend, FixedBackend)


async def _own_words(state: State, asking: Asking) -> Draft | None:
    """What the base model says of a subject that it never learned."""
    if (counterfactual := asking.deps.crew.counterfactual) is None:
        return None
    anyway = asking.deps.settings.direct == "ask" and "generation" not in state
    scene = Scene(state["conversation"], asking.ask, asking.model, asks_anyway=anyway)
    text = await counterfactual.answer(state["verdict"], scene)
    return Draft(text=checks.words(text)) if text is not None else None


async def _fixed_words(verdict: VetVerdict, deps: Deps) -> Draft:
    draft = Draft(text=checks.words(await deps.crew.abstainer.abstain(verdict)))
    if await findings_in(deps.crew.screen, (draft,), verdict):
        return Draft(text=worded_abstention(verdict.question))
    return draft


async def fail_closed(state: State, error: NodeError, runtime: Runtime[Deps]) -> Command[str]:
    """End a run in which a node failed. The wrapped model's own errors go on to its caller; any
    other failure ends in an abstention, made without the agents, since they may be what failed."""
    if error.node in _BASE_ALONE:
        failure = await base_failure(error.error, state, runtime.context)
        return Command(update={"model_error": failure}, goto=END)
    verdict = state.get("verdict")
    question = verdict.question if verdict is not None else ""
    draft = gone_on_with(state.get("broken_in", ""), question)
    update = {
        "generation": Generation(repeated(draft, runtime.context)),
        "route": Route.FAILED,
        "reason": f"{error.node}: {why(error.error)}",
    }
    return Command(update=update, goto=END)


_BASE_NODES = MappingProxyType({"feign": 1, "generate": 1, "again": 3, "voice": 2})
"""The nodes that call the wrapped model, and for how many of its calls they have time."""
_BASE_ALONE = ("feign", "generate")  # their failure is the model's

_NODES: dict[str, tuple[Node, tuple[str, ...]]] = {
    "vet": (vet, ("generate", "scrub", "feign", "abstain")),
    "feign": (feign, ("abstain",)),
    "scrub": (scrub, ("generate", "feign", "abstain")),
    "generate": (generate, ("audit",)),
    "audit": (audit, ("again", "rewrite", END)),
    **MENDING_NODES,
    "voice": (voice, ("abstain", END)),
    "abstain": (abstain, ("voice", END)),
}
