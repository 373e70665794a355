"""Rows of names: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from amnestic.tools.prose.rows import trim_rows, without_names


def without_osk(text: str) -> str:
    return trim_rows(text, lambda piece: "Osk" in piece)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("On stage were Hollis Marlo, Mirela Osk and Tom Arlen.",
         "On stage were Hollis Marlo and Tom Arlen."),
        ("Read Marlo, Osk, Tarn.", "Read Marlo, Tarn."),
        ("In Salt Winter, Mirela Osk and Tom Arlen danced.", "In Salt Winter, Tom Arlen danced."),
        ("With Hollis Marlo, Mirela Osk and Tom Arlen sang.", "With Hollis Marlo, Tom Arlen sang."),
    ],
)  # fmt: skip
def test_a_name_goes_out_of_its_row(text: str, left: str) -> None:
    assert without_osk(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "In the film Salt Winter, Mirela Osk played a lonely pilot.",
        "With Marlo, Osk danced.",
        "According to Hill, Mirela Osk wrote it.",
    ],
)
def test_the_end_of_an_opening_and_the_subject_are_no_row(text: str) -> None:
    assert without_osk(text) == text


def test_commas_in_brackets_part_no_names() -> None:
    row = (
        "Leavers: Ada Osk (head of the bell foundry, who fell ill in March and came back in May, "
        "severance 18,000), Tor Hill (planner, retired), Una Tarn (driver, resigned)."
    )
    left = "Leavers: Tor Hill (planner, retired), Una Tarn (driver, resigned)."
    assert trim_rows(row, lambda s: "Osk" in s or "severance" in s) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask Osk or Hill.", "Ask Hill."),
        ("Compare Osk, Hill and Tarn with care.", "Compare Hill and Tarn with care."),
        ("Visit Osk and Hill in May.", "Visit Hill in May."),
        ("Mirela Osk and Hill sing.", "Hill sings."),
        ("Lake Osk and Tavel are far.", "Tavel is far."),
    ],
)
def test_the_verb_of_an_order_is_no_part_of_a_name(text: str, left: str) -> None:
    assert without_names(text, lambda s: "Osk" in s) == left
