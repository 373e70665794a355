"""What follows the registry ends when it is told to, whatever happens at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from amnestic import Amnesia
from amnestic.server import following
from amnestic.server.metrics import Metrics
from tests.patience import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("turns", range(6))
async def test_it_ends_though_a_change_is_told_at_that_moment(
    turns: int, layer: Callable[..., Amnesia], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = asyncio.Event()

    async def notices(_: object) -> AsyncIterator[None]:
        await changed.wait()
        yield
        await asyncio.Event().wait()

    monkeypatch.setattr(following, "notices", notices)
    followed = asyncio.create_task(following.Following(layer(), Metrics(tells_routes=False)).run())
    await asyncio.sleep(0.2)  # until it waits
    changed.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    followed.cancel()
    ended, _ = await asyncio.wait({followed}, timeout=PATIENCE)
    followed.cancel()
    assert ended
