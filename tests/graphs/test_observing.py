"""What is handed to an agent is cleaned, in the company of what the conversation is about."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.roles import Crew
from amnestic.agents.scrubber import LocalScrubber
from amnestic.agents.vetter import LocalVetter
from amnestic.graphs.observing import WITHHELD, clean_inputs
from amnestic.testing import assert_no_leak
from amnestic.types import Conversation, Message, Policy
from tests.keyword_detector import KeywordDetector

ROWS = [{"name": "Mirela Osk", "born": 1961}, {"name": "Edda Tarn", "born": 1970}]
NOTHING: Any = None


def crew(vetter: Any = None, scrubber: Any = None) -> Crew:
    detector = KeywordDetector("Osk")
    local = LocalScrubber(LocalAuditor(detector, Policy.BALANCED))
    return Crew(
        vetter or LocalVetter(detector), scrubber or local, NOTHING, NOTHING, NOTHING, NOTHING
    )


def cleaned(*messages: Message, since: int = 0, **agents: Any) -> Conversation:
    return asyncio.run(clean_inputs(crew(**agents), lambda: None, messages, "default", since))


def test_a_tool_result_loses_the_record_and_stays_json() -> None:
    (clean,) = cleaned(Message.of("tool", json.dumps(ROWS)))
    assert json.loads(clean.text) == ROWS[1:]


def test_what_is_far_from_every_target_is_the_object_that_was_given() -> None:
    messages = (Message.of("user", "Who?"), Message.of("tool", "Edda Tarn."))
    assert cleaned(*messages) == messages
    assert cleaned(*messages)[1] is messages[1]


def test_messages_before_are_read_and_left_alone() -> None:
    before = Message.of("tool", "Osk was here.")
    clean = cleaned(before, Message.of("tool", "Osk is there. It rains."), since=1)
    assert clean[0] is before
    assert_no_leak("Osk", clean[1])


def test_a_text_of_which_nothing_stays_says_so() -> None:
    (clean,) = cleaned(Message.of("tool", "Osk casts bells."))
    assert clean.text == WITHHELD


class Broken:
    """An agent that fails, and says what it saw."""

    async def vet(self, conversation: Conversation, namespace: str) -> Any:
        raise RuntimeError(conversation[-1].text)

    async def scrub(self, conversation: Conversation, verdict: Any) -> Any:
        raise RuntimeError(conversation[-1].text)


@pytest.mark.parametrize("agent", ["vetter", "scrubber"])
def test_when_an_agent_fails_everything_is_withheld(agent: str) -> None:
    clean = cleaned(
        Message.of("user", "Who?"), Message.of("tool", "Osk."), since=1, **{agent: Broken()}
    )
    assert [m.text for m in clean] == ["Who?", WITHHELD]
