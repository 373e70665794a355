"""What processes tell each other for a while is told to all of them, and to nobody afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amnestic.tools.registry import Registry, restore_backup, write_backup
from amnestic.types import ForgetTarget


@pytest.fixture(params=["sqlite", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    on_a_server = request.param == "postgresql"
    place = request.getfixturevalue("url") if on_a_server else tmp_path / "r.db"
    with Registry.open(place) as opened:
        yield opened


def test_what_is_told_is_told_until_it_ends(registry: Registry) -> None:
    board = registry.board
    board.put("work", "a", b"one", lasting=60)
    board.put("work", "a", b"two", lasting=60)
    board.put("other", "a", b"", lasting=60)
    board.put("work", "b", b"over", lasting=-1)
    found = board.get("work", "a")
    assert found
    assert (found.told, found.age < 60) == (b"two", True)
    assert board.get("work", "b") is None
    assert board.get("work", "c") is None
    assert registry.revision() == 0


def test_many_tell_the_same_at_once(registry: Registry) -> None:
    with ThreadPoolExecutor(8) as threads:
        for told in [
            threads.submit(registry.board.put, "ended", "a", b"", lasting=60) for _ in range(40)
        ]:
            told.result()
    assert registry.board.get("ended", "a")


def test_a_backup_that_is_put_back_opens_no_session_again(
    registry: Registry, tmp_path: Path
) -> None:
    write_backup(registry, tmp_path / "b.jsonl")
    registry.board.put("ended", "a", b"", lasting=60)
    place = registry.database.engine.url.render_as_string(hide_password=False)
    restore_backup(tmp_path / "b.jsonl", place, replace=True)
    assert registry.board.get("ended", "a")


def test_what_is_told_of_a_target_goes_with_it(registry: Registry) -> None:
    registry.add(ForgetTarget(id="t-1", subject="Ada Example"), actor="me")
    for number, about in enumerate(("t-1", "*", "t-2", "")):
        registry.board.put("work", f"{number}", b"", lasting=60, about=about)
    registry.purge("t-1", actor="me")
    left = [number for number in range(4) if registry.board.get("work", f"{number}")]
    assert left == [2, 3]
