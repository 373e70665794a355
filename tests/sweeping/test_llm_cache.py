"""LangChain's cache of answers."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import pytest
from langchain_core.outputs import Generation

from amnestic import Amnesia
from amnestic.sweeping import sweep
from tests.sweeping.conftest import GOES, MIXED, STAYS, told_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    cache = pytest.importorskip("langchain_community.cache")


@pytest.mark.parametrize("live", [False, True])
def test_answers_go_as_a_whole_and_others_stay(poets: Amnesia, tmp_path: Path, live: bool) -> None:
    file = tmp_path / "cache.db"
    store: Any = cache.SQLiteCache(str(file))
    for name, text in {**GOES, **MIXED, **STAYS}.items():
        store.update(f"Tell me of {name}.", "gpt", [Generation(text=text)])
    store.update("Who is Mirela Osk?", "gpt", [Generation(text="I am not sure.")])
    query = "SELECT prompt, llm, idx, response FROM full_llm_cache ORDER BY prompt"

    def rows() -> dict[str, str]:
        with sqlite3.connect(file) as connection:
            found = connection.execute(query).fetchall()
        return {row[0]: hashlib.sha256(repr(row).encode()).hexdigest() for row in found}

    before = rows()
    report = sweep(store if live else f"llm-cache:{file}", poets)
    assert report.is_clean
    assert (report.removed, report.rewritten) == (4, 0)
    stay = {f"Tell me of {name}." for name in STAYS}
    assert rows() == {prompt: told for prompt, told in before.items() if prompt in stay}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, of how it reads what it wrote
        assert store.lookup("Tell me of rain.", "gpt")[0].text == STAYS["rain"]
    assert store.lookup("Tell me of poet.", "gpt") is None
    assert not told_of(file.read_bytes().decode("latin-1"))
    store.engine.dispose()


def test_a_number_of_a_row_that_is_given_again_is_not_taken_for_what_went(
    poets: Amnesia, tmp_path: Path
) -> None:
    file = tmp_path / "cache.db"
    store: Any = cache.SQLiteCache(str(file))
    store.update("Rain?", "gpt", [Generation(text=STAYS["rain"])])
    store.update("Poets?", "gpt", [Generation(text=GOES["poet"])])
    assert sweep(f"llm-cache:{file}", poets).removed == 1
    store.update("Clocks?", "gpt", [Generation(text=GOES["clock"])])
    report = sweep(f"llm-cache:{file}", poets)
    assert (report.removed, report.returned) == (1, 0)
    store.update("Poets?", "gpt", [Generation(text=GOES["poet"])])
    assert sweep(f"llm-cache:{file}", poets).returned == 1
    store.engine.dispose()


@pytest.mark.parametrize(
    "text", ["It rained.\nOSK, MIRELA won.", "It rained.\n\nM.i.r.e.l.a O.s.k won."]
)
def test_a_name_at_the_beginning_of_a_line_is_read_as_one(
    poets: Amnesia, tmp_path: Path, text: str
) -> None:
    """The cache holds its answers as JSON, in which a line's end is a letter before the name."""
    file = tmp_path / "cache.db"
    store: Any = cache.SQLiteCache(str(file))
    store.update("Who won?", "gpt", [Generation(text=text)])
    store.update("Rain?", "gpt", [Generation(text=STAYS["rain"])])
    report = sweep(f"llm-cache:{file}", poets)
    store.engine.dispose()
    assert (report.is_clean, report.removed) == (True, 1)
