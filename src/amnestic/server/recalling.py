"""What a request of `/v1/responses` refers to, put in its place, and what it was answered, kept.

A reference is resolved before the request is read: what was kept is vetted, scrubbed and audited
again like any other input, under the targets of today, and the upstream is sent it in full.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from amnestic.closing import closing
from amnestic.exceptions import ModelError, RegistryError
from amnestic.integrations.openai import Answer, Json, dumps, loads_object
from amnestic.server.errors import ServerError
from amnestic.server.history import LONGEST_ID, UNKNOWN, History, Kept, Marked
from amnestic.tools.offload import offload

__all__ = ["CONVERSATION", "RESPONSE", "Recall", "Told", "gone", "is_id"]

RESPONSE, CONVERSATION = "response", "conversation"
_ENDS = (b'"response.completed"', b'"response.incomplete"')
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A request with all that it refers to: `before` are the items of what it goes on with, `added`
    those of its own input, `fresh` those of them that came in full, and `conversation` is the id of
    the one that it goes on with. `since` is the revision of the targets when it came."""

    body: Json = field(repr=False)
    before: list[Marked] = field(default_factory=list, repr=False)
    added: list[Marked] = field(default_factory=list, repr=False)
    fresh: list[Any] = field(default_factory=list, repr=False)
    conversation: str | None = None
    since: int = UNKNOWN


