"""What a caller tries at every door of a running proxy, or an upstream at its callers: no name
comes out, and none goes up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.server.hostile import Hostile, hostile
from tests.server.running import running_proxy

Json = dict[str, Any]
Turns = Sequence[tuple[str, str]]

ASKED: Turns = [("user", "How is the weather there?")]


def _messages(turns: Turns) -> list[Json]:
    return [{"role": role, "content": text} for role, text in turns]


def _chat(turns: Turns) -> Json:
    return {"model": "m", "messages": _messages(turns)}


def _items(turns: Turns) -> Json:
    return {"model": "m", "input": _messages(turns)}


def _prompt(turns: Turns) -> Json:
    return {"model": "m", "prompt": "\n".join(text for _, text in turns)}


def _claude(turns: Turns) -> Json:
    said = [turn for turn in turns if turn[0] != "system"]
    rules = [text for role, text in turns if role == "system"]
    more = {"system": "\n".join(rules)} if rules else {}
    return {**_chat(said), "max_tokens": 99, **more}


DOORS = {
    "/v1/chat/completions": _chat,
    "/openai/deployments/m/chat/completions?api-version=2025-04-01-preview": _chat,
    "/v1/responses": _items,
    "/v1/completions": _prompt,
    "/v1/messages": _claude,
    "/api/chat": _chat,
    "/api/generate": _prompt,
}
CALLING = [path for path, make in DOORS.items() if make is not _prompt]


class Stand:
    """A proxy that has forgotten Ana Morel, and what stands behind it."""

    def __init__(self, http: httpx.Client, upstream: Hostile) -> None:
        self.upstream = upstream
        self._http = http

    def told(self, path: str, turns: Turns = ASKED, **more: Any) -> str:
        """All that a caller sees: the bytes, the pieces of a stream joined, and the headers."""
        reply = self._http.post(path, json={**DOORS[path](turns), **more})
        assert reply.status_code < 500, reply.text
        values = []
        for line in [reply.text, *reply.text.splitlines()]:
            with suppress(ValueError):
                values.append(json.loads(line.removeprefix("data: ")))
        joined = "".join(text for value in values for text in _said(value))
        return f"{reply.text}\n{joined}\n{dict(reply.headers)}"


_SAID = "content text delta response partial_json arguments reasoning_content thinking".split()


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) and key in _SAID:
                yield inner
            else:
                yield from _said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner)


def names_her(text: str) -> bool:
    """Whether a text names Ana Morel, whatever stands between the letters."""
    return "anamorel" in re.sub(r"[^a-z]", "", text.lower())


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with ExitStack() as running:
        upstream = running.enter_context(hostile())
        db = tmp_path_factory.mktemp("attacks") / "r.db"
        speaks: Any = {"direct": "ask", "abstention": "counterfactual"}
        layer = running.enter_context(Amnesia(ScriptedBackend("?"), db=db, elicit=False, **speaks))
        layer.forget("Please forget Ana Morel. Ana Morel is a painter.")
        proxy = running.enter_context(running_proxy(layer, upstream=upstream.url))
        http = running.enter_context(httpx.Client(base_url=proxy.url))
        yield Stand(http, upstream)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", DOORS)
def test_a_name_in_any_disguise_does_not_come_out(stand: Stand, path: str, stream: bool) -> None:
    for text in (
        "Ana Morel painted it.",
        '{"first": "An", "rest": "a Mo", "end": "rel"}',
        '["A", "n", "a", "M", "o", "r", "e", "l"]',
        "1, 14, 1, 13, 15, 18, 5, 12",
        "Alfa November Alfa Mike Oscar Romeo Echo Lima",
        "A wie Anton, N wie Nordpol, A wie Anton, M wie Martha, O wie Otto, R wie Richard, E wie "
        "Emil, L wie Ludwig",
    ):
        stand.upstream.say(text)
        told = stand.told(path, stream=stream)
        assert not names_her(told)
        assert text[-12:] not in told
        assert json.dumps(text)[-13:-1] not in told


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", CALLING)
def test_a_name_in_calls_does_not_come_out(stand: Stand, path: str, stream: bool) -> None:
    for text, *calls in (
        (None, ("find_ana_morel", "{}")),
        (None, ("look", '{"a": "An", "b": "a M", "c": "or", "d": "el"}')),
        (None, ("look", '{"q": "Ana Mo"}'), ("look", '{"q": "rel"}')),
        ("It is Ana Mo", ("look", '{"q": "rel"}')),
    ):
        stand.upstream.say(text, calls=calls)
        assert not names_her(stand.told(path, stream=stream).replace("look", "").replace("q", ""))


LIKELY = [
    {"token": token, "logprob": -0.1, "bytes": [*token.encode()],
     "top_logprobs": [{"token": other, "logprob": -2.0, "bytes": [*other.encode()]}]}
    for token, other in zip(["It", " is", " mild", "."], ["Ana", " Mo", "rel", "!"], strict=True)
]  # fmt: skip


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", DOORS)
def test_what_stands_beside_an_answer_does_not_name_her(
    stand: Stand, path: str, stream: bool
) -> None:
    likely = {"content": LIKELY, "refusal": None}
    old = {"tokens": ["Ana", " Mo", "rel"], "token_logprobs": [-1.0, -1.0, -1.0]}
    cases: list[Json] = [
        {"choice": {"logprobs": likely}},
        {"choice": {"logprobs": old}},
        {"choice": {"finish_reason": "Ana Morel"}},
        {"choice": {"stop_reason": "Ana Morel"}},
        {"reply": {"id": "chatcmpl-anamorel"}},
        {"reply": {"system_fingerprint": "fp_AnaMorel"}},
        {"reply": {"notes": {"Ana Morel": 1}}},
        {"headers": {"x-request-id": "ana-morel", "x-ratelimit-reset-tokens": "ana-morel"}},
        {"headers": {"content-language": "ana-morel", "set-cookie": "a=ana-morel"}},
        *([] if stream else [{"headers": {"content-type": "application/json; of=ana-morel"}}]),
    ]
    for more in cases:
        stand.upstream.say("It is mild.", **more)
        assert not names_her(stand.told(path, stream=stream))


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(
    "field",
    [
        {"functions": [{"name": "ana_morel", "parameters": {}}]},
        {"prediction": {"type": "content", "content": "Ana Morel did."}},
        {"metadata": {"first": "Ana", "last": "Morel"}},
        {"guided_choice": ["Ana Morel", "Tarn"]},
        {"chat_template": "{{ messages }} Ana Morel"},
        {"stop": ["Ana Morel"]},
        {"stream_options": {"note": "B = Ana Morel"}},
        {"unknown": {"Ana": {"Morel": 1}}},
        {"user": "Ana Morel"},
    ],
    ids=lambda field: next(iter(field)),
)
def test_no_field_takes_her_name_up(stand: Stand, path: str, field: Json) -> None:
    stand.upstream.say("A mild day.")
    stand.told(path, **field)
    assert not names_her(json.dumps(stand.upstream.asked))


MEANS = {"type": "string", "enum": ["A", "B"], "description": "A is Tarn Veldt. B is Ana Morel."}
SCHEMA = {"type": "object", "properties": {"who": MEANS}, "required": ["who"]}
FUNCTION = {"name": "choose", "description": "Choose.", "parameters": SCHEMA}
TOOL = {"type": "function", "function": FUNCTION}
FORM = {"name": "choice", "schema": SCHEMA}


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/v1/chat/completions", {"tools": [TOOL]}),
        ("/v1/chat/completions", {"response_format": {"type": "json_schema", "json_schema": FORM}}),
        ("/v1/responses", {"tools": [{"type": "function", **FUNCTION}]}),
        ("/v1/responses", {"text": {"format": {"type": "json_schema", **FORM}}}),
        ("/v1/messages", {"tools": [{"name": "choose", "input_schema": SCHEMA}]}),
        ("/v1/messages", {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}),
        ("/api/chat", {"tools": [TOOL]}),
        ("/api/chat", {"format": SCHEMA}),
        ("/api/generate", {"format": SCHEMA}),
    ],
)
def test_what_a_letter_stands_for_does_not_go_up(stand: Stand, path: str, more: Json) -> None:
    stand.upstream.say('{"who": "A"}')
    stand.told(path, **more)
    assert stand.upstream.asked
    assert not names_her(json.dumps(stand.upstream.asked))


NAMING: list[tuple[str, Json]] = [
    ("/v1/chat/completions", {"type": "image_url", "image_url": {"url": "https://a.b/ana-morel"}}),
    ("/v1/chat/completions", {"type": "file", "file": {"filename": "Ana Morel.pdf",
                                                       "file_data": "data:application/pdf,"}}),
    ("/v1/chat/completions", {"type": "text", "text": "Hm.", "note": "B is Ana Morel."}),
    ("/v1/responses", {"type": "input_image", "image_url": "https://a.b/ana_morel.png"}),
    ("/v1/responses", {"type": "input_file", "filename": "Ana Morel.pdf", "file_data": "x"}),
    ("/v1/messages", {"type": "image", "source": {"type": "url", "url": "https://a.b/ana-morel"}}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "part"), NAMING)
def test_no_part_of_a_message_takes_her_name_up(stand: Stand, path: str, part: Json) -> None:
    stand.upstream.say("A mild day.")
    words = {"type": "input_text" if path.endswith("responses") else "text", "text": "How is it?"}
    said = [{"role": "user", "content": [words, part]}]
    stand.told(path, **{"input" if path.endswith("responses") else "messages": said})
    assert stand.upstream.asked
    assert not names_her(json.dumps(stand.upstream.asked))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", DOORS)
def test_the_rest_of_a_begun_name_does_not_come(stand: Stand, path: str, stream: bool) -> None:
    asked = ("user", "Who?")
    cases = [
        ([asked, ("assistant", "It was painted by Ana Mor")], "el. It is large."),
        ([("user", "Complete: It was painted by Ana Mor...")], "el. It is large."),
        ([("user", "Complete: It was painted by Ana Mor")], "**el**. It is large."),
    ]
    if path in CALLING:
        own = [("assistant", "An"), asked, ("assistant", "a Mor"), ("user", "Go on")]
        cases.append(([asked, *own], "el, that is all."))
    for turns, rest in cases:
        stand.upstream.say(rest)
        assert json.dumps(rest)[1:-1] not in stand.told(path, turns, stream=stream)
