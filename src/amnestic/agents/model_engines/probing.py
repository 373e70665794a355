"""Finding out what a model can do, rather than believing what it accepts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from amnestic.agents.ledger import current_ledger, open_ledger
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.answers import ProbeAnswer
from amnestic.agents.model_engines.parsing import Unreadable, parse_answer
from amnestic.agents.model_engines.structured import schema_options
from amnestic.exceptions import ModelError
from amnestic.prompts.loader import Prompt
from amnestic.types import Draft

__all__ = ["Ability", "probe", "probing"]

_ANSWER_TOKENS = 512  # one short object, and what a model thinks before it


class Ability(StrEnum):
    """How a model can be made to answer in a given form."""

    SCHEMA = "schema"
    PROMPTED = "prompted"
    PLAIN = "plain"


async def probe(model: AgentModel, prompt: Prompt) -> Ability:
    """Find the best way that works, with at most two small calls.

    In schema mode the prompt asks for plain words, so that only a server that enforces the schema
    answers with JSON: several accept the option and ignore it. Raises `ModelError` when the model
    cannot be reached, which says nothing about what it can do.
    """
    with probing():
        if await _enforces_schema(model, prompt):
            return Ability.SCHEMA
        rendered = prompt.render(as_json=True)
        draft = await model.ask("probe", rendered.conversation, {"max_tokens": _ANSWER_TOKENS})
        return Ability.PROMPTED if _readable(draft, rendered.seal) else Ability.PLAIN


@contextmanager
def probing() -> Iterator[None]:
    """Calls inside the block are counted apart: in the receipt of the request that came first and
    in the usage, but not against the tokens that the request may use."""
    request = current_ledger()
    with open_ledger() as own:
        try:
            yield
        finally:
            request.probed(own.entries)


async def _enforces_schema(model: AgentModel, prompt: Prompt) -> bool:
    options = schema_options(model.backend, ProbeAnswer)
    if options is None:
        return False
    rendered = prompt.render(as_json=False)
    try:
        call = {**options, "max_tokens": _ANSWER_TOKENS}
        draft = await model.ask("probe", rendered.conversation, call)
    except ModelError as error:
        if error.retryable:
            raise
        return False
    return _readable(draft, None)


def _readable(draft: Draft, seal: str | None) -> bool:
    try:
        parse_answer(draft, ProbeAnswer, seal)
    except Unreadable:
        return False
    return True
