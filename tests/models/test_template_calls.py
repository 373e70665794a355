"""Calls are read back in the form that a model's own chat template writes them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.config import Settings
from amnestic.models import resolve_backend
from amnestic.models.checkpoint import Checkpoint
from amnestic.models.deltas import collect
from amnestic.models.template_calls import CallForm, CallReader, Write, form_of
from amnestic.types import Message, Part, ToolCall
from tests.patience import PATIENCE

_HEAD = "{% for m in messages %}[{{ m.role }}]{{ m.content or '' }}"
_TAIL = "{% if not loop.last %}\n{% endif %}{% endfor %}{% if begun %}\n[assistant]{% endif %}"


def _calls(written: str) -> str:
    return f"{_HEAD}{{% for c in m.tool_calls or [] %}}{written}{{% endfor %}}{_TAIL}"


HERMES = _calls(
    '<tool_call>\n{"name": "{{ c.function.name }}", "arguments": '
    "{{ c.function.arguments | tojson }}}\n</tool_call>"
)
PARAMETERS = _calls(
    '{"name": "{{ c.function.name }}", "parameters": {{ c.function.arguments | tojson }}}'
)
LISTED = _calls(
    '[CALLS] [{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}, '
    '"id": "{{ c.id }}"}]'
)
TAGGED = _calls("<function={{ c.function.name }}>{{ c.function.arguments | tojson }}</function>")
QUOTED = _calls(
    '<call>{"name": "{{ c.function.name }}", "a": {{ c.function.arguments | tojson | tojson }}}'
)
BACKWARDS = _calls("<call>{{ c.function.arguments | tojson }} for {{ c.function.name }}")
_THOUGHT = HERMES.replace(
    "]{{ m.content",
    "]{% if loop.last and m.role == 'assistant' %}<think>\n\n</think>\n\n{% endif %}{{ m.content",
)
_THINKING = HERMES.replace("\n[assistant]", "\n[assistant]<think>\n")
WORDS = _calls("I call {{ c.function.name }} with {{ c.function.arguments | tojson }}")
NONE = f"{_HEAD}{_TAIL}"
REFUSING = "{{ raise_exception('no') }}"


def _writing(template: str) -> Write:
    def refuse(_: str) -> None:
        raise ValueError

    compiled = jinja2.Environment().from_string(template)

    def write(messages: Sequence[Mapping[str, Any]], _: Any, begun: bool) -> str:
        return compiled.render(messages=messages, begun=begun, raise_exception=refuse)

    return write


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (HERMES, '<tool_call>\n{"name": "find", "arguments": {"q": "a}b"}}\n</tool_call>'),
        (HERMES, '<tool_call>{"name":"find","arguments":{"q":"a}b"}}</tool_call>\n'),
        (PARAMETERS, '{"name": "find", "parameters": {"q": "a}b"}}'),
        (TAGGED, '<function=find>{"q": "a}b"}</function>'),
        (LISTED, '[CALLS] [{"name": "find", "arguments": {"q": "a}b"}, "id": "aB3xY9-_z"}]'),
    ],
)
def test_a_call_is_read_as_the_template_writes_it(template, said):
    form = form_of(_writing(template))
    assert form is not None
    assert form.read(said, {"find"}) == (ToolCall("call00000", "find", '{"q": "a}b"}'),)


@pytest.mark.parametrize("template", [QUOTED, BACKWARDS, WORDS, NONE, REFUSING])
def test_a_template_whose_calls_cannot_be_read_back_has_no_form(template):
    assert form_of(_writing(template)) is None


@pytest.mark.parametrize("template", [_THOUGHT, _THINKING], ids=["written", "begun"])
def test_thoughts_that_a_template_writes_before_an_answer_are_none_of_the_call(template):
    form = form_of(_writing(template))
    assert form == form_of(_writing(HERMES))
    reader = CallReader(form, {"find"})
    assert reader.feed("<think>\nWhere?\n</think>\n\n") == "<think>\nWhere?\n</think>\n\n"
    rest, calls = reader.end('<tool_call>\n{"name": "find", "arguments": {}}\n</tool_call>')
    assert (rest, [call.name for call in calls]) == ("", ["find"])


HERMES_FORM = CallForm('<tool_call>\n{"name": "', '", "arguments": ', "}\n</tool_call>")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "It is Paris.",
        '<tool_call>\n{"name": "lose", "arguments": {}}\n</tool_call>',  # nobody offered it
        '<tool_call>\n{"name": "find", "arguments": {"q": "a"',  # cut short
        '<tool_call>\n{"name": "find", "arguments": "a"}\n</tool_call>',
        '<tool_call>\n{"name": "find", "arguments": {}}',
        '<tool_call>\n{"name": "find", "arguments": {}}\n</tool_call> And so on.',
        '<tool_call>\n{"name": "find", "arguments": ' + "[" * 100_000,
        '<tool_call>\n{"name": "find", "arguments": {"q": NaN}}\n</tool_call>',
        '<tool_call>\n{"name": "find", "arguments": {"q": 1e999}}\n</tool_call>',
        '<tool_call>\n{"name": "find", "arguments": {"q": "\\ud83d"}}\n</tool_call>',
        '<tool_call>{"name": "lose", "arguments": <tool_call>{"name": "find", "arguments": {}}'
        "</tool_call>",
    ],
)
def test_what_is_no_whole_call_stays_text(said):
    assert HERMES_FORM.read(said, {"find"}) == ()
    reader = CallReader(HERMES_FORM, {"find"})
    fed = reader.feed(said[:9]) + reader.feed(said[9:])
    rest, calls = reader.end("")
    assert (fed + rest, calls) == (said, ())


def test_several_calls_are_read_behind_the_text_before_them():
    one = '<tool_call>\n{"name": "find", "arguments": {"q": 1}}\n</tool_call>'
    reader = CallReader(HERMES_FORM, {"find"})
    assert reader.feed("I shall look. <tool") == "I shall look. "
    rest, calls = reader.end(f"{one.removeprefix('<tool')}\n{one}")
    assert rest == ""
    assert [(call.id, call.arguments) for call in calls] == [
        ("call00000", '{"q": 1}'),
        ("call00001", '{"q": 1}'),
    ]


def test_a_call_that_was_spoken_of_before_it_is_made_is_read():
    reader = CallReader(HERMES_FORM, {"find"}, 41)
    assert reader.feed("I shall write <tool_call> now. ") == "I shall write "
    rest, calls = reader.end('<tool_call>\n{"name": "find", "arguments": {}}\n</tool_call>')
    assert rest == "<tool_call> now. "
    assert calls == (ToolCall("call00041", "find", "{}"),)


@given(st.text(alphabet='<tool_cal>{"name": "find"}\n a'), st.integers(1, 7))
def test_no_letter_is_lost_however_an_answer_comes(said, size):
    reader = CallReader(HERMES_FORM, {"find"})
    given_ = "".join(reader.feed(said[i : i + size]) for i in range(0, len(said), size))
    rest, calls = reader.end("")
    assert calls or given_ + rest == said


# ── A model ──────────────────────────────────────────────────────────────────────────────────────

TOOL = {"type": "function", "function": {"name": "find", "parameters": {"type": "object"}}}
ASKED = (Message.of("user", "Where?"),)
SAID = 'Wait. <tool_call>\n{"name": "find", "arguments": {"q": "ä"}}\n</tool_call>'


@pytest.fixture
def saying(tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A model whose template knows calls, and which says what it is told to."""
    for file in tiny_checkpoint.iterdir():
        if file.name != "chat_template.jinja":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "chat_template.jinja").write_text(
        HERMES.replace("begun", "add_generation_prompt"), "utf-8"
    )
    backend = resolve_backend(f"hf:{tmp_path}", Settings(model_timeout=PATIENCE))

    def says(text: str) -> Any:
        def generate(
            self: Checkpoint,
            prompt: Any,
            sampling: Any,
            limit: int,
            take: Callable[[int], bool],
            *_: Any,
        ) -> bool:
            return [take(token) for token in self.encode_text(text)] != []

        monkeypatch.setattr(Checkpoint, "generate", generate)
        return backend

    return says


