"""What was released before, as it may still be told under the targets of today.

It is given back unchanged, unless a target that changed since it was released has a part in it. The
targets that have not were asked when it was released: to ask them again would word the answer anew,
and only where somebody is on their list.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import AmnesticError, ModelError
from amnestic.integrations.openai import (
    Answer,
    Door,
    Json,
    Opened,
    ResponsesDialect,
    dumps,
    loads_object,
)
from amnestic.models.values import strings_in
from amnestic.server.history import Marked
from amnestic.tools.offload import offload
from amnestic.types import Receipt, Route

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["standing_item", "standing_reply"]

_JSON = (("content-type", "application/json"),)
_UNASKED = "Please go on."
"""The question under which a reply is read for what it tells by itself."""
_UNREAD = ("id", "type", "status", "role", "call_id", "phase")
_AS_GIVEN = ("id", "created_at", "usage")


async def standing_reply(layer: Amnesia, asked: Json, said: Json, since: int) -> Json:
    """What may still be told of the reply that was given to `asked`, under the targets at the
    revision `since`. No model is asked for another."""
    changed = frozenset(await offload(layer.registry.changes_since, since))
    if not changed:
        return said
    own = [k for k in ResponsesDialect.echoed if k in said and said[k] == asked.get(k)]
    alone = {**asked, "instructions": None, "input": _UNASKED}
    for question in (asked, alone):  # a question that is not to be answered hides what is told
        said = await _reviewed(layer, question, said, own, changed)
    return said


async def standing_item(layer: Amnesia, items: Sequence[Marked], index: int) -> Json | None:
    """What may still be told of an item of a conversation; `None` for nothing. What its caller said
    is the caller's own, and stays."""
    item, since = items[index]
    if since is None:
        return item if isinstance(item, dict) else None
    asked, said = {"input": [before for before, _ in items[:index]]}, {"output": [item]}
    try:
        told = await standing_reply(layer, asked, said, since)
    except AmnesticError:  # fails closed: what could not be judged is not told
        return None
    first: Json = next(iter(told["output"]), {})
    return item | first if first.get("type") == item.get("type") else None


async def _reviewed(
    layer: Amnesia, asked: Json, said: Json, own: Collection[str], changed: Collection[str]
) -> Json:
    """The reply, without the words that the targets of today withhold; its fields `own` repeat the
    caller's."""
    bare = {key: value for key, value in said.items() if key not in own}
    receipts: list[Receipt] = []
    answer = await Door(layer, ResponsesDialect(), receipts.append).answer(asked, _Said(bare))
    if all(_stays(receipt, changed) for receipt in receipts):
        return said
    told = loads_object(answer.content)
    output = said["output"]
    if _words(told["output"]) != _words(output):
        output = [_in_place(item, output) for item in told["output"]]
    head = {key: value for key, value in bare.items() if key != "output"}
    ids = [item.get(key) for item in said["output"] for key in ("id", "call_id")]
    if await _tells_nothing(layer, [head, ids]):
        return said | {"output": output}
    kept = {key: said[key] for key in (*_AS_GIVEN, *own) if key in said}
    return told | kept


async def _tells_nothing(layer: Amnesia, beside: list[Any]) -> bool:
    reply = await layer.areview(_UNASKED, "\n".join(strings_in(beside, keys=True)) or "-")
    return not reply.receipt.touched()


def _words(items: list[Any]) -> list[str]:
    return list(strings_in(items, but=_UNREAD))


def _stays(receipt: Receipt, changed: Collection[str]) -> bool:
    """Whether all that has a part in a review had it when the reply was released."""
    if receipt.is_far():
        return True
    judged = bool(receipt.targets) or not receipt.touched()
    return judged and receipt.route is not Route.FAILED and not set(changed) & {*receipt.targets}


def _in_place(item: Json, before: list[Any]) -> Json:
    """An item, of which a message looks like the one in whose place it stands."""
    if item.get("type") != "message":
        return item
    own: Json | None = next((old for old in before if old.get("type") == "message"), None)
    if own is None:
        ids = dumps([old.get("id") for old in before])
        return item | {"id": f"msg_{sha256(ids).hexdigest()[:48]}"}
    parts = own.get("content") or [{}]
    empty: Json = {key: [] for key, value in parts[0].items() if isinstance(value, list)}
    return own | {"content": [empty | part for part in item["content"]]}


class _Said:
    """A reply that was given before, as the upstream of its review: no model is asked."""

    def __init__(self, reply: Json) -> None:
        self._answer = Answer(200, _JSON, dumps(reply))

    async def send(self, body: Json) -> Answer:
        """The reply, whatever is asked."""
        return self._answer

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        """Nothing: it is looked at as a whole."""
        raise ModelError("a reply that is kept is not streamed")
        yield  # pragma: no cover
