"""Answers of local weights that have a form: JSON schemas, and tools that must be called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from pydantic import BaseModel

from amnestic import Amnesia
from amnestic.agents.model_engines.structured import schema_options
from amnestic.config import Settings
from amnestic.exceptions import InvalidRequestError, MissingExtraError, ModelError
from amnestic.models import TransformersChatModel, resolve_backend
from amnestic.models.checkpoint import load_checkpoint
from amnestic.models.deltas import collect
from amnestic.models.grammar_tokens import Grammars
from amnestic.types import Message
from tests.models.conftest import TEMPLATE
from tests.patience import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("one_thread")]

HELLO = (Message.of("user", "Hello."),)
SHAPE = {
    "type": "object",
    "properties": {"n": {"type": "boolean"}, "of": {"enum": ["a", 7, None]}},
    "required": ["n", "of"],
}
WARM = {"temperature": 1.5, "seed": 5}


def _form(schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}


def _tool(name: str, **properties: Any) -> dict[str, Any]:
    shape = {"type": "object", "properties": properties, "required": [*properties]}
    return {"type": "function", "function": {"name": name, "parameters": shape}}


COUNT = _tool("count", up={"type": "boolean"})
OTHER = _tool("other", a={"enum": [1, 2]})
BARE = {"type": "function", "function": {"name": "now"}}


def _named(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


@pytest.fixture
def backend(tiny_checkpoint: Path) -> Any:
    return resolve_backend(f"hf:{tiny_checkpoint}", Settings(model_timeout=PATIENCE))


TOOLS = (
    "{% for tool in tools or [] %}<|start|>system\n{{ tool.function.name }}<|end|>\n{% endfor %}"
    + TEMPLATE.replace(
        "{{ m.content }}",
        '{{ m.content }}{% for c in m.tool_calls or [] %}<call>{"name": "{{ c.function.name }}", '
        '"arguments": {{ c.function.arguments | tojson }}}</call>{% endfor %}',
    )
)


@pytest.fixture(scope="session")
def knowing_folder(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights with a template that knows tools."""
    folder = tmp_path_factory.mktemp("knowing")
    for file in tiny_checkpoint.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "chat_template.jinja").write_text(TOOLS, "utf-8")
    return folder


@pytest.fixture
def knowing(knowing_folder: Path) -> Any:
    return resolve_backend(f"hf:{knowing_folder}", Settings(model_timeout=PATIENCE))


# ── Schemas ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("warm", [{}, WARM], ids=["greedy", "warm"])
async def test_an_answer_cannot_leave_its_schema(backend, warm):
    options = {"response_format": _form(SHAPE), **warm}
    plain = await backend.generate(HELLO, options)
    told = json.loads(plain.choices[0].text)
    assert [*told] == ["n", "of"]
    assert isinstance(told["n"], bool)
    assert told["of"] in ("a", 7, None)
    assert plain.choices[0].finish_reason == "stop"
    assert await collect(backend.stream(HELLO, options)) == plain


async def test_each_of_several_choices_keeps_to_the_schema(backend):
    given = await backend.generate(HELLO, {"response_format": _form(SHAPE), "n": 3, **WARM})
    assert [sorted(json.loads(draft.text)) for draft in given.choices] == [["n", "of"]] * 3


async def test_json_of_any_kind_is_an_object(backend):
    options = {"response_format": {"type": "json_object"}, "max_tokens": 3}
    assert (await backend.generate(HELLO, options)).choices[0].text.startswith("{")


async def test_no_schema_is_no_form(backend):
    free = await backend.generate(HELLO, {"max_tokens": 8})
    for form in (None, {"type": "text"}):
        assert await backend.generate(HELLO, {"max_tokens": 8, "response_format": form}) == free


