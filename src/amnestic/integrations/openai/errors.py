"""Errors in OpenAI's shape: the layer's own words, and what may stay of an upstream's."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from amnestic.exceptions import (
    AmnesticError,
    EventLoopError,
    InputTooLargeError,
    InvalidRequestError,
    ModelError,
    UnsupportedContentError,
    WithheldError,
)
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.upstream import UpstreamError
from amnestic.integrations.openai.wire import Answer, dumps, error_body, event_bytes, loads_object
from amnestic.models.headers import retry_after
from amnestic.models.values import strings_in
from amnestic.tools.reading import is_common

__all__ = [
    "OWN_FAULT",
    "comeback",
    "error_answer",
    "error_event",
    "quotes",
    "retrying",
    "said",
    "spoken",
    "word",
]

_JSON = (("content-type", "application/json"),)


def error_answer(error: AmnesticError) -> Answer:
    """An error as an HTTP answer in OpenAI's shape; its words are the layer's own."""
    status, kind, code = _described(error)
    told = status < 500 or isinstance(error, ModelError | EventLoopError)
    message = str(error) if told else OWN_FAULT
    body = error_body(message, kind, code)
    if isinstance(error, UnsupportedContentError):
        body["error"]["param"] = error.param
    return Answer(status, (*_JSON, *comeback(error)), dumps(body))


def error_event(error: AmnesticError) -> bytes:
    """An error in the middle of a stream."""
    return event_bytes(loads_object(error_answer(error).content))


def comeback(error: AmnesticError) -> tuple[tuple[str, str], ...]:
    """The headers that say whether and when to come again, in numbers: what a provider wrote there
    goes no further."""
    if isinstance(error, UpstreamError):
        return retrying(error.answer.headers)
    return _after(error.retry_after) if isinstance(error, ModelError) else ()


def retrying(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What an upstream's headers say of that.

    >>> retrying([("Retry-After", "2"), ("X-Should-Retry", "true")])
    (('retry-after', '2'), ('retry-after-ms', '2000'), ('x-should-retry', 'true'))
    >>> retrying([("Retry-After", "until Ada is back"), ("X-Should-Retry", "perhaps")])
    ()
    """
    pairs = tuple(headers)
    said = {value for name, value in pairs if name.lower() == "x-should-retry"}
    helps = tuple(("x-should-retry", value) for value in ("true", "false") if value in said)
    return (*_after(retry_after(pairs)), *helps[:1])


def _after(seconds: float | None) -> tuple[tuple[str, str], ...]:
    if seconds is None:
        return ()
    return (
        ("retry-after", str(math.ceil(seconds))),
        ("retry-after-ms", str(math.ceil(seconds * 1000))),
    )


OWN_FAULT = "the server failed to serve this request; nothing was released"


def _described(error: AmnesticError) -> tuple[int, str, str | None]:
    match error:
        case InputTooLargeError():
            return 413, "invalid_request_error", "input_too_large"
        case UnsupportedContentError():
            return 400, "invalid_request_error", "unsupported_content"
        case InvalidRequestError():
            return 400, "invalid_request_error", None
        case WithheldError():
            return 400, "invalid_request_error", "content_filter"
        case UpstreamError():
            return error.answer.status, "upstream_error", None
        case ModelError():
            return (503 if error.retryable else 502), "upstream_error", "upstream_failed"
        case _:
            return 500, "server_error", None


def said(answer: Answer) -> Json:
    """The error that an upstream's answer tells of; empty where it tells of none."""
    try:
        error = loads_object(answer.content).get("error")
    except ModelError:
        return {}
    return error if isinstance(error, dict) else {"message": error} if error else {}


_TOLD = re.compile(r"[^\W\d_]{3,}")


def quotes(message: str, body: Json) -> bool:
    """Whether an error's words are those of the request that it is about: a word that is seldom
    used, or that stands there with a capital.

    >>> body = {"messages": [{"role": "user", "content": "who is ada venn?"}], "temperature": 3}
    >>> quotes("Your request about Ada was refused.", body), quotes("Invalid 'temperature'.", body)
    (True, False)
    """
    asked = {word.casefold() for text in strings_in(body) for word in _TOLD.findall(text)}
    return any(
        found.casefold() in asked and not (found.islower() and is_common(found))
        for found in _TOLD.findall(message)
    )


_WORD = re.compile(r"[A-Za-z][\w.\-\[\]]{0,63}")


def word(error: Json, key: str) -> str | None:
    """A field of an upstream's error, where it is one plain word."""
    value = error.get(key)
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None


_BETWEEN = re.compile(r"[\W_]+|(?<=[^\W\d_A-Z])(?=[A-Z])")


def spoken(name: str) -> str:
    """A name of a program's as the words that it consists of.

    >>> spoken("messages[0].tool_calls"), spoken("rateLimit-reached")
    ('messages 0 tool calls', 'rate Limit reached')
    """
    return _BETWEEN.sub(" ", name).strip()
