"""Tombstones, and the trail's lines of sweeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from amnestic.tools.registry import (
    Registry,
    Tombstone,
    TombstoneKind,
    restore_backup,
    tombstone_hash,
    write_backup,
)
from amnestic.types import ForgetTarget


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "r.db")


def stone(registry: Registry, target: ForgetTarget, text: str) -> Tombstone:
    told = tombstone_hash(registry.salt(), target, TombstoneKind.TEXT, [text])
    return Tombstone(target.id, TombstoneKind.TEXT, told)


def test_tombstones_and_lines_are_written_together_and_once(registry: Registry) -> None:
    one, two = (registry.add(ForgetTarget(id=i, subject=i), actor="me") for i in ("a1", "b1"))
    stones = [stone(registry, one, "It rained."), stone(registry, one, "it  RAINED")]
    registry.tombstones.note("sweep", {"a1": "x", "b1": "y"}, stones, actor="ada")
    registry.tombstones.note("sweep", {"a1": "x"}, stones, actor="ada")
    assert registry.tombstones.of(["a1", "b1"]) == stones[:1]
    lines = registry.tombstones.lines(["sweep"])
    assert [(e.target_id, e.reason, e.actor) for e in lines] == [
        ("a1", "x", "ada"),
        ("b1", "y", "ada"),
        ("a1", "x", "ada"),
    ]
    assert registry.get(two.id).version == 1
    registry.check_trail()


def test_another_registry_and_another_salt_give_another_hash(
    registry: Registry, tmp_path: Path
) -> None:
    other = Registry.open(tmp_path / "other.db")
    target = ForgetTarget(id="a1", subject="a1")
    sealed = target.model_copy(update={"salt": "0f"})
    told = {
        tombstone_hash(salt, whose, TombstoneKind.TEXT, ["It rained."])
        for salt in (registry.salt(), other.salt())
        for whose in (target, sealed)
    }
    assert len(told) == 4


def test_a_target_that_was_purged_meanwhile_is_passed_over(registry: Registry) -> None:
    target = registry.add(ForgetTarget(id="a1", subject="Ada Example"), actor="me")
    registry.purge("a1", actor="me")
    stones = [stone(registry, target, "It rained.")]
    registry.tombstones.note("sweep", {"a1": "x", "none": "y"}, stones, actor="me")
    assert registry.tombstones.of(["a1"]) == []
    assert registry.tombstones.lines(["sweep"]) == []
    registry.check_trail()


@pytest.mark.parametrize("name", ["b.db", "b.jsonl"])
def test_a_backup_holds_them(registry: Registry, tmp_path: Path, name: str) -> None:
    target = registry.add(ForgetTarget(id="a1", subject="Ada Example"), actor="me")
    told = stone(registry, target, "It rained.")
    registry.tombstones.note("sweep", {"a1": "x"}, [told], actor="me")
    write_backup(registry, tmp_path / name)
    restore_backup(tmp_path / name, tmp_path / "back.db")
    assert Registry.open(tmp_path / "back.db").tombstones.of(["a1"]) == [told]
