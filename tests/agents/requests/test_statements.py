"""Of the words beside a target only statements on it are stored."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.appositions import apposed
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.statements import with_statements_alone
from amnestic.tools.tagging import Tagged
from amnestic.types import Identifier, IdentifierType, TargetKind

SURELY = (1.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def interpreter() -> LocalInterpreter:
    return LocalInterpreter()


def kept(told: str, kind: TargetKind = TargetKind.PERSON, **fields: object) -> str:
    target = Interpretation("Orla Quarry", kind, told, **fields)  # type: ignore[arg-type]
    reading = RequestReading((target,))
    return (
        with_statements_alone(reading, Tagged("Forget Orla Quarry.", (), SURELY))
        .targets[0]
        .description
    )


@pytest.mark.parametrize(
    "noise",
    [
        "I have had enough.",
        "We fell out and it hurts.",
        "Ich war dort angestellt und will davon nichts mehr lesen.",
        "Orla Quarry completely.",
        "Orla Quarry: pls.",
        "Orla Quarry is.",
        "Orla Quarry: statements of.",
        "Orla Quarry but not the mill.",
        "Orla Quarry is a we broke up.",
        "Orla Quarry, ).",
        "Nothing else should change.",
        "Imke Vollrath.",
    ],
)
def test_what_says_nothing_of_the_target_is_not_stored(noise: str) -> None:
    assert kept(noise) == ""
    assert kept(f"Orla Quarry is a welder. {noise}") == "Orla Quarry is a welder."


@pytest.mark.parametrize(
    "statement",
    [
        "She took us to court in 2024.",
        "We hired her in May.",
        "Orla Quarry is my ex.",
        "Orla Quarry: fee 184,000 euros.",
        "The flat was let to Tarn in May.",
        "Orla Quarry (Dr. phil., crystallographer).",
        "Orla Quarry: die Orgelbauerin.",
        "Era mi jefa en Bilbao.",
        "Orla Quarry: 1992.",
    ],
)
def test_a_statement_on_the_target_is_stored(statement: str) -> None:
    assert kept(statement) == statement


def test_a_bracket_that_nothing_closes_goes() -> None:
    assert kept("Orla Quarry is the oil company (Shell plc.") == "Orla Quarry is the oil company."


def test_what_another_sentence_says_with_more_is_stored_once() -> None:
    told = "Orla Quarry left in May. Orla Quarry: left. Orla Quarry left in May for the mill."
    assert kept(told) == "Orla Quarry left in May for the mill."


def test_an_identifier_is_told_whatever_else_holds_it() -> None:
    card = Identifier(type=IdentifierType.NUMBER, value="KV-20817", label="contract")
    told = "Orla Quarry, contract: KV-20817. Orla Quarry signed the contract KV-20817 in May."
    assert kept(told, identifiers=(card,)) == told


def test_whoever_is_left_out_with_noise_is_said_to_be_unread() -> None:
    target = Interpretation("Pearl", TargetKind.WORK, "Pearl is a film. We know Imke Vollrath.")
    found = with_statements_alone(RequestReading((target,)), Tagged("Forget Pearl.", (), SURELY))
    assert found.targets[0].description == "Pearl is a film."
    assert any("Imke Vollrath" in piece for piece in found.unread)


@pytest.mark.parametrize(
    ("text", "noise"),
    [
        ("forget orla quarry completly, thx", "completly"),
        (
            "Forget the painter Orla Quarry. I'm writing a paper and my cat is ill. Thanks!",
            "paper",
        ),
        (
            "Our client Vantor Seeds wants to be erased from your memory: contract VS-2231, drying "
            "plant in Lleida, fee 184,000 euros.",
            "000 euros.",
        ),
    ],
)
def test_noise_of_a_request_is_not_stored(
    interpreter: LocalInterpreter, text: str, noise: str
) -> None:
    (target,) = interpreter.read(text).targets
    assert noise not in [s.partition(": ")[2] or s for s in target.description.split(". ")]
    assert noise == "000 euros." or noise not in target.description


def test_what_somebody_tells_of_themselves_is_stored(interpreter: LocalInterpreter) -> None:
    text = (
        "I'd like the AI to forget me. My name is spelled Siobhán Ní Fhaoláin, I used to moderate "
        "the gardening board under the nick mossgatherer."
    )
    (target,) = interpreter.read(text).targets
    assert "gardening board" in target.description


def test_of_a_list_nothing_stays_where_not_all_of_it_surely_does(
    interpreter: LocalInterpreter,
) -> None:
    text = (
        "I want to play Disco Elysium in the summer holidays. so: erase it. plot, characters, "
        "studio, whatever there is. Thx"
    )
    (target,) = interpreter.read(text).targets
    assert target.exceptions == ()


def test_the_same_in_other_words_is_no_exception(interpreter: LocalInterpreter) -> None:
    text = "You shouldn't know how to pick a lock any more, so forget about lock picking."
    (target,) = interpreter.read(text).targets
    assert target.exceptions == ()
    assert {target.subject, *target.aliases} == {"how to pick a lock", "lock picking"}


def test_a_clause_beside_a_name_is_no_calling() -> None:
    assert "is a" not in apposed("Larkwater", ", i grew up there")
    assert apposed("Titanic", ", how she sank") == "Titanic how she sank."
    assert apposed("Ottoline Brax", ", florist") == "Ottoline Brax is a florist."


def test_a_particle_behind_the_wish_is_no_name(interpreter: LocalInterpreter) -> None:
    (target,) = interpreter.read("Vergiss mal alles zu Wirecard, den ganzen Skandal.").targets
    assert target.subject == "Wirecard"
