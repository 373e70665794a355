"""Reading a model's answer: the one sealed JSON object of the form asked for, or nothing.

Models put words, fences and fields of their own around what they were asked for. None of it is
read, and none of it makes a verdict unreadable: the seal says which object is the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from amnestic.agents.model_engines.answers import Sealed
from amnestic.types import Draft

__all__ = ["Unreadable", "parse_answer"]

A = TypeVar("A", bound=Sealed)
_MAX_CHARS = 200_000
_MAX_TRIES = 500  # braces at which an object may begin: code around an answer has many
_DECODER = json.JSONDecoder()


class Unreadable(Exception):
    """An answer that is no verdict. The message says what is wrong and quotes nothing of it."""


def parse_answer(draft: Draft, form: type[A], seal: str | None) -> A:
    """The answer in `draft`, which stands in its text or in its one tool call.

    Raises `Unreadable` where no object carries the prompt's seal, where two do, and for another
    form than the one asked for. `seal=None` takes the one object that there is.

    >>> from amnestic.agents.model_engines.answers import ComposeAnswer
    >>> said = Draft('Sure! {"seal": "1f", "text": "Paris.", "sure": true} Anything else?')
    >>> parse_answer(said, ComposeAnswer, "1f").text
    'Paris.'
    """
    found = _one(list(_objects(_text(draft), seal)), seal)
    try:
        return form.model_validate_json(json.dumps(found))
    except ValidationError as error:
        raise Unreadable(_problem(error)) from None


def _text(draft: Draft) -> str:
    calls = draft.tool_calls
    text = calls[0].arguments if len(calls) == 1 and "{" not in draft.text else draft.text
    if len(text) > _MAX_CHARS:
        raise Unreadable("it is far too long")
    if not text.strip():
        raise Unreadable("it is empty")
    return text


def _objects(text: str, seal: str | None) -> Iterator[Mapping[str, Any]]:
    """The outermost JSON objects that stand in a text; of one without the seal, as an envelope
    has none, those inside it."""
    at = text.find("{")
    for _ in range(_MAX_TRIES):
        if at < 0:
            return
        end = at + 1
        try:
            found, past = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            pass
        else:
            if seal is None or "seal" in found:
                yield found
                end = past
        at = text.find("{", end)


def _one(objects: list[Mapping[str, Any]], seal: str | None) -> Mapping[str, Any]:
    if not objects:
        raise Unreadable("there is no JSON object in it that carries a seal")
    own = [found for found in objects if seal is None or found["seal"] == seal]
    if not own:
        raise Unreadable("its seal is not the one of this prompt")
    if len(own) > 1:
        raise Unreadable("it holds more than one answer")
    return own[0]


def _problem(error: ValidationError) -> str:
    """Where the first problem stands: field names of our own form, and no input."""
    first = error.errors(include_input=False, include_context=False, include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the object"
    return f"{where} is not as asked for ({first['type']})"
