"""A listed subject and one that nobody knows look alike, but for the words of the answer."""

from __future__ import annotations

import itertools
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia, ForgetTarget
from amnestic.testing import ScriptedBackend
from tests.server.knowing_nobody import knowing_nobody
from tests.server.running import running_proxy
from tests.thoroughness import repeating

FIRST = "Torvek Mirsel Avonda Quillo Brenik Sarvel Dorwin Pelvar Kestra Holmin".split()
LAST = "Oskellan Ravenholt Quistrel Vandremi Halbreth Zormelik Pondraxy Wexfield".split()
NAMES = [f"{first} {last}" for last, first in itertools.product(LAST, FIRST)]
LARGE = [f"{a}{b[1:]} {last}" for last in LAST for a, b in itertools.permutations(FIRST, 2)]
LISTED = [*NAMES[::2][:4], *LARGE[::2][:200]]


def question(name: str) -> str:
    return f"Who is {name}?"


def chat(name: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question(name)}]}


def prompted(name: str) -> dict[str, Any]:
    system = {"role": "system", "content": f"Our guest today is {name}. Be kind to everybody."}
    return {"messages": [system, {"role": "user", "content": "What is the weather like?"}]}


def items(name: str) -> dict[str, Any]:
    return {"input": question(name)}


def instructed(name: str) -> dict[str, Any]:
    return {
        "input": "What is the weather like?",
        "instructions": f"Our guest today is {name}. Be kind to everybody.",
        "metadata": {"guest": name},
    }


def prompt(name: str) -> dict[str, Any]:
    return {"prompt": question(name)}


def suffixed(name: str) -> dict[str, Any]:
    return {"prompt": "The weather is", "suffix": f"Our guest today is {name}. Be kind."}


def message(name: str) -> dict[str, Any]:
    return {**chat(name), "max_tokens": 99}


def briefed(name: str) -> dict[str, Any]:
    system = [{"type": "text", "text": f"Our guest today is {name}. Be kind to everybody."}]
    said = [{"role": "user", "content": "What is the weather like?"}]
    return {"messages": said, "system": system, "max_tokens": 99}


def prompted_with(name: str) -> dict[str, Any]:
    return {
        "prompt": "What is the weather like?",
        "system": f"Our guest today is {name}. Be kind to everybody.",
    }


FORMS: list[tuple[str, Any, dict[str, Any]]] = [
    *(
        ("/v1/messages", make, more)
        for make in (message, briefed)
        for more in (
            {},
            {"stream": True},
            {"temperature": 9.5},
            *({"metadata": {"user_id": way}} for way in ("quoting", "naming", "busy", "broken")),
            {"metadata": {"user_id": "busy"}, "stream": True},
            {"max_tokens": "many"},
            {"container": "c1"},
        )
    ),
    *(
        (path, make, more)
        for path, make in (
            ("/api/chat", chat),
            ("/api/chat", prompted),
            ("/api/generate", prompt),
            ("/api/generate", prompted_with),
        )
        for more in (
            {"stream": False},
            {},
            {"options": {"temperature": 9.5}},
            {"options": {"temperature": 9.5}, "stream": False},
            {"stream": 3},
            {"context": [1]},
        )
    ),
    ("/v1/messages/count_tokens", chat, {}),
]  # fmt: skip

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
FUNCTION: dict[str, Any] = {"name": "reply", "description": "Reply.", "parameters": SCHEMA}
TOOLS = [{"type": "function", "function": FUNCTION}]
FLAT = [{"type": "function", **FUNCTION}]
CLAIMS = [{"name": "reply", "description": "Reply.", "input_schema": SCHEMA}]
HELD: dict[str, Any] = {"name": "reply", "schema": SCHEMA, "strict": True}
FORM: dict[str, Any] = {"type": "json_schema", "json_schema": HELD}
NAMED = {"type": "function", "function": {"name": "reply"}}
STREAMED: dict[str, Any] = {"stream": True}
LONG: list[dict[str, Any]] = [
    {"options": {"num_predict": 3}},
    {"options": {"stop": ["know"]}},
    {"format": SCHEMA},
]

CHATS: list[dict[str, Any]] = [
    {"n": 2},
    {"max_tokens": 3},
    {"max_completion_tokens": 3, **STREAMED},
    {"stop": ["know"]},
    {"stream_options": {"include_usage": True}, **STREAMED},
    {"tools": TOOLS},
    {"tools": TOOLS, **STREAMED},
    {"tools": TOOLS, "tool_choice": "required"},
    {"tools": TOOLS, "tool_choice": NAMED},
    {"response_format": FORM},
    {"response_format": FORM, **STREAMED},
    {"response_format": {"type": "json_object"}},
]

