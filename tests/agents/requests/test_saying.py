"""What of a request no target accounts for is said."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.saying import with_what_is_left
from amnestic.agents.requests.seeing import Seen
from amnestic.types import TargetKind

OSK = Interpretation("Mirela Osk", TargetKind.PERSON)


def _said(text: str, target: Interpretation = OSK, **more: object) -> str:
    seen = Seen((target,), "ok", 0.97, (0.97,), text=text, **more)  # type: ignore[arg-type]
    return "; ".join(with_what_is_left(RequestReading((target,)), seen, "").unread)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Forget Mirela Osk. Benno Tarnov agrees.", "Benno Tarnov"),
        ("Forget Mirela Osk, osk@tavel.example.", "osk@tavel.example"),
        ("Forget Mirela Osk Tarnov.", "whether 'Mirela Osk' is all of the name"),
    ],
)
def test_names_and_addresses_that_are_left_are_said(text: str, left: str) -> None:
    assert left in _said(text)


def test_an_address_that_only_a_sentence_on_one_of_several_holds_is_said() -> None:
    told = Interpretation("Mirela Osk", TargetKind.PERSON, "She writes from osk@tavel.example.")
    text = "Forget Mirela Osk, who writes from osk@tavel.example, and Tor Hagen."
    seen = Seen((), "ok", 0.97, text=text)
    reading = RequestReading((told, Interpretation("Tor Hagen", TargetKind.PERSON)))
    assert "osk@tavel.example" in "; ".join(with_what_is_left(reading, seen, "").unread)
    assert "osk@tavel.example" not in _said(text.removesuffix(", and Tor Hagen."), told)


def test_what_stays_or_ends_and_is_not_stored_is_said() -> None:
    assert "whether 'her shop' stays" in _said("Forget Mirela Osk", kept=("her shop",))
    assert "until when: 'till the fair'" in _said("Forget Mirela Osk", until=("till the fair",))


def test_what_is_told_by_one_word_or_only_guessed_is_said() -> None:
    assert "give the full name" in _said("Forget Osk", Interpretation("Osk", TargetKind.PERSON))
    guessed = Interpretation("Velm Hall", TargetKind.TOPIC, kind_guessed=True)
    assert "what 'Velm Hall' is" in _said("Forget Velm Hall", guessed)


@pytest.mark.parametrize(
    "request_", ["Vergiss die Konkurrenz.", "Forget competitor brands", "Olvida la política"]
)
def test_how_little_a_topic_catches_of_which_nothing_is_told_is_said(request_: str) -> None:
    reading = LocalInterpreter().read(request_)
    assert "little but texts that say it" in "; ".join(reading.unread)


def test_a_topic_that_something_is_told_of_catches_more() -> None:
    told = Interpretation("tile glazing", TargetKind.TOPIC, description="Done at 900 degrees.")
    assert "little but texts" not in _said("Forget tile glazing", told)
    named = Interpretation("the fair", TargetKind.TOPIC, aliases=("Velm Fair",))
    assert "little but texts" not in _said("Forget the fair", named)


def test_a_plain_request_leaves_nothing_unsaid() -> None:
    reading = LocalInterpreter().read("Please forget Mirela Osk, a potter from Tavel.")
    assert not reading.unread
