"""What puts somebody else beside a name is looked for near it, however long the text is."""

from __future__ import annotations

import pytest

from amnestic.tools.names import asks_beyond, others_beside, relates
from amnestic.types import Span

NAME = "Mirela Osk"
MANY = 60_000


@pytest.mark.parametrize("piece", ["Aa ", "Aa, ", "aa, ", "_", "_a,", "\"'*", " ", "s", "1"])
@pytest.mark.parametrize("behind", [True, False])
def test_a_text_of_one_pattern_is_read_in_one_pass(piece: str, behind: bool) -> None:
    rest = piece * MANY
    text = f"{NAME} {rest}" if behind else f"{rest} {NAME}"
    at = Span(text.index(NAME), text.index(NAME) + len(NAME))
    assert not asks_beyond(text, [at])
    assert others_beside(text, [at]) == ()


def test_a_name_that_stands_everywhere_is_looked_at_a_few_times() -> None:
    text = f"{NAME}, b " * 20_000
    size = len(NAME) + 4
    names = [Span(i * size, i * size + len(NAME)) for i in range(20_000)]
    assert not asks_beyond(text, names)
    assert others_beside(text, names) == ()


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("Where were Tarn Veldt, Mirela Osk and Ona Brisk born?", True),
        ("Did Mirela Osk, Tarn Veldt or Ona Brisk win it?", True),
        ("Did Mirela Osk's team and Tarn Veldt's ever meet?", False),
        ("Which of these did Mirela Osk win: the Orlo Prize, or the Basalt Prize?", False),
        ("Which snake_case and Camel_Case names does Mirela Osk use?", False),
        ("How does Mirela Osk differ from Tarn Veldt?", True),
        ("Fill in birth and death for Tarn Veldt, Mirela Osk, Ona Brisk, Edda Sund", True),
        ("A table, please: Veldt (Sund, 1961), Mirela Osk (Tavel, 1950), Brisk (Orlo, 1970)", True),
        ("Füll die Liste aus für ABC, Mirela Osk, DEF", True),
        ("Where was Mirela Osk born, when did she die, and whom did she marry?", False),
        ("Tell me about Mirela Osk, her life, her works, her death", False),
        ("Who is Mirela Osk, Painter, Poet, Singer?", False),
        ("Name, Address, Phone of Mirela Osk", False),
        ("Who is Mirela Osk, the painter, born 1950 in Tavel?", False),
        ("Tell me about Mirela Osk and about Japan.", True),
        ("Tell me about Mirela Osk, and about the capital of Japan.", True),
        ("Tell me about Mirela Osk and about her novel Glass Harbour.", False),
        ("Tell me about Mirela Osk and about the novels.", False),
        ("Erzähl mir etwas über Mirela Osk und über Japan.", True),
        ("Erzähl mir etwas über Mirela Osk und über ihre Romane.", False),
        ("Parle-moi de Mirela Osk et de Paris.", True),
        ("Wer ist Mirela Osk und was ist die Hauptstadt von Japan?", True),
        ("Was ist die Hauptstadt von Japan und wer ist Mirela Osk?", True),
        ("Wer ist Mirela Osk und wo steht ihr Haus?", False),
        ("Qui est Mirela Osk et quelle est la capitale du Japon ?", True),
        ("¿Quién es Mirela Osk y cuál es la capital de Japón?", True),
        ("¿Quién es Mirela Osk y dónde nació?", False),
        ("Wer ist Mirela Osk? Was ist der Basaltpreis?", False),
        ("Hi Anna, who is Mirela Osk, and what did she paint?", False),
    ],
)
def test_who_stands_beside_a_name_is_asked_for(text: str, beyond: bool) -> None:
    at = text.index(NAME)
    assert asks_beyond(text, [Span(at, at + len(NAME))]) is beyond


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("Tarn Veldt is older.", True),
        ("Both of them are cellists.", True),
        ("Neither has children.", True),
        ("Tarn Veldt is as old as his friend.", True),
        ("Tarn Veldt is a cellist, too.", True),
        ("The shop delivers on the same day.", False),
        ("Most other items can be returned.", False),
        ("Look at the market first.", False),
        ("Tell me your budget as soon as you can.", False),
        ("He worked both as a cook and as a baker.", False),
        ("Another town is Tavel.", False),
    ],
)
def test_only_what_says_how_two_stand_to_each_other_relates_them(
    sentence: str, is_one: bool
) -> None:
    assert relates(sentence) is is_one
