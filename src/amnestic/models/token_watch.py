"""Watching the tokens of an answer as transformers makes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from amnestic.exceptions import ModelError

__all__ = ["TokenWatch", "late"]


class TokenWatch:
    """A stopping criterion that hands on each new token and ends a late or unwanted answer."""

    supports_continuous_batching = False

    def __init__(
        self,
        take: Callable[[int], bool],
        end_tokens: frozenset[int],
        cancel: threading.Event,
        deadline: float,
    ) -> None:
        self._take, self._end_tokens = take, end_tokens
        self._cancel, self._deadline = cancel, deadline
        self.ended = False
        self.late = False

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        import torch

        token = int(input_ids[0, -1])
        goes_on = self._take(token)
        self.ended = self.ended or token in self._end_tokens
        self.late = time.monotonic() > self._deadline
        done = not goes_on or self.late or self._cancel.is_set()
        return torch.tensor([done], device=input_ids.device)


def late(name: str) -> ModelError:
    """That the model of that name did not answer in time."""
    hint = "raise the time-out or ask for fewer tokens"
    return ModelError(f"model {name!r} did not answer in time", hint=hint, retryable=True)
