"""A wrapped OpenAI client: chat completions and responses, as calls and as the SDK's helpers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from .openai_words import as_response
from .stand import Ask

__all__ = ["Chat", "ChatHelpers", "Responses", "ResponsesHelpers"]


class _Calls:
    """`create`, plain with its headers and streamed."""

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Ask and give what comes, blocked."""
        endpoint = self.endpoint(asked.side.client)
        if not asked.mode.streams:
            raw = endpoint.with_raw_response.create(model="m", **self.words(asked))
            yield from (
                dict(raw.headers),
                raw.content.decode(),
                raw.parse().model_dump(warnings=False),
            )
            return
        with endpoint.create(model="m", stream=True, **self.words(asked)) as stream:
            yield from (event.model_dump(warnings=False) for event in stream)

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Ask and give what comes."""
        endpoint = self.endpoint(asked.side.async_client)
        if not asked.mode.streams:
            raw = await endpoint.with_raw_response.create(model="m", **self.words(asked))
            for seen in (
                dict(raw.headers),
                raw.content.decode(),
                raw.parse().model_dump(warnings=False),
            ):
                yield seen
            return
        async with await endpoint.create(model="m", stream=True, **self.words(asked)) as stream:
            async for event in stream:
                yield event.model_dump(warnings=False)

    def endpoint(self, client: Any) -> Any:
        """Where it is asked."""
        raise NotImplementedError

    def words(self, asked: Ask) -> dict[str, Any]:
        """How it is asked."""
        raise NotImplementedError


class _Helpers(_Calls):
    """`parse`, and the helper that puts a stream together."""

    def ask(self, asked: Ask) -> Iterator[Any]:
        """Ask and give what comes, blocked."""
        endpoint = self.endpoint(asked.side.client)
        if not asked.mode.streams:
            yield endpoint.parse(model="m", **self.words(asked)).model_dump(warnings=False)
            return
        with endpoint.stream(model="m", **self.words(asked)) as stream:
            yield from (event.model_dump(warnings=False) for event in stream)
            yield self.final(stream).model_dump(warnings=False)

    async def aask(self, asked: Ask) -> AsyncIterator[Any]:
        """Ask and give what comes."""
        endpoint = self.endpoint(asked.side.async_client)
        if not asked.mode.streams:
            yield (await endpoint.parse(model="m", **self.words(asked))).model_dump(warnings=False)
            return
        async with endpoint.stream(model="m", **self.words(asked)) as stream:
            async for event in stream:
                yield event.model_dump(warnings=False)
            yield (await self.final(stream)).model_dump(warnings=False)

    def final(self, stream: Any) -> Any:
        """The whole answer, put together."""
        raise NotImplementedError


class Chat(_Calls):
    """`chat.completions.create`."""

    def endpoint(self, client: Any) -> Any:
        """Chat completions."""
        return client.chat.completions

    def words(self, asked: Ask) -> dict[str, Any]:
        """A chat completion's."""
        return {"messages": asked.messages, **asked.options}


class ChatHelpers(Chat, _Helpers):
    """`chat.completions.parse` and `chat.completions.stream`."""

    def words(self, asked: Ask) -> dict[str, Any]:
        """A chat completion's; the helpers take strict tools only."""
        words = super().words(asked)
        if asked.has_tool:
            words["tools"] = [_strict(asked.tool)]
        return words

    def final(self, stream: Any) -> Any:
        """The whole completion."""
        return stream.get_final_completion()


class Responses(_Calls):
    """`responses.create`."""

    def endpoint(self, client: Any) -> Any:
        """Responses."""
        return client.responses

    def words(self, asked: Ask) -> dict[str, Any]:
        """A response's."""
        return as_response(asked)


class ResponsesHelpers(Responses, _Helpers):
    """`responses.parse` and `responses.stream`."""

    def words(self, asked: Ask) -> dict[str, Any]:
        """A response's; the helpers take strict tools only."""
        words = super().words(asked)
        if asked.has_tool:
            words["tools"] = [{"type": "function", **_strict(asked.tool)["function"]}]
        return words

    def final(self, stream: Any) -> Any:
        """The whole response."""
        return stream.get_final_response()


def _strict(tool: dict[str, Any]) -> dict[str, Any]:
    closed = {**tool["function"]["parameters"], "required": ["q"], "additionalProperties": False}
    return {**tool, "function": {**tool["function"], "strict": True, "parameters": closed}}
