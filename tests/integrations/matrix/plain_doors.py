"""The layer itself, and the server as callers without any library see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from .openai_words import as_response
from .stand import Ask

__all__ = ["Checks", "ProxyChat", "ProxyResponses", "Sdk"]


class Sdk:
    """`Amnesia.chat`, `stream`, `achat`, `astream`."""

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Ask and give what comes, blocked."""
        layer = asked.side.layer
        if not asked.mode.streams:
            yield layer.chat(asked.messages, **asked.options)
            return
        with layer.stream(asked.messages, options=asked.options) as stream:
            yield from stream
            yield stream.outcome

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Ask and give what comes."""
        layer = asked.side.layer
        if not asked.mode.streams:
            yield await layer.achat(asked.messages, **asked.options)
            return
        async with layer.astream(asked.messages, options=asked.options) as stream:
            async for delta in stream:
                yield delta
            yield stream.outcome


class _Served:
    """An endpoint of the server, read line by line as it comes over the wire."""

    path: str
    headers: Mapping[str, str] = MappingProxyType({})

    def body(self, asked: Ask) -> dict[str, Any]:
        """What is posted."""
        raise NotImplementedError

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Post and give head and lines, blocked."""
        with asked.stand.http.stream(
            "POST", self._url(asked), json=self.body(asked), headers=dict(self.headers)
        ) as reply:
            yield [reply.status_code, dict(reply.headers)]
            yield from reply.iter_lines()

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Post and give head and lines."""
        http, body = asked.stand.async_http, self.body(asked)
        async with http.stream(
            "POST", self._url(asked), json=body, headers=dict(self.headers)
        ) as reply:
            yield [reply.status_code, dict(reply.headers)]
            async for line in reply.aiter_lines():
                yield line

    def _url(self, asked: Ask) -> str:
        return f"{asked.side.proxy.url}{self.path}"


class ProxyChat(_Served):
    """`/v1/chat/completions`."""

    path = "/v1/chat/completions"

    def body(self, asked: Ask) -> dict[str, Any]:
        """A chat completion."""
        stream = {"stream": True} if asked.mode.streams else {}
        return {"model": "m", "messages": asked.messages, **asked.options, **stream}


class ProxyResponses(_Served):
    """`/v1/responses`."""

    path = "/v1/responses"

    def body(self, asked: Ask) -> dict[str, Any]:
        """A response."""
        stream = {"stream": True} if asked.mode.streams else {}
        return {"model": "m", **as_response(asked), **stream}


class Checks(_Served):
    """`/v1/checks`: the text to check is what the model would have said."""

    path = "/v1/checks"
    headers = MappingProxyType({"authorization": "Bearer admin"})

    def body(self, asked: Ask) -> dict[str, Any]:
        """A check; the mode `error` sends what cannot be read beside the secret."""
        told = "\n".join(str(message) for message in asked.messages)
        said = asked.channel.draft.text if asked.channel.draft else told
        broken = [{"role": "nobody", "content": said}] if asked.mode.shape == "error" else []
        return {"messages": [*asked.messages, *broken], "text": said}
