"""How an upstream writes its streams, so that the layer's own events are written alike."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.integrations.openai.manners import (
    Style,
    alike,
    alike_item,
    hollowed,
    without_echoes,
)
from amnestic.integrations.openai.wire import DONE, Event, Json

__all__ = ["StreamManner"]

_PADDING = "obfuscation"
_WORD = re.compile(r"\s*\S+|\s+\Z")
_LETTERS = string.ascii_letters + string.digits
_INNER = ("item", "part")
_TOKEN, _LONG = 6, 10  # letters: of a piece on the average, where pieces are tokens; of a long word
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
            if kind not in examples:
                examples[kind] = _example(value)
            if kind == said:
                lengths.append(max(map(len, _pieces_in(value)), default=0))
        style = Style.of(told[0].data.encode(), told[0].value()) if told else Style()
        named = any(event.name for event in told) if told else None
        mean = sum(lengths) // len(lengths) if lengths else 0
        return cls(examples, style, named, mean)

    def without(self, echoed: Collection[str]) -> StreamManner:
        """This manner, which knows nothing of the fields that a reply repeats of its request."""
        told = {
            kind: {k: without_echoes(v, echoed) if k == "response" and v else v
                   for k, v in example.items()}
            for kind, example in self.examples.items()
        }  # fmt: skip
        return replace(self, examples=told)

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
        """A text, in pieces as long as those of this model: word by word where it streams tokens,
        a long word in two.

        >>> list(StreamManner(piece=4).pieces("I do not understand."))
        ['I', ' do', ' not', ' under', 'stand.']
        >>> list(StreamManner(piece=9).pieces("I do not know it."))
        ['I do not know', ' it.']
        """
        if self._is_by_token:
            for word in _WORD.findall(text):
                half = len(word) // 2 if len(word) > _LONG else 0
                yield from filter(None, (word[:half], word[half:]))
            return
        said = ""
        for word in _WORD.findall(text) if self.piece else (text,):
            said += word
            if len(said) >= self.piece:
                yield said
                said = ""
        if said:
            yield said

    def counted(self, usage: Json, key: str, texts: Iterable[str]) -> Json:
        """A usage, in which what was written took as many tokens as it was told in pieces, where
        this model streams token by token.

        >>> StreamManner(piece=4).counted({"out": 9, "total_tokens": 12}, "out", ["I do."])
        {'out': 2, 'total_tokens': 5}
        """
        if not self._is_by_token:
            return usage
        written = max(1, sum(1 for text in texts for _ in self.pieces(text)))
        total = usage["total_tokens"] + written - usage[key]
        return {**usage, key: written, "total_tokens": total}

    @property
    def _is_by_token(self) -> bool:
        return 0 < self.piece <= _TOKEN


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
