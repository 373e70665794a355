"""All that a request tells of its only target is told of it."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.readings import Interpretation


@pytest.fixture(scope="module")
def interpreter() -> LocalInterpreter:
    return LocalInterpreter()


def read(interpreter: LocalInterpreter, text: str) -> Interpretation:
    (target,) = interpreter.read(text).targets
    return target


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Project Quellmar is confidential. Forget it: the offline rewrite of our inventory app "
            "in Kotlin, with a release in Vessby.",
            ("inventory app in Kotlin", "Vessby"),
        ),
        (
            "Client Tor Hagen wants to be erased: born 4 May 1951, room 212, hip operation in "
            "Vessby. Contact is his daughter Maren Hagen-Lind.",
            ("room 212", "Vessby", "his daughter Maren Hagen-Lind"),
        ),
        (
            "Please delete Orla Quarry, who rented flat 4B from us. She owed us 2,480 euros "
            "because of the broken boiler and has since moved to Kilbrannan.",
            ("2,480 euros", "boiler", "Kilbrannan"),
        ),
        (
            "Please remove the Vantrask: the ship, how she sank, and the film of 1997.",
            ("how she sank", "film of 1997"),
        ),
    ],
)
def test_no_half_of_what_is_told_is_lost(
    interpreter: LocalInterpreter, text: str, told: tuple[str, ...]
) -> None:
    target = read(interpreter, text)
    assert not [piece for piece in told if piece not in target.description]
    assert target.exceptions == ()
    assert target.reason == ""


@pytest.mark.parametrize(
    ("text", "not_told"),
    [
        ("Forget Tor Hagen. His role as treasurer of the Vessby choir may stay.", "Vessby"),
        ("Forget Tor Hagen. Maren Lind is still with us, so do not remove her.", "Maren"),
        ("Please forget Tor Hagen until 3 March 2027.", "March"),
        ("Olvida a Tor Hagen, por favor.", "favor"),
    ],
)
def test_what_is_told_of_others_or_stays_is_no_fact(
    interpreter: LocalInterpreter, text: str, not_told: str
) -> None:
    assert not_told not in read(interpreter, text).description


def test_a_subtitle_belongs_to_a_name_and_an_explanation_does_not(
    interpreter: LocalInterpreter,
) -> None:
    assert (
        read(interpreter, "Please remove the Vantrask: the ship and its crew.").subject
        == "Vantrask"
    )


def test_where_somebody_lives_is_an_identifier_wherever_it_is_told(
    interpreter: LocalInterpreter,
) -> None:
    lives = read(interpreter, "Forget Mirela Osk, she lives at 8 Quarry Lane, Dunmoor.")
    assert "8 Quarry Lane" in [i.value for i in lives.identifiers]
    assert read(interpreter, "Forget Mirela Osk. She was 12 years on the road.").identifiers == ()


@pytest.mark.parametrize(
    "text",
    [
        "Forget Mirela Osk; our office at 12 Elm Road, Dunmoor will confirm.",
        "Forget Mirela Osk. She came third at the 2024 Dunmoor Road Race.",
        "Forget Mirela Osk. She moved on after the 2024 Dunmoor Road Race.",
    ],
)
def test_a_number_before_a_road_is_no_home_unless_it_says_so(
    interpreter: LocalInterpreter, text: str
) -> None:
    assert not any(i.told.startswith("address") for i in read(interpreter, text).identifiers)
