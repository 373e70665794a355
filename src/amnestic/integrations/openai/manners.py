"""How an upstream writes its replies, so that one of the layer's own is written alike."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.integrations.openai.wire import Answer, Json, is_sendable, json_type

__all__ = [
    "Manner",
    "Style",
    "alike",
    "alike_item",
    "hollow",
    "hollowed",
    "shaped",
    "without_echoes",
]

_HEAD = (
    "id created created_at model object system_fingerprint service_tier provider usage choices "
    "output"
).split()
_ANSWERED = ("completion", "output", "reasoning", "accepted", "rejected")
_SAID = "tool_calls function_call reasoning_content reasoning thinking audio images".split()


@dataclass(frozen=True, slots=True)
class Style:
    """How JSON is written: with which spacing, in ASCII or not, and what ends it.

    >>> Style.of(b'{"a": "\\\\u00e9"}', {"a": "é"}).dumps({"b": ["ü", 1]})
    b'{"b": ["\\\\u00fc", 1]}'
    """

    separators: tuple[str, str] = (",", ":")
    ascii: bool = False
    indent: int | None = None
    end: bytes = b""

    @classmethod
    def of(cls, content: bytes, value: Any) -> Style:
        """The style in which `content` writes `value`; a compact one where it is none of these."""
        body = content.rstrip()
        end = content[len(body) :]
        for separators, indent in _SPACINGS:
            for plain in (False, True):
                style = cls(separators, plain, indent, end)
                if style.dumps(value) == content:
                    return style
        return cls(end=end)

    def dumps(self, value: Any) -> bytes:
        """`value` in this style; half a character can be written in ASCII alone."""
        for plain in (self.ascii, True):
            text = json.dumps(
                value, ensure_ascii=plain, separators=self.separators, indent=self.indent
            )
            if text.isascii() or is_sendable(value):
                break
        return text.encode() + self.end


_SPACINGS: tuple[tuple[tuple[str, str], int | None], ...] = (
    ((",", ":"), None),
    ((", ", ": "), None),
    ((",", ": "), 2),
    ((",", ": "), 4),
    ((",", ": "), 1),
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How one model's replies look: their style, their content type, and one of them without its
    words."""

    style: Style = Style()
    content_type: str = "application/json"
    reply: Json = field(default_factory=dict)

    def answer(self, reply: Json) -> Answer:
        """A reply of the layer's own."""
        return Answer(200, (("content-type", self.content_type),), self.style.dumps(reply))

    def without(self, echoed: Collection[str]) -> Manner:
        """This manner, which knows nothing of the fields that a reply repeats of its request."""
        return replace(self, reply=without_echoes(self.reply, echoed))

    @classmethod
    def of(cls, answer: Answer, reply: Json) -> Manner:
        """How the upstream wrote `reply`."""
        return cls(Style.of(answer.content, reply), json_type(answer.headers), hollowed(reply))


def hollow(value: Any) -> Any:
    """A value's shape without its words.

    >>> hollow({"a": "x", "b": [1], "c": {"d": 2.5, "e": None}})
    {'a': None, 'b': [], 'c': {'d': 2.5, 'e': None}}
    """
    if isinstance(value, str):
        return None
    if isinstance(value, Mapping):
        return {key: hollow(inner) for key, inner in value.items()}
    return [] if isinstance(value, list) else value


def without_echoes(reply: Mapping[str, Any], echoed: Collection[str]) -> Json:
    """A reply in which the fields that repeat those of its request say nothing.

    >>> without_echoes({"id": None, "metadata": {"case": None}}, {"metadata"})
    {'id': None, 'metadata': None}
    """
    return {key: None if key in echoed else value for key, value in reply.items()}


def hollowed(reply: Mapping[str, Any]) -> Json:
    """A reply without its words: an example of how its like are written."""
    example = {k: v if k in _HEAD else hollow(v) for k, v in reply.items()}
    for key in ("choices", "output"):
        if isinstance(example.get(key), list):
            example[key] = [_hollow_answer(item) for item in example[key]]
    return example


def _hollow_answer(value: Any) -> Any:
    """The shape of a choice or an item, with its parts."""
    if isinstance(value, Mapping):
        kept = ("type", "role", "id")
        return {k: v if k in kept else _hollow_answer(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_hollow_answer(inner) for inner in value]
    return hollow(value)


def shaped(value: Json, example: Mapping[str, Any]) -> Json:
    """`value` with the keys of `example`, in its order. What it lacks of them is there without
    words; what it holds beyond them stands at the end, where it is something.

    >>> shaped({"b": 1, "c": None, "d": 2}, {"a": "x", "b": 3})
    {'a': None, 'b': 1, 'd': 2}
    """
    found: Json = {}
    for key, other in example.items():
        if key not in value:
            if key not in _SAID or not other or isinstance(other, Mapping):
                found[key] = _emptied(key, other)
        elif isinstance(value[key], Mapping) and isinstance(other, Mapping):
            found[key] = shaped(dict(value[key]), other)
        else:
            found[key] = value[key]
    return found | {k: v for k, v in value.items() if k not in found and v is not None}


def alike(reply: Json, example: Mapping[str, Any]) -> Json:
    """A reply of the layer's own in the shape of another reply, answer by answer.

    >>> alike({"choices": [{"index": 0}]}, {"n": 3, "choices": [{"x": 1, "index": 0}]})
    {'n': 3, 'choices': [{'x': 1, 'index': 0}]}
    """
    told = {**shaped({k: v for k, v in reply.items() if k not in ("choices", "output")}, example)}
    for key in ("choices", "output"):
        others = [other for other in example.get(key) or () if isinstance(other, Mapping)]
        if key in reply:
            told[key] = [alike_item(item, others) for item in reply[key]]
    is_whole = any(key in example for key in ("choices", "output"))
    keys = example if is_whole else dict.fromkeys((*example, *told))
    return {key: told[key] for key in keys if key in told}


def alike_item(item: Any, others: Sequence[Mapping[str, Any]]) -> Any:
    """An answer, an item or a part in the shape of the first of `others` that is of its type."""
    kind = item.get("type")
    like = next((other for other in others if other.get("type") == kind), None)
    if like is None:
        return item
    told = shaped(item, like)
    parts = [p for p in like.get("content") or () if isinstance(p, Mapping)]
    if isinstance(item.get("content"), list) and parts:
        told["content"] = [alike_item(part, parts) for part in item["content"]]
    return told


def _emptied(key: str, value: Any) -> Any:
    """What is told of a field that nothing is known of; what was counted of an answer is 0."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return type(value)(0) if any(word in key for word in _ANSWERED) else value
    if isinstance(value, Mapping):
        counted = any(word in key for word in _ANSWERED)
        return {k: _emptied(f"{key}.{k}" if counted else k, v) for k, v in value.items()}
    return hollow(value)
