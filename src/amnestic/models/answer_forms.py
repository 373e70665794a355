"""The form that an answer has to have, as a call's options ask for it, and as a grammar of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.exceptions import InvalidRequestError
from amnestic.models.closed_schemas import closed

__all__ = ["Call", "fault_in", "grammar_of", "schema_in"]

Call = tuple[str, Mapping[str, Any], str]
"""What is written before a call's arguments, their schema, and what is written behind them."""

# One blank behind each mark, and no other: small models write blanks without end where they may.
_WRITTEN = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
    "coerce_one_of": False,
    "lenient": False,
}
_KEYWORDS = frozenset(
    "$anchor $dynamicRef $recursiveRef $ref additionalItems additionalProperties allOf anyOf const "
    "contains contentEncoding contentMediaType contentSchema dependencies dependentRequired "
    "dependentSchemas else enum exclusiveMaximum exclusiveMinimum format if items maxContains "
    "maxItems maxLength maxProperties maximum minContains minItems minLength minProperties minimum "
    "multipleOf not oneOf pattern patternProperties prefixItems properties propertyNames required "
    "then type unevaluatedItems unevaluatedProperties uniqueItems".split()
)
_KEYWORD = re.compile(r'(?<=")\$?[A-Za-z]+(?=")|\$[A-Za-z]+|[a-z]+[A-Z][A-Za-z]*')
_TOLD_BY = (
    ("invalid type", "type"),
    ("unknown format", "format"),
    ("regex", "pattern"),
    ("registry", "$ref"),
    ("pointer", "$ref"),
)


def schema_in(options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The JSON schema that an answer has to keep to; `None` where it may be any text.

    Raises `InvalidRequestError` for a form that nobody knows, and for a schema that is not there.

    >>> schema_in({"response_format": {"type": "json_object"}}), schema_in({})
    ({'type': 'object'}, None)
    """
    form = options.get("response_format")
    kind = form.get("type") if isinstance(form, Mapping) else None
    if form is None or kind == "text":
        return None
    if kind == "json_object":
        return {"type": "object"}
    if kind != "json_schema":
        raise InvalidRequestError(
            "response_format must be of the type 'text', 'json_object' or 'json_schema'"
        )
    held = form.get("json_schema")
    schema = held.get("schema") if isinstance(held, Mapping) else None
    if not isinstance(schema, Mapping):
        raise InvalidRequestError(
            "response_format of the type 'json_schema' holds no schema: give one as "
            "json_schema.schema"
        )
    return schema


def grammar_of(schema: Mapping[str, Any], calls: Sequence[Call] = ()) -> str:
    """What may be answered, as a grammar in llguidance's form of Lark: JSON of a schema, or else
    calls, one on each line.

    >>> print(re.sub("{.*}", "{…}", grammar_of({"type": "null"}, [("<f>", {}, "</f>")])))
    start: answer | call ("\\n" call)*
    answer: %json {…}
    call: call_0
    call_0: "<f>" arguments_0 "</f>"
    arguments_0: %json {…}
    """
    rules = ["start: answer", f"answer: %json {_json(schema)}"]
    if calls:
        rules[0] = 'start: answer | call ("\\n" call)*'
        rules.append(f"call: {' | '.join(f'call_{i}' for i in range(len(calls)))}")
    for i, (before, arguments, after) in enumerate(calls):
        around = (f"{_quoted(text)} " if text else "" for text in (before, after))
        first, last = around
        rules.append(f"call_{i}: {first}arguments_{i} {last}".rstrip())
        rules.append(f"arguments_{i}: %json {_json(arguments)}")
    return "\n".join(rules)


def _json(schema: Mapping[str, Any]) -> str:
    try:
        told = {**closed(schema), "x-guidance": _WRITTEN}
        return json.dumps(told, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InvalidRequestError("a JSON schema of the request is no JSON") from None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def fault_in(refusal: str) -> InvalidRequestError:
    """What a caller is told of a schema that no decoder can be kept to, by the decoder's refusal:
    the keyword at fault, and none of the schema's own words.

    >>> print(fault_in('Unimplemented keys: ["uniqueItems"]'))
    a JSON schema of the request cannot be kept to ('uniqueItems'): leave that out of it
    >>> print(fault_in("Invalid type: a secret"))
    a JSON schema of the request cannot be kept to ('type'): leave that out of it
    """
    found = dict.fromkeys(word for word in _KEYWORD.findall(refusal) if word in _KEYWORDS)
    told = list(found) or [keyword for mark, keyword in _TOLD_BY if mark in refusal.lower()][:1]
    named = f" ({', '.join(map(repr, told))}): leave that out of it" if told else ": simplify it"
    return InvalidRequestError(f"a JSON schema of the request cannot be kept to{named}")
