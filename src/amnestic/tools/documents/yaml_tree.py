"""YAML read with the place of every value, into the same tree as JSON.

The library's events are read, not its nodes: they come one by one, so that a text nested too deep
is given up at the level that is too deep, and nothing of the library's own calls itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from amnestic.tools.documents.json_tree import (
    MAX_DEPTH,
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
)

__all__ = ["read_yaml"]

_LONGEST = 1_000_000  # about a second
_LONGEST_WITHOUT_LIBYAML = 60_000  # the same
_BOM = "\ufeff"


def read_yaml(text: str) -> JsonNode | None:
    """The only document of a YAML text; `None` where it is no mapping or list, repeats a part by an
    alias, or is too long or nested too deep.

    >>> tree = read_yaml("route:\\n- Tavel\\n- Ost\\n")
    >>> tree.members[0].key, [(i.start, i.value) for i in tree.members[0].value.items]
    ('route', [(9, 'Tavel'), (17, 'Ost')])
    """
    import yaml  # type: ignore[import-untyped]

    loader, longest = _loader()
    if len(text) > longest:
        return None
    skipped = int(text.startswith(_BOM))  # the pure reader counts it, libyaml does not
    events = yaml.parse(text[skipped:], Loader=loader)
    try:
        return _Reading(text, skipped, events).document()
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


@cache
def _loader() -> tuple[Any, int]:
    """The library's reader and how long a text may be for it: it may be built without libyaml."""
    import yaml

    if yaml.__with_libyaml__:
        return yaml.CSafeLoader, _LONGEST
    return yaml.SafeLoader, _LONGEST_WITHOUT_LIBYAML


@cache
def _resolver() -> Any:
    from yaml.resolver import Resolver  # type: ignore[import-untyped]

    return Resolver()


class _Reading:
    """The events of one text, read into a tree."""

    def __init__(self, text: str, skipped: int, events: Iterator[Any]) -> None:
        self._text, self._skipped, self._events = text, skipped, events

    def document(self) -> JsonNode | None:
        """The tree of the only document; `None` where that is a word."""
        events = self._events
        next(events)  # the stream begins
        if not _is(next(events), "DocumentStart"):
            return None
        root = self._node(next(events), 0)
        next(events)  # the document ends
        if isinstance(root, JsonScalar) or not _is(next(events), "StreamEnd"):
            return None
        return root

    def _node(self, event: Any, depth: int) -> JsonNode:
        """One node; raises `ValueError` for one that stands in two places or too deep."""
        if depth > MAX_DEPTH or _is(event, "Alias"):
            raise ValueError("an alias, or too deep")
        start = int(event.start_mark.index) + self._skipped
        if _is(event, "Scalar"):
            return JsonScalar(start, self._end(start, event), _value(event))
        if _is(event, "SequenceStart"):
            items = []
            while not _is(event := next(self._events), "SequenceEnd"):
                items.append(self._node(event, depth + 1))
            return JsonArray(start, self._end(start, event), tuple(items))
        members = []
        while not _is(event := next(self._events), "MappingEnd"):
            members.append(self._member(event, depth + 1))
        return JsonObject(start, self._end(start, event), tuple(members))

    def _member(self, key: Any, depth: int) -> JsonMember:
        if not _is(key, "Scalar"):
            raise ValueError("a key that is no word")
        node = self._node(next(self._events), depth)
        if not self._text[node.start : node.end].strip():
            end = self._text.index(":", key.end_mark.index + self._skipped) + 1
            node = JsonScalar(end, end, None)
        return JsonMember(key.start_mark.index + self._skipped, str(key.value), node)

    def _end(self, start: int, event: Any) -> int:
        """Where a node ends, without the white space up to the next one."""
        return start + len(self._text[start : event.end_mark.index + self._skipped].rstrip())


def _is(event: Any, kind: str) -> bool:
    return type(event).__name__ == f"{kind}Event"


def _value(event: Any) -> Any:
    tag = event.tag
    if tag in (None, "!"):
        from yaml import ScalarNode

        tag = _resolver().resolve(ScalarNode, event.value, event.implicit)
    kind = str(tag).rpartition(":")[2]
    return None if kind in ("null", "bool") else event.value
