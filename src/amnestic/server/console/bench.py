"""The test bench: one question to the bare model and to the layer, side by side."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from amnestic.exceptions import InvalidRequestError, ModelError
from amnestic.server.console.asking import (
    PATH,
    asking_body,
    by_itself,
    model_field,
    named_model,
    told_callers,
)
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.tools.offload import offload
from amnestic.types import Receipt

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Compared", "ask", "form"]

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Compared:
    """What the model says by itself, what callers are told, and how that came about."""

    before: str
    after: str
    receipt: Receipt

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
        model = named_model(visit, told["model"])
        async with asyncio.timeout(service.settings.request_timeout):
            found = await _compared(visit, layer, told["question"], model)
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
        **await model_field(visit),
        error=error,
        found=found,
    )


async def _compared(visit: Visit, layer: Amnesia, question: str, model: str) -> Compared:
    """Both answers to a question."""
    service = visit.desk.service
    body = asking_body(model or service.model_name, question)
    channel = service.channel(PATH, body, visit.request) if model else None
    before = await by_itself(layer, question, body, channel)
    after, receipt = await told_callers(layer, body, channel)
    return Compared(before, after, await _shown(visit, receipt))


async def _shown(visit: Visit, receipt: Receipt) -> Receipt:
    """A receipt, with the ids of those targets that are open to whoever asks."""
    known = await offload(visit.open_ids, receipt.targets)
    told = tuple(target for target in receipt.targets if target in known)
    return receipt.model_copy(update={"targets": told})
