"""One step of a run: a node under its time limit, and what handles its failure.

`straight` takes steps without LangGraph's scheduler. A step ends as one of that does: a node that
is late is cancelled and left behind, one that cancels itself has failed, and a failure of either
kind goes to the handler.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from langgraph.errors import NodeCancelledError, NodeError, NodeTimeoutError
from langgraph.runtime import Runtime
from langgraph.types import Command

from amnestic.graphs.emitting import looked_at
from amnestic.graphs.state import Deps, State
from amnestic.types import Stage

__all__ = ["Handler", "Node", "Step", "timed"]

Node = Callable[[State, Runtime[Deps]], Awaitable[Command[str]]]
Handler = Callable[[State, NodeError, Runtime[Deps]], Awaitable[Command[str]]]


def timed(name: str, node: Node) -> Node:
    """The node, which adds to the state what it took itself."""

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


@dataclass(frozen=True, slots=True)
class Step:
    """A node that can be run by itself.

    Attributes:
        name: the node's own.
        node: what it does.
        seconds: the time that it has.
        handler: what a run goes on with after a failure.
    """

    name: str
    node: Node
    seconds: float
    handler: Handler

    async def take(self, state: State, runtime: Runtime[Deps]) -> Command[str]:
        """What the node gives, or else the handler. Raises what the handler raises."""
        begun = time.monotonic()
        work = asyncio.ensure_future(self.node(state, runtime))
        try:
            await asyncio.wait((work,), timeout=self.seconds)
        finally:
            if not work.done():  # late, or nobody waits any more: it is not waited for either
                work.cancel()
                work.add_done_callback(looked_at)
        failure = self._failure(work, time.monotonic() - begun)
        if failure is None:
            return work.result()
        return await self.handler(state, NodeError(self.name, failure), runtime)

    def _failure(self, work: asyncio.Future[Command[str]], took: float) -> Exception | None:
        """How the node failed. What is told of time and of cancelling is not raised here: a
        receipt names the place where an error comes from, and these come from none."""
        if not work.done():
            late = NodeTimeoutError(self.name, took, kind="run", run_timeout=self.seconds)
            late.__cause__ = late.__context__ = TimeoutError()
            return late
        if work.cancelled():
            gone = NodeCancelledError(self.name)
            gone.__cause__ = gone.__context__ = asyncio.CancelledError()
            return gone
        error = work.exception()
        if error is None or isinstance(error, Exception):
            return error
        raise error
