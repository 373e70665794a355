"""Why a chat model is called: for a caller's answer, or for something that the layer wants to know.

The purpose travels beside a call, in a context variable, so that backends need not know of it:
scripted models answer by it (`amnestic.testing`), and calls are told apart when they are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["ANSWER", "asking_for", "asks_of_nobody", "current_purpose"]

ANSWER = "answer"
"""The purpose of a call that nobody has named one for: the caller's own."""

_OF_NOBODY = frozenset({"canary", "voice"})

_purpose: ContextVar[str] = ContextVar("amnestic_purpose", default=ANSWER)


@contextmanager
def asking_for(purpose: str) -> Iterator[None]:
    """Within the block, models are called for `purpose`: `again`, `canary`, `voice`, `identify`,
    `elicit`, `probe`, or the name of the agent that asks.

    >>> with asking_for("elicit"):
    ...     current_purpose()
    'elicit'
    >>> current_purpose()
    'answer'
    """
    token = _purpose.set(purpose)
    try:
        yield
    finally:
        _purpose.reset(token)


def current_purpose() -> str:
    """Why a model is called here and now."""
    return _purpose.get()


def asks_of_nobody() -> bool:
    """Whether a model is asked about nobody, to learn how it is with whoever asks: nothing of the
    one caller whose request this happens in may go along, since all others are answered by it.

    >>> with asking_for("voice"):
    ...     asks_of_nobody()
    True
    """
    return current_purpose() in _OF_NOBODY
