"""What a door must know of one of OpenAI's endpoints: how to read it and how to speak it."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import Event, Head, Json
from amnestic.models.protocol import Delta
from amnestic.types import Conversation, Generation, Usage

__all__ = [
    "Dialect",
    "Head",
    "Json",
    "Speaker",
    "fields_around",
    "head_told",
    "in_front",
    "put_around",
    "schema_in",
]


class Dialect(Protocol):
    """One endpoint. A dialect has no state; requests and replies are JSON values."""

    @property
    def path(self) -> str:
        """The end of the endpoint's path, such as `/chat/completions`."""
        ...

    def conversation(self, body: Json, max_chars: int) -> Conversation:
        """What a request asks; raises `InvalidRequestError` and its kin."""
        ...

    def options(self, body: Json) -> Json:
        """The caller's own parameters, as a `ChatBackend` of the layer takes them."""
        ...

    def edited(self, body: Json, before: Conversation, after: Conversation) -> Json:
        """The request with what the scrubber changed, and with nothing else changed. Where the
        layer asks something of its own, under a note or about somebody else, its fields around."""
        ...

    def around(self, body: Json) -> Json:
        """The fields around the conversation of a request: what a model may read beside it."""
        ...

    def within(self, body: Json, around: Json) -> Json:
        """The request with other fields around its conversation."""
        ...

    def schema(self, body: Json) -> Json | None:
        """The JSON schema that the answer must hold to, or `None`."""
        ...

    def generation(self, reply: Json, asked: Json | None = None) -> Generation:
        """What an upstream answered, all that it holds in words; what it repeats of the request
        that it was `asked` is not read again. Raises `ModelError` for what cannot be read."""
        ...

    def deltas(
        self, events: AsyncIterable[Event], seen: dict[str, Any], asked: Json | None = None
    ) -> AsyncIterator[Delta]:
        """What an upstream streams; `seen` is filled with the head of the reply. Raises
        `ModelError` for what cannot be read and for a stream that breaks off."""
        ...

    @property
    def echoed(self) -> Collection[str]:
        """The fields of a reply that repeat those of the request."""
        ...

    def reply(self, generation: Generation, body: Json, like: Json, before: Json | None) -> Json:
        """A reply of the layer's own. `like` is another reply of this upstream, whose manner is
        kept; `before` is the upstream's reply to this request, whose untouched choices are kept."""
        ...

    def speaker(self, body: Json, like: Json) -> Speaker:
        """What turns a verified stream into this endpoint's events."""
        ...


class Speaker(Protocol):
    """Says one streamed reply, in its endpoint's events. An event that this upstream never sends
    is no bytes."""

    said: str
    """The kind of the events that hold the answer's text."""

    def kind(self, event: Json) -> str:
        """Of which kind an event of the upstream's is."""
        ...

    def begin(self, head: Head, manner: StreamManner) -> Iterator[bytes]:
        """The events before the first delta, in the manner of this upstream from now on."""
        ...

    def take_up(self, passed: Sequence[Event], manner: StreamManner) -> None:
        """Go on, in the place of `begin`, from the upstream's own events that were passed on, with
        the head that they told; the next delta is what comes behind them."""
        ...

    def say(self, delta: Delta) -> Iterator[bytes]:
        """The events of one delta."""
        ...

    def likelihoods(self, own: Head) -> Iterator[bytes]:
        """The logprobs of an answer that nothing was withheld from, from the upstream's `own`
        reply; said before what ends the choices."""
        ...

    def end(self, endings: Sequence[Delta], own: Head | None, counted: Counted) -> Iterator[bytes]:
        """What ends the choices, and the events after it; `own` is the upstream's reply, where its
        usage may be told, `counted` the tokens that have been counted."""
        ...


@dataclass(frozen=True, slots=True)
class Counted:
    """The tokens of a question and of what is said to it, where they have been counted and may be
    told; they are estimated otherwise."""

    read: int | None = None
    written: int | None = None

    @classmethod
    def of(cls, usage: Usage | None) -> Counted:
        """What a model of the layer's own took; one that tells nothing has not counted."""
        if usage is None or not usage.output_tokens:
            return cls()
        return cls(usage.input_tokens, usage.output_tokens)


_OWN = ("model", "stream", "stream_options")
_WISHES = frozenset(("include_usage", "include_obfuscation", "continuous_usage_stats"))


def head_told(passed: Sequence[Event]) -> Head:
    """The head of a reply as the last of its events that tells it does.

    >>> head_told([Event("", '{"model": "m", "choices": []}'), Event("", '{"delta": "Hi."}')])
    {'model': 'm'}
    """
    for event in reversed(passed):
        value = event.value()
        if isinstance(value.get("response"), Mapping):
            return dict(value["response"])
        if "choices" in value:
            return {key: told for key, told in value.items() if key != "choices"}
    return {}


def fields_around(body: Json, conversation: Collection[str]) -> Json:
    """The fields of a request but those of its `conversation` and those for whoever serves it.

    >>> fields_around({"model": "m", "input": "Hi.", "user": "u"}, ("input",))
    {'user': 'u'}
    """
    return {k: v for k, v in body.items() if k not in conversation and not _is_for_server(k, v)}


def put_around(body: Json, around: Json, conversation: Collection[str]) -> Json:
    """The request, in its order, with other fields around its conversation.

    >>> put_around({"user": "u", "input": "Hi.", "n": 1}, {"n": 2}, ("input",))
    {'input': 'Hi.', 'n': 2}
    """
    found = {**body, **around}
    return {
        k: v
        for k, v in found.items()
        if k in around or k in conversation or _is_for_server(k, body.get(k))
    }


def _is_for_server(key: str, value: Any) -> bool:
    """Whether a field is for whoever serves a request, and holds nothing that is said."""
    if key == "stream_options" and isinstance(value, Mapping):
        return all(isinstance(wish, bool) for wish in value.values()) and {*value} <= _WISHES
    return key in _OWN


def in_front(before: Conversation, after: Conversation) -> Conversation | None:
    """What the layer put in front of a request's own messages, most often nothing; `None` where it
    asks something else altogether.

    >>> from amnestic.types import Message
    >>> note, asked = Message.of("system", "Be kind."), Message.of("user", "Who was it?")
    >>> in_front((asked,), (note, asked)) == (note,), in_front((asked,), (note,))
    (True, None)
    """
    more = len(after) - len(before)
    roles = [message.role for message in after[max(more, 0) :]]
    if more not in (0, 1) or roles != [message.role for message in before]:
        return None
    return after[:more]


def schema_in(form: Any) -> Json | None:
    """The schema in a `response_format`, or in the `format` of a responses request."""
    if not isinstance(form, Mapping):
        return None
    if form.get("type") == "json_object":
        return {"type": "object"}
    if form.get("type") != "json_schema":
        return None
    holder = form.get("json_schema", form)
    found = holder.get("schema") if isinstance(holder, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else {}
