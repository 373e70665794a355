"""An error's answer in other words: held until it is whole, and sent as another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import Message, Send

__all__ = ["rewriting_errors"]


def rewriting_errors(
    send: Send,
    rewrite: Callable[[Message, bytes], Awaitable[None]],
    concerns: Callable[[Message], bool] = lambda start: True,
) -> Send:
    """What sends on all but errors, or those of them that concern it by how they start; of one it
    has `rewrite` send what is to be sent, given its start and its content."""
    held: Message | None = None
    content = bytearray()

    async def rewriting(message: Message) -> None:
        nonlocal held
        is_error = message["type"] == "http.response.start" and message["status"] >= 400
        if is_error and concerns(message):
            held = message
            return
        if held is None:
            await send(message)
            return
        content.extend(message.get("body", b""))
        if not message.get("more_body", False):
            await rewrite(held, bytes(content))

    return rewriting
