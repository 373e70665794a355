"""The manner of each upstream model, plain and streamed, as its first replies showed it."""

from __future__ import annotations

from collections.abc import Callable

from amnestic.integrations.openai.manners import Manner
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import Answer, Json

__all__ = ["Manners"]

_MOST_MANNERS = 256


class Manners:
    """The manner of each upstream model, as its first reply showed it."""

    def __init__(self) -> None:
        self._known: dict[str, Manner] = {}
        self._streams: dict[str, StreamManner] = {}

    def of(self, body: Json) -> Manner:
        """What is known of the model that a request asks for."""
        return self._known.get(str(body.get("model"))) or next(
            reversed(self._known.values()), Manner()
        )

    def learn(self, body: Json, answer: Answer, reply: Json) -> None:
        """Remember how a model's own reply looks: none of its words."""
        model = str(body.get("model"))
        if len(self._known) < _MOST_MANNERS and model not in self._known:
            self._known[model] = Manner.of(answer, reply)

    def of_stream(self, body: Json) -> StreamManner:
        """What is known of the streams of the model that a request asks for."""
        return self._streams.get(_asked_so(body)) or StreamManner()

    def learn_stream(self, body: Json, manner: Callable[[], StreamManner]) -> None:
        """Remember how a model's own stream looks: none of its words."""
        key = _asked_so(body)
        known = self._streams.get(key)
        if (known is None and len(self._streams) < _MOST_MANNERS) or (known and not known.piece):
            self._streams[key] = manner()


def _asked_so(body: Json) -> str:
    """The model of a request, and how it shall stream: what it says of its usage depends on it."""
    return f"{body.get('model')} {body.get('stream_options')}"
