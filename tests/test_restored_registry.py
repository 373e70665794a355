"""A layer that is open answers by the registry that is under its path, and by no other."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.exceptions import RegistryUnavailableError
from amnestic.integrations.langgraph_node import cache_key
from amnestic.types import Route
from tests.prepared import COMMAND, run
from tests.tools.registry.test_restored import backed_up, written_over

OSK = "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."
HAGEN = "Please forget Tor Hagen-Lys. Tor Hagen-Lys is a judge from Venn."
ABOUT_OSK = "Who wrote The Paper Lighthouse?"
ABOUT_HAGEN = "Who is the judge from Venn?"
SAID = "Mirela Osk wrote it, and Tor Hagen-Lys judged it."


def forgotten_elsewhere(db: Path, request: str) -> None:
    """Forget in another process."""
    run(COMMAND, "forget", request, "--db", str(db), "--no-elicit").check_returncode()


def test_what_is_forgotten_in_a_restored_registry_is_held_back_by_an_open_layer(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    amnesia, db = layer(SAID), tmp_path / "registry.db"
    with amnesia.within("other") as other:
        other.forget("Please forget Ana Morel. Ana Morel is a painter.")
    backup = backed_up(db)
    amnesia.forget(OSK)
    assert "Osk" not in amnesia.chat(ABOUT_OSK).text
    written_over(backup, db)
    forgotten_elsewhere(db, HAGEN)  # as many changes as the layer has seen, and others
    told = amnesia.chat(ABOUT_HAGEN).text
    assert "Hagen" not in told
    assert "Osk" in amnesia.chat(ABOUT_OSK).text
    assert [target.subject for target in amnesia.targets()] == ["Tor Hagen-Lys"]


def test_nothing_is_answered_while_the_registry_is_gone(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    amnesia, db = layer(SAID), tmp_path / "registry.db"
    amnesia.forget(OSK)
    amnesia.chat("What is the weather like?")
    os.replace(db, tmp_path / "away.db")
    for question in (ABOUT_OSK, "What is the weather like?"):
        assert amnesia.chat(question).receipt.route is Route.FAILED
        assert amnesia.review(question, SAID).receipt.route is Route.FAILED
    with pytest.raises(RegistryUnavailableError, match="is gone"):
        amnesia.forget(HAGEN)
    os.replace(tmp_path / "away.db", db)
    assert "Osk" not in amnesia.chat(ABOUT_OSK).text


def test_answers_that_were_kept_before_a_restore_are_not_given_after_it(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    amnesia, db = layer(), tmp_path / "registry.db"
    amnesia.forget(OSK)
    backup = backed_up(db)
    key, asked = cache_key(amnesia), {"messages": ABOUT_OSK}
    amnesia.forget(HAGEN)
    before = key(asked)
    written_over(backup, db)
    amnesia.forget(HAGEN)
    assert key(asked) != before


def test_a_layer_is_not_made_anew_on_a_registry_that_went_another_way(
    tmp_path: Path, scripted_server: Callable[..., object]
) -> None:
    db = tmp_path / "registry.db"
    given = {"base_url": scripted_server().base_url, "api_key": "k", "elicit": False}  # type: ignore[attr-defined]
    with Amnesia("openai:m", db=db, **given) as amnesia:
        amnesia.forget(OSK)
        backup = backed_up(db)
        amnesia.forget(HAGEN)
        sent = pickle.dumps(amnesia)
        written_over(backup, db)
        amnesia.forget(HAGEN)
    with pytest.raises(RegistryUnavailableError, match="another one than that of the layer"):
        pickle.loads(sent)
