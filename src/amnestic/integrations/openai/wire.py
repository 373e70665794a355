"""OpenAI's words on the wire: server-sent events, error bodies, and what is inside of a value."""

from __future__ import annotations

import json
import re
import secrets
import string
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amnestic.exceptions import ModelError

__all__ = [
    "DONE",
    "Answer",
    "BrokenOffError",
    "Event",
    "EventReader",
    "Head",
    "Json",
    "dumps",
    "error_body",
    "event_bytes",
    "is_sendable",
    "json_type",
    "like_id",
    "loads_object",
]

Json = dict[str, Any]
Head = Mapping[str, Any]
"""The fields of an upstream's reply that are not its answer: id, model, fingerprint."""

DONE = "[DONE]"
_JSON_TYPE = re.compile(r"application/json(?:; ?charset=(?:utf-?8|us-ascii))?", re.IGNORECASE)
_MS = re.compile(r"\d{1,9}")
_MOST_BYTES = 8_000_000  # of one event: an upstream that never ends a line is broken off


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = field(default=b"", repr=False)


class BrokenOffError(ModelError):
    """An upstream said in the middle of its answer, or in its place, that it failed; `answer` is
    what it would have answered with, had it known at once: unverified text.

    >>> BrokenOffError({"message": "Too many.", "code": 429}).answer.status
    429
    """

    def __init__(self, error: Any) -> None:
        super().__init__("the upstream broke off its answer with an error", retryable=True)
        self.answer = Answer(_status_in(error), content=dumps({"error": error}))


def _status_in(error: Any) -> int:
    code = error.get("code") if isinstance(error, Mapping) else None
    if code == "rate_limit_exceeded":
        return 429
    return code if isinstance(code, int) and 400 <= code <= 599 else 503


@dataclass(slots=True)
class Event:
    """One server-sent event: its name, which may be empty, its data, and its id.

    >>> Event("ping", "{}").bytes()
    b'event: ping\\ndata: {}\\n\\n'
    """

    name: str
    data: str
    id: str = ""
    retry: str = ""
    _value: Json | None = field(default=None, init=False, repr=False, compare=False)

    def value(self) -> Json:
        """The JSON object that the data is; a character may be cut in two in it, since its other
        half comes with the next event. Raises `ModelError` for anything else."""
        if self._value is None:
            self._value = _object_in(self.data)
        return self._value

    def forget(self) -> None:
        """Keep the data alone; the object is read from it again where it is asked for."""
        self._value = None

    def told(self) -> Json:
        """The object, with the event's name and its id where they tell what does not stand in it:
        whatever is passed on has been read."""
        value = self.value()
        more = {"event": self.name} if self.name not in ("", value.get("type")) else {}
        return {**value, **more, "id of event": self.id} if self.id else {**value, **more}

    def bytes(self) -> bytes:
        """The event as it is sent."""
        head = f"event: {self.name}\n" if self.name else ""
        head += f"id: {self.id}\n" if self.id else ""
        head += f"retry: {self.retry}\n" if self.retry else ""
        lines = "".join(f"data: {line}\n" for line in self.data.split("\n"))
        return f"{head}{lines}\n".encode()


class EventReader:
    """Reads server-sent events from bytes that arrive in pieces.

    >>> reader = EventReader()
    >>> reader.feed(b': ping\\n\\ndata: {"a"')
    []
    >>> reader.feed(b': 1}\\n\\n')
    [Event(name='', data='{"a": 1}', id='', retry='')]
    """

    def __init__(self) -> None:
        self._open = b""
        self._begun = False

    def feed(self, piece: bytes) -> list[Event]:
        """The events that `piece` completes; raises `ModelError` for what is not an event."""
        data, cut = self._open + piece, b""
        if not self._begun and len(data) >= len(BOM_UTF8):
            data, self._begun = data.removeprefix(BOM_UTF8), True
        if data.endswith(b"\r"):  # the end of a line, or half of one
            data, cut = data[:-1], b"\r"
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *whole, self._open = data.split(b"\n\n")
        self._open += cut
        if len(self._open) > _MOST_BYTES:
            raise ModelError("the upstream sent an event that does not end")
        return [event for block in whole for event in _events(block)]

    def end(self) -> list[Event]:
        """The event that stood open when the stream ended, if it is whole: a stream that stops
        within one has broken off, and what there is of it says nothing."""
        self._open = self._open.removesuffix(b"\r")
        if not self._open.strip():
            return []
        try:
            found = self.feed(b"\n\n")
        except ModelError:  # half a character
            return []
        return [event for event in found if event.data == DONE or _is_object(event.data)]


