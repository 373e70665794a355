"""An exception that is no provider's: itself far from every target, without its words near one."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anyio
import openai
import pytest

from amnestic.agents.counterfactual import CounterfactualAbstainer
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelCodeError, ModelError
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.models import LangChainBackend
from amnestic.models.protocol import Delta
from amnestic.testing import ScriptedBackend, ScriptedChatModel, assert_no_leak, capture_logs
from amnestic.types import Message, Route
from tests.keyword_detector import KeywordDetector

SECRETS = ("Osk", "windmill")
FAR, DIRECT, PART = "Where is Paris?", "Who is Osk?", "Who is Osk, and where is Paris?"
WAYS: dict[str, Callable[[Exception], Any]] = {
    "backend": lambda error: ScriptedBackend(default=error),
    "langchain": lambda error: LangChainBackend(ScriptedChatModel.of(default=error)),
}


def ask(text: str, backend: Any, *, streamed: bool = False, **settings: Any) -> Any:
    chosen = Settings(model="embedded", **settings)
    detector = KeywordDetector("Osk")
    crew = local_crew(detector, chosen)
    if chosen.abstention == "counterfactual":
        crew = replace(crew, counterfactual=CounterfactualAbstainer(detector, crew.auditor))
    heard: list[Delta] = []
    emit = heard.append if streamed else None
    request = Request((Message.of("user", text),), backend, emit=emit)
    outcome = anyio.run(UnlearningEngine(crew, chosen).run, request)
    assert_no_leak(SECRETS, heard)
    return outcome


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_a_bug_far_from_every_target_is_seen_as_it_is(way: str, streamed: bool) -> None:
    bug = TypeError("'NoneType' object is not subscriptable")
    with pytest.raises(TypeError) as caught:
        ask(FAR, WAYS[way](bug), streamed=streamed)
    assert caught.value is bug
    assert "script.py" in "".join(traceback.format_tb(bug.__traceback__))


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chained", [False, True])
def test_a_bug_that_quotes_a_target_loses_its_words(
    way: str, streamed: bool, chained: bool
) -> None:
    bug = ValueError("cannot read: Osk keeps the windmill")
    if chained:
        bug, bug.__cause__ = ValueError("cannot read it"), bug
    with capture_logs() as logs, pytest.raises(ModelCodeError, match="ValueError") as caught:
        ask(FAR, WAYS[way](bug), streamed=streamed)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert_no_leak(SECRETS, str(caught.value), vars(caught.value), logs.lines)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (PART, {}),
        (PART, {"direct": "ask"}),
        (DIRECT, {"direct": "ask"}),
        (DIRECT, {"direct": "ask", "abstention": "counterfactual"}),
    ],
)
@pytest.mark.parametrize("words", ["cannot read: Osk keeps the windmill", "harmless"])
def test_a_bug_near_a_target_fails_as_for_any_subject_and_without_its_words(
    text: str, settings: dict[str, Any], words: str
) -> None:
    with capture_logs() as logs, pytest.raises(ModelCodeError, match="KeyError") as caught:
        ask(text, WAYS["langchain"](KeyError(words)), **settings)
    assert words not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert_no_leak(SECRETS, str(caught.value), logs.lines)


@pytest.mark.parametrize("abstention", ["worded", "counterfactual"])
def test_a_bug_in_a_model_that_need_not_be_asked_is_no_hindrance(abstention: str) -> None:
    backend = WAYS["backend"](TypeError("Osk"))
    outcome = ask(DIRECT, backend, direct="abstain", abstention=abstention)
    assert outcome.receipt.route is Route.ABSTAINED
    assert "Osk" not in outcome.text


def test_a_review_that_fails_takes_the_words_of_a_bug() -> None:
    class Broken:
        async def audit(self, *args: Any) -> Any:
            raise RuntimeError("no review")

    settings = Settings(model="embedded")
    crew = replace(local_crew(KeywordDetector("Osk"), settings), auditor=Broken())
    request = Request((Message.of("user", FAR),), ScriptedBackend(TypeError("a bug")))
    with pytest.raises(ModelCodeError):
        anyio.run(UnlearningEngine(crew, settings).run, request)


def test_a_backend_that_lets_a_providers_error_through_is_re_labelled() -> None:
    class Careless(ScriptedBackend):
        async def generate(self, *args: Any) -> Any:
            raise openai.OpenAIError("you asked: who is Osk?")

    with pytest.raises(ModelError, match="OpenAIError") as caught:
        ask(FAR, Careless())
    assert_no_leak(SECRETS, str(caught.value))


def test_an_agents_bug_is_told_in_the_receipt_by_kind_and_place() -> None:
    class Buggy:
        async def audit(self, *args: Any) -> Any:
            raise AttributeError("Osk keeps the windmill")

    settings = Settings(model="embedded")
    crew = replace(local_crew(KeywordDetector("Osk"), settings), auditor=Buggy())
    request = Request((Message.of("user", FAR),), ScriptedBackend("Paris is in France."))
    outcome = anyio.run(UnlearningEngine(crew, settings).run, request)
    assert outcome.receipt.route is Route.FAILED
    assert outcome.receipt.reason.startswith("audit: AttributeError (test_foreign_errors.py, line ")
    assert_no_leak(SECRETS, outcome.text, outcome.receipt)
