"""What goes into a model, cleaned on its way, as the `Amnesia` facade offers it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from amnestic.config import Settings
from amnestic.conversation import MessagesLike, parse_conversation
from amnestic.tenancy import by_namespace
from amnestic.types import Conversation

if TYPE_CHECKING:
    from amnestic.assembly import Parts

__all__ = ["Cleaning"]

_log = logging.getLogger("amnestic.audit")

T = TypeVar("T")


class Cleaning:
    """The part of `Amnesia` that takes what belongs to a target out of what a model shall read."""

    settings: Settings

    if TYPE_CHECKING:

        def call(self, make: Callable[[], Awaitable[T]]) -> T: ...

        async def _aparts(self) -> Parts: ...

    @by_namespace
    async def aclean(
        self, messages: MessagesLike, *, since: int = 0, namespace: str | None = None
    ) -> Conversation:
        """What may stay of messages that are about to be handed to a model or kept in a memory:
        tool results, retrieved passages, summaries. No model is called.

        Messages before `since` are only read, for what the conversation is about. JSON and tables
        keep their shape. Fails closed: what could not be judged is withheld.
        """
        from amnestic.graphs.observing import clean_inputs

        conversation = parse_conversation(messages, max_chars=self.settings.max_chars)
        parts = await self._aparts()
        space = self.settings.namespace
        cleaned = await clean_inputs(
            parts.engine.crew, parts.engine.refresh, conversation, space, since
        )
        return self._given(conversation, cleaned)

    @by_namespace
    def clean(
        self, messages: MessagesLike, *, since: int = 0, namespace: str | None = None
    ) -> Conversation:
        """`aclean`, for synchronous callers."""
        return self.call(lambda: self.aclean(messages, since=since))

    @by_namespace
    async def aclean_request(
        self, messages: MessagesLike, *, namespace: str | None = None
    ) -> Conversation:
        """What a model that is asked elsewhere may read of a conversation, as a gateway hands it
        on: its documents, histories and tool results without what belongs to a target, questions as
        they were asked. No model is called. Whoever does so has the answer checked, too."""
        from amnestic.graphs.observing import clean_request

        conversation = parse_conversation(messages, max_chars=self.settings.max_chars)
        parts = await self._aparts()
        space = self.settings.namespace
        engine = parts.engine
        cleaned = await clean_request(engine.crew, engine.refresh, conversation, space)
        return self._given(conversation, cleaned)

    @by_namespace
    async def aclean_fields(
        self, fields: Mapping[str, Any], *, namespace: str | None = None
    ) -> dict[str, Any]:
        """What may stay of the fields around a conversation: tools, forms, templates, whatever else
        a caller sends with it. No model is called.

        A tool that is called by a target's name goes, and so do a value and a sentence that tell of
        one. Fails closed: what could not be judged is left out.
        """
        from amnestic.graphs.observing import clean_fields

        parts = await self._aparts()
        space = self.settings.namespace
        cleaned = await clean_fields(parts.engine.crew, parts.engine.refresh, fields, space)
        return self._given(dict(fields), cleaned)

    def _given(self, before: T, cleaned: T) -> T:
        """What goes on: what was cleaned, and in audit mode what it was before."""
        if not self.settings.only_watches(self.settings.namespace):
            return cleaned
        if cleaned != before:
            _log.info("audit mode: something that a model is to read was not cleaned")
        return before