def _events(block: bytes) -> list[Event]:
    """The event of a block; of some APIs, which end each with a single line, all of them."""
    try:
        lines = block.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise ModelError("the upstream sent bytes that are not UTF-8") from None
    found: dict[str, str] = {}
    data = []
    for line in lines:
        key, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if key == "data":
            data.append(value)
        elif key in ("event", "id") or (key == "retry" and _MS.fullmatch(value)):
            found[key] = value
    if not data:
        return []
    if len(data) > 1 and all(line == DONE or _is_object(line) for line in data):
        return [Event("", line) for line in data]
    kept = [found.get(key, "") for key in ("event", "id", "retry")]
    return [Event(kept[0], "\n".join(data), *kept[1:])]


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def event_bytes(data: Mapping[str, Any] | str, name: str = "") -> bytes:
    """One server-sent event.

    >>> event_bytes({"a": 1})
    b'data: {"a":1}\\n\\n'
    """
    return Event(name, data if isinstance(data, str) else dumps(data).decode()).bytes()


def json_type(headers: Iterable[tuple[str, str]]) -> str:
    """The content type of an upstream's reply, as it wrote it where it says no more than that the
    reply is JSON.

    >>> json_type([("Content-Type", "application/json; charset=utf-8")])
    'application/json; charset=utf-8'
    >>> json_type([("content-type", "application/json; of=ada-venn")])
    'application/json'
    """
    told = next((v.strip() for k, v in headers if k.lower() == "content-type"), "")
    return told if _JSON_TYPE.fullmatch(told) else "application/json"


def dumps(value: Any) -> bytes:
    """JSON as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def loads_object(data: bytes | str) -> Json:
    """The JSON object that an upstream sent; raises `ModelError` for anything else.

    A key that stands twice in one object is refused too: whoever reads the same bytes may take the
    other of its values.
    """
    value = _object_in(data)
    raw = data.encode() if isinstance(data, str) else data
    if b"\\ud" in raw.lower() and not is_sendable(value):
        raise ModelError("the upstream answered with text that is not valid Unicode")
    return value


def _object_in(data: bytes | str) -> Json:
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ModelError("the upstream answered with something that is not a JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def is_sendable(value: Any) -> bool:
    """Whether JSON can be sent on as it was read, which half a character cannot.

    >>> is_sendable(json.loads('["\\\\ud83d\\\\ude00"]')), is_sendable(json.loads('["\\\\ud83d"]'))
    (True, False)
    """
    try:
        dumps(value)
    except UnicodeEncodeError:
        return False
    return True


def error_body(message: str, kind: str = "invalid_request_error", code: str | None = None) -> Json:
    """An error in OpenAI's shape.

    >>> error_body("no")["error"]["message"]
    'no'
    """
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def like_id(example: Any, prefix: str) -> str:
    """A fresh id that looks like `example`, or else begins with `prefix`.

    >>> like_id("chatcmpl-8xYz", "chatcmpl-").startswith("chatcmpl-")
    True
    """
    known: str = example if example and isinstance(example, str) else prefix + "0" * 24
    at = max(known.rfind("-"), known.rfind("_")) + 1
    tail = known[at:]
    if len(tail) < 8:
        tail = "0" * 24
    alphabet = "0123456789abcdef" if set(tail) <= set(string.hexdigits) else _LETTERS
    return known[:at] + "".join(secrets.choice(alphabet) for _ in tail)


_LETTERS = string.ascii_letters + string.digits
