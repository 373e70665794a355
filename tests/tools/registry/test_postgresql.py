"""A registry on PostgreSQL: restored, purged, checked, where the server's programs are at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amnestic.tools.index import FacetIndex
from amnestic.tools.registry import Registry
from amnestic.types import TargetStatus
from tests.patience import PATIENCE
from tests.tools.index.test_facet_index_sync import Counting
from tests.tools.registry.test_restored import a_target

pytest.importorskip("psycopg")
PROGRAMS = shutil.which("pg_ctl")
pytestmark = pytest.mark.skipif(PROGRAMS is None, reason="there is no PostgreSQL server here")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgresql")
    home = Path(os.path.realpath(str(PROGRAMS))).parent
    given: dict[str, Any] = {"check": True, "capture_output": True, "timeout": PATIENCE}
    if os.geteuid() == 0:  # the server refuses to run as root
        given["user"] = "postgres"
        for above in (folder, *folder.parents[:-2]):
            above.chmod(0o755)
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run([home / "initdb", "-A", "trust", "-U", "me", "-D", data], **given)
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    control = [home / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **given)
    try:
        yield f"postgresql+psycopg://me@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **given)


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    with Registry.open(url) as opened:
        yield opened
        with opened._database.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")


def test_a_backup_that_is_put_back_is_gone_with(registry: Registry) -> None:
    index = FacetIndex(Counting())
    registry.add(a_target("kept"), actor="me")
    registry.add(a_target("lost"), actor="me")
    index.sync(registry)
    with registry._database.engine.begin() as connection:  # as from a backup after the first line
        for statement in (
            "ALTER TABLE trail DISABLE TRIGGER trail_append_only",
            "DELETE FROM trail WHERE revision = 2",
            "DELETE FROM facets WHERE target_id = 'lost'",
            "DELETE FROM targets WHERE id = 'lost'",
            "UPDATE clock SET revision = 1",
            "ALTER TABLE trail ENABLE TRIGGER trail_append_only",
        ):
            connection.exec_driver_sql(statement)
    registry.add(a_target("acknowledged"), actor="me")
    index.sync(registry)
    assert {target.id for target in index.targets()} == {"kept", "acknowledged"}
    registry.check_trail()


def test_a_target_is_purged(registry: Registry) -> None:
    registry.add(a_target("kept"), actor="me")
    registry.add(a_target("gone"), actor="Brundt", reason="Brundt asked")
    assert registry.purge("gone", actor="me").status is TargetStatus.PURGED
    registry.check_trail()
    with registry._database.engine.begin() as connection:
        for table in ("targets", "facets", "trail", "versions", "sealed_names"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert not any(text in str(row) for row in rows for text in ("gone keeps", "Brundt"))


@pytest.mark.parametrize(
    "change", ["UPDATE trail SET actor = 'purged', reason = ''", "DELETE FROM trail"]
)
def test_the_trail_stays_append_only(registry: Registry, change: str) -> None:
    from sqlalchemy.exc import DBAPIError

    registry.add(a_target("kept"), actor="me")
    registry.add(a_target("gone"), actor="me")
    registry.purge("gone", actor="me")
    with (
        registry._database.engine.connect() as connection,
        pytest.raises(DBAPIError, match="append-only"),
    ):
        connection.exec_driver_sql(change)
