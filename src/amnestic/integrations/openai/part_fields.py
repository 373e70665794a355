"""The parts of a message's content: what they hold beside the words that are read as what it says.

A picture is not read. What stands around it is, and so is a file that is a text.
"""

from __future__ import annotations

import base64
import codecs
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
_SHOWN = ("image/", "audio/", "video/")
_MARKED = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_URL_SAFE = str.maketrans("-_", "+/")
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
        return _text_in(value)
    return unquote(value).replace("_", " ").replace(":", " ") if "://" in value else value


def _unpacked(url: str) -> str:
    """The text that a `data:` URL holds. One that is no picture, sound or film may be a text
    whatever it is called.

    >>> _unpacked("data:text/csv;base64,QWRhIFZlbm4"), _unpacked("data:image/png;base64,iVBO")
    ('text/csv;base64 Ada Venn', 'image/png;base64')
    """
    head, _, data = url[5:].partition(",")
    kind = head.lower()
    if ";base64" not in kind:
        return f"{head} {unquote_to_bytes(data).decode('utf-8', 'replace')}"
    is_text = any(sign in kind for sign in _TEXTUAL)
    if kind.startswith(_SHOWN) and not is_text:
        return head
    return f"{head} {_text_in(unquote(data), surely=is_text)}".rstrip()


def _text_in(packed: str, *, surely: bool = False) -> str:
    """The text that is packed in base64; nothing where it is none. What is `surely` one is read
    in whatever letters it is written.

    >>> _text_in("QWRhIFZlbm4"), _text_in("iVBORw0KGgo="), _text_in("QW7pIFZlbm4=", surely=True)
    ('Ada Venn', '', 'Ané Venn')
    """
    letters = packed.translate(_URL_SAFE)
    try:
        raw = base64.b64decode(letters.rstrip("=\r\n ") + "==")
    except ValueError:
        return ""
    for marks, name in _MARKED.items():
        if raw.startswith(marks):
            return raw.decode(name, "replace")
    try:
        return raw.decode("utf-8")
    except ValueError:
        return raw.decode("cp1252", "replace") if surely else ""
