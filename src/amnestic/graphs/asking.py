"""What a run says of itself: its own calls of the base model, and why it failed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from amnestic.agents.contracts import Ask, Vet, VetVerdict
from amnestic.agents.ledger import current_ledger
from amnestic.exceptions import AmnesticError, ModelError
from amnestic.graphs import checks
from amnestic.graphs.state import Deps, State
from amnestic.models.failures import code_failure, describe, is_transports
from amnestic.models.origins import causes, place
from amnestic.models.protocol import ChatBackend
from amnestic.models.purpose import asks_of_nobody
from amnestic.models.telemetry import observed
from amnestic.types import Conversation, Draft, Generation, Stage

__all__ = ["Asking", "asking_whom", "base_failure", "late_answer", "reads_strangers", "why"]


def reads_strangers(backend: ChatBackend) -> bool:
    """Whether a model can be asked about invented names and under notes: the embedded one reads
    nothing but what it was made for."""
    return backend.name != "embedded"


def asking_whom(deps: Deps) -> Ask | None:
    """How the base model is asked whom a text tells of, where it is the one to be asked; counted
    with the agents' calls."""
    if deps.settings.identify != "base":
        return None

    async def ask(conversation: Conversation) -> Generation:
        try:
            answer = deps.backend.generate(conversation, {"temperature": 0})
            given = await observed(deps.backend.name, answer)
        except Exception as error:  # noqa: BLE001 - a caller's model raises anything
            failure = code_failure(describe(deps.backend.name, error))
        else:
            current_ledger().book("identify", deps.backend.name, given.usage)
            return given
        raise failure

    return ask


class Asking:
    """Asks the base model from within a node, and counts the calls and their time.

    `calls` are those of the whole run, `own` those made here that are not about nobody; `failure`
    is that of the first of these. Calls that are made at once took the time of one.
    """

    def __init__(self, deps: Deps, calls: int) -> None:
        self.deps = deps
        self.calls = calls
        self.own = 0
        self.failure: AmnesticError | None = None
        self._stages: list[Stage] = []
        self._running = 0
        self._since = 0.0

    @property
    def model(self) -> str:
        """What the base model is called, with the name of the one that the caller asks of it."""
        backend = self.deps.backend
        asked = self.deps.options.get("model") or getattr(backend, "asked_model", "")
        return f"{backend.name}|{asked}"

    async def ask(self, conversation: Conversation) -> Generation:
        """One answer, with the caller's own parameters but its tools, form and count, and with
        none of them about nobody; each has the time of a plain reply. Whatever the model raises is
        raised without its words: this is asked near a target only."""
        single = ("n", "tools", "tool_choice", "parallel_tool_calls", "response_format")
        options = {key: v for key, v in self.deps.options.items() if key not in single}
        first = not self.own and not asks_of_nobody()
        if asks_of_nobody():
            options = {key: v for key, v in options.items() if key == "model"}
        else:
            self.own += 1
        try:
            with self._timed():
                async with asyncio.timeout(self.deps.settings.model_timeout):
                    answer = self.deps.backend.generate(conversation, options)
                    return await observed(self.deps.backend.name, answer)
        except TimeoutError:
            failure: AmnesticError = late_answer()
        except Exception as error:  # noqa: BLE001 - a caller's model raises anything
            failure = code_failure(describe(self.deps.backend.name, error))
        if first:
            self.failure = failure
        raise failure

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Counts a call, and its time once for all that run at once."""
        if not self._running:
            self._since = time.perf_counter()
        self.calls += 1
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                ms = (time.perf_counter() - self._since) * 1000
                self._stages.append(Stage(name="generate", ms=ms))

    def update(self) -> dict[str, Any]:
        """What to put into the state."""
        return {"base_calls": self.calls, "stages": self._stages} if self._stages else {}


def late_answer() -> ModelError:
    """That the wrapped model took longer than it may."""
    hint = "raise `model_timeout`"
    return ModelError("the wrapped model did not answer in time", hint=hint, retryable=True)


async def base_failure(error: BaseException, state: State, deps: Deps) -> BaseException:
    """What the caller is told of a failure of the base model. An exception that is no provider's
    keeps its words only far from every target, and only where they pass as a draft would."""
    if isinstance(error, AmnesticError) or is_transports(error) or not isinstance(error, Exception):
        return error
    if type(error).__name__ == "NodeTimeoutError":
        return error
    described = describe(deps.backend.name, error)
    verdict = state.get("verdict")
    if described is not error or verdict is None:
        return code_failure(described)
    is_far = verdict.vet is Vet.CLEAR
    return error if is_far and await _passes(error, verdict, deps) else code_failure(error)


async def _passes(error: BaseException, verdict: VetVerdict, deps: Deps) -> bool:
    try:
        words = "\n".join(f"{type(e).__name__}: {e}" for e in causes(error))
        async with asyncio.timeout(deps.settings.agent_timeout):
            answer = await deps.crew.auditor.audit((Draft(text=words),), verdict)
        return not checks.findings(answer)
    except Exception:  # noqa: BLE001 - fails closed: what could not be judged is not passed
        return False


def why(error: BaseException) -> str:
    """Why a node failed, in one line: the layer's own errors speak for themselves, since they hold
    no text of a request; of any other its kind is told, and where it came from.

    >>> why(ValueError("the secret"))
    'ValueError'
    """
    kind = type(error).__name__
    if isinstance(error, AmnesticError):
        return f"{kind}: {error}"
    return f"{kind} ({place(error)})" if place(error) else kind
