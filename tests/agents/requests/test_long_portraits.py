"""A person with many told facts is one target, whatever those facts name."""

from __future__ import annotations

from amnestic.agents.requests.interpreter import LocalInterpreter

TOLD = (
    "Please forget Jorva Velkarst. Jorva Velkarst is a novelist from Arvelle who wrote the novel "
    "Seven Winters of Salt. Jorva Velkarst is a novelist. Jorva Velkarst was born in Arvelle. Jorva "
    "Velkarst was born in 1972. Jorva Velkarst lives in Wyckmere. Jorva Velkarst works for the "
    "Ostrivane Archive. Jorva Velkarst is the rival of Edmaro Yellandry. Jorva Velkarst was taught "
    "by Vessaly Drumlevin. Jorva Velkarst wrote the novel Seven Winters of Salt. Jorva Velkarst won "
    "the Gull Medal. Jorva Velkarst enjoys archery. Jorva Velkarst loves pumpkin soup. Jorva "
    "Velkarst has a parrot called Pudding. Jorva Velkarst is known as Aldermist. Jorva Velkarst is "
    "the sister of Jasko Velkarst."
)


def test_what_a_person_made_and_has_is_no_target_and_does_not_stay() -> None:
    found = LocalInterpreter().interpret(TOLD)
    assert found.subject == "Jorva Velkarst"
    assert found.exceptions == ()
    assert "Seven Winters of Salt" in found.description
