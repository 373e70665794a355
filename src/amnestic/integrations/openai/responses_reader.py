"""What the events of a streamed response say, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chunks import UNREAD, Beside
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.likelihoods import likelihoods_inside, without_likelihoods
from amnestic.integrations.openai.responses_replies import CALLS
from amnestic.models.protocol import Delta
from amnestic.models.values import likelihood_texts, strings_in, words_beside
from amnestic.types import Generation

__all__ = ["ResponseReader"]

_THOUGHT = re.compile(r"response\.reasoning\w*(?:\.\w+)?\.delta")
_NEXT_THOUGHT = "response.reasoning_summary_part.added"
_READ = ("response.output_text.delta", "response.refusal.delta")


class ResponseReader:
    """Reads the events of one stream. A text is read once: what is told again whole, when a part,
    an item or the response ends, is known already.

    Args:
        echoed: fields of the request, whose repetition in the reply is not read.

    >>> reader = ResponseReader({})
    >>> said = {"type": "response.output_text.delta", "delta": "Hi.", "item_id": "m"}
    >>> [(d.channel, d.text) for d in reader.deltas(said["type"], said)]
    [('answer', 'Hi.'), ('beside', 'response.output_text.delta\\n'), ('beside', 'm\\n')]
    """

    def __init__(self, echoed: Mapping[str, Any]) -> None:
        self._echoed = echoed
        self._known: set[str] = set()
        self._parts: dict[tuple[Any, ...], str] = {}  # what was read in pieces, part by part
        self._unread: dict[tuple[Any, ...], str] = {}  # what came in pieces and waits
        self._slices = Beside()
        self._later: list[str] = []
        self._likely: list[Any] = []
        self._called: set[Any] = set()
        self._spoken = False

    def deltas(self, kind: str, data: Json) -> Iterator[Delta]:
        """The deltas of one event; raises `ModelError` where it cannot be read."""
        plain = without_likelihoods(data)
        if plain is not data:
            self._likely += likelihoods_inside(data)
        if isinstance(plain.get("delta"), str):
            yield from self._piece(kind, plain)
        elif kind == "response.output_item.done":
            yield from self._item(plain)
        elif self._is_of_call(plain):
            yield Delta(channel=UNREAD)
            self._later += strings_in(plain, keys=True)
        else:
            if kind == _NEXT_THOUGHT and plain.get("summary_index"):
                yield Delta(channel="reasoning", text="\n")
            yield from self._beside(plain)

    def ending(self, whole: Generation, data: Json) -> Iterator[Delta]:
        """The last deltas, once the response has come whole with its last event."""
        self._later += self._unread.values()
        self._later += (delta.text for delta in self._slices.joined())
        self._likely += likelihoods_inside(data)
        lists = [likely for likely in self._likely if isinstance(likely, list)]
        self._later += likelihood_texts([place for likely in lists for place in likely])
        for likely in self._likely:
            self._later += likelihood_texts(likely)
        for text in self._later:
            yield from self._told(text)
        draft = whole.choices[0]
        if draft.text and not self._spoken:
            yield Delta(text=draft.text)
        yield from self._beside(without_likelihoods(data))
        yield Delta(finish_reason=draft.finish_reason, usage=whole.usage)

    def _piece(self, kind: str, data: Json) -> Iterator[Delta]:
        place = (kind, *(data.get(key) for key in _PLACE))
        is_read = kind in _READ or _THOUGHT.fullmatch(kind)
        parts = self._parts if is_read else self._unread
        parts[place] = parts.get(place, "") + data["delta"]
        if kind == "response.output_text.delta":
            self._spoken = self._spoken or bool(data["delta"])
            yield Delta(text=data["delta"])
        elif kind == "response.refusal.delta":
            yield Delta(channel="refusal", text=data["delta"])
        elif is_read:
            yield Delta(channel="reasoning", text=data["delta"])
        else:
            yield Delta(channel=UNREAD)
        rest = {key: value for key, value in data.items() if key != "delta"}
        yield from self._slices.sliced(0, {place: rest}, ())
        yield from self._beside(rest)

    def _item(self, data: Json) -> Iterator[Delta]:
        """What a finished item holds. A tool call is read here, whole, since it is held until
        then."""
        item = data.get("item")
        if not isinstance(item, Mapping):
            raise ModelError("the upstream gave an output item that cannot be read")
        if item.get("type") in CALLS:
            given = item.get(CALLS[str(item["type"])])
            text = given if isinstance(given, str) else ""
            self._known.update(filter(None, (text, item.get("name"))))
            yield Delta(
                channel=f"tool_call:{data.get('output_index') or 0}",
                text=text,
                tool_call_id=item.get("call_id"),
                tool_name=item.get("name"),
            )
        yield from self._beside(data)

    def _is_of_call(self, data: Json) -> bool:
        item = data.get("item")
        if isinstance(item, Mapping) and item.get("type") in CALLS:
            self._called.add(item.get("id"))
            return True
        return data.get("item_id") in self._called if data.get("item_id") else False

    def _beside(self, data: Json) -> Iterator[Delta]:
        response = data.get("response")
        if isinstance(response, Mapping):
            data = {**data, "response": self._own(response)}
        for text in words_beside(self._own(data), self._parts.values()):
            yield from self._told(text)

    def _own(self, response: Mapping[str, Any]) -> Json:
        """A response without what it repeats of the request."""
        return {
            key: value
            for key, value in response.items()
            if key not in self._echoed or self._echoed[key] != value
        }

    def _told(self, text: str) -> Iterator[Delta]:
        if text not in self._known:
            self._known.add(text)
            yield Delta(channel="beside", text=text + "\n")


_PLACE = ("item_id", "output_index", "content_index", "summary_index")
