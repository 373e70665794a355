"""Reading the names that a model lists: a JSON object, wherever it stands, or a plain list.

Names are matched here and shown to nobody, so that reading is generous: of several objects all
count, and what else they hold is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from amnestic.agents.contracts import Named

__all__ = ["listed_names"]

_MAX_CHARS = 40_000
_MAX_NAMES = 200
_MAX_NAME = 200
_MAX_DEPTH = 6
_MAX_TRIES = 50  # brackets that open nothing readable, after which no more are tried
_OPENING = re.compile(r"[{\[]")
_ITEM = re.compile(r"^\s*(?:[-*•–·+]|\(?\d{1,3}[.)])\s+(.+?)\s*$")
_HEAD = re.compile(r"^[\s#*_>]*(question|draft)\b[\s*_]*:?[\s*_]*$", re.IGNORECASE)
_LONGEST_LINE = 80
_SAID = re.compile(r"[.!?:;。！？]$")


def listed_names(text: str, *, has_draft: bool) -> Named | None:
    """The names in a model's answer; `None` where it holds no list.

    An answer that does not say what it lists them for has listed them for the draft, if there is
    one.

    >>> listed_names('Sure: {"question": [], "draft": ["Mirela Osk"]} More?', has_draft=True)
    Named(question=(), draft=('Mirela Osk',))
    >>> listed_names("- Mirela Osk\\n- Tavel", has_draft=False)
    Named(question=('Mirela Osk', 'Tavel'), draft=())
    >>> listed_names("I cannot help with that.", has_draft=True) is None
    True
    """
    text = text[:_MAX_CHARS]
    values = list(_json_values(text))
    objects = [v for v in values if isinstance(v, dict) and v.keys() & {"question", "draft"}]
    if objects:
        asked, told = (
            [name for o in objects for name in _strings(o.get(key))]
            for key in ("question", "draft")
        )
        return Named(_tidy(asked), _tidy(told) if has_draft else ())
    arrays = [v for v in values if isinstance(v, list)]
    if arrays:
        return _all_for([name for array in arrays for name in _strings(array)], has_draft)
    return _from_lines(text, has_draft)


def _json_values(text: str) -> Iterator[Any]:
    decoder, at, failed = json.JSONDecoder(), 0, 0
    while failed < _MAX_TRIES and (opening := _OPENING.search(text, at)):
        try:
            value, at = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            at, failed = opening.end(), failed + 1
        else:
            yield value


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    """The strings in a value, however it groups them: a list, one name, lists by kind."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict) and depth < _MAX_DEPTH:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner, depth + 1)


def _from_lines(text: str, has_draft: bool) -> Named | None:
    lines = [line for line in text.splitlines() if line.strip()]
    items: dict[str, list[str]] = {"question": [], "draft": []}
    section, found = "", False
    for line in lines:
        head = _HEAD.match(line)
        if head:
            section, found = head.group(1).lower(), True
        elif item := _ITEM.match(line):
            items[section or "draft"].append(item.group(1))
            found = True
    if not found and lines and all(map(_is_bare, lines)):
        items["draft"], found = lines, True
    if not found:
        return None
    if not section:
        return _all_for(items["draft"], has_draft)
    return Named(_tidy(items["question"]), _tidy(items["draft"]) if has_draft else ())


def _is_bare(line: str) -> bool:
    """Whether a line may be a name and is no sentence."""
    return len(line.strip()) <= _LONGEST_LINE and not _SAID.search(line.strip())


def _all_for(names: list[str], has_draft: bool) -> Named:
    return Named(draft=_tidy(names)) if has_draft else Named(question=_tidy(names))


def _tidy(names: Iterable[str]) -> tuple[str, ...]:
    clean = (" ".join(name.strip(" \t\"'“”*_`,;").split())[:_MAX_NAME] for name in names)
    return tuple(dict.fromkeys(name for name in clean if name))[:_MAX_NAMES]
