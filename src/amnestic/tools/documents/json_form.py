"""Whether a rewritten JSON text still has the form that its caller counts on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from amnestic.tools.documents.schemas import SchemaRules

__all__ = ["is_json", "keeps_form"]


def is_json(text: str) -> bool:
    """Whether `text` is a JSON object or array."""
    return isinstance(_parsed(text), dict | list)


def keeps_form(text: str, original: str, schema: Mapping[str, Any] | None) -> bool:
    """Whether `text` may stand where the JSON `original` stood: it parses, is of the same kind,
    has the same keys at the top, and follows the caller's schema where there is one.

    >>> keeps_form('{"name": null}', '{"name": "Osk"}', None)
    True
    >>> keeps_form("nobody", '{"name": "Osk"}', None)
    False
    """
    value, before = _parsed(text), _parsed(original)
    if type(value) is not type(before):
        return False
    if schema is not None:
        return SchemaRules(schema).allow(value)
    return not isinstance(value, dict) or value.keys() == before.keys()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
