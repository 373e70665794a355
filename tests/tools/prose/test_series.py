"""Of a series with semicolons the parts go that leak, and what introduces it stays."""

from __future__ import annotations

import pytest

from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.series import without_parts


def osk(piece: str) -> bool:
    return "Osk" in piece


@pytest.mark.parametrize(
    ("series", "left"),
    [
        ("Pay (EUR), heads: Tavel: Ada Osk 61,400; Sund: Una Tarn 58,200; Ry: Tor Hill 57,000.",
         "Pay (EUR), heads: Sund: Una Tarn 58,200; Ry: Tor Hill 57,000."),
        ("Tavel: Tarn; Sund: Osk; Ry: Hill.", "Tavel: Tarn; Ry: Hill."),
        ("The cases: Osk v. Tarn (1961; twice); Hill v. Sund; Ry v. Vey.",
         "The cases: Hill v. Sund; Ry v. Vey."),
    ],
)  # fmt: skip
def test_a_part_goes(series: str, left: str) -> None:
    assert without_parts(series, osk) == left


@pytest.mark.parametrize(
    "sentence",
    ["Osk: a poet; Hill: a smith.", "Osk is a poet; she lives here; rain fell.", "Osk; Osk; Osk."],
)
def test_what_is_no_series_is_left_to_others(sentence: str) -> None:
    assert without_parts(sentence, osk) == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hill won in 1960, Osk in 1964, Tarn in 1968.", "Hill won in 1960, Tarn in 1968."),
        ("A mill costs 5 euros, Osk 6 and a tower 7.", "A mill costs 5 euros and a tower 7."),
        ("Hill is 12 years old, Osk 14, and Tarn 9.", "Hill is 12 years old and Tarn 9."),
        ("Hill plays the drums, Tarn the bass, Osk the harp, and Vey the flute.",
         "Hill plays the drums, Tarn the bass, and Vey the flute."),
        ("Osk won in 1960, Hill in 1964, Tarn in 1968.", ""),
        ("Hill lives in Sund, Osk in Tavel, a son in Ost.", ""),
        ("Hill met Tarn, a poet, and Osk.", "Hill met Tarn, a poet."),
    ],
)  # fmt: skip
def test_of_clauses_that_share_a_verb_one_goes(text: str, left: str) -> None:
    assert trimmed(text, lambda piece: "Osk" in piece) == left
