"""`amnesia.wrap(client)`: an OpenAI client whose every request goes through the review path.

The wrapped client is a copy of the caller's, of the same class, whose HTTP client is a guard. The
guard reads each request that the SDK sends, and sends it on through the caller's own HTTP client,
transport, hooks and all. So every way of asking (`create`, `parse`, `stream`, raw and streaming
responses, `client.post`) is one door, unknown fields travel as they are, and an untouched reply is
the provider's own, byte for byte.

Guarded: chat completions, responses, completions. Passed, since no chat text is in their answers:
the list of models, embeddings, moderations. Method and whole path decide. Everything else (audio,
images, files, batches, threads, stored replies, realtime) is refused with HTTP 403 and the code
`unguarded_door`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pickle import PicklingError
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from amnestic.exceptions import ConfigurationError
from amnestic.integrations.openai.transport import AsyncGuard, Guard
from amnestic.isolation import unlogged_bodies

if TYPE_CHECKING:
    from amnestic.graphs.reviewer import Reviewer

__all__ = ["wrap_client"]

C = TypeVar("C")

_VERSIONS = ((2, 45), (4, 0))


def wrap_client(amnesia: Reviewer, client: C) -> C:
    """`client`, an `OpenAI` or `AsyncOpenAI`, behind `amnesia`.

    Raises `ConfigurationError` for anything else, and for a release of the SDK that is not known.
    """
    import openai

    _check_version(openai.__version__)
    given: Any = client
    if getattr(given, "_amnestic_inner", None) is not None:
        raise ConfigurationError("this client is wrapped already; wrap the one it was made from")
    if isinstance(given, openai.AsyncOpenAI):
        guard: Any = AsyncGuard(amnesia, given._client)
    elif isinstance(given, openai.OpenAI):
        guard = Guard(amnesia, given._client)
    else:
        raise ConfigurationError(
            f"cannot wrap a {type(client).__name__}; give an openai.OpenAI or openai.AsyncOpenAI"
        )
    wrapped = given.copy(http_client=_http_client(given._client, guard))
    guard.serve(lambda: wrapped.base_url)
    wrapped.__dict__["_amnestic_inner"] = given
    wrapped.__dict__["_amnestic_layer"] = amnesia
    kind: Any = type(given)
    wrapped.__class__ = _guarded_class(kind)
    typed: C = wrapped
    return typed


def _http_client(inner: Any, guard: Any) -> Any:
    """An HTTP client of the same library as the SDK's own: httpx, or httpx2 since openai 3."""
    library = next(kind for kind in type(inner).__mro__ if kind.__module__.startswith("httpx"))
    package: Any = import_module(library.__module__.partition(".")[0])
    guard.bind(package)
    return getattr(package, library.__name__)(
        transport=guard,
        base_url=inner.base_url,
        headers=inner.headers,
        cookies=inner.cookies,
        params=inner.params,
        timeout=inner.timeout,
        follow_redirects=inner.follow_redirects,
        trust_env=False,
    )


@cache
def _guarded_class(kind: Any) -> Any:
    """`kind`, whose copies stay wrapped and whose websockets stay closed."""

    def copy(self: Any, **changes: Any) -> Any:
        return wrap_client(self._amnestic_layer, self._amnestic_inner.copy(**changes))

    def websocket_base_url(self: Any) -> NoReturn:
        raise ConfigurationError(
            "websocket connections (realtime, responses.connect) are not guarded; ask over HTTP, "
            "or use the client that is not wrapped"
        )

    def _build_request(self: Any, *args: Any, **options: Any) -> Any:
        with unlogged_bodies():  # the SDK logs whole requests at DEBUG, secrets in context too
            return kind._build_request(self, *args, **options)

    def __deepcopy__(self: Any, memo: Any) -> Any:
        return self.copy()

    def __reduce_ex__(self: Any, protocol: Any) -> NoReturn:
        raise PicklingError(
            "a wrapped OpenAI client cannot be pickled: send the layer, which can be, and wrap a "
            "client where it is used"
        )

    members = {
        "__deepcopy__": __deepcopy__,
        "__reduce_ex__": __reduce_ex__,
        "_build_request": _build_request,
        "copy": copy,
        "with_options": copy,
        "websocket_base_url": property(websocket_base_url),
        "__doc__": kind.__doc__,
        "__module__": kind.__module__,
    }
    return type(kind.__name__, (kind,), members)


def _check_version(version: str) -> None:
    numbers = tuple(int(part) for part in version.split(".")[:2])
    least, below = _VERSIONS
    if not least <= numbers < below:
        raise ConfigurationError(f"openai {version} is not supported; install 'openai>=2.45,<4'")
