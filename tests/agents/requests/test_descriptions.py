"""One thing that is told of at length is one target; several that are told of are several."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.descriptions import descriptions_in
from amnestic.agents.requests.makers import maker_at, title_at
from amnestic.agents.requests.parts import parts_of
from amnestic.agents.requests.pieces import tells
from amnestic.agents.requests.told_together import told_together
from amnestic.tools.tagging import Span, Tagged
from amnestic.types import TargetKind

PERSON, FIRM = TargetKind.PERSON, TargetKind.ORGANISATION
WORK, PLACE, TOPIC = TargetKind.WORK, TargetKind.PLACE, TargetKind.TOPIC


@pytest.fixture(scope="module")
def reader() -> LocalInterpreter:
    return LocalInterpreter()


ONE = [
    (
        "Forget Apple, the American technology company founded by Steve Jobs that makes the iPhone "
        "and the Mac.",
        "Apple",
        FIRM,
    ),
    ("Please forget Meta, the company behind Facebook, Instagram and WhatsApp.", "Meta", FIRM),
    (
        "Forget Turkey, the country between Europe and Asia whose capital is Ankara, not the bird.",
        "Turkey",
        PLACE,
    ),
    (
        "Forget Ilvasti, whose members were Phil Tarn, Tony Osk and Mike Lum, a band.",
        "Ilvasti",
        None,
    ),
    ("Forget Ravensburg Capital – the fund run by Otto Lehn and Maria Stix – please.", None, FIRM),
    (
        "Forget Milo Castellan, son of the painter Greta Castellan and brother of Ivo and Nina.",
        None,
        PERSON,
    ),
    ("Forget Dora Quill's debut album Paper Lungs, which Tom Varga produced.", "Paper Lungs", WORK),
    ("Forget the novel Cold Harvest by Ines Marlow and Peter Quill.", "Cold Harvest", WORK),
    ("Vergiss bitte das Magazin Stern.", "Stern", FIRM),
    ("Vergiss den Film Das Boot von Wolfgang Petersen.", "Das Boot", WORK),
    (
        "Vergiss die Firma Kelbra Werke, die Turbinen und Pumpen für Siemens und Voith baut.",
        None,
        FIRM,
    ),
    ("Oublie le film Amélie de Jean-Pierre Jeunet, avec Audrey Tautou et Luc Osk.", "Amélie", WORK),
    ("Olvida la película Roma de Alfonso Cuarón.", "Roma", WORK),
    (
        "Olvida Apple, la empresa fundada por Steve Jobs que fabrica el iPhone y el Mac.",
        "Apple",
        FIRM,
    ),
    ("Dimentica l'azienda Brenta Ottica.", "Brenta Ottica", FIRM),
    ("Dimentica il romanzo La luce obliqua di Chiara Bonfanti.", "La luce obliqua", WORK),
]


@pytest.mark.parametrize(("text", "name", "kind"), ONE)
def test_what_tells_of_a_name_is_no_further_target(
    reader: LocalInterpreter, text: str, name: str | None, kind: TargetKind | None
) -> None:
    (target,) = reader.read(text).targets
    if name is not None:
        assert target.subject == name
    if kind is not None:
        assert target.kind is kind


def test_who_made_a_work_is_told_of_it(reader: LocalInterpreter) -> None:
    (target,) = reader.read("Olvida la película Roma de Alfonso Cuarón.").targets
    assert "Alfonso Cuarón" in target.description
    assert not any("Cuarón" in name for name in target.aliases)


def test_all_that_tells_of_a_firm_is_told_of_it(reader: LocalInterpreter) -> None:
    (target,) = reader.read(ONE[1][0]).targets
    assert "Facebook, Instagram and WhatsApp" in target.description


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Forget Apple, Meta and Amazon.", ["Apple", "Meta", "Amazon"]),
        (
            "Forget Apple, the technology company, and Meta, the company behind Facebook.",
            ["Apple", "Meta"],
        ),
        (
            "Forget Brackwater, a village in Kent, as well as Finmoor, a village in Surrey.",
            ["Brackwater", "Finmoor"],
        ),
        (
            "Forget Apple, the company founded by Steve Jobs, and forget Steve Jobs too.",
            ["Apple", "Steve Jobs"],
        ),
        ("Forget Turkey and Greece, both countries on the Aegean.", ["Turkey", "Greece"]),
        (
            "Please forget Thessaly Marrow, the novelist, and her husband Pieter Daems.",
            ["Thessaly Marrow", "Pieter Daems"],
        ),
        (
            "Forget the films Roma by Alfonso Cuarón and Amélie by Jean-Pierre Jeunet.",
            ["Roma", "Amélie"],
        ),
        ("Bitte vergiss die Magazine Stern und Spiegel.", ["Stern", "Spiegel"]),
        (
            "Vergiss den Film Das Boot und den Regisseur Wolfgang Petersen.",
            ["Das Boot", "Wolfgang Petersen"],
        ),
        (
            "Olvida a Marta Solís, la cantante, y a Hugo Prats, su productor.",
            ["Marta Solís", "Hugo Prats"],
        ),
    ],
)
def test_several_that_are_told_of_are_several(
    reader: LocalInterpreter, text: str, names: list[str]
) -> None:
    assert [target.subject for target in reader.read(text).targets] == names


@pytest.mark.parametrize(
    ("text", "name", "alias"),
    [
        ("Forget Max (previously HBO Max).", "Max", "HBO Max"),
        (
            "Forget Accenture, previously known as Andersen Consulting.",
            "Accenture",
            "Andersen Consulting",
        ),
        ("Oublie Orange, l'opérateur (anciennement France Télécom).", "Orange", "France Télécom"),
    ],
)
def test_what_a_thing_was_called_before_is_another_name_of_it(
    reader: LocalInterpreter, text: str, name: str, alias: str
) -> None:
    (target,) = reader.read(text).targets
    assert target.subject == name
    assert alias in target.aliases


def test_what_somebody_was_before_is_no_name(reader: LocalInterpreter) -> None:
    (target,) = reader.read("Forget Mirela Osk, formerly CEO of Tarn.").targets
    assert target.aliases == ()


def test_a_name_that_matches_everything_gives_way_to_the_other_name(
    reader: LocalInterpreter,
) -> None:
    reading = reader.read("Forget X (formerly Twitter), the social network.")
    assert [target.subject for target in reading.targets] == ["Twitter"]
    assert any("'X'" in piece for piece in reading.unread)


def test_a_kind_that_nothing_says_is_said_to_be_a_guess(reader: LocalInterpreter) -> None:
    reading = reader.read("Forget Max (previously HBO Max).")
    assert any("what 'Max' is" in piece for piece in reading.unread)


@pytest.mark.parametrize(
    ("piece", "is_told"),
    [
        ("the American firm behind Osk", True),
        ("the Mac", False),
        ("the actor Bram Oakhurst", False),
        ("its founder Tor Hagen", False),
        ("the iPhone", False),
        ("starring Ana Osk", True),
        ("die Malerin", True),
        ("die Schweiz", False),
        ("l'entreprise américaine", True),
        ("la romancière de Nantes", True),
        ("the village of Tarn", False),
    ],
)
def test_a_piece_tells_or_names(piece: str, *, is_told: bool) -> None:
    assert tells(piece) is is_told


def test_a_title_that_tells_of_somebody_stays_whole() -> None:
    assert maker_at("el libro Diario de Ana Frank") is None
    assert maker_at("the novel Stand by Me") is None
    assert title_at("the firm Osk") is None


def test_a_list_of_many_names_is_divided_once() -> None:
    names = [f"Ana Osk{i}an" for i in range(1_500)]
    assert len(parts_of(", ".join(names))) == len(names)
    phrase = f"Tarn, the firm behind {', '.join(names)}"
    assert [d.start for d in descriptions_in(phrase)] == [6]


def test_what_the_tagger_says_of_a_dropped_name_is_told_of_the_one_that_is_kept() -> None:
    kinds = (1.0,) + (0.0,) * 11
    text = "Forget Osk, the firm run by Tor Hagen. He lives in Venn."
    spans = (
        Span(7, 10, "subject", 0.9, kinds),
        Span(28, 37, "subject", 0.9, kinds),
        Span(39, 55, "fact", 0.9, of=1),
    )
    seen = told_together(Tagged(text, spans, (1.0, 0.0, 0.0)))
    assert [s.of for s in seen.labelled("fact")] == [0, 0]


def test_a_number_that_the_tagger_asks_for_within_a_description_is_the_ones_told_of() -> None:
    kinds = (1.0,) + (0.0,) * 11
    text = "Forget Mirela Osk, a customer under LZ-44710."
    spans = (Span(7, 17, "subject", 0.9, kinds), Span(36, 44, "subject", 0.9, kinds))
    seen = told_together(Tagged(text, spans, (1.0, 0.0, 0.0)))
    assert [(seen.text_of(s), s.of) for s in seen.labelled("identifier")] == [("LZ-44710", 0)]
