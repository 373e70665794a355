"""An agent that raises, hangs or talks nonsense ends in an abstention, never in a leak."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import anyio
import pytest

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.roles import Crew
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import WithheldError
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.models.fixed import FixedBackend
from amnestic.types import Draft, Generation, Message, Route
from tests.graphs.stand import Stand
from tests.keyword_detector import KeywordDetector

SETTINGS = Settings(model="embedded")
IMPATIENT = SETTINGS.model_copy(update={"agent_timeout": 0.5})  # for agents that never answer
LEAK = Draft(text="Osk wrote it. The capital of France is Paris.")
METHODS = {
    "vetter": "vet",
    "scrubber": "scrub",
    "auditor": "audit",
    "rewriter": "rewrite",
    "critic": "criticise",
    "abstainer": "abstain",
}


async def _raise() -> Any:
    raise RuntimeError("Osk is the secret")


async def _hang() -> Any:
    await anyio.sleep_forever()


def _give(value: Any) -> Callable[[], Awaitable[Any]]:
    async def give() -> Any:
        return value

    return give


FAILURES = {
    "raises": _raise,
    "hangs": _hang,
    "gives None": _give(None),
    "gives text": _give("Osk"),
    "gives numbers": _give((1, 2, 3)),
    "gives a dictionary": _give({"vet": "clear"}),
}


def crew_with(agent: str, act: Callable[[], Awaitable[Any]]) -> Crew:
    return replace(local_crew(KeywordDetector("Osk"), SETTINGS), **{agent: Stand(act)})


def settings_for(failure: str) -> Settings:
    return IMPATIENT if failure == "hangs" else SETTINGS


def run(crew: Crew, question: str, draft: Draft, settings: Settings = SETTINGS) -> Outcome:
    engine = UnlearningEngine(crew, settings)
    backend = FixedBackend(Generation((draft,)))
    return anyio.run(engine.run, Request((Message.of("user", question),), backend))


@pytest.mark.product
@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("agent", METHODS)
@pytest.mark.parametrize("question", ["Who wrote it?", "Who is Osk, and where is Paris?", "Osk?"])
def test_no_failure_of_an_agent_lets_a_leak_pass(agent: str, failure: str, question: str) -> None:
    crew = crew_with(agent, FAILURES[failure])
    outcome = run(crew, question, LEAK, settings_for(failure))
    assert outcome.text
    assert all("Osk" not in text for d in outcome.generation.choices for _, text in d.channels())
    assert "Osk" not in outcome.receipt.reason


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("agent", ["vetter", "auditor"])
def test_a_failed_judge_is_said_in_the_receipt(agent: str, failure: str) -> None:
    crew = crew_with(agent, FAILURES[failure])
    outcome = run(crew, "Who wrote it?", LEAK, settings_for(failure))
    if (agent, failure) == ("auditor", "gives text"):
        assert outcome.receipt.reason.startswith("audit: AgentError: the auditor gave a str")
    assert outcome.receipt.route is Route.FAILED
    assert outcome.text == worded_abstention("Who wrote it?" if agent == "auditor" else "")


def test_a_failure_raises_where_the_settings_ask_for_it() -> None:
    settings = Settings(model="embedded", on_failure="raise")
    with pytest.raises(WithheldError, match="was withheld") as caught:
        run(crew_with("auditor", _raise), "Who wrote it?", LEAK, settings)
    assert "Osk" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_detector_that_hangs_in_its_thread_is_left_behind(stuck: threading.Event) -> None:
    class Hanging(KeywordDetector):
        def vet(self, *args: Any) -> Any:
            stuck.wait()

    outcome = run(local_crew(Hanging("Osk"), SETTINGS), "Who wrote it?", LEAK, IMPATIENT)
    assert outcome.receipt.reason == "vet: NodeTimeoutError"
    assert "Osk" not in outcome.text


def test_an_index_that_cannot_be_refreshed_fails_closed() -> None:
    def broken() -> None:
        raise OSError("disk gone")

    engine = UnlearningEngine(local_crew(KeywordDetector(), SETTINGS), SETTINGS, refresh=broken)
    backend = FixedBackend(Generation((Draft(text="Paris."),)))
    outcome = anyio.run(engine.run, Request((Message.of("user", "Hello"),), backend))
    assert outcome.receipt.route is Route.FAILED
    assert outcome.text != "Paris."


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_rounds_are_bounded(rounds: int) -> None:
    settings = Settings(model="embedded", rounds=rounds)
    crew = replace(
        local_crew(KeywordDetector("Osk"), settings), rewriter=Stand(_give(("Osk again.",)))
    )
    outcome = run(crew, "Who wrote it?", LEAK, settings)
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.receipt.rounds == rounds


def test_a_critic_that_praises_a_leak_is_overruled() -> None:
    from amnestic.agents.contracts import Rating

    settings = SETTINGS
    crew = replace(
        local_crew(KeywordDetector("Osk"), settings),
        rewriter=Stand(_give(("Osk again.",))),
        critic=Stand(_give((Rating(5, 5, 5),))),
    )
    outcome = run(crew, "Who wrote it?", LEAK, settings)
    assert outcome.receipt.route is Route.ABSTAINED
    assert "Osk" not in outcome.text


def test_an_abstainer_that_names_the_target_is_overruled() -> None:
    crew = crew_with("abstainer", _give("I may not speak of Osk."))
    outcome = run(crew, "Who is Osk?", LEAK)
    assert outcome.text == worded_abstention("Who is Osk?")
