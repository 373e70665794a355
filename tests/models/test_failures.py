"""What a provider raises, told by its fields and never by its words; all else as it is."""

from __future__ import annotations

import asyncio
import gc
import json
import pickle
from typing import Any

import httpx2
import openai
import pytest
from langchain_core.exceptions import OutputParserException
from langchain_openai import ChatOpenAI

from amnestic.config import Settings
from amnestic.exceptions import EventLoopError, ModelCodeError, ModelError
from amnestic.models import LangChainBackend, resolve_backend
from amnestic.models.deltas import collect
from amnestic.models.failures import code_failure, describe
from amnestic.models.origins import is_clients, place
from amnestic.testing import HTTPFailure, ScriptedChatModel, assert_no_leak, capture_logs
from amnestic.types import Message

HELLO = (Message.of("user", "Hello."),)
SECRET = "canary-4417-marmalade"
ID = "req_011CSHoEeqs5C35K2UUqR7Fy"


def told(handler: Any, **client: Any) -> Any:
    """What is told of the exception that the SDK raises for what `handler` answers."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    sdk = openai.OpenAI(api_key="k", max_retries=0, http_client=http, **client)
    with pytest.raises(openai.OpenAIError) as caught:
        sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": SECRET}])
    return caught.value, describe("m", caught.value)


def answering(status: int, headers: dict[str, str] | None = None, **error: Any) -> Any:
    def handler(request: httpx2.Request) -> httpx2.Response:
        body = {"error": {"message": f"You said {SECRET}", "type": SECRET, **error}}
        return httpx2.Response(status, headers={"x-request-id": ID, **(headers or {})}, json=body)

    return handler


def raising(kind: type[Exception]) -> Any:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise kind(SECRET)

    return handler


@pytest.mark.parametrize(
    ("status", "kind", "retryable", "hint"),
    [
        (400, openai.BadRequestError, False, "options"),
        (401, openai.AuthenticationError, False, "OPENAI_API_KEY"),
        (403, openai.PermissionDeniedError, False, "may use"),
        (404, openai.NotFoundError, False, "model's name"),
        (409, openai.ConflictError, True, "options"),
        (422, openai.UnprocessableEntityError, False, "options"),
        (429, openai.RateLimitError, True, "wait"),
        (500, openai.InternalServerError, True, "later"),
        (529, openai.InternalServerError, True, "later"),
    ],
)
def test_an_answer_with_an_error_is_told_by_its_fields(
    status: int, kind: type, retryable: bool, hint: str
) -> None:
    raised, failure = told(answering(status))
    assert isinstance(raised, kind)
    assert isinstance(failure, ModelError)
    assert (failure.status_code, failure.request_id) == (status, ID)
    assert (failure.retryable, failure.retry_after) == (retryable, None)
    assert hint in failure.hint
    assert str(failure).endswith(failure.hint)
    assert_no_leak(SECRET, str(failure), repr(failure), vars(failure), failure.args)
    assert ID not in str(failure)  # it is the provider's word, and callers may read the message


@pytest.mark.parametrize(
    ("kind", "sdks", "words"),
    [
        (httpx2.ConnectError, openai.APIConnectionError, "could not be reached"),
        (httpx2.ReadError, openai.APIConnectionError, "could not be reached"),
        (httpx2.ReadTimeout, openai.APITimeoutError, "in time"),
    ],
)
def test_a_lost_connection_and_a_time_out_may_be_tried_again(
    kind: Any, sdks: type, words: str
) -> None:
    raised, failure = told(raising(kind))
    assert isinstance(raised, sdks)
    assert words in str(failure)
    assert (failure.retryable, failure.status_code, failure.request_id) == (True, None, None)
    assert_no_leak(SECRET, str(failure), vars(failure))
    assert words in str(describe("m", kind(SECRET)))


def test_an_answer_of_another_shape_is_unreadable() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"x-request-id": ID}, json={"choices": SECRET})

    raised, failure = told(handler, _strict_response_validation=True)
    assert isinstance(raised, openai.APIResponseValidationError)
    assert "cannot be read" in str(failure)
    assert (failure.status_code, failure.request_id, failure.retryable) == (200, ID, False)
    assert_no_leak(SECRET, str(failure), vars(failure))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "1e9"}, 3600.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        *(({"retry-after": odd}, None) for odd in ("-1", "nan", "inf", "soon", SECRET)),
    ],
)
def test_a_rate_limit_says_when_to_come_again(headers: Any, seconds: float | None) -> None:
    assert told(answering(429, headers))[1].retry_after == seconds


def test_a_provider_may_say_itself_whether_a_retry_helps() -> None:
    assert not told(answering(503, {"x-should-retry": "false"}))[1].retryable
    assert told(answering(400, {"x-should-retry": "true"}))[1].retryable
    spent = told(answering(429, code="insufficient_quota"))[1]
    assert not spent.retryable
    assert "billing" in spent.hint


@pytest.mark.parametrize("odd", ["", "a", "x" * 200, "as the poet said", "<b>1234</b>", "ab\tcd"])
def test_an_id_that_is_no_plain_word_is_dropped(odd: str) -> None:
    assert told(answering(500, {"x-request-id": odd}))[1].request_id is None


def test_other_libraries_and_langchains_own_names_are_known() -> None:
    from langchain_core import exceptions as langchain

    for error, words, retryable in [
        (langchain.ContextOverflowError(SECRET), "so long", False),
        (langchain.ModelRateLimitError(SECRET), "rate", True),
        (langchain.ModelAuthenticationError(SECRET), "API key", False),
        (json.JSONDecodeError("bad", SECRET, 0), "unreadable", False),
        (type("APIError", (Exception,), {"code": 503})(SECRET), "HTTP 503", True),
        (OSError(101, SECRET), "could not be reached", True),
    ]:
        failure: Any = describe("m", error)
        assert isinstance(failure, ModelError)
        assert words in str(failure)
        assert failure.retryable is retryable
        assert_no_leak(SECRET, str(failure), vars(failure))


def test_an_error_goes_through_a_process_boundary_whole() -> None:
    before = told(answering(429, {"retry-after": "7"}))[1]
    after = pickle.loads(pickle.dumps(before))
    assert (str(after), vars(after)) == (str(before), vars(before))


# ── What is no provider's ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error",
    [TypeError("a"), AttributeError("a"), KeyError("a"), RuntimeError("a"), OSError(28, "full"),
     MemoryError(), OutputParserException("a"), NotImplementedError()],
)  # fmt: skip
def test_what_is_no_providers_stays_what_it_is(error: Exception) -> None:
    assert describe("m", error) is error


@pytest.mark.parametrize("error", [TypeError("a bug"), ValueError("a bug"), KeyError("a bug")])
def test_a_bug_in_a_callers_model_stays_the_bug(error: Exception) -> None:
    backend = LangChainBackend(ScriptedChatModel.of(default=error))
    for run in (backend.generate, lambda c, o: collect(backend.stream(c, o))):
        with pytest.raises(type(error)) as caught:
            asyncio.run(run(HELLO, {}))
        assert caught.value is error


def test_a_bug_below_the_callers_own_code_is_the_callers() -> None:
    class Mine(ChatOpenAI):
        async def _agenerate(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
            await self.root_async_client.chat.completions.create(mdoel="m")

    backend = LangChainBackend(Mine(model="m", api_key="k"))
    with pytest.raises(TypeError, match=r"Missing required arguments|mdoel"):
        asyncio.run(backend.generate(HELLO, {}))


def test_a_client_librarys_own_failure_is_the_models() -> None:
    backend = LangChainBackend(ChatOpenAI(model="m", api_key="k", max_retries=0))
    with pytest.raises(ModelError, match=r"\(TypeError\): check the options"):
        asyncio.run(backend.generate(HELLO, {"no_such_option": 1}))


def test_an_error_without_its_words_tells_its_kind_and_place() -> None:
    def broken() -> None:
        raise KeyError(SECRET)

    try:
        broken()
    except KeyError as error:
        failure, where = code_failure(error), place(error)
        foreign = not is_clients(error)
    assert foreign
    assert isinstance(failure, ModelCodeError)
    assert where.startswith("test_failures.py, line ")
    assert where.endswith("in broken")
    assert "KeyError" in str(failure)
    assert where in str(failure)
    assert failure.__context__ is None
    assert_no_leak(SECRET, str(failure), vars(failure))


# ── Over HTTP ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.anyio
async def test_a_real_answer_over_http_is_told_by_its_fields(scripted_server: Any) -> None:
    headers = {"x-request-id": ID, "Retry-After": "3"}
    server = scripted_server(default=HTTPFailure(429, SECRET, headers))
    settings = Settings(base_url=server.base_url, api_key="k")
    backend = resolve_backend("openai:m", settings)
    for run in (backend.generate, lambda c, o: collect(backend.stream(c, o))):
        with capture_logs() as logs, pytest.raises(ModelError) as caught:
            await run(HELLO, {})
        failure = caught.value
        assert (failure.status_code, failure.request_id) == (429, ID)
        assert (failure.retryable, failure.retry_after) == (True, 3.0)
        assert failure.__cause__ is failure.__context__ is None
        assert_no_leak(SECRET, str(failure), repr(failure), vars(failure), logs.records)


# What is left of a connection whose loop is closed warns when it is collected.
@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("retries", [0, 2])
def test_one_langchain_model_serves_several_event_loops(scripted_server: Any, retries: int) -> None:
    server = scripted_server(default="Paris.")
    model = ChatOpenAI(model="m", base_url=server.base_url, api_key="k", max_retries=retries)
    backend = LangChainBackend(model)
    for ask in (backend.generate, lambda c, o: collect(backend.stream(c, o))) * 3:
        assert asyncio.run(ask(HELLO, {})).choices[0].text == "Paris."
    gc.collect()


def test_a_model_bound_to_a_closed_loop_is_said_to_be() -> None:
    for words in ("Event loop is closed", "<Event> is bound to a different event loop"):
        backend = LangChainBackend(ScriptedChatModel.of(default=RuntimeError(words)), "mine")
        with pytest.raises(EventLoopError, match="'mine' keeps connections of another event loop"):
            asyncio.run(backend.generate(HELLO, {}))
    wrapped = openai.APIConnectionError(request=httpx2.Request("POST", "http://localhost"))
    wrapped.__cause__ = RuntimeError("Event loop is closed")
    assert isinstance(describe("m", wrapped), EventLoopError)