@dataclass(frozen=True, slots=True)
class Recall:
    """What one caller may refer to.

    Args:
        history: what is kept.
        owner: whose part of it.
        most: how many items a request may have.
        most_bytes: how many bytes they may take, with what they refer to.
        revision: that of the targets of today.
    """

    history: History
    owner: bytes
    most: int
    most_bytes: int
    revision: Callable[[], int] = field(default=lambda: UNKNOWN, repr=False)

    async def told(self, body: Json) -> Told:
        """A request with everything that it refers to in full; raises `ServerError` (404) for what
        is not there, whether it never was, is gone or is another caller's."""
        return await offload(self._told, body)

    async def keep(self, told: Told, reply: Json) -> None:
        """Keep a reply for as long as its caller may refer to it, unless told not to. A failure is
        the operator's to see: the reply itself has passed, and goes out."""
        if told.body.get("store") is False:
            return
        try:
            await offload(self._keep, told, reply)
        except sqlite3.Error as error:
            _log.warning("a reply could not be kept to be referred to: %s", type(error).__name__)

    async def kept_answer(self, told: Told, answer: Answer) -> Answer:
        """An answer, once it is kept."""
        if answer.status == 200:
            await self.keep(told, loads_object(answer.content))
        return answer

    async def kept_events(self, told: Told, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The events of a reply, which is kept before its caller is told that it is whole."""
        async with closing(events) as reading:
            async for event in reading:
                for reply in _whole_replies(event):
                    await self.keep(told, reply)
                yield event

    def _keep(self, told: Told, reply: Json) -> None:
        reply_id, output = reply.get("id"), reply.get("output")
        if not isinstance(output, list):
            return
        if isinstance(reply_id, str):
            asked = {key: value for key, value in told.body.items() if key != "stream"}
            named, marks = [*told.fresh, *output], [m for _, m in (*told.before, *told.added)]
            self.history.keep(
                self.owner, RESPONSE, reply_id, asked, reply, named, marks, told.since
            )
        if told.conversation is not None:
            more = [*told.added, *((item, told.since) for item in output)]
            self.history.add(self.owner, CONVERSATION, told.conversation, more)

    def _told(self, body: Json) -> Told:
        since = self._since()
        before, conversation = self._before(body)
        given = [] if before is not None and body.get("input") is None else body.get("input")
        items = _items(given)
        if items is None:
            return Told(body)  # what the door refuses
        seen: dict[str, Marked] = {}
        told = [self._item(item, i, seen) for i, item in enumerate(items)]
        fresh = [new for (new, _), old in zip(told, items, strict=True) if new is old]
        if before is None and len(fresh) == len(items):
            return Told(body, [], told, items, None, since)
        whole = [item for item, _ in (*(before or ()), *told)]
        self._check(whole)
        rest = {k: v for k, v in body.items() if k not in ("previous_response_id", CONVERSATION)}
        return Told({**rest, "input": whole}, before or [], told, fresh, conversation, since)

    def _since(self) -> int:
        try:
            return self.revision()
        except RegistryError:  # the review fails closed; what it gives is looked at again later
            return UNKNOWN

    def _before(self, body: Json) -> tuple[list[Marked] | None, str | None]:
        """The items that went before this request, and the conversation that holds them."""
        previous, held = body.get("previous_response_id"), body.get(CONVERSATION)
        if previous is None and held is None:
            return None, None
        if previous is not None and held is not None:
            raise ServerError(
                400, "'previous_response_id' and 'conversation' exclude each other; send one"
            )
        if previous is not None:
            param, code = "previous_response_id", "previous_response_not_found"
            kept = self.found(RESPONSE, previous, param, code)
            return [*kept.given(), *kept.told()], None
        named = held.get("id") if isinstance(held, dict) else held
        kept = self.found(CONVERSATION, named, "conversation")
        return kept.given(), named

    def found(
        self, kind: str, named: Any, param: str | None = None, code: str | None = None
    ) -> Kept:
        """What is kept under an id; raises `ServerError`."""
        if not is_id(named):
            where = f"'{param}'" if param else "the id"
            raise ServerError(400, f"{where} must be an id of {LONGEST_ID} characters at most")
        kept = self.history.find(self.owner, kind, named)
        if kept is None:
            raise gone(kind, named, param, code)
        return kept

    def _item(self, item: Any, index: int, seen: dict[str, Marked]) -> Marked:
        """An item, or the one that it refers to."""
        if not isinstance(item, dict) or not _is_reference(item):
            return item, None
        named = item.get("id")
        if not is_id(named):
            raise ServerError(
                400, f"input[{index}].id must be an id of {LONGEST_ID} characters at most"
            )
        if named not in seen:
            holder = self.history.holder(self.owner, named)
            found = holder.item(named) if holder else None
            if found is None:
                raise gone("item", named, "input")
            seen[named] = found
        return seen[named]

    def _check(self, items: list[Any]) -> None:
        """Raise `ServerError` where a small request refers to more than may be sent."""
        if len(items) > self.most:
            raise ServerError(
                400, f"'input' has over {self.most:,} entries with those that it refers to"
            )
        sizes: dict[int, int] = {}  # an item that is referred to twice is one object
        for item in items:
            sizes.setdefault(id(item), len(dumps(item)))
        if sum(sizes[id(item)] for item in items) > self.most_bytes:
            raise ServerError(
                413,
                f"'input' takes over {self.most_bytes:,} bytes with what it refers to",
                code="input_too_large",
            )


def gone(kind: str, named: str, param: str | None = None, code: str | None = None) -> ServerError:
    """What is told of an id that is not there, in OpenAI's words."""
    what = {RESPONSE: "Response", CONVERSATION: "Conversation"}.get(kind, "Item")
    if param == "previous_response_id":
        what = "Previous response"
    more = ""
    if kind == "item":
        more = " It may be gone, or have been sent with `store` false; send the item itself."
    message = f"{what} with id '{named}' not found.{more}"
    return ServerError(404, message, param=param, code=code or "not_found")


def is_id(value: Any) -> TypeGuard[str]:
    """Whether something can be an id: a word of some letters.

    >>> is_id("resp_68a1"), is_id(""), is_id(5), is_id("x" * 1_000_000)
    (True, False, False, False)
    """
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_ID
        and value.isprintable()
        and " " not in value
    )


def _is_reference(item: Json) -> bool:
    return item.get("type") == "item_reference" or (
        item.get("type") is None and "id" in item and item.keys() <= {"type", "id"}
    )


def _items(given: Any) -> list[Any] | None:
    """The items of an input; `None` for what is none."""
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    return given if isinstance(given, list) else None


def _whole_replies(event: bytes) -> list[Json]:
    """The replies that an event says are whole."""
    found = []
    for line in event.split(b"\n") if any(end in event for end in _ENDS) else ():
        data = line.removeprefix(b"data:")
        if data != line and any(end in data for end in _ENDS):
            value = _object(data)
            if value.get("type") in ("response.completed", "response.incomplete"):
                found.append(value.get("response"))
    return [reply for reply in found if isinstance(reply, dict)]


def _object(data: bytes) -> Json:
    try:
        return loads_object(data)
    except ModelError:
        return {}
