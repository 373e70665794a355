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
from amnestic.integrations.openai.headers import IDEMPOTENCY, Pairs, Unrepeated
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.wire import Answer, dumps, error_body
from amnestic.models.inherited import refuse_inherited

if TYPE_CHECKING:
    from amnestic.graphs.reviewer import Reviewer

__all__ = ["UNREADABLE", "Gate", "answer_of", "doors_of", "object_in"]

_PASSED = (
    ("GET", re.compile(r"/models(?:/[^/:]+(?:/[^/:]+)?)?")),
    ("POST", re.compile(r"/(?:embeddings|moderations)")),
)
_DEPLOYMENT = re.compile(r"/deployments/[^/]+(?=/)")  # how Azure's paths begin
_EVENTS = (("content-type", "text/event-stream; charset=utf-8"),)
_JSON = (("content-type", "application/json"),)
_NOT_OURS = ("content-length", "content-encoding", "transfer-encoding", "connection")


def doors_of(amnesia: Reviewer) -> tuple[tuple[str, Door], ...]:
    """The guarded endpoints, by their paths."""
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
        self._doors = dict(doors_of(amnesia))
        self._http: Any = None
        self._base: Callable[[], Any] = lambda: inner.base_url

    def bind(self, http: Any) -> None:
        """Say which library's requests and responses these are: httpx or httpx2."""
        self._http = http
        self._stream_type = _stream_type(http)

    def serve(self, base: Callable[[], Any]) -> None:
        """Say at which address the endpoints are: that of the client's own base URL."""
        self._base = base

    @property
    def inner(self) -> Any:
        """The caller's own HTTP client. Raises `EventLoopError` in a forked child whose parent has
        used it."""
        refuse_inherited(self._inner, "the wrapped client")
        return self._inner

    def _door(self, request: Any) -> Door | None:
        if request.method != "POST":
            return None
        return self._doors.get(self._endpoint(request) or "")

    def _is_passed(self, request: Any) -> bool:
        path = self._endpoint(request)
        return path is not None and any(
            request.method == method and known.fullmatch(path) for method, known in _PASSED
        )

    def _endpoint(self, request: Any) -> str | None:
        """The path of an endpoint below the client's base URL, whole and as it is sent; `None` for
        any other address."""
        base, url = self._base(), request.url
        root, path = base.path.rstrip("/"), url.path.rstrip("/")
        at_home = (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)
        if not at_home or not path.startswith(root + "/") or "//" in path or "/../" in path:
            return None
        found: str = _DEPLOYMENT.sub("", path[len(root) :], count=1)
        return found

    def _response(self, request: Any, answer: Answer) -> Any:
        headers = [(k, v) for k, v in answer.headers if k.lower() not in _NOT_OURS]
        return self._http.Response(
            answer.status, headers=headers, content=answer.content, request=request
        )

    def _streaming(
        self, request: Any, pieces: Any, close: Callable[[], Any], headers: Pairs
    ) -> Any:
        return self._http.Response(
            200,
            headers=[*_EVENTS, *headers],
            stream=self._stream_type(pieces, close),
            request=request,
        )

    def _refused(self, request: Any) -> Answer:
        message = (
            f"{request.method} {request.url.path} is not guarded by Amnestic, so the wrapped "
            "client does not send it; use the client that is not wrapped"
        )
        return Answer(403, _JSON, dumps(error_body(message, code="unguarded_door")))

    def _edited(self, request: Any, body: Json, unrepeated: Unrepeated) -> Any:
        """The SDK's request with another body: same address, headers and time-outs."""
        gone = _NOT_OURS if unrepeated.takes(body) else (*_NOT_OURS, IDEMPOTENCY)
        headers = [(k, v) for k, v in request.headers.multi_items() if k.lower() not in gone]
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
