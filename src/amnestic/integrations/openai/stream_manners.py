"""How an upstream writes its streams, so that the layer's own events are written alike."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.integrations.openai.manners import Style, alike, alike_item, hollowed
from amnestic.integrations.openai.wire import DONE, Event, Json

__all__ = ["StreamManner"]

_PADDING = "obfuscation"
_WORD = re.compile(r"\s*\S+|\s+\Z")
_LETTERS = string.ascii_letters + string.digits
_INNER = ("item", "part")
Key = Callable[[Json], str]
"""Of which kind an event is, in the words of its endpoint."""


@dataclass(frozen=True, slots=True)
class StreamManner:
    """How one model's streams look: an example of each kind of event without its words, in which
    style it is written, whether events have names, and how long the pieces of a text are."""

    examples: Mapping[str, Json] = field(default_factory=dict)
    style: Style = field(default_factory=Style)
    named: bool | None = None
    piece: int = 0

    @classmethod
    def of(cls, events: Sequence[Event], key: Key, said: str) -> StreamManner:
        """How a stream was written; `said` is the kind of the events that hold its text.

        >>> told = Event("", '{"type": "say", "text": "Hi."}')
        >>> manner = StreamManner.of([told], lambda value: value["type"], "say")
        >>> manner.write("say", {"text": "No.", "type": "say"})
        b'data: {"type": "say", "text": "No."}\\n\\n'
        """
        told = [event for event in events if event.data != DONE]
        examples: dict[str, Json] = {}
        lengths: list[int] = []
        for event in told:
            value = event.value()
            kind = key(value)
            examples.setdefault(kind, _example(value))
            if kind == said:
                lengths.append(max(map(len, _pieces_in(value)), default=0))
        style = Style.of(told[0].data.encode(), told[0].value()) if told else Style()
        named = any(event.name for event in told) if told else None
        mean = sum(lengths) // len(lengths) if lengths else 0
        return cls(examples, style, named, mean)

    def over(self, known: StreamManner) -> StreamManner:
        """This manner, with what else was `known` of the same model."""
        return replace(self, examples={**known.examples, **self.examples},
                       piece=self.piece or known.piece)  # fmt: skip

    def write(self, kind: str, value: Json, name: str = "") -> bytes:
        """An event of the layer's own."""
        example = self.examples.get(kind)
        told = value if example is None else _as_event(value, example)
        return Event("" if self.named is False else name, self.style.dumps(told).decode()).bytes()

    def pieces(self, text: str) -> Iterator[str]:
        """A text, in pieces as long as those of this model.

        >>> list(StreamManner(piece=4).pieces("I do not know."))
        ['I do', ' not', ' know.']
        """
        if not self.piece:
            yield text
            return
        said = ""
        for word in _WORD.findall(text):
            said += word
            if len(said) >= self.piece:
                yield said
                said = ""
        if said:
            yield said


def _example(value: Json) -> Json:
    example = hollowed(value)
    for key in _INNER:
        if isinstance(value.get(key), Mapping):
            example[key] = hollowed({"output": [value[key]]})["output"][0]
    if isinstance(value.get("response"), Mapping):
        example["response"] = hollowed(value["response"])
    if isinstance(value.get(_PADDING), str):
        example[_PADDING] = value[_PADDING]
    return example


def _as_event(value: Json, example: Json) -> Json:
    told = alike(value, example)
    for key in _INNER:
        if isinstance(value.get(key), Mapping) and isinstance(example.get(key), Mapping):
            told[key] = alike_item(value[key], [example[key]])
    if isinstance(value.get("response"), Mapping) and isinstance(example.get("response"), Mapping):
        told["response"] = alike(value["response"], example["response"])
    if isinstance(example.get(_PADDING), str):
        told[_PADDING] = "".join(secrets.choice(_LETTERS) for _ in example[_PADDING])
    return {key: told[key] for key in example if key in told}


def _pieces_in(value: Json) -> Iterator[str]:
    """The texts that an event adds to an answer."""
    if isinstance(value.get("delta"), str):
        yield value["delta"]
    for choice in value.get("choices") or ():
        told: Any = choice.get("delta") or choice
        yield from (told[key] for key in ("content", "text") if isinstance(told.get(key), str))
