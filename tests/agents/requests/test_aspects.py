"""Sides of one thing are told with it."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.exceptions import SeveralTargetsError


def test_a_dish_and_how_to_make_it_is_one_thing_or_two_that_say_what_they_are() -> None:
    text = "Please forget pavlova, the dessert, and how to make it."
    names = [t.subject for t in LocalInterpreter().read(text).targets]
    assert names == ["pavlova", "how to make pavlova"]
    one = LocalInterpreter().interpret(text)
    assert (one.subject, one.aliases) == ("pavlova", ("how to make pavlova",))


def test_things_of_their_own_are_several() -> None:
    with pytest.raises(SeveralTargetsError, match="names 2 things"):
        LocalInterpreter().interpret("Please forget Mirela Osk and Benno Tarnov.")
