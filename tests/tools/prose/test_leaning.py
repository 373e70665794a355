"""Sentences and lists still read well when one of those of whom they tell is taken out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.documents import cut, redact_observation
from amnestic.tools.documents.markup import redact_markup
from amnestic.tools.prose.agreement import with_counts_of
from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.generalising import generalise_mentions
from amnestic.tools.prose.numbering import marks_in
from amnestic.tools.prose.redact import drop_segments
from amnestic.types import Span


def leaks(piece: str) -> bool:
    return "Osk" in piece


# ── Who is spoken of ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "leaning",
    [
        "She moved to Sund in 1999.",
        "After the war her family left.",
        "As a girl she lived above a bakery. Two years later she sang.",
        "Critics admire her.",
        "Today she teaches at a school. Among her pupils was Edda Tarn.",
        "Many of her songs are sad. Most of them are short.",
        "The poet lives abroad.",
        "The former has two sons.",
        "It prints maps. The publisher owns two mills.",
    ],
)
def test_what_leans_on_a_dropped_sentence_goes_with_it(leaning: str) -> None:
    text = f"Mirela Osk is a poet. {leaning} Rain fell."
    assert drop_segments(text, leaks) == "Rain fell."


@pytest.mark.parametrize(
    ("about", "leaning", "kept"),
    [
        ("Mirela Osk is a poet.", "However, it's not the only reason to go.", "Rain fell."),
        ("Osk Tower stands in Tavel.", "The tower has three floors.", "Rain fell."),
        ("Osk Tower stands in Tavel.", "The structure is of iron.", "Rain fell."),
        ("The Lamps of Osk is a novel.", "The story is set in Sund. In the novel, two boats sink.",
         "Rain fell."),
        ("Mirela Osk is a poet.", "She wrote the play with Osk and Tarn Veldt.", "Rain fell."),
        ("Mirela Osk sold the mill.", "The same mill burned in June.", "Rain fell."),
        ("Osk scored.", "In the 90th minute the Tavel captain was sent off.", "Rain fell."),
        ("Mirela Osk ist Dichterin.", "Später zog sie nach Sund.", "Der Fluss ist breit."),
        ("Mirela Osk ist Dichterin.", "Die Dichterin lebt in Sund.", "Der Fluss ist breit."),
        ("Mirela Osk ist Dichterin.", "Nach dem Krieg verließ ihre Familie das Land.",
         "Der Fluss ist breit."),
        ("Mirela Osk est poète.", "Cependant, elle vit à Lyon.", "La ville est grande."),
        ("Mirela Osk est poète.", "Après la guerre, sa famille quitta le pays.",
         "La ville est grande."),
        ("Mirela Osk es poeta.", "Nació en Tavel en 1961.", "La ciudad es grande."),
        ("Mirela Osk es poeta.", "Sin embargo, su obra es breve.", "La ciudad es grande."),
        ("Mirela Osk è una poetessa.", "Nacque a Tavel nel 1961.", "La città è grande."),
        ("Mirela Osk is dichter.", "In 1999 verhuisde zij naar Gent.", "De stad is groot."),
        ("Mirela Osk é poeta.", "Nasceu em Tavel em 1961.", "A cidade é grande."),
    ],
)  # fmt: skip
def test_what_leans_is_heard_in_every_language(about: str, leaning: str, kept: str) -> None:
    assert drop_segments(f"{about} {leaning} {kept}", leaks) == kept


@pytest.mark.parametrize(
    ("about", "joined", "kept"),
    [
        ("Mirela Osk is a poet.", "However, Hill is a poet.", "Hill is a poet."),
        ("Mirela Osk is a poet.", "On the other hand, the mill is old.", "The mill is old."),
        ("Mirela Osk is a poet.", "Otherwise Hill stays.", "Otherwise Hill stays."),
        ("Rain fell.", "However, Hill is a poet.", "Rain fell. However, Hill is a poet."),
        ("Mirela Osk est poète.", "Cependant, la ville est grande.", "La ville est grande."),
        ("Mirela Osk es poeta.", "Sin embargo, la ciudad es grande.", "La ciudad es grande."),
    ],
)
def test_what_joins_a_sentence_to_a_dropped_one_goes(about: str, joined: str, kept: str) -> None:
    assert drop_segments(f"{about} {joined}", leaks) == kept
    assert cut(f"{about} {joined}", leaks) == kept


@pytest.mark.parametrize(
    ("row", "clean", "leaning", "kept"),
    [
        ("He built three palaces: Osk, Linder and Herren.",
         "He built two palaces: Linder and Herren.", "The first was built on a rock.",
         "The first snow fell in May."),
        ("Er baute drei Schlösser: Osk, Linder und Herren.",
         "Er baute zwei Schlösser: Linder und Herren.", "Das erste steht auf einem Felsen.",
         "Die Stadt ist alt."),
        ("Il construisit trois châteaux : Osk, Linder et Herren.",
         "Il construisit deux châteaux : Linder et Herren.", "Le premier est au bord de l'eau.",
         "La ville est vieille."),
        ("Osk, Hill and Tarn wrote plays.", "Hill and Tarn wrote plays.", "The latter is a judge.",
         "Rain fell."),
    ],
)  # fmt: skip
def test_a_place_in_a_row_means_nothing_when_the_row_is_shorter(
    row: str, clean: str, leaning: str, kept: str
) -> None:
    assert drop_segments(f"{row} {leaning} {kept}", leaks) == f"{clean} {kept}"


@pytest.mark.parametrize(
    "kept",
    [
        "Edda Tarn is a potter. She lives here.",
        "In 1990 Ivo Hill painted the mill. He sold it.",
        "The mayor opened the fair. He spoke.",
        "My neighbour lost her keys.",
        "Sara said she would come.",
        "The poet Edda Tarn lives here.",
        "The town of Sund has a mill.",
        "The dog belongs to Ivo Hill. He feeds it.",
    ],
)
def test_what_speaks_of_somebody_else_stays(kept: str) -> None:
    assert drop_segments(f"Mirela Osk is a poet. {kept}", leaks) == kept


def test_a_sentence_that_names_nobody_does_not_part_a_pronoun_from_whom_it_means() -> None:
    text = "Mirela Osk is a poet. The mill is old. In 1981 she left. Rain fell."
    assert drop_segments(text, leaks) == "The mill is old. Rain fell."


def test_a_paragraph_of_markup_goes_with_the_one_that_it_leans_on() -> None:
    text = "<p>Osk is a poet.</p><p>She has two dogs.</p><p>Rain fell.</p>"
    assert redact_markup(text, leaks) == "<p>Rain fell.</p>"


# ── Rows of names ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("The jury (Hill, Osk, Tarn) met.", "The jury (Hill, Tarn) met."),
        ("Read Hill, Osk, and Tarn.", "Read Hill and Tarn."),
        ("Read Hill, Tarn, Vey, and Osk.", "Read Hill, Tarn, and Vey."),
        ("There are 3 poets: Hill, Osk and Tarn.", "There are 2 poets: Hill and Tarn."),
        ("Sund has two poets: Hill and Osk.", "Sund has one poet: Hill."),
        ("There are two poets: Hill and Osk.", "There is one poet: Hill."),
        ("Both Hill and Osk live in Sund.", "Hill lives in Sund."),
        ("Either Osk or Hill played.", "Hill played."),
        ("Osk and Hill are poets.", "Hill is a poet."),
        ("The poets are Osk and Hill.", "The poet is Hill."),
        ("It names Hill, Osk, and others.", "It names Hill and others."),
        ("Seas is by Hill; Salt is by Osk; Sand is by Tarn.", "Seas is by Hill; Sand is by Tarn."),
        ("Osk is a poet; she lives here; rain fell.", "Rain fell."),
    ],
)
def test_a_row_of_names_loses_one_and_still_reads_well(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean
    assert redact_observation(text, leaks) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Osk and Hill are sisters.",
        "Osk and Hill met each other.",
        "Osk and Hill sing and write.",
        "Osk sings.",
        "Osk, Mirela Osk and Osk's son came.",
    ],
)
def test_a_sentence_that_would_read_oddly_goes(text: str) -> None:
    assert trimmed(text, leaks) == ""


@given(st.lists(st.sampled_from(["Hill", "Osk", "Edda Tarn", "Vey"]), min_size=2, max_size=6))
def test_no_row_of_names_keeps_the_one_that_must_go(names: list[str]) -> None:
    text = f"Read {', '.join(names[:-1])} and {names[-1]}."
    clean = trimmed(text, leaks)
    assert "Osk" not in clean
    assert all(name in clean for name in names if name != "Osk") or not clean


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a) Hill\nb) Osk\nc) Tarn\n", "a) Hill\nb) Tarn\n"),
        ("I. Hill\nII. Osk\nIII. Tarn\n", "I. Hill\nII. Tarn\n"),
        ("(1) Hill\n(2) Osk\n(3) Tarn\n", "(1) Hill\n(2) Tarn\n"),
        ("h. Hill\ni. Osk\nj. Tarn\n", "h. Hill\ni. Tarn\n"),
    ],
)
def test_lists_are_numbered_anew_in_their_own_numerals(text: str, clean: str) -> None:
    assert drop_segments(text, leaks) == clean


def test_an_initial_is_no_number() -> None:
    assert marks_in("A. Hill wrote it.\nC. Tarn read it.\n") == {}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Found 3 people:\n- Hill\n- Osk\n- Tarn\n", "Found 2 people:\n- Hill\n- Tarn\n"),
        ("Results (2):\n\n1. Osk\n2. Tarn\n", "Results (1):\n\n1. Tarn\n"),
        (" name | born\n------+------\n Osk  | 1961\n Tarn | 1970\n(2 rows)\n",
         " name | born\n------+------\n Tarn | 1970\n(1 row)\n"),
        ("Rows:\nname,born\nOsk,1961\nHill,1950\nTarn,1970\n\n3 rows.",
         "Rows:\nname,born\nHill,1950\nTarn,1970\n\n2 rows."),
        ("- Hill\n- Osk\n- Tarn\n\nThree names in all.", "- Hill\n- Tarn\n\nTwo names in all."),
        ('Found 2 people: [{"name": "Osk"}, {"name": "Tarn"}]',
         'Found 1 person: [{"name": "Tarn"}]'),
        ("1. Hill\n2. Osk\n3. Tarn\n\nIn total: 3 people.", "1. Hill\n2. Tarn\n\n"
                                                             "In total: 2 people."),
    ],
)  # fmt: skip
def test_what_stands_around_a_list_tells_how_many_are_left(text: str, clean: str) -> None:
    assert redact_observation(text, leaks) == clean


@pytest.mark.parametrize(
    ("many", "one"),
    [("types", "type"), ("buses", "bus"), ("courses", "course"), ("heroes", "hero"),
     ("axes", "axe"), ("zorxes", "zorx"), ("olives", "olive"), ("churches", "church"),
     ("men", "man"), ("notes", "note"), ("themes", "theme"), ("planes", "plane"), ("uses", "use"),
     ("toes", "toe"), ("doses", "dose"), ("use-cases", "use-case"), ("synapses", "synapse")],
)  # fmt: skip
def test_one_that_is_left_of_many_is_named_as_one(many: str, one: str) -> None:
    assert recounted(f"There are 2 {many}:", 2, 1) == f"There is 1 {one}:"


@pytest.mark.parametrize(
    "text",
    ["Page 3 of 10:", "Since 3 May:", "Within 3 days:", "At 3.5 m:", "In chapter 3:", "The 3rd:"],
)
def test_a_number_that_counts_no_items_stays(text: str) -> None:
    assert recounted(text, 3, 2) == text
    listed = f"{text}\n- Hill\n- Osk\n- Tarn\n"
    assert with_counts_of(listed.replace("- Osk\n", ""), listed).startswith(text)


@given(st.text(alphabet="ab 3two:\n-1.)|,"), st.text(alphabet="ab 3two:\n-1.)|,"))
def test_texts_are_only_counted_anew_where_items_went(clean: str, text: str) -> None:
    assert with_counts_of(text, text) == text
    assert len(with_counts_of(clean, text).splitlines()) == len(clean.splitlines())


# ── General words ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Tavel has music by Osk. Rain fell.", "Tavel has music. Rain fell."),
        ("Tavel was praised by Osk in 1990.", "Tavel was praised in 1990."),
        ("Tavel, home of Osk, is a port.", "Tavel is a port."),
        ("Hill met Mr Osk in May.", "Hill met someone in May."),
        ("Hill is taller than Osk. Rain fell.", "Rain fell."),
        ("Hill wrote to Osk in May.", "Hill wrote to someone in May."),
        ("The mill is old, and its builder is known as Osk. Rain fell.", "Rain fell."),
        (
            "The prize is seen as that of Osk. Rain fell.",
            "The prize is seen as that of someone. Rain fell.",
        ),
        ("Its builder was perhaps Osk. Rain fell.", "Rain fell."),
        (
            "It was Osk who built the mill. Rain fell.",
            "It was someone who built the mill. Rain fell.",
        ),
        ("Hill is with Osk. Rain fell.", "Hill is with someone. Rain fell."),
        ("The hat is Osk's. Rain fell.", "The hat is someone's. Rain fell."),
    ],
)
def test_a_general_word_stands_only_where_one_would_say_it(text: str, clean: str) -> None:
    places = [Span(m.start(), m.end()) for m in re.finditer("Osk", text)]
    assert generalise_mentions(text, places, "someone") == clean


def test_someone_whom_a_text_itself_speaks_of_stays() -> None:
    text = "Mr someone was there. Hill met Osk."
    places = [Span(text.index("Osk"), text.index("Osk") + 3)]
    assert generalise_mentions(text, places, "someone") == "Mr someone was there. Hill met someone."


def test_a_comparison_between_commas_is_an_aside() -> None:
    text = "Tarn, unlike Osk, prints maps."
    assert trimmed(text, lambda piece: "Osk" in piece) == "Tarn prints maps."


def test_no_general_word_stands_behind_the() -> None:
    text = "Critics praise the King of Horror. A mill was sold to King."
    at = [Span(m.start(), m.end()) for m in re.finditer("King", text)]
    assert generalise_mentions(text, at, "someone") == "A mill was sold to someone."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Osk made it. So if you hum it all day, now you know how much of it is true. Rain fell.",
         "Rain fell."),
        ("Osk schrieb das Lied. Deshalb kennt man ihn in Tavel bis heute. Tarn ist ein Hafen.",
         "Tarn ist ein Hafen."),
        ("Osk wrote the song. So bring a coat to the fair.", "So bring a coat to the fair."),
    ],
)  # fmt: skip
def test_a_conclusion_about_what_went_goes_along(text: str, left: str) -> None:
    assert drop_segments(text, lambda piece: "Osk" in piece) == left
