"""An answer that a model of this process begins while its question is vetted.

What a model in this process reads goes nowhere, and costs nobody anything but this machine's time:
its answer may begin before it is known whether the question may be answered as it stands. Nothing
of it is looked at until then. It is gone on with where the model is to be asked that very
conversation, and is ended where it is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from amnestic.closing import closing
from amnestic.models.protocol import ChatBackend, Delta, LocalBackend, StreamingBackend
from amnestic.types import Conversation

__all__ = ["Ahead"]

_CHARS = 2_000  # of a conversation; to have read a longer one in vain costs more than is won


class Ahead:
    """At most one answer of a run that has begun ahead of its turn."""

    def __init__(self) -> None:
        self._asked: Conversation = ()
        self._come: asyncio.Queue[Delta | BaseException | None] = asyncio.Queue()
        self._work: asyncio.Task[None] | None = None

    def begin(
        self, backend: ChatBackend, conversation: Conversation, options: Mapping[str, Any]
    ) -> None:
        """Have a model of this process begin; any other is left alone, and so is each whose answer
        comes in one piece, or to which much has been said."""
        if not (isinstance(backend, LocalBackend) and isinstance(backend, StreamingBackend)):
            return
        if sum(len(message.text) for message in conversation) > _CHARS:
            return
        self._asked = conversation
        self._work = asyncio.create_task(self._read(backend, conversation, options))

    async def _read(
        self, backend: StreamingBackend, conversation: Conversation, options: Mapping[str, Any]
    ) -> None:
        """The whole stream, in one task from its beginning to its end: what it sets around itself
        it can undo in that one alone."""
        try:
            async with closing(backend.stream(conversation, options)) as deltas:
                async for delta in deltas:
                    self._come.put_nowait(delta)
            self._come.put_nowait(None)
        except Exception as error:  # noqa: BLE001 - raised where the answer is read
            self._come.put_nowait(error)

    async def taken(self, conversation: Conversation) -> AsyncIterator[Delta] | None:
        """The answer to a conversation, if it has begun, once; one to any other is ended."""
        if self._work is None:
            return None
        if conversation == self._asked:
            self._asked = ()
            return self._told()
        await self.end()
        return None

    async def _told(self) -> AsyncIterator[Delta]:
        try:
            while (told := await self._come.get()) is not None:
                if isinstance(told, BaseException):
                    raise told
                yield told
        finally:
            await self.end()

    async def end(self) -> None:
        """End what has begun and not been taken, or not been read to its end."""
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.wait((work,))
