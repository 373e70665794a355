"""Errors in OpenAI's shape: the layer's own words, and what may stay of an upstream's."""

from __future__ import annotations

import math
import re

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
from amnestic.integrations.openai.upstream import Answer, UpstreamError
from amnestic.integrations.openai.wire import dumps, error_body, event_bytes, loads_object
from amnestic.models.values import strings_in
from amnestic.tools.reading import is_common

__all__ = ["OWN_FAULT", "comeback", "error_answer", "error_event", "quotes", "said", "word"]

_JSON = (("content-type", "application/json"),)


def error_answer(error: AmnesticError) -> Answer:
    """An error as an HTTP answer in OpenAI's shape; its words are the layer's own."""
    status, kind, code = _described(error)
    told = status < 500 or isinstance(error, ModelError | EventLoopError)
    message = str(error) if told else OWN_FAULT
    return Answer(status, (*_JSON, *comeback(error)), dumps(error_body(message, kind, code)))


def error_event(error: AmnesticError) -> bytes:
    """An error in the middle of a stream."""
    return event_bytes(loads_object(error_answer(error).content))


def comeback(error: AmnesticError) -> tuple[tuple[str, str], ...]:
    """The headers that say when to come again, in numbers: what a provider wrote there goes no
    further."""
    if not isinstance(error, ModelError) or error.retry_after is None:
        return ()
    seconds = error.retry_after
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
