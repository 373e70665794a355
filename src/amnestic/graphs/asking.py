"""What a run says of itself: its own calls of the base model, and why it failed."""

from __future__ import annotations

import time
from typing import Any

from amnestic.exceptions import AmnesticError, ModelError
from amnestic.graphs.state import Deps
from amnestic.types import Conversation, Generation, Stage

__all__ = ["Asking", "why"]


class Asking:
    """Asks the base model from within a node, and counts the calls and their time."""

    def __init__(self, deps: Deps, calls: int) -> None:
        self.deps = deps
        self._calls = calls
        self._stages: list[Stage] = []
        self.failure: ModelError | None = None

    async def ask(self, conversation: Conversation) -> Generation:
        """One answer, with the caller's own parameters but its tools, form and count."""
        begun = time.perf_counter()
        single = ("n", "tools", "tool_choice", "parallel_tool_calls", "response_format")
        options = {key: v for key, v in self.deps.options.items() if key not in single}
        try:
            return await self.deps.backend.generate(conversation, options)
        except ModelError as error:
            self.failure = error
            raise
        finally:
            self._calls += 1
            ms = (time.perf_counter() - begun) * 1000
            self._stages.append(Stage(name="generate", ms=ms))

    def update(self) -> dict[str, Any]:
        """What to put into the state."""
        return {"base_calls": self._calls, "stages": self._stages} if self._stages else {}


def why(error: BaseException) -> str:
    """Why a node failed, in one line: the layer's own errors speak for themselves, since they hold
    no text of a request; of any other only its kind is told.

    >>> why(ValueError("the secret"))
    'ValueError'
    """
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, AmnesticError) else kind
