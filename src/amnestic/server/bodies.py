"""Reading what callers send: JSON objects, not too deep and not too many."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from amnestic.integrations.openai import is_sendable
from amnestic.server.errors import ServerError

__all__ = ["check_fields", "read_object"]

_MOST_DEPTH = 100
_LISTS = ("messages", "input")
_NUMBERS = ("temperature", "top_p", "frequency_penalty", "presence_penalty")
_COUNTS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "n", "seed", "top_logprobs")


def read_object(content: bytes, max_messages: int) -> dict[str, Any]:
    """The JSON object that a request holds; raises `ServerError` (400) for anything else.

    >>> read_object(b'{"model": "m", "max_tokens": 100.0}', 10)
    {'model': 'm', 'max_tokens': 100}
    """
    try:
        value = json.loads(
            content.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite
        )
    except UnicodeDecodeError as error:
        raise ServerError(400, f"the body is not UTF-8: bad byte at {error.start}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise ServerError(400, f"the body is not JSON{where}") from None
    if not isinstance(value, dict):
        raise ServerError(400, "the body must be a JSON object")
    _check_depth(value)
    if b"\\u" in content and not is_sendable(value):
        raise ServerError(400, "the body holds a lone surrogate, which is no character; remove it")
    check_fields(value, max_messages)
    return value | {name: int(value[name]) for name in _COUNTS if _is_whole(value.get(name))}


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_constant(digits)


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _MOST_DEPTH:
            raise _too_deep()
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]


def _too_deep() -> ServerError:
    return ServerError(400, f"the body is nested over {_MOST_DEPTH} levels deep")


def check_fields(body: dict[str, Any], max_messages: int) -> None:
    """Raise `ServerError` (400) for fields of the wrong kind, and for too many messages."""
    for name in _LISTS:
        found = body.get(name)
        if isinstance(found, list) and len(found) > max_messages:
            raise ServerError(400, f"{name!r} has over {max_messages:,} entries; send fewer")
    for name, kinds, what in (
        ("model", str, "a string"),
        ("stream", bool, "true or false"),
        ("tools", list, "a list"),
        ("tool_choice", str | dict, "a string or an object"),
        ("stop", str | list, "a string or a list of strings"),
        ("logit_bias", dict, "an object"),
        ("metadata", dict, "an object"),
        ("stream_options", dict, "an object"),
        ("response_format", dict, "an object"),
        *((n, int | float, "a number") for n in _NUMBERS),
        *((n, int, "a whole number") for n in _COUNTS),
    ):
        found = body.get(name)
        if found is None or (kinds is int and _is_whole(found)):
            continue
        if not _is_a(found, kinds):
            raise ServerError(400, f"{name!r} must be {what}")
    for name, kind, what in (("tools", dict, "objects"), ("stop", str, "strings")):
        found = body.get(name)
        if isinstance(found, list) and not all(isinstance(inner, kind) for inner in found):
            raise ServerError(400, f"{name!r} must hold {what} alone")


def _is_whole(value: Any) -> bool:
    """Whether a number with a point is a whole one, as languages without whole numbers write it."""
    return isinstance(value, float) and value.is_integer()


def _is_a(value: Any, kinds: Any) -> bool:
    if isinstance(value, bool):
        return kinds is bool
    return isinstance(value, kinds)
