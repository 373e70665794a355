"""YAML without what leaks: what could be loaded still can, and what stays keeps its bytes."""

from __future__ import annotations

import re

from amnestic.tools.documents.json_tree import JsonArray, JsonObject, edited
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.redact_tree import Edit, TreeRedaction
from amnestic.tools.documents.yaml_tree import read_yaml
from amnestic.types import Span

__all__ = ["looks_like_yaml", "redact_yaml"]

_NESTED = re.compile(
    r"^(?:---\s*$|[ \t]*(?:- )?[\w\"'.-][\w \"'.-]*:[ \t]*(?:[|>][-+]?)?[ \t]*\n[ \t]*(?:- )?\S)",
    re.MULTILINE,
)
_LINE = re.compile(r"[ \t]*(?:#.*|---|\.\.\.|(?:- )*[\w\"'.@/-][^:\n]{0,80}:(?:[ \t].*)?|- .*|-)$")
_NUMBERED = re.compile(r"^\d{1,3}[.)][ \t]+\S", re.MULTILINE)


def looks_like_yaml(text: str) -> bool:
    """Whether a text that nothing marks as YAML is YAML: keys and items with others under them, and
    no list whose items are numbered.

    >>> looks_like_yaml("route:\\n  - name: Tavel\\n    km: 3"), looks_like_yaml("Note: it rains.")
    (True, False)
    >>> looks_like_yaml("1. Tavel:\\n- a town\\n2. Sund:\\n- a port")
    False
    """
    if _NUMBERED.search(text):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not _NESTED.search(text):
        return False
    fit = sum(bool(_LINE.fullmatch(line)) for line in lines)
    return fit >= 0.6 * len(lines) and read_yaml(text) is not None


def redact_yaml(text: str, leaks: Leaks) -> str | None:
    """YAML without what leaks, by the rules of `redact_json_text`; `None` when `text` is no
    mapping or list in YAML, or repeats a part by an anchor.

    >>> redact_yaml("poets:\\n- name: Osk\\n  age: 3\\n- name: Tarn\\n", lambda s: "Osk" in s)
    'poets:\\n- name: Tarn\\n'
    """
    tree = read_yaml(text)
    if tree is None:
        return None
    redaction = TreeRedaction(text, leaks, emptied=lambda node: _emptied(text, node))
    clean = edited(text, redaction.all_edits(tree))
    if leaks(clean):
        lines = clean.splitlines(keepends=True)
        clean = "".join(x for x in lines if not (x.lstrip().startswith("#") and leaks(x)))
    return clean if clean == text or read_yaml(clean) is not None else ""


def _emptied(text: str, node: JsonArray | JsonObject) -> Edit:
    """An empty list or mapping in the place of one of which nothing is left, on its key's line."""
    empty = "[]" if isinstance(node, JsonArray) else "{}"
    if text[node.start] in "[{":
        return Span(node.start, node.end), empty
    before = text[: node.start].rstrip()
    if before.endswith(":"):
        return Span(len(before), node.end), f" {empty}"
    return Span(node.start, node.end), empty
