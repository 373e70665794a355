"""What a guarded HTTP transport does with requests, whatever the library and its colour."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.upstream import Answer
from amnestic.integrations.openai.wire import dumps, error_body

if TYPE_CHECKING:
    from amnestic.graphs.reviewer import Reviewer

__all__ = ["UNREADABLE", "Gate", "answer_of", "doors_of", "object_in"]

_PASSED = re.compile(r"/(?:models(?:/[^/]+)?|embeddings|moderations)$")
_EVENTS = (("content-type", "text/event-stream; charset=utf-8"),)
_JSON = (("content-type", "application/json"),)
_NOT_OURS = ("content-length", "content-encoding", "transfer-encoding", "connection")


def doors_of(amnesia: Reviewer) -> tuple[tuple[str, Door], ...]:
    """The guarded endpoints, by the ends of their paths; the longest first."""
    dialects = (ChatDialect(), ResponsesDialect(), CompletionsDialect())
    return tuple((dialect.path, Door(amnesia, dialect)) for dialect in dialects)


class Gate:
    """What a transport does with a request, whatever the HTTP library and the colour of its calls.

    Args:
        amnesia: the layer.
        inner: the caller's own HTTP client, which sends what goes on.
    """

    def __init__(self, amnesia: Reviewer, inner: Any) -> None:
        self._amnesia = amnesia
        self._inner = inner
        self._doors = doors_of(amnesia)
        self._http: Any = None

    def bind(self, http: Any) -> None:
        """Say which library's requests and responses these are: httpx or httpx2."""
        self._http = http
        self._stream_type = _stream_type(http)

    def _door(self, request: Any) -> Door | None:
        if request.method != "POST":
            return None
        path = request.url.path.rstrip("/")
        return next((door for end, door in self._doors if path.endswith(end)), None)

    def _is_passed(self, request: Any) -> bool:
        return _PASSED.search(request.url.path.rstrip("/")) is not None

    def _response(self, request: Any, answer: Answer) -> Any:
        headers = [(k, v) for k, v in answer.headers if k.lower() not in _NOT_OURS]
        return self._http.Response(
            answer.status, headers=headers, content=answer.content, request=request
        )

    def _streaming(self, request: Any, pieces: Any, close: Callable[[], Any]) -> Any:
        return self._http.Response(
            200, headers=list(_EVENTS), stream=self._stream_type(pieces, close), request=request
        )

    def _refused(self, request: Any) -> Answer:
        message = (
            f"{request.method} {request.url.path} is not guarded by Amnestic, so the wrapped "
            "client does not send it; use the client that is not wrapped"
        )
        return Answer(403, _JSON, dumps(error_body(message, code="unguarded_door")))

    def _edited(self, request: Any, body: Json) -> Any:
        """The SDK's request with another body: same address, headers and time-outs."""
        headers = [(k, v) for k, v in request.headers.multi_items() if k.lower() not in _NOT_OURS]
        return self._http.Request(
            request.method,
            request.url,
            headers=headers,
            content=dumps(body),
            extensions=request.extensions,
        )


def _stream_type(http: Any) -> Any:
    """A response's stream that can be closed; what the library makes of a generator cannot."""

    class Stream(http.SyncByteStream, http.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, pieces: Any, close: Callable[[], Any]) -> None:
            self._pieces = pieces
            self._close = close

        def __iter__(self) -> Any:
            return self._pieces

        def __aiter__(self) -> Any:
            return self._pieces

        def close(self) -> None:
            self._pieces.close()
            self._close()

        async def aclose(self) -> None:
            await self._pieces.aclose()
            await self._close()

    return Stream


def answer_of(response: Any) -> Answer:
    """A whole response of an HTTP library."""
    return Answer(
        response.status_code, tuple(response.headers.multi_items()), bytes(response.content)
    )


def object_in(content: bytes) -> Json | None:
    """The JSON object that a request holds, if it holds one."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


UNREADABLE = Answer(400, _JSON, dumps(error_body("the request's body is not a JSON object")))
"""What a request is told whose body is not JSON."""
