"""What chat completions and old completions have in common: choices, chunks, logprobs, usage."""

from __future__ import annotations

from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
)
from dataclasses import replace
from typing import Any

from amnestic.exceptions import InvalidRequestError, ModelError
from amnestic.integrations.openai.dialect import Head, Json
from amnestic.integrations.openai.wire import DONE, BrokenOffError, Event, is_sendable
from amnestic.models.protocol import Delta
from amnestic.models.values import pieces_in, strings_in
from amnestic.types import Draft, Generation, Usage

__all__ = [
    "UNREAD",
    "Beside",
    "choice_count",
    "chunks",
    "finish_in",
    "generation_in",
    "joined_logprobs",
    "likelihoods_in",
    "logprobs_in",
    "place_in",
    "take_options",
    "usage_in",
]

_MOST_CHOICES = 128
_LOGPROBS = "logprobs"
_MOST_REASON = 64  # characters


UNREAD = "unread"
"""The channel of what is read whole later, and waits until then."""


class Beside:
    """Tells what stands beside the answer in the chunks of a stream, each text once. Where another
    text comes at the same place it may be one text in slices: it is read joined at the end, and
    waits until then."""

    def __init__(self) -> None:
        self._told: set[tuple[int, str]] = set()
        self._slices: dict[tuple[Any, ...], list[str]] = {}

    def sliced(self, choice: int, value: Any, read: Collection[str]) -> Iterator[Delta]:
        """A delta that holds a piece of a stream, if a text in it may be a slice of a longer one:
        what is `read` of it as what it says is none.

        >>> beside = Beside()
        >>> [[*beside.sliced(0, {"note": text}, ())] != [] for text in ("By A", "da.", "da.")]
        [False, True, False]
        >>> [delta.text for delta in beside.joined()]
        ['By Ada.\\n']
        """
        for place, text in pieces_in(value, read):
            known = self._slices.setdefault((choice, *place), [])
            if known[-1:] != [text]:
                known.append(text)
                if len(known) > 1:
                    yield Delta(choice, UNREAD)

    def joined(self) -> Iterator[Delta]:
        """What came in slices."""
        for (choice, *_), slices in self._slices.items():
            if len(slices) > 1:
                yield from self.told(choice, ["".join(slices)])

    def told(self, choice: int, texts: Iterable[str]) -> Iterator[Delta]:
        """A delta for each text that is new."""
        for text in texts:
            if (choice, text) not in self._told:
                self._told.add((choice, text))
                yield Delta(choice, "beside", text + "\n")


def choice_count(body: Json) -> int:
    """How many choices a request asks for; raises `InvalidRequestError`."""
    n = body.get("n")
    if n is None:
        return 1
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= _MOST_CHOICES:
        raise InvalidRequestError(f"'n' must be a whole number from 1 to {_MOST_CHOICES}")
    return n


def take_options(body: Json, names: Collection[str]) -> Json:
    """Those of `names` that a request sets."""
    return {name: body[name] for name in names if body.get(name) is not None}


def _choices_of(reply: Json) -> list[Any]:
    """The choices of a whole reply; raises `ModelError` where there is none."""
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices:
        raise ModelError("the upstream gave no choice at all")
    return choices


def generation_in(reply: Json, read: Callable[[Any], Draft]) -> Generation:
    """A whole reply, each of its choices as `read` reads it; with the first goes every text that
    stands beside them all."""
    first, *others = map(read, _choices_of(reply))
    head = strings_in({k: v for k, v in reply.items() if k != "choices"}, keys=True)
    first = replace(first, beside="\n".join(filter(None, (first.beside, *head))))
    return Generation((first, *others), usage_in(reply.get("usage")))


def finish_in(choice: Mapping[str, Any]) -> str:
    """Why a choice ended, in the upstream's own words: they are read like any of its answer.

    >>> finish_in({"finish_reason": "length"}), finish_in({"finish_reason": None})
    ('length', 'stop')
    """
    reason = choice.get("finish_reason") or "stop"
    if not isinstance(reason, str) or len(reason) > _MOST_REASON:
        raise ModelError("the upstream ended a choice for a reason that cannot be read")
    return reason


def place_in(value: Mapping[str, Any]) -> int:
    """Which choice, or which tool call, a chunk belongs to; raises `ModelError`."""
    place = value.get("index") or 0
    if not isinstance(place, int) or not 0 <= place < _MOST_CHOICES:
        raise ModelError("the upstream sent a chunk that belongs nowhere")
    return place


def usage_in(usage: Any) -> Usage:
    """The tokens that a reply says it took."""
    if usage is None:
        return Usage()
    if not isinstance(usage, Mapping):
        raise ModelError("the upstream's usage cannot be read")
    read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return Usage(read if isinstance(read, int) else 0, written if isinstance(written, int) else 0)


async def chunks(
    events: AsyncIterable[Event], seen: dict[str, Any], head: Collection[str]
) -> AsyncIterator[Json]:
    """The chunks of a streamed reply. `seen` is filled with the fields of `head`, the usage and
    the logprobs. Raises `ModelError` for what cannot be read and for a stream that breaks off: none
    of its choices may stand open."""
    finished = False
    begun, ended = set[int](), set[int]()
    async for event in events:
        if event.data == DONE:
            finished = True  # some APIs never say why an answer ended
            break
        chunk = event.told()
        if chunk.get("error"):
            raise BrokenOffError(chunk["error"])
        for key in head:
            if key in chunk and key not in seen and is_sendable(chunk[key]):
                seen[key] = chunk[key]
        if chunk.get("usage"):
            seen["usage"] = chunk["usage"]
        for choice in chunk.get("choices") or ():
            if not isinstance(choice, Mapping):
                raise ModelError("the upstream sent a chunk that cannot be read")
            begun.add(place_in(choice))
            if choice.get("finish_reason"):
                ended.add(place_in(choice))
            if choice.get(_LOGPROBS):
                pieces = seen.setdefault(_LOGPROBS, {}).setdefault(place_in(choice), [])
                pieces.append(choice[_LOGPROBS])
        yield chunk
    if not (finished or (ended and begun == ended)):
        raise ModelError("the upstream broke off its answer", retryable=True)


def likelihoods_in(seen: Head) -> Iterator[tuple[int, list[Any]]]:
    """The pieces of the logprobs of each choice of a stream, by its number."""
    yield from (seen.get(_LOGPROBS) or {}).items()


def logprobs_in(own: Head) -> Iterator[tuple[int, Json]]:
    """The logprobs of each choice of an upstream's reply, streamed or whole, by its number."""
    streamed = own.get(_LOGPROBS)
    if isinstance(streamed, Mapping):
        for index, pieces in streamed.items():
            yield index, joined_logprobs(pieces)
        return
    for index, choice in enumerate(own.get("choices") or ()):
        if isinstance(choice, Mapping) and isinstance(choice.get(_LOGPROBS), Mapping):
            yield index, dict(choice[_LOGPROBS])


def joined_logprobs(pieces: list[Any]) -> Json:
    """The logprobs of all chunks as those of a whole answer: lists one after the other.

    >>> joined_logprobs([{"content": [1], "refusal": None}, {"content": [2], "refusal": None}])
    {'content': [1, 2], 'refusal': None}
    """
    joined: Json = {}
    for piece in pieces:
        for key, value in piece.items() if isinstance(piece, Mapping) else ():
            both = isinstance(value, list) and isinstance(joined.get(key), list)
            joined[key] = joined[key] + value if both else value if value else joined.get(key)
    return joined
