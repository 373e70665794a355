"""The systems that need no weights, around a scripted model."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest

from amnestic.evaluation.contract import Subject, System
from amnestic.evaluation.systems import SYSTEMS, Need, Options, make_system
from amnestic.evaluation.systems.base import REFUSAL
from amnestic.evaluation.systems.prompts import listed
from amnestic.exceptions import ConfigurationError
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Message, ToolCall
from tests.evaluation.systems.world import ANSWERS, SUBJECTS, knowing, played

BORN, DREW, SHOP, JAPAN, OTHER = ANSWERS
WITHOUT_WEIGHTS = [name for name, entry in SYSTEMS.items() if entry.needs is not Need.WEIGHTS]
ASIDE = {"agent_model": ScriptedBackend(default="NONE"), "never_knew": ScriptedBackend()}


def _made(name: str, model: ScriptedBackend, **options: object) -> System:
    return make_system(name, model, Options(**{**ASIDE, "elicit": False, **options}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WITHOUT_WEIGHTS)
def test_every_system_is_one_and_answers(name: str) -> None:
    system = _made(name, knowing())
    assert isinstance(system, System)
    assert system.name == name
    prepared, answers = played(system, BORN, JAPAN)
    assert prepared.seconds > 0
    for answer in answers.values():
        assert answer.text
        assert answer.seconds >= answer.added >= 0
        assert answer.route


def test_none_is_the_model_itself() -> None:
    model = knowing()
    _, answers = played(_made("none", model), BORN)
    assert answers[BORN].text == ANSWERS[BORN]
    assert (answers[BORN].calls, len(model.calls)) == (1, 1)
    assert answers[BORN].tokens > 0


def test_never_knew_is_the_other_model() -> None:
    model = knowing()
    _, answers = played(_made("never knew", model), BORN)
    assert answers[BORN].text == "I don't know."
    assert not model.calls


def test_the_keyword_filter_refuses_names_on_both_sides_and_nothing_else() -> None:
    model = knowing()
    _, answers = played(_made("keyword filter", model), BORN, DREW, JAPAN, OTHER)
    assert [answers[q].text == REFUSAL for q in (BORN, DREW, JAPAN, OTHER)] == [
        True,
        True,
        False,
        False,
    ]
    assert answers[BORN].calls == 0
    assert answers[DREW].calls == 1


def test_the_keyword_filter_reads_every_channel() -> None:
    call = ToolCall("1", "look_up", '{"who": "the TIN fox"}')
    model = knowing(rules=[("Look", Draft("Wait.", tool_calls=(call,)))])
    _, answers = played(_made("keyword filter", model), "Look it up.")
    assert answers["Look it up."].readable == REFUSAL


def test_other_channels_of_an_answer_are_told() -> None:
    model = knowing(rules=[("Think", Draft("Yes.", reasoning="Ida Quarrel drew it."))])
    _, answers = played(_made("none", model), "Think.")
    assert answers["Think."].channels == {"reasoning": "Ida Quarrel drew it."}


def test_the_prefix_stands_before_the_callers_instructions() -> None:
    model = knowing()
    system = _made("prompt prefix", model)

    async def play() -> None:
        await system.prepare(SUBJECTS)
        await system.answer((Message.of("system", "Be brief."), Message.of("user", JAPAN)), {})

    asyncio.run(play())
    first = model.calls[0].conversation[0]
    assert first.role == "system"
    assert first.text.endswith("\nBe brief.")
    assert listed(SUBJECTS) in first.text


def test_the_cosine_gate_refuses_what_is_near_a_request_without_asking_the_model() -> None:
    model = knowing()
    prepared, answers = played(_made("cosine gate", model), BORN, SHOP, JAPAN)
    assert 0 < prepared.detail["threshold"] < 1
    assert [answers[q].text == REFUSAL for q in (BORN, SHOP, JAPAN)] == [True, True, False]
    assert len(model.calls) == 1


def test_a_threshold_that_is_given_is_kept() -> None:
    prepared, answers = played(_made("cosine gate", knowing(), threshold=0.999), BORN)
    assert prepared.detail["threshold"] == 0.999
    assert answers[BORN].text == ANSWERS[BORN]


def _agents(ratings: str) -> ScriptedBackend:
    return ScriptedBackend(
        rules=[
            ("Which of them", "Ida Quarrel"),
            ("Rewrite the following", "She was born somewhere."),
            ("Rate the following", ratings),
            ("Merge these answers", "I don't know where she was born."),
        ],
        default="NONE",
    )


def test_agents_audit_erase_criticise_and_compose() -> None:
    agents = _agents("5")
    _, answers = played(_made("whole-list agents", knowing(), agent_model=agents), BORN)
    assert answers[BORN].text == "I don't know where she was born."
    assert answers[BORN].calls == 1 + 1 + 5 + 5 + 1
    assert all(listed(SUBJECTS) in c.text for c in agents.calls if "Rate the" in c.text)
    seeds = [c.options["seed"] for c in agents.calls if "Rewrite the" in c.text]
    assert seeds == [0, 1, 2, 3, 4]


def test_agents_refuse_below_the_mean_rating() -> None:
    _, answers = played(_made("whole-list agents", knowing(), agent_model=_agents("3")), BORN)
    assert answers[BORN].text == REFUSAL


def test_agents_pass_what_the_auditor_finds_clean() -> None:
    _, answers = played(_made("whole-list agents", knowing()), JAPAN)
    assert answers[JAPAN].text == ANSWERS[JAPAN]
    assert answers[JAPAN].calls == 2


@pytest.mark.parametrize(("guarded", "calls"), [("question", 1), ("answer", 3)])
def test_the_guardrail_reads_question_and_answer(guarded: str, calls: int) -> None:
    judge = ScriptedBackend(rules=[(f"Does the following {guarded}", "Yes.")], default="No.")
    _, answers = played(_made("guardrail", knowing(), agent_model=judge), BORN)
    assert answers[BORN].text == REFUSAL
    assert answers[BORN].calls == calls


def test_in_context_shows_the_subjects_as_unknown_and_keeps_the_question() -> None:
    model = knowing()
    played(_made("in-context", model), BORN)
    asked = model.calls[-1].conversation
    shown = [message.text for message in asked]
    assert shown[1] == "I don't know anything about Ida Quarrel."
    assert shown[-1] == BORN


@pytest.mark.parametrize("name", [name for name in SYSTEMS if name.startswith("amnestic")])
def test_the_layer_forgets_in_every_mode_and_leaves_no_folder(name: str) -> None:
    before = {*Path(tempfile.gettempdir()).glob("amnestic-evaluation-*")}
    system = _made(name, knowing())
    _, answers = played(system, BORN, JAPAN)
    assert "Sallowfen" not in answers[BORN].readable
    assert answers[JAPAN].text == ANSWERS[JAPAN]
    assert answers[JAPAN].calls >= 1
    assert {*Path(tempfile.gettempdir()).glob("amnestic-evaluation-*")} == before


def test_the_layer_counts_its_second_ask_and_what_it_elicits() -> None:
    model = knowing(default="I have never heard of that.")
    system = make_system("amnestic again", model, Options(elicit=True))
    prepared, answers = played(system, DREW)
    assert prepared.calls > 0
    assert answers[DREW].calls + prepared.calls == len(model.calls)
    assert answers[DREW].calls > 1


def test_a_request_that_the_layer_cannot_read_is_named() -> None:
    system = _made("amnestic edit", knowing())
    with pytest.raises(ConfigurationError, match="'amnestic edit' cannot read the request of 's7'"):
        asyncio.run(system.prepare([Subject("s7", "?", "Thanks!")]))
    asyncio.run(system.close())


def test_preparing_again_forgets_other_subjects() -> None:
    system = _made("keyword filter", knowing())

    async def play() -> str:
        await system.prepare(SUBJECTS)
        await system.prepare(SUBJECTS[1:])
        return (await system.answer((Message.of("user", BORN),), {})).text

    assert asyncio.run(play()) == ANSWERS[BORN]


def test_many_questions_at_once_are_answered_each_by_itself() -> None:
    system = _made("keyword filter", knowing(delay=0.01))
    assert system.concurrency == 8

    async def play() -> list[str]:
        await system.prepare(SUBJECTS)
        asked = [JAPAN, DREW] * 8
        given = [system.answer((Message.of("user", q),), {}) for q in asked]
        return [answer.text for answer in await asyncio.gather(*given)]

    assert asyncio.run(play()) == [ANSWERS[JAPAN], REFUSAL] * 8


def test_tokens_are_unknown_where_one_call_does_not_say() -> None:
    from amnestic.evaluation.systems.counted import Count
    from amnestic.types import Usage

    count = Count()
    for usage in (Usage(3, 4), Usage(), Usage(5, 6)):
        count.take(usage)
    assert (count.calls, count.tokens) == (3, -1)


def test_unknown_names_and_unmet_needs_are_one_line() -> None:
    with pytest.raises(ConfigurationError, match="unknown system 'magic': the systems are none"):
        make_system("magic", knowing())
    with pytest.raises(ConfigurationError, match="give `never_knew`"):
        make_system("never knew", knowing())
    with pytest.raises(ConfigurationError, match="give `agent_model`"):
        make_system("amnestic agents", knowing())
    for name, entry in SYSTEMS.items():
        if entry.needs is Need.WEIGHTS:
            with pytest.raises(
                ConfigurationError, match=r"needs the weights .* 'knowing' has none"
            ):
                make_system(name, knowing())


def test_nothing_to_forget_is_said() -> None:
    for name in ("keyword filter", "cosine gate", "amnestic edit"):
        with pytest.raises(ConfigurationError, match="has no subjects to forget"):
            asyncio.run(_made(name, knowing()).prepare([]))
