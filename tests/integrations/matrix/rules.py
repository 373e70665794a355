"""Which combinations cannot exist, each with its reason."""

from __future__ import annotations

from collections.abc import Callable

from .channels import Channel
from .modes import Mode

__all__ = [
    "AGENT", "BATCH", "CHAT", "CHAT_HELPERS", "CHECKS", "DOORS", "MODEL", "NODE", "PROXY_CHAT",
    "PROXY_RESPONSES", "RESPONSES", "RESPONSES_HELPERS", "RULES", "SDK", "why_not",
]  # fmt: skip

SDK = "sdk"
CHAT, CHAT_HELPERS = "chat.completions", "chat.completions parse and stream"
RESPONSES, RESPONSES_HELPERS = "responses", "responses parse and stream"
MODEL, BATCH, AGENT, NODE = "LangChain model", "LangChain batch", "middleware", "LangGraph node"
PROXY_CHAT, PROXY_RESPONSES, CHECKS = "proxy chat", "proxy responses", "checks"

DOORS = (
    SDK, CHAT, CHAT_HELPERS, RESPONSES, RESPONSES_HELPERS, MODEL, BATCH, AGENT, NODE,
    PROXY_CHAT, PROXY_RESPONSES, CHECKS,
)  # fmt: skip

_ANY_RESPONSES = {RESPONSES, RESPONSES_HELPERS, PROXY_RESPONSES}
_SERVED = {PROXY_CHAT, PROXY_RESPONSES, CHECKS}
_IN_PROCESS = {SDK, MODEL, BATCH, AGENT, NODE}
_SPOKEN = {"content", "content, late", "content, in a list", "content, in code",
           "structured output"}  # fmt: skip

Holds = Callable[[str, Channel, Mode], bool]

RULES: tuple[tuple[str, Holds], ...] = (
    (
        "a caller whose thread is blocked until the whole answer is there cannot cancel",
        lambda door, channel, mode: mode.shape == "cancel" and mode.manner == "plain",
    ),
    (
        "a server cannot tell whether its caller's thread is blocked; only cancelling needs it",
        lambda door, channel, mode: door in _SERVED and not mode.waits and mode.shape != "cancel",
    ),
    (
        "the Responses API has one answer, without `n`",
        lambda door, channel, mode: (
            door in _ANY_RESPONSES and (mode.shape == "n=2" or channel.second)
        ),
    ),
    (
        "LangChain's chunks do not tell choices apart, so its streams have one",
        lambda door, channel, mode: (
            door in (MODEL, AGENT, NODE)
            and mode.streams
            and (mode.shape == "n=2" or channel.second)
        ),
    ),
    (
        "nor do they tell of a second choice that was not asked for",
        lambda door, channel, mode: (
            door == SDK and mode.streams and channel.second and mode.shape != "n=2"
        ),
    ),
    (
        "`with_structured_output` sends the form as the only tool",
        lambda door, channel, mode: (
            door in (MODEL, BATCH)
            and channel.name == "tool description"
            and mode.shape == "structured"
        ),
    ),
    (
        "a batch is not streamed",
        lambda door, channel, mode: door == BATCH and mode.streams,
    ),
    (
        "an agent's loop asks for one answer at a time",
        lambda door, channel, mode: door == AGENT and mode.shape == "n=2",
    ),
    (
        "the node asks its model without parameters: no n, no tools, no form",
        lambda door, channel, mode: (
            door == NODE
            and (
                mode.shape in ("n=2", "tool call", "structured")
                or channel.name == "tool description"
            )
        ),
    ),
    (
        "the channel is an error in itself, so its error is its usual mode",
        lambda door, channel, mode: bool(channel.error) and mode.shape == "error",
    ),
    (
        "inside one process an error is raised whole or not at all, so that nobody can leave, and "
        "no time can end, in the middle of it",
        lambda door, channel, mode: (
            bool(channel.error) and door in _IN_PROCESS and mode.shape in ("cancel", "time-out")
        ),
    ),
    (
        "a LangChain model hands a whole answer over when it is whole, so that nothing is there to "
        "leak of one that never is",
        lambda door, channel, mode: (
            door in _IN_PROCESS
            and not channel.inbound
            and not mode.streams
            and mode.shape in ("cancel", "time-out")
        ),
    ),
    (
        "a check has no model behind it: no stream, no choices, no tools, no form, no wait to "
        "leave; its error is the refusal of a request that cannot be read",
        lambda door, channel, mode: (
            door == CHECKS and (mode.streams or mode.shape not in ("usual", "error", "time-out"))
        ),
    ),
    (
        "a check takes a conversation and one text, no tools and no other channel",
        lambda door, channel, mode: (
            door == CHECKS
            and (channel.name == "tool description" or not channel.inbound)
            and channel.name not in _SPOKEN
        ),
    ),
)


def why_not(door: str, channel: Channel, mode: Mode) -> str | None:
    """The reason for which a combination cannot exist; `None` where it can."""
    return next((reason for reason, holds in RULES if holds(door, channel, mode)), None)
