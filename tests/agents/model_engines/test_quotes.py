"""Where quotes stand that a model has not copied letter for letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.agents.model_engines.quotes import locate

TEXT = (
    "## Operas\n\n* **“The Salt\n  Clock”** – by *Maren Ilvasti*, who’d\u00a0grown up in Orrevik "
    "(see [her page](https://example.org/maren)).\n* Carmen, 1875 &amp; later"
)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Maren Ilvasti", "Maren Ilvasti"),
        ('"The Salt Clock"', "The Salt\n  Clock"),
        ("The Salt Clock” - by Maren Ilvasti", "The Salt\n  Clock”** – by *Maren Ilvasti"),
        ("who'd grown up in Orrevik", "who’d\u00a0grown up in Orrevik"),
        ("(see her page)", "see [her page"),
        ("maren ilvasti, who", "Maren Ilvasti*, who"),
        ("Carmen, 1875 & later", "Carmen, 1875 &amp; later"),
    ],
)
def test_a_quote_is_found_through_quotation_marks_markup_and_breaks(quote, stands):
    (span,) = locate(quote, TEXT)
    assert TEXT[span.start : span.end] == stands


def test_a_quote_with_dots_in_it_is_found_in_its_pieces():
    spans = locate("The Salt Clock … Orrevik", TEXT)
    assert [TEXT[s.start : s.end] for s in spans] == ["The Salt\n  Clock", "Orrevik"]
    assert locate("Orrevik … The Salt Clock", TEXT) == ()


@pytest.mark.parametrize("quote", ["", "  ", "…", "***", "Maren Osk", "The Clock Salt"])
def test_what_does_not_stand_there_is_not_found(quote):
    assert locate(quote, TEXT) == ()


def test_a_whole_word_is_found_before_a_part_of_another():
    text = "The “Annals” were kept by “An-n” herself."
    (span,) = locate("'Ann'", text.replace("An-n", "Ann"))
    assert span.start == text.index("An-n")


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_what_is_copied_is_always_found(text, a, b):
    quote = text[min(a, b) : max(a, b)].strip()
    if any(c.isalnum() for c in quote) and "..." not in quote and "…" not in quote:
        assert locate(quote, text)
