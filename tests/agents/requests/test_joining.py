"""One target of two readings."""

from __future__ import annotations

from amnestic.agents.requests.joining import joined, longer_of
from amnestic.agents.requests.readings import Interpretation
from amnestic.types import Identifier, TargetKind


def _osk(*values: str, told: str = "", kept: tuple[str, ...] = ()) -> Interpretation:
    numbers = tuple(Identifier(type="number", value=v) for v in values)
    return Interpretation(
        "Mirela Osk", TargetKind.PERSON, told, exceptions=kept, identifiers=numbers
    )


def test_a_code_is_whole_and_a_word_before_a_number_is_no_part_of_it() -> None:
    for seen, value in (("LZ 4471 0092", "LZ 4471 0092"), ("el 4471 0092", "4471 0092")):
        found = joined(_osk("4471 0092"), _osk(seen)).identifiers
        assert [i.value for i in found] == [value]


def test_of_two_exceptions_the_longer_one_holds() -> None:
    assert longer_of(("Nagano the city",), ("Nagano the", "her shop")) == (
        "Nagano the city",
        "her shop",
    )


def test_what_stays_is_not_told_of_the_target() -> None:
    known = _osk(told="Mirela Osk (the actress), not Mirela Osk the dentist.")
    target = joined(known, _osk(kept=("Mirela Osk the dentist",)))
    assert target.exceptions == ("Mirela Osk the dentist",)
    assert "dentist" not in target.description
