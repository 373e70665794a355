"""Targets and the trail, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.exceptions import InvalidRequestError
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import Registry, TargetQuery, make_key, read_seals
from amnestic.types import GLOBAL, ForgetTarget, TargetStatus


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    file = tmp_path / "seal.key"
    make_key(file)
    with Registry.open(tmp_path / "r.db", read_seals(file, None)) as opened:
        yield opened


def _add(registry: Registry, count: int, space: str = "default") -> None:
    made = [
        ForgetTarget(id=f"{space}-{i:02}", subject=f"Ara {space} {i:02}", namespace=space)
        for i in range(count)
    ]
    registry.add_all(made, actor="me")


@pytest.mark.parametrize("offset", range(0, 23))
def test_a_page_holds_what_stands_there_from_whichever_end_it_is_read(
    registry: Registry, offset: int
) -> None:
    _add(registry, 23)
    whole = [target.id for target in registry.targets()]
    page = registry.page(TargetQuery(), offset, 5)
    assert [target.id for target in page.targets] == whole[offset : offset + 5]
    assert (page.total, page.offset) == (23, offset)


@pytest.mark.parametrize("offset", range(0, 8))
def test_names_are_in_the_order_of_the_alphabet(registry: Registry, offset: int) -> None:
    names = ["zoe", "Ömer", "Ada Ünal", "Ada", "ada b", "Ångström", "Ozan", "Ada"]
    for number, name in enumerate(names):
        registry.add(ForgetTarget(id=f"t-{number}", subject=name), actor="me")
    registry.add(ForgetTarget(id="sealed", subject="Bo", sealed=True), actor="me")
    wanted = ["sealed", "t-3", "t-7", "t-4", "t-2", "t-5", "t-1", "t-6", "t-0"]
    page = registry.page(TargetQuery(by_name=True), offset, 3)
    assert [target.id for target in page.targets] == wanted[offset : offset + 3]
    registry.edit(registry.get("t-0").model_copy(update={"subject": "Aa"}), actor="me")
    registry.purge("t-4", actor="me")
    page = registry.page(TargetQuery(by_name=True), 0, 3)
    assert [target.id for target in page.targets] == ["t-4", "sealed", "t-0"]


def test_behind_the_last_page_is_the_last_page(registry: Registry) -> None:
    assert registry.page(TargetQuery(), 7).targets == ()
    _add(registry, 12)
    page = registry.page(TargetQuery(), 5_000, 5)
    assert (page.offset, len(page.targets)) == (10, 2)


def test_a_page_holds_the_targets_of_open_namespaces_alone(registry: Registry) -> None:
    _add(registry, 3)
    _add(registry, 2, "tenant")
    assert registry.page(TargetQuery(spaces=("tenant",))).total == 2
    assert registry.page(TargetQuery(spaces=())).total == 0
    assert registry.page(TargetQuery()).total == 5
    assert registry.namespaces() == ["default", "tenant"]
    assert {line.target_id for line in registry.trail_page(["tenant"])} == {
        "tenant-00",
        "tenant-01",
    }
    assert registry.trail_page([]) == []


def test_sealed_targets_are_masked_and_found_by_a_whole_name(registry: Registry) -> None:
    registry.add(ForgetTarget(id="s", subject="Mirela Osk", sealed=True), actor="me")
    (found,) = registry.page(TargetQuery(words="mirela osk")).targets
    assert found.subject.startswith("sealed:")
    assert registry.page(TargetQuery(words="Mirela")).total == 0


def test_a_sealed_target_of_all_namespaces_is_found_by_its_name_too(registry: Registry) -> None:
    target = ForgetTarget(id="s", subject="Mirela Osk", sealed=True, namespace=GLOBAL)
    registry.add(target, actor="me")
    assert registry.namespaces() == []
    assert registry.page(TargetQuery(words="mirela osk")).total == 1
    assert registry.page(TargetQuery(spaces=("default",), words="mirela osk")).total == 0


def test_the_trail_is_read_backwards_from_any_line(registry: Registry) -> None:
    _add(registry, 7)
    assert [line.revision for line in registry.trail_page(limit=3)] == [7, 6, 5]
    assert [line.revision for line in registry.trail_page(before=5, limit=9)] == [4, 3, 2, 1]
    assert [line.revision for line in registry.trail_page(target_id="default-02")] == [3]


@pytest.mark.parametrize("search", ["", "ara", "ARA DEFAULT 0", "osk", "nobody"])
@pytest.mark.parametrize("state", ["active", "expired", "revoked", "purged", ""])
def test_a_page_of_a_layer_is_what_stands_there_in_its_list(
    tmp_path: Path, state: str, search: str
) -> None:
    now = datetime.now(UTC)
    with Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as amnesia:
        registry = amnesia.registry
        _add(registry, 9)
        _add(registry, 3, "tenant")
        ends = {"over": -1, "coming": 1, "soon": 0.01}
        for name, days in ends.items():
            end = now + timedelta(days=days)
            registry.add(ForgetTarget(id=name, subject="Mirela Osk", expires=end), actor="me")
        registry.revoke("default-03", actor="me")
        registry.purge("default-04", actor="me")
        status = TargetStatus(state) if state in set(TargetStatus) else None
        whole = amnesia.listed(status=status, search=search)
        whole = [target for target in whole if not state or target.state() == state]
        for offset in range(0, 13, 4):
            page = amnesia.page(offset, 5, state=state, search=search)
            assert list(page.targets) == whole[offset : offset + 5]
            assert (page.total, page.offset) == (len(whole), offset)


def test_a_page_may_hold_more_than_one_question_asks_for(registry: Registry) -> None:
    _add(registry, 1_203)
    by_age = [target.id for target in registry.targets()]
    for by_name, whole in ((False, by_age), (True, sorted(by_age))):
        page = registry.page(TargetQuery(by_name=by_name), 2, 2**31)
        assert [target.id for target in page.targets] == whole[2:]


def test_a_page_that_cannot_be_is_refused_and_an_empty_one_counts(tmp_path: Path) -> None:
    with Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as amnesia:
        _add(amnesia.registry, 3)
        for offset in (0, 2, 3, 10**12):
            page = amnesia.page(offset, 0)
            assert (page.targets, page.total, page.offset) == ((), 3, offset)
        for wrong in ({"offset": -1}, {"limit": -5}, {"state": "gone"}):
            with pytest.raises(InvalidRequestError, match="one of the states"):
                amnesia.page(**wrong)
