"""Probabilities for single questions, from models that give them instead of words."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from amnestic.agents.ledger import current_ledger
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.exceptions import AmnesticError, ModelError
from amnestic.models.failures import describe
from amnestic.models.home_loop import run_at_home
from amnestic.tools.offload import offload
from amnestic.types import Usage

if TYPE_CHECKING:
    from amnestic.models.transformers_chat import TransformersChatModel

__all__ = ["Decider", "Decision", "find_decider"]

_LEVELS = ("1", "2", "3", "4", "5")
_TRY = "Fresh snow is white."


@dataclass(frozen=True, slots=True)
class Decision:
    """One question about a text: yes or no, or a mark from 1 to 5."""

    kind: Literal["yes_no", "mark"]
    question: str


class Decider(Protocol):
    """Answers decisions by probability."""

    async def decide(self, state: str, decisions: Sequence[Decision]) -> tuple[float, ...]:
        """For each decision the probability of yes, or the likeliest mark."""
        ...


class TransformersDecider:
    """Reads the probabilities of the labels off a local model, one forward pass a question."""

    def __init__(self, model: TransformersChatModel) -> None:
        self._model = model
        self._pipeline: Any = None
        self._turn = threading.Lock()  # a tokenizer holds per-call state

    async def decide(self, state: str, decisions: Sequence[Decision]) -> tuple[float, ...]:
        """Answer in a worker thread."""
        return await offload(self._decide, state, decisions)

    def _decide(self, state: str, decisions: Sequence[Decision]) -> tuple[float, ...]:
        questions = {f"q{i}": _as_system_one(decision) for i, decision in enumerate(decisions)}
        with self._turn:
            if self._pipeline is None:
                self._pipeline = self._build()
            answers = self._pipeline({"state": state, "questions": questions})
        return tuple(_read_system_one(answers[name]) for name in questions)

    def _build(self) -> Any:
        from transformers import pipeline

        from amnestic.models.checkpoint import quiet

        loaded = self._model.load()
        # A copy, since the pipeline adds its marks to the tokenizer's vocabulary.
        tokenizer = copy.deepcopy(loaded.tokenizer)
        with quiet():
            return pipeline("decision", model=loaded.model, tokenizer=tokenizer)


class OpenAIDecider:
    """Asks the provider's own decisions endpoint, for at most `timeout` seconds; `run` does the
    client's work on its own loop."""

    def __init__(
        self,
        client: Any,
        model: str,
        name: str,
        timeout: float,
        run: Callable[..., Awaitable[Any]] = run_at_home,
    ) -> None:
        self._client = client
        self._model = model
        self._name = name
        self._timeout = timeout
        self._run = run

    async def decide(self, state: str, decisions: Sequence[Decision]) -> tuple[float, ...]:
        """One call for all decisions; raises `ModelError`, also when one of them is refused."""
        import openai

        questions = [_as_openai(decision) for decision in decisions]
        try:
            given = await self._run(
                lambda: self._client.decisions.create(
                    model=self._model, input=state, questions=questions, timeout=self._timeout
                )
            )
        except (openai.OpenAIError, RuntimeError) as error:
            failure = describe(self._name, error)
        else:
            return self._read(given)
        raise failure

    def _read(self, given: Any) -> tuple[float, ...]:
        try:
            return tuple(_read_openai(answer, self._name) for answer in given.answers)
        except (AttributeError, TypeError, ValueError):
            failure = ModelError(
                f"agent model {self._name!r} gave decisions that cannot be read",
                hint="check what the server at the base URL answers",
            )
        raise failure


async def find_decider(model: AgentModel) -> Decider | None:
    """A decider for the model, when one works for it. Raises a `ModelError` that is `retryable`
    where that cannot be said now, as when it does not answer in time."""
    decider = _candidate(model)
    if decider is None:
        return None
    current_ledger().book("probe", model.name, Usage(len(_TRY) // 4, 2))
    tried = [Decision("yes_no", "Is snow white?"), Decision("mark", "How?")]
    try:
        async with asyncio.timeout(model.limits.timeout):
            await decider.decide(_TRY, tried)
    except TimeoutError:
        raise ModelError(f"{model.name!r} did not decide in time", retryable=True) from None
    except ModelError as error:
        if error.retryable:
            raise
        return None
    except AmnesticError:
        raise
    except (ValueError, RuntimeError, KeyError, NotImplementedError):
        return None  # such as a tokenizer without single tokens for the labels
    return decider


def _candidate(model: AgentModel) -> Decider | None:
    backend: Any = model.backend
    chat: Any = getattr(backend, "model", None)
    if type(chat).__name__ == "TransformersChatModel":
        return TransformersDecider(chat)
    client = getattr(chat, "root_async_client", None)
    if client is not None and hasattr(client, "decisions"):
        timeout = model.limits.timeout
        return OpenAIDecider(client, chat.model_name, model.name, timeout, backend.run)
    return None


def _as_system_one(decision: Decision) -> Mapping[str, Any]:
    if decision.kind == "yes_no":
        return {"type": "noul", "instructions": decision.question}
    return {"type": "score", "instructions": decision.question, "criteria": list(_LEVELS)}


def _read_system_one(answer: Mapping[str, Any]) -> float:
    if answer["type"] == "noul":
        return float(answer["noul"])
    likeliest = max(answer["probabilities"], key=answer["probabilities"].get)
    return float(int(likeliest) + 1)


def _as_openai(decision: Decision) -> Mapping[str, Any]:
    if decision.kind == "yes_no":
        return {"type": "predicate", "instructions": decision.question}
    levels = [{"label": level} for level in _LEVELS]
    return {"type": "score", "instructions": decision.question, "levels": levels}


def _read_openai(answer: Any, name: str) -> float:
    if answer.type == "predicate":
        return float(answer.probability)
    if answer.type == "score":
        return float(max(answer.probabilities, key=lambda p: p.probability).label)
    raise ModelError(f"agent model {name!r} declined to decide")
