"""The trained tagger: what it refuses to load, and texts that are longer than one reading."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from amnestic.exceptions import ConfigurationError
from amnestic.tools.tagging import Tagger, shipped_tagger
from amnestic.tools.tagging.tokens import TOKENS


def _subjects(text: str) -> list[str]:
    seen = shipped_tagger().read(text)
    return [seen.text_of(span) for span in seen.labelled("subject")]


def test_a_request_is_told_in_spans() -> None:
    seen = shipped_tagger().read(
        "Please forget Mirela Osk, our former potter, until 31 March 2027. Her shop may stay."
    )
    assert seen.outcome == "ok"
    told = {
        label: [seen.text_of(s) for s in seen.labelled(label)] for label in ("subject", "until")
    }
    assert told["subject"] == ["Mirela Osk"]
    assert "31 March 2027" in told["until"][0]


def test_what_asks_for_nothing_is_seen() -> None:
    assert shipped_tagger().read("What is the capital of France?").outcome == "refuse"


@pytest.mark.parametrize("text", ["", " ", "…", "\U0001f600", "a" * 3_000, "\ud800"])
def test_any_text_is_read(text: str) -> None:
    assert shipped_tagger().read(text).text == text


def test_a_text_longer_than_one_reading_is_read_to_its_end() -> None:
    talk = "The weather was fine on the island, and we walked to the lighthouse every morning. "
    text = f"Dear all,\n\n{talk * 40}\n\nPlease forget Mirela Osk. She was our potter.\n\nRegards"
    assert len(text.split()) > TOKENS
    assert _subjects(text) == ["Mirela Osk"]


def test_a_graph_that_is_missing_or_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no tagger at .*absent\.onnx"):
        Tagger(tmp_path / "absent.onnx", "").read("Forget Osk.")
    graph = Path(str(resources.files("amnestic.tools.tagging").joinpath("data", "tagger.onnx")))
    with pytest.raises(ConfigurationError, match="not the expected `abc…`"):
        Tagger(graph, "abc").read("Forget Osk.")


def test_a_text_that_was_begun_is_read_as_one_that_was_not() -> None:
    text = "Please forget Mirela Osk, a painter from Venn, until 3 March 2027."
    begun = shipped_tagger().begin(text)
    assert begun.result() == shipped_tagger().read(text)


def test_a_text_that_is_let_be_costs_no_more_than_what_has_begun() -> None:
    begun = shipped_tagger().begin("Please forget Mirela Osk. " * 400)
    begun.drop()
    assert shipped_tagger().read("Please forget Tor Hagen.").outcome == "ok"
