"""The fields around a conversation: tools, forms, templates, whatever a caller sends beside it.

A model reads their words as it reads its messages, so what belongs to a target is taken out of
them, and what is left still makes a request: a tool that is called by a target's name is not
offered, a value goes from its list, a sentence from its description.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from amnestic.models.values import strings_in
from amnestic.types import title_of

__all__ = ["cleaned_fields"]

Leaks = Callable[[str], bool]

_GONE = object()
_CHOSEN = ("tool_choice", "function_call", "parallel_tool_calls")
_OFFERED = ("tools", "functions")


def cleaned_fields(fields: Mapping[str, Any], leaks: Leaks) -> dict[str, Any]:
    """`fields` without what leaks; each that is far from every target is the object that it was.

    >>> tools = [{"name": "find", "enum": ["A", "Osk"]}, {"name": "find_osk"}]
    >>> cleaned_fields({"tools": tools, "n": 2}, lambda text: "osk" in text.lower())
    {'tools': [{'name': 'find', 'enum': ['A']}], 'n': 2}
    """
    kept = {key: _cleaned(value, leaks) for key, value in fields.items()}
    kept = {key: value for key, value in kept.items() if value is not _GONE}
    lost = [k for k in _OFFERED if k in fields and _names(kept.get(k)) != _names(fields[k])]
    return _chosen(kept, lost) if lost else kept


def _chosen(fields: dict[str, Any], lost: list[str]) -> dict[str, Any]:
    """The fields without a choice of what is no longer offered."""
    offered = [name for key in _OFFERED for name in _names(fields.get(key))]
    fields = {k: v for k, v in fields.items() if k not in lost or v}
    for key in _CHOSEN:
        named = _names([fields.get(key)])
        if key in fields and (not offered or (named and not {*named} <= {*offered})):
            del fields[key]
    return fields


def _names(tools: Any) -> list[str]:
    found = [tool for tool in tools or () if isinstance(tool, Mapping)]
    return [str(name) for tool in found if (name := _name(tool)) is not None]


def _name(tool: Mapping[str, Any]) -> Any:
    """What a tool is called, in any of the usual shapes."""
    inner = next(
        (tool[k] for k in ("function", "custom") if isinstance(tool.get(k), Mapping)), tool
    )
    return inner.get("name")


def _cleaned(value: Any, leaks: Leaks) -> Any:
    if not _tells(value, leaks):
        return value
    if isinstance(value, str):
        from amnestic.tools.documents import cut  # what is clear asks for none of it

        kept = cut(value, leaks)
        return _GONE if not kept.strip() or _tells(kept, leaks) else kept
    if isinstance(value, Mapping):
        kept_fields = _cleaned_object(value, leaks)
        return _GONE if kept_fields is _GONE or _tells(kept_fields, leaks) else kept_fields
    # A value of a list stands for itself: half of one would be another one.
    items = [
        _GONE if isinstance(v, str) and _tells(v, leaks) else _cleaned(v, leaks) for v in value
    ]
    kept_items = [item for item in items if item is not _GONE]
    return _GONE if not kept_items or _tells(kept_items, leaks) else kept_items


def _cleaned_object(value: Mapping[str, Any], leaks: Leaks) -> Any:
    name = _name(value)
    if isinstance(name, str) and _tells(name, leaks):
        return _GONE
    kept = {k: _cleaned(v, leaks) for k, v in value.items() if not _tells(k, leaks)}
    kept = {key: inner for key, inner in kept.items() if inner is not _GONE}
    if any(_name(value) is not None and key in value and key not in kept for key in ("function",)):
        return _GONE
    known, wanted = kept.get("properties"), kept.get("required")
    if isinstance(known, Mapping) and isinstance(wanted, list):
        kept["required"] = [key for key in wanted if key in known]
    return kept


def _tells(value: Any, leaks: Leaks) -> bool:
    """Whether the words of a value, read together, tell of a target."""
    texts = list(strings_in(value, keys=True))
    if not texts:
        return False
    spoken = [title_of(text) for text in texts if not any(c.isspace() for c in text)]
    return leaks("\n".join(texts)) or bool(spoken and leaks("\n".join(spoken)))
