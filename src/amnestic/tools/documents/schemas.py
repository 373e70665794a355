"""Whether a value holds to a caller's JSON schema, at a cost that is bounded whatever it asks for.

A schema is a program of the caller's: its branches multiply, its patterns run backwards, and its
references point to other machines. Nothing is fetched for one, and what takes too much is not met.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any

from amnestic.tools.documents.patterns import Patterns

__all__ = ["SchemaRules"]

_MOST_STEPS = 200_000
_DEAR = {"$ref": 5, "$dynamicRef": 5}
"""The rules that take several steps' time."""
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class SchemaRules:
    """The rules of one schema. The work for all that is asked of it is bounded together.

    >>> rules = SchemaRules({"type": "object", "properties": {"a": {"pattern": "^[A-Z]"}}})
    >>> rules.allow({"a": "Ada"}), rules.allow({"a": ""})
    (True, False)
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = dict(schema)
        self._validator: Any = None
        self._steps = 0
        self.has_named_by_pattern = '"patternProperties"' in json.dumps(self._schema, default=str)
        self.patterns = Patterns()

    def allow(self, value: Any, part: Mapping[str, Any] | None = None) -> bool:
        """Whether a value holds to the schema, or to a `part` of it. None does to a schema that
        cannot be read, points elsewhere or takes too much."""
        from jsonschema.exceptions import UnknownType  # type: ignore[import-untyped]
        from referencing.exceptions import Unresolvable

        before = _ASKING.set(self)
        try:
            self._validator = self._validator or _validator(self._schema)
            whole = self._validator if part is None else self._validator.evolve(schema=part)
            return bool(whole.is_valid(value))
        except RecursionError:  # once is enough: the way there is long
            self._steps = _MOST_STEPS
            return False
        except (*_ODD, UnknownType, Unresolvable):
            return False
        finally:
            _ASKING.reset(before)

    def take(self, steps: int) -> None:
        """Count some work; raises `ValueError` where it is too much."""
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise ValueError("a schema that takes too much")


_ASKING: ContextVar[SchemaRules] = ContextVar("the rules that are asked")


def _validator(schema: Mapping[str, Any]) -> Any:
    from jsonschema.validators import (  # type: ignore[import-untyped]
        Draft202012Validator,
        validator_for,
    )
    from referencing import Registry

    known = isinstance(schema.get("$schema"), str)
    draft = validator_for(schema, Draft202012Validator) if known else Draft202012Validator
    return _bounded(draft)(schema, registry=Registry(), format_checker=draft.FORMAT_CHECKER)


@cache
def _bounded(draft: Any) -> Any:
    """A draft's rules, each of which is counted, with patterns that end."""
    from jsonschema.validators import extend

    own = {"additionalProperties": _additional, "pattern": _pattern,
           "patternProperties": _pattern_properties}  # fmt: skip
    rules = {**draft.VALIDATORS, **{k: v for k, v in own.items() if k in draft.VALIDATORS}}
    return extend(draft, {name: _counted(name, check) for name, check in rules.items()})


def _counted(keyword: str, check: Callable[..., Any]) -> Callable[..., Any]:
    def run(validator: Any, asked: Any, value: Any, schema: Any) -> Any:
        rules = _ASKING.get()
        listed = len(asked) // 20 if isinstance(asked, list | Mapping) else 0
        rules.take(_DEAR.get(keyword, 1) + listed)
        if keyword == "uniqueItems" and isinstance(value, list):
            rules.take(len(value) ** 2 // 100)  # each is held against each
        if keyword == "unevaluatedProperties" and rules.has_named_by_pattern:
            raise ValueError("patterns that the library would match by itself")
        return check(validator, asked, value, schema)

    return run


def _error(message: str) -> Exception:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message)  # type: ignore[no-any-return]


def _has(pattern: str, text: str) -> bool:
    return _ASKING.get().patterns.found(pattern, text)


def _pattern(validator: Any, pattern: Any, value: Any, schema: Any) -> Iterator[Any]:
    if isinstance(value, str) and not _has(pattern, value):
        yield _error("it has not the pattern")


def _pattern_properties(validator: Any, patterns: Any, value: Any, schema: Any) -> Iterator[Any]:
    for pattern, inner in patterns.items() if isinstance(value, dict) else ():
        for name in value:
            if _has(pattern, name):
                yield from validator.descend(value[name], inner, path=name, schema_path=pattern)


def _additional(validator: Any, asked: Any, value: Any, schema: Any) -> Iterator[Any]:
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in value if isinstance(value, dict) else ():
        if name in known or any(_has(pattern, name) for pattern in patterns):
            continue
        if validator.is_type(asked, "object"):
            yield from validator.descend(value[name], asked, path=name)
        elif not asked:
            yield _error("it has more than it may have")
