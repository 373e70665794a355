"""`create_agent(model=…, middleware=[AmnesticMiddleware(amnesia)])`: an agent that forgets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain.agents.middleware.types import AgentState, ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

from amnestic.amnesia import Amnesia
from amnestic.graphs.observing import WITHHELD
from amnestic.integrations.langchain_model import AmnesticChatModel
from amnestic.integrations.observations import (
    clean_memory,
    clean_value,
    cleaned_result,
    is_summary,
)
from amnestic.integrations.scrubbed_tool import ScrubbedTool, ToolCleaner

__all__ = ["AmnesticMiddleware"]

ToolResult = ToolMessage | Command[Any]


class AmnesticMiddleware(AgentMiddleware[AgentState[Any], Any, Any]):
    """Puts an agent behind the layer: its model calls, its tool calls in both directions, its
    summaries and what it remembers from runs before.

    Put it last in the list, nearest to the model. A middleware that asks a model of its own (as
    `SummarizationMiddleware` does) should be given an `AmnesticChatModel`; what it writes into the
    state is cleaned here in any case before the agent reads it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from langchain.agents import create_agent
    >>> from amnestic.testing import ScriptedChatModel
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     model = ScriptedChatModel.of("Ana Morel painted it.")
    ...     agent = create_agent(model, middleware=[AmnesticMiddleware(amnesia)])
    ...     state = agent.invoke({"messages": "Who painted the ceiling?"})
    ...     "Morel" in state["messages"][-1].text
    False
    >>> folder.cleanup()
    """

    def __init__(self, amnesia: Amnesia) -> None:
        super().__init__()
        self._amnesia = amnesia

    # ── Memory and summaries ─────────────────────────────────────────────────────────────────────

    def before_agent(self, state: AgentState[Any], runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Clean what a checkpointer kept from before something was forgotten."""
        return self._amnesia.call(lambda: self.abefore_agent(state, runtime))

    async def abefore_agent(
        self, state: AgentState[Any], runtime: Runtime[Any]
    ) -> dict[str, Any] | None:
        """Clean what a checkpointer kept from before something was forgotten."""
        messages = state["messages"]
        places = [i for i, m in enumerate(messages) if m.type in ("ai", "tool") or is_summary(m)]
        return await self._replaced(messages, places)

    def before_model(self, state: AgentState[Any], runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Clean the summaries that another middleware wrote."""
        return self._amnesia.call(lambda: self.abefore_model(state, runtime))

    async def abefore_model(
        self, state: AgentState[Any], runtime: Runtime[Any]
    ) -> dict[str, Any] | None:
        """Clean the summaries that another middleware wrote."""
        messages = state["messages"]
        return await self._replaced(messages, [i for i, m in enumerate(messages) if is_summary(m)])

    async def _replaced(
        self, messages: Sequence[AnyMessage], places: Sequence[int]
    ) -> dict[str, Any] | None:
        changed = await clean_memory(self._amnesia, messages, places)
        return {"messages": list(changed.values())} if changed else None

    # ── Model calls ──────────────────────────────────────────────────────────────────────────────

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Ask the agent's model through the layer."""
        return handler(self._guarded(request))

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any] | AIMessage:
        """Ask the agent's model through the layer."""
        return await handler(self._guarded(request))

    def _guarded(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        if isinstance(request.model, AmnesticChatModel):
            return request
        return request.override(model=AmnesticChatModel(amnesia=self._amnesia, inner=request.model))

    # ── Tool calls ───────────────────────────────────────────────────────────────────────────────

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolResult]
    ) -> ToolResult:
        """Make the call unless its arguments tell of a target, and clean what it gives."""
        if not self._amnesia.call(lambda: self._may_call(request)):
            return _not_made(request)
        given = handler(self._scrubbed(request))
        if _is_clean(request, given):
            return given
        history = _history(request)
        cleaned: ToolResult = self._amnesia.call(
            lambda: cleaned_result(self._amnesia, history, given)
        )
        return cleaned

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolResult]],
    ) -> ToolResult:
        """Make the call unless its arguments tell of a target, and clean what it gives."""
        if not await self._may_call(request):
            return _not_made(request)
        given = await handler(self._scrubbed(request))
        if _is_clean(request, given):
            return given
        cleaned: ToolResult = await cleaned_result(self._amnesia, _history(request), given)
        return cleaned

    async def _may_call(self, request: ToolCallRequest) -> bool:
        """Arguments that came past the model (edited by a person, kept from before) are read here;
        the model's own were read with its answer."""
        arguments = request.tool_call["args"]
        clean = await clean_value(self._amnesia, _history(request), arguments)
        return bool(clean == arguments)

    def _scrubbed(self, request: ToolCallRequest) -> ToolCallRequest:
        if request.tool is None:
            return request
        amnesia, history = self._amnesia, _history(request)

        async def aclean(given: Any) -> Any:
            return await cleaned_result(amnesia, history, given)

        def clean(given: Any) -> Any:
            return amnesia.call(lambda: aclean(given))

        def may_pass(value: Any) -> bool:
            return bool(amnesia.call(lambda: clean_value(amnesia, history, value)) == value)

        cleaner = ToolCleaner(clean, aclean, may_pass)
        shown = frozenset(request.tool_call["args"])
        return request.override(tool=ScrubbedTool.around(request.tool, cleaner, shown))


def _is_clean(request: ToolCallRequest, given: ToolResult) -> bool:
    """Whether the stand-in has cleaned it; errors are worded outside of it."""
    return request.tool is not None and getattr(given, "status", "success") == "success"


def _history(request: ToolCallRequest) -> Sequence[AnyMessage]:
    """What was said before the call; the call itself is among it and was read already."""
    state = request.state
    messages = state.get("messages", ()) if isinstance(state, dict) else ()
    return [m for m in messages if not (isinstance(m, AIMessage) and m.tool_calls)]


def _not_made(request: ToolCallRequest) -> ToolMessage:
    call = request.tool_call
    return ToolMessage(content=WITHHELD, name=call["name"], tool_call_id=call["id"])
