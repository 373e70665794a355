"""One event loop, in a thread of its own, that the layer's own HTTP connections live on.

An HTTP client's idle connections belong to the event loop that opened them and break on any
other; callers of the layer come from many loops, each `asyncio.run` being a new one.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from amnestic.isolation import run_isolated

__all__ = ["http_client", "run_at_home"]

T = TypeVar("T")


async def run_at_home(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Like `run_isolated`, on the home loop. Cancelling the caller cancels the work there.

    >>> async def work() -> str:
    ...     return threading.current_thread().name
    >>> asyncio.run(run_at_home(work))
    'amnestic-home-loop'
    """
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run_isolated(make), _home()))


@cache
def http_client() -> Any:
    """The HTTP client whose connections live on the home loop; closed when the process ends."""
    import openai

    client = openai.DefaultAsyncHttpxClient()
    atexit.register(_close, client)
    return client


def _close(client: Any) -> None:
    home = _home()
    with suppress(TimeoutError, RuntimeError):  # the process ends anyway
        asyncio.run_coroutine_threadsafe(client.aclose(), home).result(timeout=1)
    home.call_soon_threadsafe(home.stop)


@cache
def _home() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="amnestic-home-loop", daemon=True).start()
    return loop


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork, and connections must not be shared across one.
    os.register_at_fork(after_in_child=_home.cache_clear)
    os.register_at_fork(after_in_child=http_client.cache_clear)
