"""Ollama's chat and generate endpoints as forms of the chat door.

In: the body of a request; what the chat door replies to its translation, whole or chunk by chunk.
Out: `CHAT` and `GENERATE`, which make of the one the body of a chat completion and of the other a
reply, its lines, an error in Ollama's shape; the models of an OpenAI-compatible API as Ollama lists
and shows them.
"""

from __future__ import annotations

from amnestic.integrations.ollama.errors import PING, error_body, error_line
from amnestic.integrations.ollama.models import model_list, shown_model
from amnestic.integrations.ollama.replies import (
    ChatTeller,
    GenerateTeller,
    chat_reply,
    generate_reply,
)
from amnestic.integrations.ollama.requests import chat_body, generate_body
from amnestic.integrations.translation import Form

__all__ = ["CHAT", "GENERATE", "model_list", "shown_model"]

_LINES = ("application/x-ndjson", PING, error_body, error_line)

CHAT = Form(chat_body, chat_reply, ChatTeller, *_LINES)
"""`POST /api/chat`."""

GENERATE = Form(generate_body, generate_reply, GenerateTeller, *_LINES)
"""`POST /api/generate`."""
