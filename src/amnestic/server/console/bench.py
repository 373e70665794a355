"""The test bench: one question to the bare model and to the layer, side by side."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from amnestic.exceptions import InvalidRequestError, ModelError
from amnestic.integrations.openai import (
    Answer,
    ChatDialect,
    Door,
    Json,
    loads_object,
)
from amnestic.isolation import run_isolated
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.tools.offload import offload
from amnestic.types import Message, Receipt

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.server.upstream import Channel

__all__ = ["Compared", "ask", "form"]

_PATH = "/chat/completions"
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Compared:
    """What the model says by itself, what callers are told, and how that came about."""

    before: str
    after: str
    receipt: Receipt | None

    @property
    def same(self) -> bool:
        """Whether nothing was withheld."""
        return self.before == self.after


async def form(visit: Visit) -> Response:
    """The page for a question."""
    return await _page(visit, 200, {"question": "", "space": "", "model": ""})


async def ask(visit: Visit) -> Response:
    """Ask both, and show what they say."""
    sent = await visit.form()
    told = {name: sent.text(name) for name in ("question", "space", "model")}
    layer, service = visit.layer(told["space"]), visit.desk.service
    try:
        if not told["question"] or len(told["question"]) > _LONGEST:
            raise InvalidRequestError("write a question, in 20,000 characters")
        if service.upstream is not None and not told["model"]:
            raise InvalidRequestError("name the upstream's model that shall be asked")
        async with asyncio.timeout(service.settings.request_timeout):
            found = await _compared(visit, layer, told)
    except (InvalidRequestError, ModelError, ServerError) as error:
        return await _page(visit, 400, told, error=str(error))
    except TimeoutError:
        return await _page(visit, 504, told, error="the answer took too long")
    return await _page(visit, 200, told, found=found)


async def _page(
    visit: Visit,
    status: int,
    told: dict[str, str],
    *,
    error: str = "",
    found: Compared | None = None,
) -> Response:
    return visit.page(
        "bench.html",
        status,
        sent=told,
        spaces=await visit.choices(),
        names_model=visit.desk.service.upstream is not None,
        error=error,
        found=found,
    )


async def _compared(visit: Visit, layer: Amnesia, told: dict[str, str]) -> Compared:
    """Both answers to a question."""
    asked = [{"role": "user", "content": told["question"]}]
    body: Json = {"model": told["model"] or visit.desk.service.model_name, "messages": asked}
    channel = visit.desk.service.channel(_PATH, body, visit.request)
    before = await (_own(layer, told["question"]) if channel is None else _upstream(channel, body))
    receipts = list[Receipt]()
    answer = await Door(layer, ChatDialect(), receipts.append).answer(body, channel)
    return Compared(before, _text(answer), await _shown(visit, receipts))


async def _shown(visit: Visit, receipts: list[Receipt]) -> Receipt | None:
    """The last receipt, with the ids of those targets that are open to whoever asks."""
    if not receipts:
        return None
    known = await offload(visit.open_ids, receipts[-1].targets)
    told = tuple(target for target in receipts[-1].targets if target in known)
    return receipts[-1].model_copy(update={"targets": told})


async def _own(layer: Amnesia, question: str) -> str:
    """What the layer's own model says by itself."""
    backend = layer.parts.backend
    said = (Message.of("user", question),)
    generation = await run_isolated(lambda: backend.generate(said, {}))
    return generation.choices[0].text if generation.choices else ""


async def _upstream(channel: Channel, body: Json) -> str:
    answer = await channel.send(body)
    if answer.status != 200:
        raise ServerError(502, f"the upstream answered HTTP {answer.status}")
    return _text(answer)


def _text(answer: Answer) -> str:
    """The words of the first choice."""
    try:
        message: Any = loads_object(answer.content)["choices"][0]["message"]
        return str(message.get("content") or "")
    except (LookupError, TypeError, AttributeError):
        raise ServerError(502, "the answer is none of a chat model") from None