@pytest.mark.parametrize(
    ("schema", "at_fault"),
    [
        ({"type": "array", "uniqueItems": True}, "'uniqueItems'"),
        ({"not": {"const": "secretword"}}, "'not'"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "'oneOf'"),
        ({"type": "secretword"}, "'type'"),
        ({"type": "string", "format": "secretword"}, "'format'"),
        ({"type": "string", "pattern": "(?=secretword)b"}, "'pattern'"),
        ({"$ref": "https://127.0.0.1:1/secretword"}, "'$ref'"),
        ({"type": "string", "minLength": 3, "maxLength": 1}, "'minLength', 'maxLength'"),
    ],
)
async def test_a_schema_that_cannot_be_kept_to_is_one_clear_line(backend, schema, at_fault):
    with pytest.raises(InvalidRequestError, match="cannot be kept to") as raised:
        await backend.generate(HELLO, {"response_format": _form(schema)})
    assert at_fault in str(raised.value)
    assert "secretword" not in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def _nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "null"}
    for _ in range(depth):
        schema = {"items": schema}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        _nested(200),
        _nested(900),
        {"$ref": "#"},
        {"const": "\ud83d"},
        {"const": 10**400},
    ],
    ids=["deep", "deeper", "itself", "half a character", "a vast number"],
)
async def test_a_schema_that_nobody_could_read_is_one_clear_line(backend, schema):
    with pytest.raises(InvalidRequestError, match="cannot be kept to") as raised:
        await backend.generate(HELLO, {"response_format": _form(schema)})
    assert len(str(raised.value)) < 200


async def test_a_caller_cannot_loosen_how_a_schema_is_read(backend):
    lenient = {"not": {"type": "null"}, "x-guidance": {"lenient": True}}
    with pytest.raises(InvalidRequestError, match="'not'"):
        await backend.generate(HELLO, {"response_format": _form(lenient)})


async def test_letters_of_all_scripts_come_whole(backend):
    options = {"response_format": _form({"const": 'naïve 日本 \N{GRINNING FACE} \\ " é'})}
    plain = await backend.generate(HELLO, options)
    assert json.loads(plain.choices[0].text) == options["response_format"]["json_schema"][
        "schema"]["const"]  # fmt: skip
    assert await collect(backend.stream(HELLO, options)) == plain


async def test_an_answer_that_is_cut_short_says_so(backend):
    given = await backend.generate(HELLO, {"response_format": _form(SHAPE), "max_tokens": 2})
    assert given.choices[0].finish_reason == "length"


async def test_a_form_keeps_out_given_strings_or_fails(backend):
    either = {"enum": ["Rowling", "Orwell"]}
    given = await backend.generate_without(HELLO, {"response_format": _form(either)}, ["Rowling"])
    assert json.loads(given.choices[0].text) == "Orwell"
    one = {"response_format": _form({"const": "Rowling"})}
    with pytest.raises(ModelError, match="has no word left"):
        await backend.generate_without(HELLO, one, ["Rowling"])


async def test_without_the_library_one_line_says_what_brings_it(tiny_checkpoint, monkeypatch):
    loaded = load_checkpoint(str(tiny_checkpoint))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'amnestic\[local\]'") as raised:
        Grammars("hf:tiny", loaded.tokenizer, 300, [2])
    assert str(raised.value).startswith("a form of the answer of model 'hf:tiny'")


async def test_a_tokenizer_that_cannot_be_read_is_one_clear_line():
    with pytest.raises(ModelError, match="the tokenizer of model 'hf:odd' cannot be kept"):
        Grammars("hf:odd", object(), 300, [2])


# ── Tools that must be called ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("choice", ["required", "any", _named("count")])
async def test_a_tool_that_must_be_called_is_called(backend, choice):
    options = {"tools": [COUNT], "tool_choice": choice}
    plain = await backend.generate(HELLO, options)
    (draft,) = plain.choices
    (call,) = draft.tool_calls
    assert (call.name, draft.text, draft.finish_reason) == ("count", "", "tool_calls")
    assert [*json.loads(call.arguments)] == ["up"]
    assert len(call.id) == 9
    assert await collect(backend.stream(HELLO, options)) == plain


@pytest.mark.parametrize(
    ("tools", "choice", "names"),
    [
        ([COUNT, OTHER], "required", {"count", "other"}),
        ([COUNT, OTHER], _named("other"), {"other"}),
        ([BARE], "required", {"now"}),
    ],
)
@pytest.mark.parametrize("warm", [{}, WARM], ids=["greedy", "warm"])
async def test_a_template_shows_its_tools_and_one_is_called(knowing, tools, choice, names, warm):
    options = {"tools": tools, "tool_choice": choice, **warm}
    given = await knowing.generate(HELLO, options)
    (call,) = given.choices[0].tool_calls
    assert call.name in names
    assert (len(json.loads(call.arguments)) == 1) == (call.name != "now")
    assert given.choices[0].finish_reason == "tool_calls"
    assert await collect(knowing.stream(HELLO, options)) == given
    assert given.usage.input_tokens > (await knowing.generate(HELLO, WARM)).usage.input_tokens