@pytest.mark.anyio
async def test_a_model_calls_a_tool_plain_and_streamed(saying):
    backend = saying(SAID)
    plain = await backend.generate(ASKED, {"tools": [TOOL]})
    (draft,) = plain.choices
    assert draft.text.strip() == "Wait."
    (call,) = draft.tool_calls
    assert (call.name, call.arguments) == ("find", '{"q": "ä"}')
    assert draft.finish_reason == "tool_calls"
    assert plain.usage.output_tokens > 0
    assert await collect(backend.stream(ASKED, {"tools": [TOOL]})) == plain


@pytest.mark.anyio
async def test_the_calls_of_two_turns_are_told_apart(saying):
    backend = saying(SAID)
    (first,) = (await backend.generate(ASKED, {"tools": [TOOL]})).choices
    (call,) = first.tool_calls
    made = Message("assistant", tool_calls=first.tool_calls)
    found = Message("tool", (Part("text", "Here."),), tool_call_id=call.id)
    (second,) = (await backend.generate((*ASKED, made, found), {"tools": [TOOL]})).choices
    assert second.tool_calls[0].id != call.id
    for told in (call, *second.tool_calls):
        assert len(told.id) == 9  # some templates take no other
        assert told.id.isalnum()


@pytest.mark.anyio
@pytest.mark.parametrize("options", [{}, {"tools": [TOOL], "tool_choice": "none"}])
async def test_where_no_tool_may_be_called_nothing_is_a_call(saying, options):
    backend = saying(SAID)
    (draft,) = (await backend.generate(ASKED, options)).choices
    assert (draft.text, draft.tool_calls, draft.finish_reason) == (SAID, (), "stop")
