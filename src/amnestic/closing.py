"""Reading an asynchronous stream that is closed whatever ends the reading."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

__all__ = ["closing"]

T = TypeVar("T")


@asynccontextmanager
async def closing(stream: AsyncIterable[T]) -> AsyncIterator[AsyncIterable[T]]:
    """Close a stream at the end of the block, if it is one that can be closed: a generator is, and
    a caller's own iterator need not be.

    >>> import asyncio
    >>> async def told():
    ...     try:
    ...         yield 1
    ...     finally:
    ...         print("closed")
    >>> async def read():
    ...     async with closing(told()) as stream:
    ...         async for _ in stream:
    ...             break
    >>> asyncio.run(read())
    closed
    """
    try:
        yield stream
    finally:
        if (close := getattr(stream, "aclose", None)) is not None:
            await close()
