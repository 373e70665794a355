"""The manner of each upstream model, plain and streamed, as its first replies showed it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from hashlib import sha256
from typing import TypeVar

from amnestic.integrations.openai.manners import Manner
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import Answer, Json

__all__ = ["Manners"]

_MOST_MANNERS = 256
M = TypeVar("M")


class Manners:
    """The manner of each upstream model, as its first replies showed it: of the last that were
    asked for."""

    def __init__(self, echoed: Collection[str] = ()) -> None:
        self._echoed = frozenset(echoed)
        self._known: OrderedDict[bytes, Manner] = OrderedDict()
        self._streams: OrderedDict[bytes, StreamManner] = OrderedDict()

    def of(self, body: Json) -> Manner:
        """What is known of the model that a request asks for."""
        return self._known.get(_model(body)) or next(reversed(self._known.values()), Manner())

    def learn(self, body: Json, answer: Answer, reply: Json) -> None:
        """Remember how a model's own reply looks: none of its words, and nothing of what it repeats
        of a request, which is one caller's."""
        if _model(body) not in self._known:
            _keep(self._known, _model(body), Manner.of(answer, reply).without(self._echoed))

    def of_stream(self, body: Json) -> StreamManner:
        """What is known of the streams of the model that a request asks for."""
        return self._streams.get(_asked_so(body)) or StreamManner()

    def learn_stream(self, body: Json, manner: Callable[[], StreamManner]) -> None:
        """Remember how a model's own stream looks, as `learn` does."""
        known = self._streams.get(_asked_so(body))
        if known is None or not known.piece:
            _keep(self._streams, _asked_so(body), manner().without(self._echoed))


def _keep(known: OrderedDict[bytes, M], key: bytes, manner: M) -> None:
    known[key] = manner
    while len(known) > _MOST_MANNERS:
        known.popitem(last=False)


def _model(body: Json) -> bytes:
    return sha256(repr(body.get("model")).encode("utf-8", "replace")).digest()


def _asked_so(body: Json) -> bytes:
    """The model of a request, and how it shall stream: what it says of its usage depends on it."""
    asked = f"{body.get('model')!r} {body.get('stream_options')!r}"
    return sha256(asked.encode("utf-8", "replace")).digest()
