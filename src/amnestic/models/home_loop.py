"""One event loop, in a thread of its own, that the layer's own HTTP connections live on.

An HTTP client's idle connections belong to the event loop that opened them and break on any
other; callers of the layer come from many loops, each `asyncio.run` being a new one. A model that
the caller made is asked on the caller's loop, where its connections may be in use already, until
one of them turns out to belong elsewhere: from then on it is asked on the home loop.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import ssl
import threading
import weakref
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from amnestic.forks import in_child
from amnestic.isolation import run_isolated
from amnestic.models.origins import is_of_another_loop
from amnestic.models.trust import trusted
from amnestic.portal import is_portals

__all__ = ["blocking_client", "http_client", "run_at_home", "run_for"]

T = TypeVar("T")

_MOST_LEFT = 20
"""Connections of loops that are gone which a model may have kept: each try finds one, and is the
end of it. As many as an HTTP client keeps open unless told otherwise."""

_at_home: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
"""Models whose connections were found on another loop, by identity: they need not be hashable."""


async def run_at_home(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Like `run_isolated`, on the home loop. Cancelling the caller cancels the work there.

    >>> async def work() -> str:
    ...     return threading.current_thread().name
    >>> asyncio.run(run_at_home(work))
    'amnestic-home-loop'
    """
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run_isolated(make), _home()))


async def run_for(model: Any, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Like `run_isolated`, for work of a model whose connections may belong to another loop: then
    it is done again on the home loop, and the model stays there. A synchronous caller's model is
    there from the beginning, since what comes next may be any loop.

    >>> async def work() -> str:
    ...     return "done"
    >>> asyncio.run(run_for(object(), work))
    'done'
    """
    if _at_home.get(id(model)) is not model:
        if not is_portals(asyncio.get_running_loop()):
            try:
                return await run_isolated(make)
            except Exception as error:
                if not is_of_another_loop(error):
                    raise
        with suppress(TypeError):  # a model that cannot be referred to weakly is not remembered
            _at_home[id(model)] = model
    for _ in range(_MOST_LEFT):
        try:
            return await run_at_home(make)
        except Exception as error:
            if not is_of_another_loop(error):
                raise
    return await run_at_home(make)


@cache
def http_client() -> Any:
    """The HTTP client whose connections live on the home loop; closed when the process ends."""
    import openai

    client = openai.DefaultAsyncHttpxClient(verify=_trusted())
    atexit.register(_close, client, os.getpid())
    return client


@cache
def blocking_client() -> Any:
    """One that LangChain's model makes unless it is given one, and nobody here asks: it goes by the
    certificates that are read already."""
    import openai

    return openai.DefaultHttpxClient(verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    return trusted(trust_env=True)


def _close(client: Any, process: int) -> None:
    if process != os.getpid():
        return  # its connections are the parent's, who goes on talking through them
    home = _home()
    with suppress(TimeoutError, RuntimeError):  # the process ends anyway
        asyncio.run_coroutine_threadsafe(client.aclose(), home).result(timeout=1)
    home.call_soon_threadsafe(home.stop)


@cache
def _home() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="amnestic-home-loop", daemon=True).start()
    return loop


in_child(_home.cache_clear)
in_child(http_client.cache_clear)
in_child(blocking_client.cache_clear)
