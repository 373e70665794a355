"""A form that was sent as a JSON object, as a person would write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from amnestic.agents.requests.expiry import take_expiry
from amnestic.agents.requests.wishes import wish_in
from amnestic.tools.names import kind_of_head

__all__ = ["form_told"]

_WORD = re.compile(r"[^\W_]+")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T[\d:.]+(?:Z|[+-][\d:]+)?")  # by a clock


def form_told(text: str) -> str:
    """A text that is a JSON object of fields as lines: the name, what else is told, and the field
    in which something is asked for; any other text as it is.

    >>> told = '{"first": "Ana", "last_name": "Morel", "comment": "Forget me.", "id": "C-12"}'
    >>> form_told(told)
    'Name: Ana Morel\\nid: C-12\\nForget me.'
    >>> form_told('{"first": "Ana"'), form_told("Forget Ana.")
    ('{"first": "Ana"', 'Forget Ana.')
    """
    fields = _fields(text)
    asked = [said for said in fields.values() if wish_in(said) is not None and " " in said]
    if not asked:
        return text
    given = " ".join(v for label, v in fields.items() if kind_of_head(_spaced(label)) == "given")
    last = " ".join(v for label, v in fields.items() if kind_of_head(_spaced(label)) == "surname")
    lines = [f"Name: {given} {last}"] if given and last else []
    for label, said in fields.items():
        is_part = bool(lines) and kind_of_head(_spaced(label)) is not None
        if said in asked or is_part or not _WORD.search(said):
            continue
        if moment := _MOMENT.fullmatch(said):
            lines += [f"until {moment[1]}"] if _is_end(label, moment[1]) else []
        else:
            lines.append(f"{_spaced(label)}: {said}")
    return "\n".join((*lines, *asked))


def _fields(text: str) -> Mapping[str, str]:
    """The fields of a JSON object of texts and numbers; none where a text is no such thing."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    plain = isinstance(found, dict) and all(isinstance(v, str | int | None) for v in found.values())
    return {k: " ".join(str(v).split()) for k, v in found.items() if v is not None} if plain else {}


def _is_end(label: str, date: str) -> bool:
    """Whether a day is when it ends, and not when something was sent."""
    told = f"Forget this {_spaced(label).removesuffix(' at')} {date}."
    return take_expiry(told, datetime(1970, 1, 1, tzinfo=UTC)).date is not None


def _spaced(label: str) -> str:
    return " ".join(_WORD.findall(label)).lower()
