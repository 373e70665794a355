"""What a LangChain model's answer holds beside its words is read, and likely words stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from amnestic import Amnesia
from amnestic.integrations import AmnesticChatModel
from amnestic.testing import ScriptedBackend
from tests.layers import keyword_layer

LIKELY = [
    {"token": "A", "logprob": -0.1, "top_logprobs": [{"token": "O", "logprob": -2.0}]},
    {"token": " day", "logprob": -0.1, "top_logprobs": [{"token": "sk", "logprob": -2.0}]},
]
HARMLESS = [{"token": "A day", "logprob": -0.1, "top_logprobs": [{"token": "A night"}]}]


class Saying(BaseChatModel):
    """A model that gives one message."""

    message: Any

    @property
    def _llm_type(self) -> str:
        return "saying"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.message)])


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("fields"), "Osk", model=model) as amnesia:
        yield amnesia


def asked(layer: Amnesia, message: AIMessage, *before: Any) -> AIMessage:
    model = AmnesticChatModel(amnesia=layer, inner=Saying(message=message))
    said = model.invoke([*before, ("user", "How is it?")])
    assert isinstance(said, AIMessage)
    return said


CALL: Any = {"name": "find", "args": {}, "id": "osk_1", "type": "tool_call"}


@pytest.mark.parametrize(
    "message",
    [
        AIMessage("A day.", response_metadata={"logprobs": {"content": LIKELY}}),
        AIMessage("A day.", response_metadata={"system_fingerprint": "fp_osk"}),
        AIMessage("A day.", additional_kwargs={"citations": ["Osk, a life"]}),
        AIMessage("A day.", id="osk-1"),
        AIMessage("A day.", name="Osk"),
        AIMessage("", tool_calls=[CALL]),
        AIMessage("", tool_calls=[{**CALL, "id": "1", "name": "find_osk"}]),
        AIMessage([{"type": "text", "text": "A day.", "annotations": [{"title": "Osk"}]}]),
    ],
)
def test_every_field_of_an_answer_is_read(layer: Amnesia, message: AIMessage) -> None:
    said = asked(layer, message)
    assert "osk" not in repr(said).lower()
    assert "'sk'" not in repr(said)


def test_likely_words_go_with_an_answer_that_is_far_from_every_target_only(layer: Amnesia) -> None:
    told = AIMessage("A day.", response_metadata={"logprobs": {"content": HARMLESS}})
    assert asked(layer, told).response_metadata["logprobs"] == {"content": HARMLESS}
    near = asked(layer, told, ("system", "Osk is a poet."))
    assert near.content == "A day."
    assert "logprobs" not in near.response_metadata
    assert told.response_metadata["logprobs"] == {"content": HARMLESS}
