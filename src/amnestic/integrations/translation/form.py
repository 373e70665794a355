"""A form of request other than OpenAI's, as a server needs to know it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from amnestic.integrations.openai import Json
from amnestic.integrations.translation.events import Teller

__all__ = ["Form"]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of requests to the chat door.

    Attributes:
        asked: the chat completion that a request asks for; raises `InvalidRequestError`.
        told: a reply in this form, from the chat door's reply and the request; raises `ModelError`.
        teller: what tells the streamed reply to a request.
        media_type: what a streamed reply is.
        ping: what keeps the connection of a streamed reply that says nothing yet.
        error: the body of an error, from its HTTP status, its message and the field that it names.
        late_error: an error in the middle of a streamed reply, from its status and its message.
    """

    asked: Callable[[Json], Json]
    told: Callable[[Json, Json], Json]
    teller: Callable[[Json], Teller]
    media_type: str
    ping: bytes
    error: Callable[[int, str, str | None], Json]
    late_error: Callable[[int, str], bytes]
