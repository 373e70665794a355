"""Asking a chat model whom and what a text tells of. No target is mentioned to it."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict

from amnestic.agents.contracts import Ask, Named
from amnestic.agents.ledger import OutOfCalls, current_ledger
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.listed import listed_names
from amnestic.agents.model_engines.verdict_cache import VerdictCache
from amnestic.exceptions import AmnesticError
from amnestic.models.purpose import asking_for
from amnestic.prompts.loader import Prompts
from amnestic.types import Conversation

__all__ = ["ModelIdentifier"]

_PURPOSE = "identify"
_ANSWER_TOKENS = 1_000
_KEPT = 2_048


class ModelIdentifier:
    """Asks an agents' model, or the base model where a call brings one, for a list of names.

    One call for question and draft together, bounded in time with all its tries. Answers are kept
    in memory by the hash of what was asked; those for the question also by themselves. What cannot
    be had or read is counted in the request's ledger, and is no answer.

    Args:
        prompts: where the prompt `identify` is.
        model: the agents' model; `None` where only the base model is asked.
        timeout: seconds that one identification may take.
    """

    def __init__(self, prompts: Prompts, model: AgentModel | None, timeout: float) -> None:
        self._prompt = prompts[_PURPOSE]
        self._model = model
        self._timeout = timeout
        self._kept: OrderedDict[bytes, Named] = OrderedDict()
        self._turn = threading.Lock()

    async def identify(
        self, question: str, draft: str = "", cue: str = "", ask: Ask | None = None
    ) -> Named | None:
        """What the model names; `None` where no names could be had."""
        if ask is None and self._model is None:
            return None  # the base model is to be asked, and this call brings none
        name = self._model.name if ask is None and self._model is not None else ""
        whose = (current_ledger().namespace, name)
        key, of_question = (VerdictCache.key(*whose, cue, question, text) for text in (draft, ""))
        known = self._find(key)
        if known is not None:
            return known
        prompt = self._prompt.render(cue=cue, question=question, draft=draft)
        try:
            async with asyncio.timeout(self._timeout):
                text = await self._said(prompt.conversation, ask)
        except (AmnesticError, TimeoutError, OutOfCalls):
            text = ""
        named = listed_names(text, has_draft=bool(draft.strip()))
        if named is None:
            current_ledger().leave_unidentified()
            return None
        self._keep(of_question, Named(question=named.question))
        self._keep(key, named)
        return named

    async def _said(self, conversation: Conversation, ask: Ask | None) -> str:
        if ask is not None:
            with asking_for(_PURPOSE):
                given = await ask(conversation)
            return given.choices[0].text if given.choices else ""
        if self._model is None:
            return ""
        options = {"max_tokens": _ANSWER_TOKENS}
        return (await self._model.ask(_PURPOSE, conversation, options)).text

    def _find(self, key: bytes) -> Named | None:
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: bytes, named: Named) -> None:
        with self._turn:
            self._kept[key] = named
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
