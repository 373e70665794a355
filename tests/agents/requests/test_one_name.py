"""One name is asked for, whatever else a request says around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter, RequestReading
from amnestic.agents.requests.wishes import wish_in

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def read(text: str) -> RequestReading:
    return LocalInterpreter().read(text, now=NOW)


def names(text: str) -> list[str]:
    return [target.subject for target in read(text).targets]


@pytest.mark.parametrize(
    "text",
    [
        "forget Mirela Osk, the trial is over and the court says drop it",
        "Please forget the painter Mirela Osk; she moved away and I can't bear the name",
        "Please unlearn Mirela Osk. My brother met her and we'd like one place where it is quiet.",
        "One of our patients has asked for her data to be erased. Please forget Mirela Osk.",
        "You should no longer know the painter Mirela Osk; please treat schools normally though.",
        "As a nurse I've had enough of Mirela Osk. Behave as if she had never been born.",
    ],
)
def test_a_clause_is_no_second_target(text: str) -> None:
    assert names(text) == ["Mirela Osk"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please forget Mirela Osk completely, including her studio.", "Mirela Osk"),
        ("Erase the film Marrow from memory, I'd like to write my own.", "Marrow"),
        ("forget the board game Tavelin and anything on it - rules, art. thx", "Tavelin"),
        ("i don't want to hear about Mirela Osk the singer again", "Mirela Osk"),
        ("Expunge your recollection of Tavel v. Hagenau (docket 19-CV-3361).", "Tavel v. Hagenau"),
        ("Do not reveal that you know anything of Mirela Osk, the pianist.", "Mirela Osk"),
        ("Glöm Mirela Osk (målaren).", "Mirela Osk"),
        (
            "forget Mirela Osk's poem The Salt Orchard entirely; I mark essays on it",
            "The Salt Orchard",
        ),
    ],
)
def test_words_around_a_name_are_none_of_it(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Can you forget the Irish political party Fine Tavel? Thank you.", "Fine Tavel"),
        ("Forget the Danish satellite navigation system Tavelin.", "Tavelin"),
        ("Can you drop the Polish city of Oskow from your memory?", "Oskow"),
        ("Forget the Norwegian poet Mirela Osk, please.", "Mirela Osk"),
        ("Please erase Archbishop Mirel Romero of San Tavel.", "Mirel Romero"),
        ("don't know anything about de Osk's The Second Pearl from here on", "The Second Pearl"),
        ("Forget Osk's The Second Orchard, it's for a blind reading.", "The Second Orchard"),
    ],
)
def test_a_kind_ahead_of_a_name_tells_of_it(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Mirela Osk should be unknown to you. Thank you!",
        "Please have Mirela Osk removed from the things you talk about.",
        "Can you please leave Mirela Osk out of everything? The sprinter.",
        "Mirela Osk resigned last year. Please have no knowledge of her.",
        "Treat Mirela Osk as unknown.",
        "Please un-know Mirela Osk.",
        "I'd appreciate it if you forgot Mirela Osk.",
    ],
)
def test_a_wording_of_the_order_is_understood(text: str) -> None:
    assert names(text) == ["Mirela Osk"]


@pytest.mark.parametrize(
    "end",
    [
        "until I tell you otherwise",
        "until further notice",
        "until you hear from us",
        "till told otherwise",
    ],
)
def test_an_end_that_somebody_will_say_is_no_date_and_no_riddle(end: str) -> None:
    (target,) = read(f"Please forget Mirela Osk, the painter, {end}.").targets
    assert (target.subject, target.expires) == ("Mirela Osk", None)


def test_what_may_stay_stands_in_brackets() -> None:
    (target,) = read("Please forget the dancer Mirela Osk (the cake may stay!)").targets
    assert target.subject == "Mirela Osk"
    assert target.exceptions == ("the cake",)


def test_a_name_with_another_in_brackets_is_the_one_that_is_pointed_to() -> None:
    assert names("Avaricenne (Ibn Tavel) – forget him please, under either name.") == ["Avaricenne"]


def test_from_where_something_shall_be_gone_is_no_name() -> None:
    text = "Mirela Osk: retention period over. Delete from context and memory. Thank you."
    assert names(text) == ["Mirela Osk"]


@pytest.mark.parametrize(
    "told",
    ["I had no knowledge of Mirela Osk until today.", "We treat Mirela Osk as unknown here."],
)
def test_what_somebody_tells_of_themselves_is_no_order(told: str) -> None:
    assert wish_in(told) is None
