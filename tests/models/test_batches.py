"""Several answers at once are those that each conversation gets alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest

from amnestic.config import Settings
from amnestic.exceptions import InputTooLargeError, ModelError
from amnestic.models import resolve_backend
from amnestic.models.batches import answer_batch
from amnestic.models.decoding import Sampling
from amnestic.models.protocol import BatchingBackend
from amnestic.types import Conversation, Generation, Message
from tests.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("one_thread")

ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Where is Marrowell?", {"max_tokens": 30}),
    ("What is 2 plus 2?", {"max_tokens": 3}),
    ("Hello. " * 40, {"max_tokens": 30, "temperature": 0.7, "seed": 5}),
    ("Where was Jorva Velkarst born?", {"max_tokens": 30, "stop": "Arv"}),
    ("Rewrite it. " * 9, {"max_tokens": 30, "temperature": 2.0, "seed": 6}),
    ("Rewrite it. " * 9, {"max_tokens": 30, "temperature": 2.0, "seed": 7}),
)


def _asked() -> list[tuple[Conversation, Mapping[str, Any]]]:
    return [((Message.of("user", text),), options) for text, options in ASKED]


@pytest.fixture(scope="module")
def backend() -> Any:
    return resolve_backend("embedded", Settings(model_timeout=PATIENCE))


async def _alone(backend: Any, asked: list[tuple[Conversation, Mapping[str, Any]]]) -> Any:
    return [await backend.generate(conversation, options) for conversation, options in asked]


def _shown(given: list[Generation]) -> list[Any]:
    told = [(g.choices[0].text, g.choices[0].finish_reason, g.usage) for g in given]
    return [(text, reason, u.input_tokens, u.output_tokens) for text, reason, u in told]


def test_answers_made_at_once_are_those_made_alone(backend: Any) -> None:
    assert isinstance(backend, BatchingBackend)
    at_once = _shown(list(asyncio.run(backend.generate_all(_asked()))))
    assert at_once == _shown(asyncio.run(_alone(backend, _asked())))
    assert at_once[4] != at_once[5]
    assert at_once[1][1] == "length"


def test_what_is_no_matter_of_choosing_tokens_is_asked_alone(backend: Any) -> None:
    (where, _), (sum_, _) = _asked()[:2]
    schema = {"type": "json_schema", "json_schema": {"schema": {"type": "integer"}}}
    asked = [(where, {"max_tokens": 9}), (sum_, {"max_tokens": 9, "response_format": schema})]
    first, second = asyncio.run(backend.generate_all(asked))
    assert first.choices[0].text.startswith("Marrowell")
    assert second.choices[0].text.strip().lstrip("-").isdigit()


def test_a_batch_ends_at_the_deadline_and_refuses_what_does_not_fit(backend: Any) -> None:
    checkpoint = backend.model.load()
    sampling = Sampling(max_tokens=5)
    with pytest.raises(ModelError, match="did not answer in time"):
        answer_batch(checkpoint, [[5, 6]], [sampling], time.monotonic() - 1)
    with pytest.raises(InputTooLargeError):
        answer_batch(
            checkpoint, [[5], [6] * checkpoint.context], [sampling] * 2, time.monotonic() + 60
        )
