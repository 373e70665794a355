"""What the capital of a word says."""

from __future__ import annotations

import pytest

from amnestic.tools.names import Capital, capital_of
from amnestic.types import Span


def said(text: str, word: str = "Switch") -> Capital:
    start = text.index(word)
    return capital_of(text, Span(start, start + len(word)))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("We bought a Switch for the flat.", Capital.NAME),
        ("My favourite is “Switch”, I think.", Capital.NAME),
        ("It runs on a Switch.", Capital.NAME),
        ("a switch in the hall", Capital.NONE),
        ("It borders Albania, Bulgaria, Romania and Switch.", Capital.NAME),
        ("It is from Switch, sung by Idina Menzel.", Capital.NAME),
        ("On Switch, press Win+Shift+S.", Capital.NAME),
        ("Switch, Zoom and Figma all have one.", Capital.NAME),
        ("Switch (2007), Bruce Springsteen and Slash have played.", Capital.NAME),
        ("Switch and router are in the hall.", Capital.PLACE),
        ("Switch, Lamp and Cable Covers", Capital.PLACE),
        ("Try Costco, Walmart or Switch.", Capital.NAME),
        ("## The Light Switch, Explained by Experts", Capital.STYLE),
        ("Switch the lamp off.", Capital.PLACE),
        ("It is late. Switch the lamp off!", Capital.PLACE),
        ("How? “Switch the lamp off”, she said.", Capital.PLACE),
        ("- Switch: in the hall", Capital.PLACE),
        ("- **Switch**: in the hall", Capital.PLACE),
        ("2. Switch off the lamp", Capital.PLACE),
        ("a) Switch off the lamp", Capital.PLACE),
        ("lamp | Switch | hall", Capital.PLACE),
        ("| Switch | hall |", Capital.PLACE),
        ("The rule: Switch it off.", Capital.PLACE),
        ("## Choosing a Light Switch for Every Room", Capital.STYLE),
        ("HOW TO WIRE A SWITCH AT HOME", Capital.STYLE),
        ("class Switch(Device): ...", Capital.CODE),
        ("call `new Switch` first", Capital.CODE),
        ("```\nmake Switch here\n```", Capital.CODE),
        ("use hall.Switch here", Capital.CODE),
    ],
)
def test_a_capital_is_told_from_its_surroundings(text: str, what: Capital) -> None:
    assert (
        said(text, "SWITCH" if "SWITCH" in text else "Switch" if "Switch" in text else "switch")
        is what
    )


def test_code_ends_with_its_fence() -> None:
    assert said("```\nx = 1\n```\nWe own a Switch now.") is Capital.NAME


@pytest.mark.parametrize("text", ["Switch", " Switch ", "“Switch”"])
def test_a_word_by_itself_may_have_its_capital_for_its_place(text: str) -> None:
    assert said(text) is Capital.PLACE


def test_many_words_take_no_longer_than_they_have_to() -> None:
    text = "word " * 200_000 + "a Switch " + "word " * 200_000
    assert said(text) is Capital.NAME
