"""Asking one cell, and reading every surface afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, closing
from typing import Any

import openai
from langchain_core.exceptions import LangChainException

from amnestic.exceptions import AmnesticError
from amnestic.testing.leaks import CallbackRecorder, capture_logs
from tests.patience import PATIENCE, until

from ..canary import traced
from . import langchain_doors, openai_doors, plain_doors, rules
from .cells import Cell
from .seen import Seen
from .stand import Ask, Stand
from .upstream import ASKED, Part

__all__ = ["ask"]

_DOORS: Mapping[str, Any] = {
    rules.SDK: plain_doors.Sdk(),
    rules.CHAT: openai_doors.Chat(),
    rules.CHAT_HELPERS: openai_doors.ChatHelpers(),
    rules.RESPONSES: openai_doors.Responses(),
    rules.RESPONSES_HELPERS: openai_doors.ResponsesHelpers(),
    rules.MODEL: langchain_doors.Model(),
    rules.BATCH: langchain_doors.Batch(),
    rules.AGENT: langchain_doors.Agent(),
    rules.NODE: langchain_doors.Node(),
    rules.PROXY_CHAT: plain_doors.ProxyChat(),
    rules.PROXY_RESPONSES: plain_doors.ProxyResponses(),
    rules.CHECKS: plain_doors.Checks(),
}
_TOLD = (AmnesticError, openai.OpenAIError, LangChainException)  # any other is the matrix's own
_ALONE = "amnestic_requests_running 1.0"  # the request for the metrics itself


def ask(stand: Stand, cell: Cell) -> Seen:
    """Everything that can be seen of one cell's request."""
    part, seen = Part(cell), Seen()
    side = stand.impatient if cell.mode.shape == "time-out" else stand.patient
    asked = Ask(stand, side, cell.channel, cell.mode, seen, CallbackRecorder())
    stand.play(part)
    token = ASKED.set(part)
    with capture_logs() as logs, traced() as traces:
        try:
            _ask(asked, cell, part)
        except _TOLD as error:
            seen.caller.append(error)
        finally:
            part.over.set()
            ASKED.reset(token)
        if "proxy" in cell.door or cell.door == rules.CHECKS:
            seen.metrics.append(_settled_metrics(asked))
    seen.logs += logs.lines
    seen.traces += [*(sent[1].get("data") for sent in traces.sent), asked.recorder.events]
    seen.model += part.sent if cell.channel.scrubbed else []
    return seen


def _ask(asked: Ask, cell: Cell, part: Part) -> None:
    door = _DOORS[cell.door]
    if not cell.mode.waits:
        asked.stand.run(_aask(door, asked, part))
        return
    with closing(door.ask(asked)) as pieces:
        for piece in pieces:
            asked.seen.caller.append(piece)
            if cell.mode.shape == "cancel" and part.sent:
                return


async def _aask(door: Any, asked: Ask, part: Part) -> None:
    asking = asyncio.ensure_future(_gather(door, asked))
    if asked.mode.shape == "cancel":
        said = asyncio.ensure_future(asyncio.to_thread(part.reached.wait, PATIENCE))
        await asyncio.wait((asking, said), return_when=asyncio.FIRST_COMPLETED)
        asking.cancel()
        part.reached.set()
        await asyncio.wait((asking, said))
        if asking.cancelled():
            return
    await asking


async def _gather(door: Any, asked: Ask) -> None:
    async with aclosing(door.aask(asked)) as pieces:
        async for piece in pieces:
            asked.seen.caller.append(piece)


def _settled_metrics(asked: Ask) -> str:
    """The metrics once the server has seen that its caller is gone."""

    def settled() -> str:
        text = asked.stand.metrics(asked.side)
        return text if _ALONE in text else ""

    return until(settled, "a request that its caller has left goes on")