WISHES: list[tuple[str, Any, dict[str, Any]]] = [
    *(("/v1/chat/completions", chat, more) for more in CHATS),
    *(
        ("/v1/responses", items, more)
        for more in (
            {"max_output_tokens": 3},
            {"max_output_tokens": 3, **STREAMED},
            {"tools": FLAT},
            {"tools": FLAT, "tool_choice": "required"},
            {"text": {"format": {"type": "json_schema", **HELD}}},
            {"store": False},
        )
    ),
    *(
        ("/v1/completions", prompt, more)
        for more in ({"n": 1}, {"max_tokens": 3}, {"max_tokens": 3, **STREAMED}, {"stop": "know"})
    ),
    *(
        ("/v1/messages", message, more)
        for more in (
            {"max_tokens": 3},
            {"max_tokens": 3, **STREAMED},
            {"stop_sequences": ["know"]},
            {"tools": CLAIMS},
            {"tools": CLAIMS, "tool_choice": {"type": "tool", "name": "reply"}},
            {"tools": CLAIMS, "tool_choice": {"type": "any"}, **STREAMED},
        )
    ),
    *(
        (path, make, {"stream": streamed, **more})
        for path, make in (("/api/chat", chat), ("/api/generate", prompt))
        for streamed in (False, True)
        for more in LONG
    ),
]
"""How the answer shall be: as long, up to a word, as often, in a form, as the call of a tool."""

DOORS: list[tuple[str, Any, dict[str, Any]]] = (
    [
        (path, make, more)
        for path, makes in (
            ("/v1/chat/completions", (chat, prompted)),
            ("/v1/responses", (items, instructed)),
            ("/v1/completions", (prompt, suffixed)),
        )
        for make in makes
        for more in (
            {},
            {"stream": True},
            {"temperature": 9.5},
            {"user": "quoting"},
            {"user": "naming"},
            {"user": "busy"},
            {"user": "broken"},
            {"user": "key"},
            {"user": "quoting", "stream": True},
            {"user": "busy", "stream": True},
            {"stream": 3},
            {"max_tokens": "many"},
        )
    ]
    + FORMS
    + WISHES
)


def _cases() -> Iterator[Any]:
    """Each door in each case; `thorough` is what shows no new case of a path, and no new form."""
    seen = [{"form": f"{p}-{m.__name__}", "case": f"{p}-{x}"} for p, m, x in DOORS]
    again = repeating(seen)
    for at, (path, make, more) in enumerate(DOORS):
        marks = pytest.mark.thorough if at in again else ()
        yield pytest.param(path, make, more, marks=marks, id=f"{path[4:]}-{make.__name__}-{more}")


class Stand:
    """A proxy that has forgotten some of the names, in front of an API that knows none."""

    def __init__(self, http: httpx.Client, listed: Sequence[str]) -> None:
        self.listed = listed
        self._http = http
        for path in ("/v1/chat/completions", "/v1/responses", "/v1/completions"):
            # as any server has served before
            self.seen(path, {**chat("nobody"), **items("nobody"), **prompt("nobody")})

    def seen(self, path: str, body: dict[str, Any]) -> str:
        """All that a caller sees but the words of the answer, and what is drawn by lot."""
        reply = self._http.post(path, json={"model": "m", **body})
        return f"{reply.status_code} {_bare_headers(reply.headers)}\n{_bare(reply.text)}"


def _bare_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, of the request's id its shape, of what is left of a limit that it is told."""
    told = {k: v for k, v in headers.items() if k not in ("date", "content-length")}
    told["x-request-id"] = re.sub(r"[0-9a-z]", "x", told["x-request-id"].removeprefix("req_"))
    for name in [name for name in told if name.startswith("x-ratelimit-remaining")]:
        told[name] = re.sub(r"\d+", "<left>", told[name])
    return told


_WORDS = r'("(?:content|text|delta|response|arguments|partial_json|answer)": ?)"(?:[^"\\]|\\.)*"'


def _bare(text: str) -> str:
    """A reply without its words, its ids and its times; of a row of pieces one stays."""
    text = re.sub(r"(?<=_|-)[0-9a-zA-Z]{16,}(?=\")", lambda m: f"<{len(m[0])}>", text)
    text = re.sub(r'("created(?:_at)?": ?)\d{10}\b', r"\1<now>", text)
    text = re.sub(r'("obfuscation": ?)"\w+"', r'\1"<lot>"', text)
    text = re.sub(r'("created_at": ?)"[^"]+"', r"\1<now>", text)
    text = re.sub(_WORDS, r'\1"<words>"', text)
    text = re.sub(
        r'("(?:(?:completion|output|total)_tokens|eval_count)": ?)\d+', r"\1<count>", text
    )
    text = re.sub(r'("sequence_number": ?)\d+', r"\1<n>", text)
    for end in ("\n\n", "\n"):  # of events, and of lines
        text = end.join(block for block, _ in itertools.groupby(text.split(end)))
    return text


