"""What is read of the targets in force holds together while others change them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.index import roster as module
from amnestic.types import Facet, FacetKind, ForgetTarget
from tests.sharing import minilm


def _target(*texts: str, first_id: int = 1) -> ForgetTarget:
    kinds = (FacetKind.ALIAS, *[FacetKind.FACT] * len(texts))
    facets = [
        Facet(kind=kind, text=text, id=first_id + i)
        for i, (kind, text) in enumerate(zip(kinds, texts, strict=False))
    ]
    return ForgetTarget.model_validate({"id": "ada", "subject": texts[0], "facets": facets})


BEFORE = _target("Ada Example", "Ada plays the piano.", "Ada keeps bees.")
AFTER = _target("Ada Example", "Ada sells boats.", first_id=10)


@pytest.mark.parametrize("change", ["gone", "edited"])
def test_one_that_changes_in_the_middle_of_a_request_is_judged_as_it_was(change: str) -> None:
    index = FacetIndex(minilm())
    index.add(BEFORE)
    roster, expected = Roster(index, minilm()), Roster(index, minilm())
    for one in (roster, expected):
        one.refresh()
    wanted = expected.profile("ada")
    if change == "gone":
        index.remove("ada")
    else:
        index.replace(AFTER)
    found = roster.profile("ada")
    assert found is not None
    assert wanted is not None
    assert found.target is wanted.target
    np.testing.assert_allclose(found.vectors, wanted.vectors, atol=2e-3)
    roster.refresh()
    assert roster.lately("ada") == (BEFORE if change == "gone" else AFTER)
    after = roster.profile("ada")
    assert (after and after.target) == (None if change == "gone" else AFTER)
    index.close()


def test_what_is_gone_for_a_while_is_not_told_of_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    index = FacetIndex(minilm())
    index.add(BEFORE)
    roster = Roster(index, minilm())
    roster.refresh()
    index.remove("ada")
    roster.refresh()
    assert roster.lately("ada") == BEFORE
    monkeypatch.setattr(module, "_LATELY", 0.0)
    assert roster.lately("ada") is None
    index.close()


def test_what_is_gone_for_a_while_is_let_go_of_though_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = FacetIndex(minilm())
    index.add(BEFORE)
    roster = Roster(index, minilm())
    roster.refresh()
    index.remove("ada")
    roster.refresh()
    roster.refresh()
    assert roster.lately("ada") == BEFORE
    monkeypatch.setattr(module, "_LATELY", 0.0)
    roster.refresh()
    monkeypatch.undo()
    assert roster.lately("ada") is None
    index.close()


@pytest.mark.parametrize("change", ["gone", "edited"])
def test_a_profile_that_is_made_while_its_target_changes_is_not_kept(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = FacetIndex(minilm())
    index.add(BEFORE)
    roster = Roster(index, minilm())
    roster.refresh()
    real = module.profile_of

    def overtaken(*given: Any) -> Any:
        made = real(*given)
        if change == "gone":
            index.remove("ada")
        else:
            index.replace(AFTER)
        roster.refresh()
        return made

    monkeypatch.setattr(module, "profile_of", overtaken)
    found = roster.profile("ada")
    assert found is not None
    assert found.target == BEFORE
    assert not roster._profiles
    index.close()
