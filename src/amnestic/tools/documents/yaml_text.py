"""YAML without what leaks: what could be loaded still can, and what stays keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
    edited,
)
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.redact_tree import Edit, TreeRedaction
from amnestic.types import Span

__all__ = ["looks_like_yaml", "redact_yaml"]

_LONGEST = 60_000  # reading takes seconds beyond that
_NESTED = re.compile(
    r"^(?:---\s*$|[ \t]*(?:- )?[\w\"'.-][\w \"'.-]*:[ \t]*(?:[|>][-+]?)?[ \t]*\n[ \t]*(?:- )?\S)",
    re.MULTILINE,
)
_LINE = re.compile(r"[ \t]*(?:#.*|---|\.\.\.|(?:- )*[\w\"'.@/-][^:\n]{0,80}:(?:[ \t].*)?|- .*|-)$")


def looks_like_yaml(text: str) -> bool:
    """Whether a text that nothing marks as YAML is YAML: keys and items with others under them.

    >>> looks_like_yaml("route:\\n  - name: Tavel\\n    km: 3"), looks_like_yaml("Note: it rains.")
    (True, False)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not _NESTED.search(text):
        return False
    fit = sum(bool(_LINE.fullmatch(line)) for line in lines)
    return fit >= 0.6 * len(lines) and _composed(text) is not None


def redact_yaml(text: str, leaks: Leaks) -> str | None:
    """YAML without what leaks, by the rules of `redact_json_text`; `None` when `text` is no
    mapping or list in YAML, or repeats a part by an anchor.

    >>> redact_yaml("poets:\\n- name: Osk\\n  age: 3\\n- name: Tarn\\n", lambda s: "Osk" in s)
    'poets:\\n- name: Tarn\\n'
    """
    tree = _composed(text)
    if tree is None:
        return None
    redaction = TreeRedaction(text, leaks, emptied=lambda node: _emptied(text, node))
    clean = edited(text, redaction.all_edits(tree))
    return clean if clean == text or _composed(clean) is not None else ""


def _composed(text: str) -> JsonNode | None:
    import yaml  # type: ignore[import-untyped]

    if len(text) > _LONGEST:
        return None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return None if root is None or root.id == "scalar" else _Reading(text).node(root)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


class _Reading:
    """The nodes of the YAML library as the tree that JSON is read into."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: set[int] = set()

    def node(self, given: Any) -> JsonNode:
        """One node; raises `ValueError` for one that stands in two places."""
        if id(given) in self._seen:
            raise ValueError("an anchor")
        self._seen.add(id(given))
        start, end = given.start_mark.index, given.end_mark.index
        end = start + len(self._text[start:end].rstrip())
        if given.id == "scalar":
            return JsonScalar(start, end, _value(given))
        if given.id == "sequence":
            return JsonArray(start, end, tuple(self.node(item) for item in given.value))
        return JsonObject(start, end, tuple(self._members(given)))

    def _members(self, given: Any) -> Iterator[JsonMember]:
        for key, value in given.value:
            if key.id != "scalar":
                raise ValueError("a key that is no word")
            node = self.node(value)
            if not self._text[node.start : node.end].strip():
                end = self._text.index(":", key.end_mark.index) + 1
                node = JsonScalar(end, end, None)
            yield JsonMember(key.start_mark.index, str(key.value), node)


def _value(given: Any) -> Any:
    kind = str(given.tag).rpartition(":")[2]
    return None if kind in ("null", "bool") else given.value


def _emptied(text: str, node: JsonArray | JsonObject) -> Edit:
    """An empty list or mapping in the place of one of which nothing is left, on its key's line."""
    empty = "[]" if isinstance(node, JsonArray) else "{}"
    if text[node.start] in "[{":
        return Span(node.start, node.end), empty
    before = text[: node.start].rstrip()
    if before.endswith(":"):
        return Span(len(before), node.end), f" {empty}"
    return Span(node.start, node.end), empty