async def test_a_choice_among_several_tools_is_refused_where_the_template_knows_none(backend):
    with pytest.raises(InvalidRequestError, match="name the one"):
        await backend.generate(HELLO, {"tools": [COUNT, OTHER], "tool_choice": "required"})


async def test_a_tool_that_is_not_among_them_is_refused(knowing):
    with pytest.raises(InvalidRequestError, match="not among the tools"):
        await knowing.generate(HELLO, {"tools": [COUNT], "tool_choice": _named("strange")})
    with pytest.raises(InvalidRequestError, match="there are no tools"):
        await knowing.generate(HELLO, {"tool_choice": "required"})


@pytest.mark.parametrize("tools", [[COUNT], [COUNT, OTHER]])
async def test_a_call_that_is_cut_short_is_none(knowing, tools):
    options = {"tools": tools, "tool_choice": "required", "max_tokens": 9}
    plain = await knowing.generate(HELLO, options)
    (draft,) = plain.choices
    assert (draft.text, draft.tool_calls, draft.finish_reason) == ("", (), "length")
    assert await collect(knowing.stream(HELLO, options)) == plain


async def test_a_tool_whose_schema_cannot_be_kept_to_is_one_clear_line(backend):
    odd = _tool("odd", a={"type": "array", "uniqueItems": True})
    with pytest.raises(InvalidRequestError, match="'uniqueItems'"):
        await backend.generate(HELLO, {"tools": [odd], "tool_choice": "required"})
    given = await backend.generate(HELLO, {"tools": [odd], "max_tokens": 3})  # nothing is forced
    assert given.choices[0].finish_reason == "length"


@pytest.mark.parametrize(
    "options",
    [
        {"tools": [COUNT], "tool_choice": "required"},
        {"tools": [COUNT, OTHER], "tool_choice": _named("other")},
        {"response_format": _form(SHAPE)},
    ],
)
async def test_what_is_counted_of_a_request_is_what_was_asked(knowing, options):
    given = await knowing.generate(HELLO, options)
    told = await knowing.usage_of(HELLO, options, given.choices)
    assert told.input_tokens == given.usage.input_tokens


async def test_beside_a_schema_a_tool_may_be_called_or_not(knowing):
    """Whichever the model begins with, the answer is whole: the schema's, or a call."""
    seen = set()
    for seed in range(12):
        options = {
            "tools": [COUNT, BARE],
            "response_format": _form(SHAPE),
            "temperature": 2,
            "seed": seed,
            "max_tokens": 100,
        }
        (draft,) = (await knowing.generate(HELLO, options)).choices
        if draft.finish_reason == "length":  # one call behind the other
            continue
        seen.add(draft.finish_reason)
        if draft.finish_reason == "stop":
            assert sorted(json.loads(draft.text)) == ["n", "of"]
        else:
            assert {call.name for call in draft.tool_calls} <= {"count", "now"}
            assert draft.text.strip() == ""
    assert seen == {"stop", "tool_calls"}


# ── LangChain's ways in, and the layer ───────────────────────────────────────────────────────────


class Flag(BaseModel):
    """Whether it is so."""

    n: bool


def test_structured_output_of_langchain_is_of_its_class(knowing_folder):
    model = TransformersChatModel(checkpoint=str(knowing_folder), max_tokens=60)
    assert isinstance(model.with_structured_output(Flag).invoke([HumanMessage("Hello.")]), Flag)


async def test_that_a_local_model_fills_every_form_is_no_ability_of_an_agents(knowing):
    assert schema_options(knowing, Flag) is None


@pytest.mark.parametrize("choice", ["count", True, "any"])
def test_a_bound_tool_that_must_be_called_is_called(knowing_folder, choice):
    model = TransformersChatModel(checkpoint=str(knowing_folder), max_tokens=60)
    bound = model.bind_tools([COUNT], tool_choice=choice)
    assert [call["name"] for call in bound.invoke("Hello.").tool_calls] == ["count"]
    whole = None
    for chunk in bound.stream("Hello."):
        whole = chunk if whole is None else whole + chunk
    assert [call["name"] for call in whole.tool_calls] == ["count"]


def test_a_layer_keeps_the_form_far_from_every_target(knowing_folder, tmp_path):
    with Amnesia(f"hf:{knowing_folder}", db=tmp_path / "r.db", elicit=False) as amnesia:
        amnesia.forget("Please forget Ana Morel.")
        reply = amnesia.chat("Hello.", response_format=_form(SHAPE))
        assert sorted(json.loads(reply.text)) == ["n", "of"]
        assert reply.receipt.route == "clear"
