"""Given names that share a surname."""

from __future__ import annotations

from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.surnames import with_shared_surnames
from amnestic.types import TargetKind


def _read(text: str, *names: str, kind: TargetKind = TargetKind.PERSON) -> list[str]:
    reading = RequestReading(tuple(Interpretation(name, kind) for name in names))
    return [t.subject for t in with_shared_surnames(reading, text).targets]


def test_all_that_are_joined_to_a_full_name_have_its_surname() -> None:
    text = "Forget Ana, Ida and Tor Hagen."
    assert _read(text, "Ana", "Ida", "Tor Hagen") == ["Ana Hagen", "Ida Hagen", "Tor Hagen"]


def test_names_that_stand_apart_have_none() -> None:
    assert _read("Forget Ana. Tor Hagen too.", "Ana", "Tor Hagen") == ["Ana", "Tor Hagen"]


def test_firms_have_no_surname() -> None:
    names = ("Velm", "Tor Hagen")
    assert _read("Velm and Tor Hagen", *names, kind=TargetKind.ORGANISATION) == list(names)
