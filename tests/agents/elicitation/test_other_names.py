"""Names that a model tells become names of the subject; what only looks like one does not."""

from __future__ import annotations

import pytest

from amnestic.agents.elicitation import Said, Subject, names_listed, other_names
from amnestic.types import TargetKind

OSK = Subject("Mirela Osk", TargetKind.PERSON, "she")
BOOK = Subject("The Salt Ladder", TargetKind.WORK)


def names(whom: Subject, answer: str, *told: str) -> tuple[str, ...]:
    return other_names(whom, [Said("", answer)], [Said("", text) for text in told])


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Mirela Osk's full name is Mirela Anna Osk.", ("Mirela Anna Osk",)),
        ("She writes under the pen name Robert Halvard.", ("Robert Halvard",)),
        ("Mirela Osk (born Zsizsi Tarn) has no other name.", ("Zsizsi Tarn",)),
        ("Her nickname is Oskarella.", ("Oskarella",)),
        ('Friends say "Oskarella".', ("Oskarella",)),
        ("Ihr Spitzname ist Oskarella.", ("Oskarella",)),
        ("- **Robert Halvard** (pen name)\n- Oskarella\n", ("Robert Halvard", "Oskarella")),
    ],
)
def test_names_of_a_person_are_found(answer: str, found: tuple[str, ...]) -> None:
    assert names(OSK, answer) == found


@pytest.mark.parametrize(
    "answer",
    [
        "- Mirela\n- Osk\n- Ms. Osk\n",  # parts of the name that is known
        "Her nickname is Maggie.",  # a first name alone
        'Some call her "the Painter" or "Champion".',  # plain words
        "She is called the Queen of the Sea.",
        "I don't know other names of Mirela Osk, such as Robert Halvard.",
        "Do you mean Robert Halvard?",
        "- a painter from Tavel\n- 1951\n",
    ],
)
def test_what_is_no_name_of_its_own_is_left_out(answer: str) -> None:
    assert names(OSK, answer) == ()


def test_translated_titles_are_names() -> None:
    answer = "- French: *L'Échelle de sel*\n- German: *Die Salzleiter*\n- Chinese: 盐梯\n"
    assert names(BOOK, answer) == ("L'Échelle de sel", "Die Salzleiter", "盐梯")
    assert names(BOOK, "In French it is called La Saline écarlate.") == ("La Saline écarlate",)


def test_a_spouse_is_no_other_name() -> None:
    told = "Mirela Osk is married to Jory Halvard."
    assert names(OSK, "- Jory Halvard\n- Oskarella\n", told) == ("Oskarella",)


def test_a_character_of_which_the_model_speaks_elsewhere_is_no_other_name() -> None:
    told = "Mirela Osk is known for creating Captain Quill."
    assert names(OSK, "- Captain Quill\n", told) == ()


def test_a_neighbours_name_is_no_other_name() -> None:
    asked = [Said("", "- Edda Tarnowska\n- Oskarella\n")]
    assert other_names(OSK, asked, [], ["Edda Tarnowska"]) == ("Oskarella",)


def test_a_name_that_the_model_gives_to_others_as_well_is_left_out() -> None:
    asked, others = [Said("", "- Oskarella\n")], [Said("", "She is called Oskarella.")]
    assert other_names(OSK, asked, [], [], others) == ()


def test_a_pen_name_told_in_passing_is_a_name_and_a_relatives_is_not() -> None:
    told = Said("", "Osk also writes as a critic, under the pseudonym Robert Halvard.")
    assert other_names(OSK, [], [told]) == ("Robert Halvard",)
    kin = Said("", "Osk's mother was born Anna Volant.")
    assert other_names(OSK, [], [kin]) == ()


def test_names_are_read_from_lists_and_from_prose() -> None:
    assert names_listed("1. Edda Tarn\n2. Jory Venn, a painter\n") == ("Edda Tarn", "Jory Venn")
    assert names_listed("You might mean Edda Tarn or Jory Venn.") == ("Edda Tarn", "Jory Venn")
