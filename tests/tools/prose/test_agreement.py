"""What a text says of a list agrees with the list that is left."""

from __future__ import annotations

import pytest

from amnestic.tools.prose.agreement import with_counts_of
from amnestic.tools.prose.redact import drop_segments


def without_osk(text: str) -> str:
    return with_counts_of(drop_segments(text, lambda piece: "Osk" in piece), text)


def without_rows(text: str) -> str:
    lines = text.split("\n")
    return with_counts_of("\n".join(line for line in lines if "Osk" not in line), text)


@pytest.mark.parametrize(
    ("intro", "agreeing"),
    [
        ("Here are four poets:", "Here are three poets:"),
        ("Hier sind vier Dichter:", "Hier sind drei Dichter:"),
        ("Voici quatre poètes :", "Voici trois poètes :"),
        ("Los cuatro mejores poetas:", "Los tres mejores poetas:"),
        ("Ecco i quattro poeti della città:", "Ecco i tre poeti della città:"),
        ("De vier beste dichters:", "De drie beste dichters:"),
        ("Os quatro melhores poetas:", "Os três melhores poetas:"),
        ("In 4 days through Tavel:", "In 4 days through Tavel:"),
        ("In 4 Tagen durch Tavel mit 4 Kindern:", "In 4 Tagen durch Tavel mit 3 Kindern:"),
    ],
)
def test_an_intro_counts_what_is_left(intro: str, agreeing: str) -> None:
    text = f"{intro}\n\n- Hill\n- Osk\n- Tarn\n- Vey\n"
    assert without_osk(text).startswith(agreeing)


def test_an_intro_that_cannot_be_put_in_the_singular_goes() -> None:
    assert without_osk("Voici deux poètes :\n\n- Hill\n- Osk\n") == "- Hill\n"


_TABLE = """\
| Site | Lead | Pay |
|---|---|---:|
| Sund | Osk | 61,400 |
| Tavel | Hill | 58,200 |
| Gent | Tarn | 63,001 |
"""


@pytest.mark.parametrize(
    ("total", "agreeing"),
    [
        ("| **Total** | | 182,601 |", "| **Total** | | 121,201 |"),
        ("| **Average** | | 60,867 |", "| **Average** | | 60,600 |"),
        ("| **Average** | | 60,867.00 |", "| **Average** | | 60,600.50 |"),
    ],
)
def test_a_total_is_that_of_the_rows_that_are_left(total: str, agreeing: str) -> None:
    assert agreeing in without_rows(_TABLE + total + "\n")


def test_a_total_that_cannot_be_made_to_agree_goes() -> None:
    text = f"{_TABLE}\nIn total they paid 9,123 in taxes. The town is old."
    assert without_rows(text).endswith("|\n\nThe town is old.")


_BOOKS = "1. Salt\n2. Osk\n3. Sand\n\n"


@pytest.mark.parametrize(
    ("said", "agreeing"),
    [
        ("I would begin with number 3.", "I would begin with number 2."),
        ("I would begin with Salt or number 2.", "I would begin with Salt."),
        ("Then start forklift number 2.", "Then start forklift number 2."),
        ("Mein Tipp ist Nummer 3.", "Mein Tipp ist Nummer 2."),
    ],
)
def test_an_item_is_named_by_the_number_that_it_has_now(said: str, agreeing: str) -> None:
    assert without_osk(_BOOKS + said) == f"1. Salt\n2. Sand\n\n{agreeing}"


def test_with_two_numbered_lists_nobody_knows_which_is_meant() -> None:
    text = _BOOKS + "And:\n\n1. Mill\n2. Tower\n3. Bridge\n\nVisit number 3."
    assert without_osk(text).endswith("Visit number 3.")
