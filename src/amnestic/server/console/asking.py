"""Asking as callers ask: the layer's own model, or one that is named of the upstream's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import InvalidRequestError, ModelError
from amnestic.integrations.openai import Answer, ChatDialect, Door, Json, loads_object
from amnestic.isolation import run_isolated
from amnestic.models.fixed import FixedBackend
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.server.settings import ServerSettings
from amnestic.server.upstream import Channel, UpstreamAPI
from amnestic.tools.registry import storable_text
from amnestic.types import Message, Receipt
from amnestic.verifying import Said, upstream_identity

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = [
    "PATH",
    "NamedModel",
    "asking_body",
    "asks_itself",
    "by_itself",
    "check_answers",
    "model_field",
    "named_model",
    "told_callers",
]

PATH = "/chat/completions"
"""Where callers ask."""

_LONGEST_NAME = 200
_ANYTHING = "What is two plus two?"


def asks_itself(visit: Visit) -> bool:
    """Whether the layer has a model of its own; a server with an upstream alone has none."""
    service = visit.desk.service
    has_none = isinstance(service.amnesia.parts.backend, FixedBackend)
    return service.upstream is None or not has_none


async def model_field(visit: Visit) -> dict[str, Any]:
    """What a page needs to ask which model is meant."""
    names = visit.desk.service.upstream is not None
    return {
        "names_model": names,
        "needs_model": names and not asks_itself(visit),
        "models": await visit.desk.models.names(),
    }


def named_model(visit: Visit, told: str) -> str:
    """The model that a form names, empty for the layer's own. Raises `InvalidRequestError` where
    there is none of its own, and for what is no name."""
    if visit.desk.service.upstream is None:
        return ""
    if not told and not asks_itself(visit):
        raise InvalidRequestError("name the upstream's model that shall be asked")
    if len(told) > _LONGEST_NAME or not told.isprintable() or storable_text(told) != told:
        raise InvalidRequestError(
            "the name of a model is one line of 200 characters at most, all of them visible"
        )
    return told


async def by_itself(layer: Amnesia, question: str, body: Json, channel: Channel | None) -> str:
    """What the model says by itself: the one behind a channel, else the layer's own. Raises
    `ModelError` and `ServerError` where nothing comes."""
    if channel is not None:
        answer = await channel.send(body)
        if answer.status != 200:
            raise ServerError(502, f"the upstream answered HTTP {answer.status}")
        return _text(answer)
    backend = layer.parts.backend
    said = (Message.of("user", question),)
    generation = await run_isolated(lambda: backend.generate(said, {}))
    return generation.choices[0].text if generation.choices else ""


async def told_callers(layer: Amnesia, body: Json, channel: Channel | None) -> tuple[str, Receipt]:
    """What callers are told, and how that came about: by the door that they come through. Raises
    what that raises."""
    receipts = list[Receipt]()
    answer = await Door(layer, ChatDialect(), receipts.append).answer(body, channel)
    return _text(answer), receipts[-1]


async def check_answers(visit: Visit, model: str) -> None:
    """Have a model of the upstream's asked once, so that one that cannot be asked is told at once.
    Raises `InvalidRequestError` that says why."""
    body, service = asking_body(model, _ANYTHING), visit.desk.service
    channel = service.channel(PATH, body, visit.request)
    try:
        async with asyncio.timeout(service.settings.request_timeout):
            await by_itself(service.amnesia, _ANYTHING, body, channel)
    except (ModelError, ServerError) as error:
        raise InvalidRequestError(f"this model was asked, and gave no answer: {error}") from None
    except TimeoutError:
        raise InvalidRequestError("this model was asked, and gave no answer in time") from None


def asking_body(model: str, question: str) -> Json:
    """A question as a caller sends it."""
    return {"model": model, "messages": [{"role": "user", "content": question}]}


class NamedModel:
    """A model of the upstream's behind the layer, for a verification: asked like callers ask it, in
    the layer's own thread and over connections of its own.

    Args:
        layer: the layer, in the namespace of the target.
        settings: those of the server; they name the upstream.
        model: which of its models.

    Raises `ConfigurationError` for an upstream that cannot be called.
    """

    def __init__(self, layer: Amnesia, settings: ServerSettings, model: str) -> None:
        api = UpstreamAPI.of(settings)
        assert api is not None
        self._api, self._layer, self._model = api, layer, model
        self._address, self._patience = str(settings.upstream), settings.request_timeout

    @property
    def identity(self) -> Mapping[str, str]:
        """Which model it is, and a hash of where."""
        return upstream_identity(self._model, self._address)

    def says(self, question: str, temperature: float | None = None) -> Said:
        """What callers are told."""
        body = asking_body(self._model, question)
        if temperature is not None:
            body["temperature"] = temperature

        async def asked() -> Said:
            async with asyncio.timeout(self._patience):
                text, receipt = await told_callers(self._layer, body, self._channel(body))
            return Said(text, receipt)

        return self._layer.call(asked)

    def base(self, question: str) -> str | None:
        """What the model says by itself."""
        body = asking_body(self._model, question)

        async def asked() -> str:
            async with asyncio.timeout(self._patience):
                return await by_itself(self._layer, question, body, self._channel(body))

        return self._layer.call(asked)

    def close(self) -> None:
        """Close the connections."""
        self._layer.call(self._api.aclose)

    def _channel(self, body: Json) -> Channel:
        return self._api.channel(PATH, body, {})


def _text(answer: Answer) -> str:
    """The words of the first choice."""
    try:
        message: Any = loads_object(answer.content)["choices"][0]["message"]
        return str(message.get("content") or "")
    except (LookupError, TypeError, AttributeError):
        raise ServerError(502, "the answer is none of a chat model") from None
