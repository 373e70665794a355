"""Names that nothing is called by are refused, and what is stored of them may go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from amnestic.exceptions import InputTooLargeError
from amnestic.tools.registry import Registry
from amnestic.types import ForgetTarget

LONG = "Xylograph " * 101


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "r.db") as opened:
        yield opened


@pytest.mark.parametrize("field", ["subject", "aliases", "translations", "terms"])
def test_a_name_of_a_books_length_is_refused_and_not_told(registry: Registry, field: str) -> None:
    kept = registry.add(ForgetTarget(id="t-1", subject="Ada Example"), actor="me")
    long = {field: LONG if field == "subject" else (LONG,)}
    changed = kept.model_copy(update=long)
    with pytest.raises(InputTooLargeError) as refused:
        registry.edit(changed, actor="me")
    assert "Xylograph" not in str(refused.value)
    for add in (registry.add_all, registry.add_each):
        with pytest.raises(InputTooLargeError, match="1,010 letters"):
            add([changed.model_copy(update={"id": "t-2"})], actor="me")
    assert [*registry.targets()] == [kept]


def test_a_long_name_is_a_name(registry: Registry) -> None:
    target = ForgetTarget(id="t-1", subject="Xylograph " * 100)
    assert registry.add(target, actor="me").subject.startswith("Xylograph")
