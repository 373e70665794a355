"""What belongs to a target goes with it: it is no second target, and nothing that stays."""

from __future__ import annotations

import pytest

from amnestic.agents.requests.belonging import goes_along
from amnestic.agents.requests.interpreter import LocalInterpreter


@pytest.mark.parametrize(
    ("between", "phrase"),
    [
        (" and ", "all her songs"),
        (" und ", "alle ihre Lieder"),
        (" et tous ", "ses romans"),
        (" y todas ", "sus canciones"),
        (" and ", "everything she wrote"),
        (" und alles ", "von ihm"),
    ],
)
def test_a_phrase_without_a_name_belongs_to_the_name_before(between: str, phrase: str) -> None:
    assert goes_along(between, phrase)


@pytest.mark.parametrize(
    ("between", "phrase"),
    [
        (" and ", "his wife Ana"),
        (" and ", "Her Majesty's Theatre"),
        (" but keep ", "her songs"),
        (". ", "her songs"),
        (" and ", "Fanta"),
        (" and ", ""),
    ],
)
def test_a_name_or_a_wish_of_its_own_does_not(between: str, phrase: str) -> None:
    assert not goes_along(between, phrase)


@pytest.mark.parametrize(
    ("request_", "subject"),
    [
        ("Forget Mirela Danko and all her songs", "Mirela Danko"),
        ("Vergiss bitte die britische Band Harrowgate und alle ihre Lieder.", "Harrowgate"),
        ("Please forget Mirela Danko and everything she wrote", "Mirela Danko"),
    ],
)
def test_such_a_request_is_for_one_target_of_which_nothing_stays(
    request_: str, subject: str
) -> None:
    reading = LocalInterpreter().read(request_)
    assert [target.subject for target in reading.targets] == [subject]
    assert reading.targets[0].exceptions == ()


def test_what_may_stay_stays() -> None:
    (target,) = LocalInterpreter().read("Forget Mirela Danko, but her songs may stay.").targets
    assert target.exceptions == ("her songs",)


def test_a_skill_said_twice_is_one() -> None:
    request = "Forget lock picking. Forget how to pick a lock."
    (target,) = LocalInterpreter().read(request).targets
    assert (target.subject, target.aliases) == ("lock picking", ("how to pick a lock",))


@pytest.mark.parametrize(
    ("request_", "subject"),
    [("forget mirela danko pls", "Mirela Danko"), ("forget lock picking", "lock picking")],
)
def test_a_name_told_in_small_letters_gets_its_capitals(request_: str, subject: str) -> None:
    assert LocalInterpreter().read(request_).targets[0].subject == subject


@pytest.mark.parametrize(
    "request_text",
    [
        "Please forget William Shakespeare, also known as Shakespeare and the Bard of Avon. "
        "William Shakespeare was an English playwright and poet who wrote Hamlet, Macbeth and "
        "Romeo and Juliet.",
        "Forget Ludwig van Beethoven. He wrote Fidelio, Egmont and Romeo and Juliet.",
    ],
)
def test_one_of_a_row_of_works_that_are_told_does_not_stay(request_text: str) -> None:
    assert LocalInterpreter().interpret(request_text).exceptions == ()


@pytest.mark.parametrize(
    "request_text",
    [
        "Forget Ludwig van Beethoven. Fidelio, Egmont and Romeo and Juliet may stay.",
        "Forget Ludwig van Beethoven, but keep Fidelio, Egmont and Coriolan.",
        "Forget Ludwig van Beethoven except Fidelio, Egmont and Coriolan.",
    ],
)
def test_a_whole_row_that_is_to_stay_stays(request_text: str) -> None:
    kept = " ".join(LocalInterpreter().interpret(request_text).exceptions)
    assert all(name in kept for name in ("Fidelio", "Egmont"))


def test_a_row_of_which_something_is_said_is_not_what_stands_before_it() -> None:
    reading = LocalInterpreter().read("I want Mirela Osk gone, Ada Hill and Tor Tarn stay.")
    assert reading.targets[0].exceptions == ("Ada Hill", "Tor Tarn")
