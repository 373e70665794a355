"""Probes as lines of a run: everything that scores need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.types import Message, Part, ToolCall

__all__ = ["content_hash", "probe_of", "row_of"]

_PAIRS = ("keep", "expected")
_LISTS = ("forbidden", "options", "attacks")
_TEXTS = ("id", "question", "subject", "about", "reference", "family")


def row_of(probe: Probe, seeds: Sequence[int]) -> dict[str, Any]:
    """A probe as a line, with its key and the seeds by which it was drawn; what holds nothing is
    left out.

    >>> probe = Probe.of("q1", Group.FORGET, "Where is it?", keep=(("Tarn", "Tarne"),))
    >>> probe_of(row_of(probe, [0])) == probe
    True
    """
    row: dict[str, Any] = {"key": probe.key, "seeds": list(seeds), "id": probe.id}
    for field in fields(Probe):
        value = getattr(probe, field.name)
        if field.name not in ("id", "messages") and value:
            row[field.name] = dict(value) if isinstance(value, Mapping) else value
    return {**row, "messages": [_message_row(m) for m in probe.messages]}


def _message_row(message: Message) -> dict[str, Any]:
    row: dict[str, Any] = {"role": message.role, "text": message.text}
    if message.tool_calls:
        row["tool_calls"] = [asdict(call) for call in message.tool_calls]
    given = {"tool_call_id": message.tool_call_id, "name": message.name}
    return row | {name: value for name, value in given.items() if value}


def probe_of(row: Mapping[str, Any]) -> Probe:
    """The probe of a line. Raises `KeyError`, `TypeError` or `ValueError` where it is none."""
    given = {f.name: row[f.name] for f in fields(Probe) if f.name in row}
    given |= {name: _text(row[name]) for name in _TEXTS if name in row}
    given |= {name: _texts(row.get(name, [])) for name in _LISTS}
    given |= {name: tuple(map(_texts, _list(row.get(name, [])))) for name in _PAIRS}
    given["metadata"] = dict(row.get("metadata", {}))
    given["group"] = Group(row["group"])
    given["messages"] = tuple(map(_message_of, _list(row["messages"])))
    return Probe(**given)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is none")
    return value


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):  # a text would be a list of its letters
        raise TypeError("a list is none")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _message_of(row: Mapping[str, Any]) -> Message:
    return Message(
        role=row["role"],
        parts=(Part("text", _text(row["text"])),),
        tool_calls=tuple(ToolCall(**call) for call in row.get("tool_calls", ())),
        tool_call_id=row.get("tool_call_id"),
        name=row.get("name"),
    )


def content_hash(data: DataSet) -> str:
    """A hash of everything that a data set asks to be forgotten, asks, and holds replies to."""
    shown = [[asdict(s) for s in data.subjects], [row_of(p, ()) for p in data.probes]]
    raw = json.dumps(shown, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(raw.encode()).hexdigest()[:16]
