"""PostgreSQL tells of changes, and whoever listens hears of each that it may have missed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from amnestic.exceptions import RegistryUnavailableError, TargetStateError
from amnestic.tools.registry import KeyGrant, Registry, notices
from amnestic.types import ForgetTarget
from amnestic.types.roles import Role
from tests.patience import PATIENCE

pytest.importorskip("psycopg")


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    with Registry.open(url) as opened:
        yield opened


@pytest.mark.anyio
async def test_each_change_is_told_once_it_holds(registry: Registry) -> None:
    async with aclosing(notices(registry.database)) as told:
        await asyncio.wait_for(anext(told), PATIENCE)
        target = await asyncio.to_thread(
            registry.add, ForgetTarget(id="a", subject="Ada"), actor="me"
        )
        await asyncio.wait_for(anext(told), PATIENCE)
        assert registry.revision() == 1
        await asyncio.to_thread(registry.revoke, target.id, actor="me")
        await asyncio.wait_for(anext(told), PATIENCE)
        grant = KeyGrant(name="Ada", role=Role.VIEWER)
        await asyncio.to_thread(registry.keys.create, grant, actor="me")
        await asyncio.wait_for(anext(told), PATIENCE)


@pytest.mark.anyio
async def test_a_change_that_failed_is_not_told(registry: Registry) -> None:
    registry.add(ForgetTarget(id="a", subject="Ada"), actor="me")
    async with aclosing(notices(registry.database)) as told:
        await asyncio.wait_for(anext(told), PATIENCE)
        with pytest.raises(TargetStateError):
            registry.add(ForgetTarget(id="a", subject="Ada"), actor="me")
        registry.add(ForgetTarget(id="b", subject="Bo"), actor="me")
        await asyncio.wait_for(anext(told), PATIENCE)
        following = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        assert not following.done()
        following.cancel()
        await asyncio.wait((following,))


@pytest.mark.anyio
async def test_a_connection_that_is_lost_is_an_error_without_its_words(registry: Registry) -> None:
    async with aclosing(notices(registry.database)) as told:
        await asyncio.wait_for(anext(told), PATIENCE)
        with registry.database.engine.begin() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
            )
        with pytest.raises(RegistryUnavailableError, match="tells of no changes"):
            await asyncio.wait_for(anext(told), PATIENCE)


@pytest.mark.anyio
async def test_a_registry_in_a_file_tells_nobody(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        async with aclosing(notices(registry.database)) as told:
            assert [one async for one in told] == []
