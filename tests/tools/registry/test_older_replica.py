"""A replica whose database a newer version has migrated, or which has lost it, tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from amnestic import Amnesia
from amnestic.exceptions import RegistryError, RegistryVersionError
from amnestic.tools.registry import Registry
from amnestic.types import Route
from tests.postgresql import url as url

OSK = "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."
HAGEN = "Please forget Tor Hagen-Lys. Tor Hagen-Lys is a judge from Venn."
ABOUT_OSK, ABOUT_HAGEN = "Who is Mirela Osk?", "Who is Tor Hagen-Lys?"
SAID = "Mirela Osk wrote it, and Tor Hagen-Lys judged it."
NEWER = "UPDATE alembic_version SET version_num = '9999'"


def run(place: str, *statements: str) -> None:
    """Do something to a database behind the back of whoever uses it."""
    engine = create_engine(place, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def server_place(url: str) -> Iterator[str]:
    """An empty database of the server."""
    run(url, "DROP DATABASE IF EXISTS differing WITH (FORCE)", "CREATE DATABASE differing")
    yield make_url(url).set(database="differing").render_as_string(hide_password=False)
    run(url, "DROP DATABASE differing WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    return str(request.getfixturevalue("server_place"))


def test_a_replica_of_an_older_version_misses_no_change_of_a_newer_one(
    place: str, layer: Callable[..., Amnesia]
) -> None:
    """A migration that adds something leaves what the older version knows as it was."""
    older, newer = layer(SAID, db=place), layer(SAID, db=place)
    older.forget(OSK)
    assert newer.chat("How is the weather?").receipt.route is not Route.FAILED
    run(place, "ALTER TABLE targets ADD COLUMN newer TEXT NOT NULL DEFAULT ''")
    newer.forget(HAGEN)
    run(place, NEWER)
    told = [older.chat(asked).text for asked in (ABOUT_OSK, ABOUT_HAGEN)]
    assert "Osk" not in told[0]
    assert "Hagen" not in told[1]
    with pytest.raises(RegistryVersionError, match="schema 9999, newer than"):
        Registry.open(place)


def test_a_replica_whose_tables_a_newer_version_has_changed_withholds_everything(
    place: str, layer: Callable[..., Amnesia]
) -> None:
    older, newer = layer(SAID, db=place), layer(SAID, db=place)
    older.forget(OSK)
    newer.forget(HAGEN)
    run(place, "ALTER TABLE targets RENAME COLUMN subject TO called", NEWER)
    for asked in (ABOUT_OSK, ABOUT_HAGEN):
        reply = older.chat(asked)
        assert reply.receipt.route is Route.FAILED
        assert not {"Osk", "Hagen"} & set(reply.text.replace("-", " ").split())
    with pytest.raises(RegistryError) as caught:
        older.forget("Please forget Ana Morel.")
    assert "\n" not in str(caught.value)
    run(place, "ALTER TABLE targets RENAME COLUMN called TO subject")


def test_a_replica_that_has_lost_its_database_withholds_until_it_is_back(
    url: str, server_place: str, layer: Callable[..., Amnesia]
) -> None:
    amnesia = layer(SAID, db=server_place)
    amnesia.forget(OSK)
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'differing'"
    run(url, "ALTER DATABASE differing ALLOW_CONNECTIONS false", ended)
    for asked in (ABOUT_OSK, "How is the weather?"):
        assert amnesia.chat(asked).receipt.route is Route.FAILED
    with pytest.raises(RegistryError):
        amnesia.forget(HAGEN)
    run(url, "ALTER DATABASE differing ALLOW_CONNECTIONS true")
    assert "Osk" not in amnesia.chat(ABOUT_OSK).text
    assert amnesia.chat("How is the weather?").receipt.route is not Route.FAILED
    assert [target.subject for target in amnesia.targets()] == ["Mirela Osk"]
