"""Whatever a provider raises, as one `ModelError` that holds none of the provider's text.

Providers quote requests and answers in their errors, so the text of an error is never passed on:
only its kind, its HTTP status, its request id and what to do. What does not come from a provider
is not re-labelled: a `TypeError` of a chat model that the caller wrote stays one.
"""

from __future__ import annotations

import errno
import json
import socket
import ssl
from typing import Any

from amnestic.exceptions import AmnesticError, EventLoopError, ModelCodeError, ModelError
from amnestic.models.headers import request_id, retry_after, retry_helps
from amnestic.models.origins import is_clients, is_of_another_loop, place

__all__ = ["code_failure", "describe", "is_transports"]

_MENDS = {
    400: ("it refused the request as malformed", "check the options that were passed"),
    401: ("it refused the API key", "check OPENAI_API_KEY or the key in the settings"),
    403: ("it refused access", "check what the API key may use"),
    404: ("it does not know this model or path", "check the model's name and the base URL"),
    413: ("it refused the request as too large", "shorten the conversation"),
    422: ("it could not process the request", "check the options that were passed"),
    429: ("it is limiting the rate or the quota is used up", "wait, or raise the limit"),
}
_SPENT = ("the quota is used up", "look at the account's plan and billing")
_SERVER = ("its server failed", "try again later")
_REFUSED = ("it refused the request", "check the options and the base URL")
_CONNECTION = ("connect", "network", "protocolerror", "readerror", "writeerror", "remotedisconnect")
_UNREACHED = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EPIPE)
_LANGCHAINS = {
    "ModelAuthenticationError": 401,
    "ModelPermissionDeniedError": 403,
    "ModelInvalidRequestError": 400,
    "ModelNotFoundError": 404,
    "ModelRateLimitError": 429,
    "ModelAPIError": 500,
}
"""LangChain's own names for what a provider answers, with the HTTP status that they stand for."""


def describe(name: str, error: Exception) -> Exception:
    """What to raise for what the model called `name` raised: a `ModelError` for what comes from
    its provider, an `EventLoopError` where its connections belong to another event loop, and any
    other error as it is.

    >>> str(describe("openai:m", TimeoutError()))
    "model 'openai:m' did not answer in time: raise the time-out or use a faster model"
    >>> describe("openai:m", TypeError("a bug"))
    TypeError('a bug')
    """
    if isinstance(error, AmnesticError | MemoryError):
        return error
    if is_of_another_loop(error):
        return EventLoopError(
            f"model {name!r} keeps connections of another event loop, closed or still running: "
            "make the model inside the loop that uses it, or use one loop for all of its calls"
        )
    return _from_answer(name, error) or _from_kind(name, error) or error


def code_failure(error: BaseException) -> AmnesticError:
    """An error that is no provider's as one without its words, which could quote a draft.

    >>> str(code_failure(TypeError("a draft")))
    'the code around the model failed with TypeError, which is none of its provider'
    """
    if isinstance(error, AmnesticError):
        return error
    where = f" ({place(error)})" if place(error) else ""
    kind = type(error).__name__
    return ModelCodeError(
        f"the code around the model failed with {kind}{where}, which is none of its provider"
    )


def is_transports(error: BaseException) -> bool:
    """Whether an error is an HTTP library's about a time-out or a lost connection, which an SDK
    waits for: its words are none of a model's.

    >>> is_transports(ConnectionResetError())
    False
    """
    kinds = type(error).__mro__
    return "TransportError" in {k.__name__ for k in kinds if k.__module__.startswith("httpx")}


def _from_answer(name: str, error: Exception) -> ModelError | None:
    """For an error that carries an HTTP answer."""
    status = _status(error)
    if status is None:
        return None
    headers = _headers(error)
    what, hint = _mend(status)
    retryable = retry_helps(status, headers)
    if getattr(error, "code", None) == "insufficient_quota":
        (what, hint), retryable = _SPENT, False
    if "ContextOverflowError" in _names(error):
        what, hint = "it cannot take so long a conversation", "shorten it"
    return ModelError(
        f"model {name!r} answered HTTP {status}: {what}",
        hint=hint,
        retryable=retryable,
        retry_after=retry_after(headers),
        status_code=status,
        request_id=request_id(headers),
    )


def _from_kind(name: str, error: Exception) -> ModelError | None:
    """For an error that is known by its class or by where it was raised."""
    kind, names = type(error).__name__, _names(error)
    if isinstance(error, TimeoutError) or "timeout" in kind.lower():
        hint = "raise the time-out or use a faster model"
        return ModelError(f"model {name!r} did not answer in time", hint=hint, retryable=True)
    if _is_connection(error):
        hint = "check the base URL and that the server is running"
        return ModelError(f"model {name!r} could not be reached", hint=hint, retryable=True)
    if "ContextOverflowError" in names:
        return ModelError(f"model {name!r} cannot take so long a conversation", hint="shorten it")
    for known in names & _LANGCHAINS.keys():
        what, hint = _mend(_LANGCHAINS[known])
        helps = retry_helps(_LANGCHAINS[known])
        return ModelError(f"model {name!r} failed: {what}", hint=hint, retryable=helps)
    if isinstance(error, json.JSONDecodeError) or "ModelError" in names or is_clients(error):
        hint = "check the options that were passed and what the server at the base URL answers"
        return ModelError(f"model {name!r} failed or gave an unreadable answer ({kind})", hint=hint)
    return None


def _mend(status: int) -> tuple[str, str]:
    if status < 400:
        return "the answer cannot be read", "check that the base URL is the API that is asked for"
    return _MENDS.get(status, _SERVER if status >= 500 else _REFUSED)


def _names(error: Exception) -> set[str]:
    """The names of LangChain's own classes that an error is of."""
    kinds = type(error).__mro__
    return {kind.__name__ for kind in kinds if kind.__module__ == "langchain_core.exceptions"}


def _is_connection(error: Exception) -> bool:
    if isinstance(error, ConnectionError | socket.gaierror | ssl.SSLError):
        return True
    if isinstance(error, OSError) and error.errno in _UNREACHED:
        return True
    kind = type(error)
    return kind.__module__ != "builtins" and any(w in kind.__name__.lower() for w in _CONNECTION)


def _status(error: Exception) -> int | None:
    """The HTTP status of what the provider answered, by any of the names that libraries give it."""
    response = getattr(error, "response", None)
    told = [getattr(holder, "status_code", None) for holder in (error, response)]
    refused = [getattr(error, key, None) for key in ("code", "status")]
    return next((s for s in told if _is_status(s, 100)), None) or next(
        (s for s in refused if _is_status(s, 400)), None
    )


def _is_status(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 600


def _headers(error: Exception) -> dict[str, str]:
    held = getattr(error, "response", None) or error
    headers = getattr(held, "headers", None) or {}
    try:
        return {str(key): str(value) for key, value in headers.items()}
    except (AttributeError, TypeError, ValueError):
        return {}
