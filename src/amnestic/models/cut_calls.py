"""Arguments of a tool call that was cut off, in a form whose open ends LangChain does not close."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

__all__ = ["as_quoted", "as_said", "would_be_closed"]

_DECODER = json.JSONDecoder(strict=False)
_BLANK = " \t\n\r"  # of JSON


def as_quoted(arguments: str) -> str:
    """Arguments as one string of JSON, which LangChain leaves among `invalid_tool_calls`.

    >>> as_quoted('{"all": tr')
    '"{\\\\"all\\\\": tr"'
    """
    return json.dumps(arguments, ensure_ascii=False)


def as_said(arguments: str) -> str:
    """Arguments as their model said them, whether they were quoted since or not.

    >>> as_said(as_quoted('{"all": tr')), as_said('"rain"'), as_said('"{}"')
    ('{"all": tr', '"rain"', '"{}"')
    """
    with suppress(ValueError, RecursionError):
        said = json.loads(arguments)
        if isinstance(said, str) and as_quoted(said) == arguments and _is_open(said):
            return said
    return arguments


def _is_open(text: str) -> bool:
    """Whether an object is begun and none is whole."""
    text = text.strip(_BLANK)
    try:
        _DECODER.raw_decode(text)
    except ValueError:
        return text.startswith("{")
    return False


def would_be_closed(arguments: str) -> bool:
    """Whether LangChain makes an object of what is none; without arguments a call is whole, and so
    it is where something stands behind an object, which LangChain cuts away."""
    from langchain_core.utils.json import parse_partial_json

    whole: Any = None
    with suppress(ValueError, RecursionError):
        whole, end = _DECODER.raw_decode(text := (arguments or "{}").strip(_BLANK))
        if end == len(text):
            return False
    with suppress(ValueError, RecursionError):
        made = parse_partial_json(arguments)
        return isinstance(made, dict) and made != whole
    return False
