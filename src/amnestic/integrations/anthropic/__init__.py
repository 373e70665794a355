"""Anthropic's Messages as a form of the chat door.

In: the body of a messages request; what the chat door replies to its translation, whole or chunk by
chunk. Out: `MESSAGES`, which makes of the one the body of a chat completion and of the other a
message, its events, an error in Anthropic's shape; the tokens of a request, estimated.
"""

from __future__ import annotations

from amnestic.integrations.anthropic.counting import token_count
from amnestic.integrations.anthropic.errors import PING, error_body, error_event
from amnestic.integrations.anthropic.events import MessageTeller
from amnestic.integrations.anthropic.replies import message
from amnestic.integrations.anthropic.requests import chat_body
from amnestic.integrations.translation import Form

__all__ = ["MESSAGES", "token_count"]

MESSAGES = Form(
    chat_body, message, MessageTeller, "text/event-stream", PING, error_body, error_event
)
"""`POST /v1/messages`."""
