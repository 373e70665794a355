"""An agent that does one thing, whatever it is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["Stand"]


class Stand:
    """An agent whose every method does the same."""

    def __init__(self, act: Callable[[], Awaitable[Any]]) -> None:
        self._act = act

    def __getattr__(self, name: str) -> Any:
        async def method(*args: Any, **kwargs: Any) -> Any:
            return await self._act()

        return method