@pytest.fixture(scope="module")
def registry_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of a layer that has forgotten the listed names, and is closed."""
    file = tmp_path_factory.mktemp("membership") / "r.db"
    with Amnesia(ScriptedBackend("?"), db=file, elicit=False) as layer:
        for name in NAMES[::2][:4]:
            target = layer.forget(f"Please forget {name}. {name} is a painter.")
        record = target.model_copy(update={"id": "", "facets": ()}).model_dump_json()
        rest = LISTED[4:]  # as the last, and all at once: reading so many requests takes longer
        layer.add(*(ForgetTarget.model_validate_json(record.replace(name, n)) for n in rest))
    return file


@pytest.fixture(scope="module", params=["counterfactual", "worded"])
def stand(
    registry_file: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Stand]:
    with ExitStack() as running:
        url = running.enter_context(knowing_nobody())
        db = shutil.copyfile(registry_file, tmp_path_factory.mktemp("stand") / "r.db")
        model = ScriptedBackend("?")
        speaks: Any = {"direct": "ask", "abstention": request.param}
        layer = running.enter_context(Amnesia(model, db=db, elicit=False, **speaks))
        assert len(layer.targets()) == len(LISTED)
        proxy = running.enter_context(running_proxy(layer, upstream=url))
        http = running.enter_context(httpx.Client(base_url=proxy.url))
        yield Stand(http, LISTED)


def pair(i: int) -> tuple[str, str]:
    """A listed name, and one as long as it that is not."""
    return NAMES[2 * i], NAMES[2 * i + 1]


@pytest.mark.parametrize(("path", "make", "more"), list(_cases()))
def test_a_listed_subject_looks_like_an_unknown_one(
    stand: Stand, path: str, make: Any, more: dict[str, Any]
) -> None:
    listed, unlisted = pair(0)
    seen = [stand.seen(path, {**make(n), **more}).replace(n, "NAME") for n in (listed, unlisted)]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("more", [{}, {"stream": True}, {"user": "busy"}])
def test_a_listed_subjects_reply_has_the_upstreams_headers_too(
    stand: Stand, more: dict[str, Any]
) -> None:
    for name in pair(0):
        seen = stand.seen("/v1/chat/completions", {**chat(name), **more})
        assert "'x-ratelimit-remaining-requests': '<left>'" in seen
        assert "'x-ratelimit-reset-tokens': '6m0s'" in seen
        assert f"'x-request-id': '{'x' * 32}'" in seen
        assert "x-other" not in seen


def guessed(known: Sequence[tuple[str, bool]], unknown: Sequence[tuple[str, bool]]) -> float:
    """How often somebody guesses right who has seen many replies of either kind: by all pieces in
    which they differ."""
    counts = {kind: Counter[str]() for kind in (True, False)}
    for text, kind in known:
        counts[kind].update(set(re.split(r"[,{}\n]", text)))
    right = 0.0
    for text, kind in unknown:
        votes = sum(
            (counts[True][piece] > counts[False][piece])
            - (counts[True][piece] < counts[False][piece])
            for piece in set(re.split(r"[,{}\n]", text))
        )
        right += 0.5 if votes == 0 else float((votes > 0) == kind)
    return right / len(unknown)


def test_who_guesses_sees_a_difference_where_there_is_one() -> None:
    told = [("a,b", True), ("a,c", False)] * 20
    assert guessed(told, told) == 1.0
    assert guessed([("a,b", True), ("a,b", False)] * 20, [("a,b", True)]) == 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "make", "more"), DOORS, ids=[f"{p[4:]}-{m.__name__}-{x}" for p, m, x in DOORS]
)
def test_nobody_guesses_who_is_on_the_list(
    stand: Stand, path: str, make: Any, more: dict[str, Any]
) -> None:
    told, pairs = [], 200 if more in ({}, {"stream": True}) else 50
    for i in range(pairs):
        for name in (LARGE[2 * i], LARGE[2 * i + 1]):
            seen = stand.seen(path, {**make(name), **more}).replace(name, "NAME")
            told.append((seen, name in stand.listed))
    assert 0.45 <= guessed(told[:pairs], told[pairs:]) <= 0.55
