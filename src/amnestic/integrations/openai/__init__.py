"""OpenAI's endpoints over the one review path, for wrapped clients and for the server.

In: the body of a request, an upstream to ask, and a `Reviewer`. Out: a reply in the words of the
endpoint (chat completions, responses, completions), whole or as events; `wrap_client`, an OpenAI
client with these doors in its transport.
"""

from __future__ import annotations

from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.client import wrap_client
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.errors import OWN_FAULT, error_answer, error_event, retrying
from amnestic.integrations.openai.halves import Halves
from amnestic.integrations.openai.headers import (
    IDEMPOTENCY,
    REQUEST_ID,
    Arrival,
    Unrepeated,
    given_down,
)
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.structured import fillings, is_fitting
from amnestic.integrations.openai.upstream import Opened, UpstreamError, whole
from amnestic.integrations.openai.wire import (
    DONE,
    Answer,
    Event,
    EventReader,
    dumps,
    error_body,
    event_bytes,
    is_sendable,
    json_type,
    loads_object,
)

__all__ = [
    "DONE",
    "IDEMPOTENCY",
    "OWN_FAULT",
    "REQUEST_ID",
    "Answer",
    "Arrival",
    "ChatDialect",
    "CompletionsDialect",
    "Door",
    "Event",
    "EventReader",
    "Halves",
    "Json",
    "Opened",
    "ResponsesDialect",
    "Unrepeated",
    "UpstreamError",
    "dumps",
    "error_answer",
    "error_body",
    "error_event",
    "event_bytes",
    "fillings",
    "given_down",
    "is_fitting",
    "is_sendable",
    "json_type",
    "loads_object",
    "retrying",
    "whole",
    "wrap_client",
]
