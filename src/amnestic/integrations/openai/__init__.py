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
from amnestic.integrations.openai.errors import OWN_FAULT, error_answer, error_event
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.structured import fillings, is_fitting
from amnestic.integrations.openai.upstream import Opened, UpstreamError, whole
from amnestic.integrations.openai.wire import Answer, dumps, error_body, is_sendable, loads_object

__all__ = [
    "OWN_FAULT",
    "Answer",
    "ChatDialect",
    "CompletionsDialect",
    "Door",
    "Json",
    "Opened",
    "ResponsesDialect",
    "UpstreamError",
    "dumps",
    "error_answer",
    "error_body",
    "error_event",
    "fillings",
    "is_fitting",
    "is_sendable",
    "loads_object",
    "whole",
    "wrap_client",
]
