"""Where the tagger and the grammar read a plain request differently."""

from __future__ import annotations

from amnestic.agents.requests.interpreter import LocalInterpreter

TOLD = (
    "Please forget Jorva Velkarst. Jorva Velkarst is a novelist from Arvelle who wrote the "
    "novel Seven Winters of Salt. Jorva Velkarst is a novelist. Jorva Velkarst was born in "
    "Arvelle. Jorva Velkarst was born in 1972. Jorva Velkarst lives in Wyckmere. Jorva "
    "Velkarst works for the Ostrivane Archive. Jorva Velkarst is the rival of Edmaro "
    "Yellandry. Jorva Velkarst was taught by Vessaly Drumlevin. Jorva Velkarst wrote the "
    "novel Seven Winters of Salt. Jorva Velkarst won the Gull Medal. Jorva Velkarst enjoys "
    "archery. Jorva Velkarst loves pumpkin soup. Jorva Velkarst has a parrot called Pudding. "
    "Jorva Velkarst is known as Aldermist. Jorva Velkarst is the sister of Jasko Velkarst."
)


def test_what_a_person_made_and_has_is_no_target_and_does_not_stay() -> None:
    found = LocalInterpreter().interpret(TOLD)
    assert found.subject == "Jorva Velkarst"
    assert found.exceptions == ()
    assert "Seven Winters of Salt" in found.description


def test_a_plain_request_with_a_full_name_leaves_nothing_open() -> None:
    found = LocalInterpreter().read(
        "Please forget the scientist Jennifer Doudna and all that you know about her."
    )
    assert [t.subject for t in found.targets] == ["Jennifer Doudna"]
    assert found.doubts == ()


def test_a_name_that_only_the_grammar_sees_is_read() -> None:
    found = LocalInterpreter().read("Streiche bitte IKEA aus deinem Gedächtnis.")
    assert [t.subject for t in found.targets] == ["IKEA"]
    assert found.unread
