"""What counts itself is counted anew where some of it went."""

from __future__ import annotations

import pytest

from amnestic.tools.documents.cutting import cut


def cut_out(text: str) -> str:
    return cut(text, lambda piece: "Osk" in piece, names=("Osk",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Three hints. First, ask Osk. Second, ask Hill. Third, wait.",
         "Two hints. First, ask Hill. Second, wait."),
        ("Two hints. Firstly, ask Osk. Secondly, ask Hill.", "One hint. Ask Hill."),
        ("First, ask Hill. Then wait. Second, ask Osk. Rain fell. Third, sleep.",
         "First, ask Hill. Then wait. Rain fell. Second, sleep."),
        ("There are three ways. The first is by Osk. The second is by road. The third one is "
         "by sea.",
         "There are two ways. The first is by road. The second one is by sea."),
        ("Primero, llama a Osk. Segundo, paga a Hill. Tercero, duerme.",
         "Primero, paga a Hill. Segundo, duerme."),
        ("Es gibt drei Gründe. Erstens ist Osk teuer. Zweitens regnet es oft. Drittens ist der "
         "Weg weit.",
         "Es gibt zwei Gründe. Erstens regnet es oft. Zweitens ist der Weg weit."),
    ],
)  # fmt: skip
def test_what_is_left_is_counted_from_the_first(text: str, left: str) -> None:
    assert cut_out(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The First World War was led by Osk. The Second World War began in 1939.",
         "The Second World War began in 1939."),
        ("Second, ask Hill. Osk sang. Third, wait.", "Second, ask Hill. Third, wait."),
        ("First, ask Hill. Second, wait. Osk sang.", "First, ask Hill. Second, wait."),
    ],
)  # fmt: skip
def test_what_is_called_by_an_ordinal_keeps_it(text: str, left: str) -> None:
    assert cut_out(text) == left


def test_a_pair_of_which_one_is_left_is_no_pair() -> None:
    table = "| | Hill | Osk |\n|---|---|---|\n| Price | 5 | 6 |\n| Size | big | small |\n\n"
    left = "| | Hill |\n|---|---|\n| Price | 5 |\n| Size | big |\n\n"
    assert cut_out(f"{table}Hill wins in price, and the two are equal in size.") == (
        f"{left}Hill wins in price."
    )
    assert cut_out(f"{table}A path runs between the two. Rain fell.") == f"{left}Rain fell."


def test_a_name_between_two_phrases_takes_no_half_of_the_next_one_along() -> None:
    text = "Use A for Hill, B for Osk and C for Tarn."
    assert cut_out(text) == "Use A for Hill and C for Tarn."
