"""Identifiers of a request that are longer than any, and many of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amnestic.agents.requests import Interpretation, LocalInterpreter, joining
from amnestic.agents.requests.joining import letters
from amnestic.exceptions import ForgetRequestError
from amnestic.types import TargetKind

READER = LocalInterpreter()


@pytest.mark.parametrize(
    "value",
    [
        "a" * 7_900 + "@x.com",
        "a." * 3_900 + "a@x.com",
        "a@" + "b." * 3_900 + "com",
        "a@" * 3_950,
        "1" * 7_900,
        "sk-" + "Zq9" * 2_600,
    ],
)
def test_an_identifier_that_is_longer_than_any_is_one_clear_error(value: str) -> None:
    with pytest.raises(ForgetRequestError, match="characters") as caught:
        READER.read(f"Forget {value}")

    assert value[:8] not in str(caught.value)


def test_a_label_of_any_length_is_no_crash() -> None:
    reading = READER.read("Forget the " + "door " * 60 + "code 4471-99.")

    assert reading.targets


def test_what_two_readers_tell_is_folded_once_and_not_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = 0

    def counted(text: str) -> str:
        nonlocal calls
        calls += 1
        return letters(text)

    def folded(count: int) -> int:
        nonlocal calls
        calls = 0
        told = " ".join(f"Write to u{i}@c{i}.com." for i in range(count))
        one = Interpretation("Osk", TargetKind.PERSON, told)
        joining.joined(one, replace(one, description=told.replace("Write", "Send it")))
        return calls

    monkeypatch.setattr(joining, "letters", counted)

    assert folded(200) < 3 * folded(100)
