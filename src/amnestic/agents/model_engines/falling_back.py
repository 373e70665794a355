"""Going on without a model: what cannot be had of one, the local engine gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from amnestic.agents.ledger import OutOfCalls, current_ledger
from amnestic.exceptions import ModelError

__all__ = ["or_locally"]

T = TypeVar("T")


async def or_locally(agent: str, asked: Awaitable[T], locally: Callable[[], T | Awaitable[T]]) -> T:
    """What a model gives, or else what `locally` gives.

    A model that fails is noted for the receipt. One that may not be called any more has not failed.
    """
    try:
        return await asked
    except OutOfCalls:
        pass
    except ModelError as error:
        current_ledger().fall_back(agent, error)
    given = locally()
    return await given if isinstance(given, Awaitable) else given
