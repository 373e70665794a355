"""The parts of a message's content: what they hold beside the words that are read as what it says.

A picture is not read. What stands around it is, and so is a file that is a text.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from amnestic.conversation import is_thought
from amnestic.integrations.openai.wire import Json

__all__ = ["beside_parts", "parts_kept", "plain_parts"]

_WORDS = ("text", "refusal")
_SEALED = ("data", "file_data")
"""Fields that hold a file as letters."""
_TEXTUAL = ("text/", "json", "xml", "yaml", "csv", "javascript")
"""Signs of kinds of files that are texts."""
_LEFT = "…"
_MOST_DEPTH = 100


def beside_parts(content: Any) -> list[Json]:
    """What the parts of a content hold beside its words, part by part; nothing of those that hold
    no more.

    >>> url = "https://a.example/ada_venn.png"
    >>> said = {"type": "text", "text": "Who is it?"}
    >>> beside_parts([said, {"type": "image_url", "image_url": {"url": url}}])
    [{'image_url': {'url': 'https //a.example/ada venn.png'}}]
    """
    parts = content if isinstance(content, list) else []
    return [beside for part in parts if (beside := _beside(part))]


def plain_parts(content: Any, kept: Sequence[Any], kind: str) -> Any:
    """A content whose parts hold words alone, but those of which all that stands beside is among
    what is `kept`. In the place of a picture stands a text of this `kind`, so that there are as
    many parts as before.

    >>> shown = {"type": "image_url", "image_url": {"url": "https://a.example/ada.png"}}
    >>> plain_parts([{"type": "text", "text": "Hi.", "of": "Ada"}, shown], [], "text")
    [{'type': 'text', 'text': 'Hi.'}, {'type': 'text', 'text': '…'}]
    """
    if not isinstance(content, list):
        return content
    return [part if _beside(part) in (None, *kept) else _plain(part, kind) for part in content]


def parts_kept(messages: Sequence[Any]) -> list[Any]:
    """What stays of that, of the parts of all messages, once what tells of a target is gone."""
    found = [m["content"] for m in messages if isinstance(m, Mapping) and m.get("content")]
    return [part for parts in found if isinstance(parts, list) for part in parts]


def _beside(part: Any) -> Json | None:
    if not isinstance(part, Mapping) or is_thought(part):
        return None
    said = [key for key in _WORDS if isinstance(part.get(key), str)]
    rest = {key: value for key, value in part.items() if key != "type" and key not in said}
    return {key: _readable(key, value) for key, value in rest.items()} or None


def _plain(part: Mapping[str, Any], kind: str) -> Json:
    for key in _WORDS:
        if isinstance(part.get(key), str):
            return {"type": part["type"], key: part[key]}
    return {"type": kind, "text": _LEFT}


def _readable(key: str, value: Any, depth: int = 0) -> Any:
    """A value as it can be read for words: of a file that is none, nothing. What is nested so
    deeply that nobody reads it stays as it is."""
    if depth > _MOST_DEPTH:
        return value
    if isinstance(value, Mapping):
        return {name: _readable(name, inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_readable(key, inner, depth + 1) for inner in value]
    if not isinstance(value, str):
        return value
    if value[:5].lower() == "data:":
        return _unpacked(value)
    if key in _SEALED:
        return _text_in(value) or ""
    return unquote(value).replace("_", " ").replace(":", " ") if "://" in value else value


def _unpacked(url: str) -> str:
    """The text that a `data:` URL holds."""
    head, _, data = url[5:].partition(",")
    if ";base64" in head.lower():
        is_text = any(sign in head.lower() for sign in _TEXTUAL)
        return (_text_in(data) if is_text else None) or head
    return f"{head} {unquote_to_bytes(data).decode('utf-8', 'replace')}"


def _text_in(packed: str) -> str | None:
    """The text that is packed in base64, if it is one."""
    try:
        return base64.b64decode(packed).decode("utf-8")
    except ValueError:
        return None
