"""Reading a model's answer strictly: one sealed JSON object of the form asked for, or nothing."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import ValidationError

from amnestic.agents.model_engines.answers import Sealed
from amnestic.types import Draft

__all__ = ["Unreadable", "parse_answer"]

A = TypeVar("A", bound=Sealed)
_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_MAX_CHARS = 200_000


class Unreadable(Exception):
    """An answer that is no verdict. The message says what is wrong and quotes nothing of it."""


def parse_answer(draft: Draft, form: type[A], seal: str | None) -> A:
    """The answer in `draft`, which stands in its text or in its one tool call.

    Raises `Unreadable` for anything else: prose, more than the object, another form, or a seal
    that is not the prompt's. `seal=None` leaves the seal unchecked.

    >>> from amnestic.agents.model_engines.answers import ComposeAnswer
    >>> parse_answer(Draft('{"seal": "1f", "text": "Paris."}'), ComposeAnswer, "1f").text
    'Paris.'
    """
    text = _json_text(draft)
    try:
        answer = form.model_validate_json(text)
    except ValidationError as error:
        raise Unreadable(_problem(error)) from None
    if seal is not None and answer.seal != seal:
        raise Unreadable("its seal is not the one of this prompt")
    return answer


def _json_text(draft: Draft) -> str:
    if not draft.text.strip() and len(draft.tool_calls) == 1:
        text = draft.tool_calls[0].arguments
    else:
        fenced = _FENCE.match(draft.text)
        text = fenced.group(1) if fenced else draft.text
    if len(text) > _MAX_CHARS:
        raise Unreadable("it is far too long")
    if not text.strip():
        raise Unreadable("it is empty")
    return text.strip()


def _problem(error: ValidationError) -> str:
    """Where the first problem stands: field names of our own form, and no input."""
    first = error.errors(include_input=False, include_context=False, include_url=False)[0]
    if first["type"] == "json_invalid":
        return "it is not one JSON object"
    if first["type"] == "extra_forbidden":
        return "it has fields that were not asked for"
    where = ".".join(str(step) for step in first["loc"]) or "the object"
    return f"{where} is not as asked for ({first['type']})"
