"""Where alone something shall be forgotten is its scope, or is said not to be read: no fact."""

from __future__ import annotations

from typing import Any

import pytest

from amnestic.agents.requests import LocalInterpreter, limits
from amnestic.agents.requests.limits import limits_in

READER = LocalInterpreter()


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Forget Mirela Osk, but only in the shop.", "in the shop"),
        ("Forget Mirela Osk. But only in the shop.", "in the shop"),
        ("Forget Mirela Osk in the HR assistant only.", "in the HR assistant"),
        ("Vergiss Mirela Osk, aber nur im Shop.", "im Shop"),
        ("Oubliez Mirela Osk, mais seulement dans la boutique.", "dans la boutique"),
        ("Olvida a Mirela Osk, pero solo en la tienda.", "en la tienda"),
    ],
)
def test_where_alone_is_a_scope_and_no_fact(text: str, scope: str) -> None:
    (target,) = READER.read(text).targets
    assert (target.subject, target.scope, target.description) == ("Mirela Osk", scope, "")


@pytest.mark.parametrize(
    "text",
    [
        "Forget Mirela Osk and Tor Hagen, but only in the shop.",
        "Forget Mirela Osk, her concerts may stay, but only in the shop.",
        "Forget Mirela Osk, but only for the support bot.",
        "Vergiss Mirela Osk, nur für den Fall.",
    ],
)
def test_what_may_be_a_limit_of_something_else_is_said_and_not_kept(text: str) -> None:
    reading = READER.read(text)
    assert any("it is everywhere" in piece for piece in reading.unread)
    assert {(t.scope, t.description) for t in reading.targets} == {("", "")}


@pytest.mark.parametrize(
    "text",
    [
        "Forget Mirela Osk. She worked only for Siemens.",
        "Forget Mirela Osk. She sings, but only in the shop.",
        "Forget Mirela Osk, who sings, but only in the shop.",
        "Forget the album 'Only for You' by Mirela Osk.",
        "Forget the song Only in Dreams",
    ],
)
def test_what_is_told_of_somebody_is_a_fact_and_a_title_a_name(text: str) -> None:
    reading = READER.read(text)
    (target,) = reading.targets
    assert target.scope == ""
    assert target.description
    assert not any("it is everywhere" in piece for piece in reading.unread)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Forget Mirela Osk. Only in Tavel did she publish.", "publish"),
        ("Forget Mirela Osk. Only in 2019 did she live in Tavel.", "2019"),
        ("Forget Mirela Osk. But only in spring she is allergic.", "allergic"),
        ("Forget Mirela Osk. And only in the shop did she steal.", "steal"),
        ("Forget Mirela Osk. Only on paper is she married.", "married"),
        ("Forget Mirela Osk, is only on paper a doctor.", "doctor"),
        ("Please forget Mirela Osk is on medication only.", "medication"),
        ("Please forget Mirela Osk is in the clinic only.", "clinic"),
        ("Forget Mirela Osk until 2030-01-01. Only for Siemens.", "Siemens"),
        ("Forget Mirela Osk but only at her workplace at 12 Mill Lane.", "12 Mill Lane"),
        ("Vergiss Mirela Osk. Nur in Tavel war sie bekannt.", "bekannt"),
        ("Vergiss Mirela Osk, nur in Tavel bekannt.", "bekannt"),
        ("Vergiss Mirela Osk, nur im Ausland bekannt.", "bekannt"),
        ("Olvida a Mirela Osk, y solo en casa vive.", "vive"),
    ],
)
def test_what_may_be_told_of_somebody_is_not_lost(text: str, fact: str) -> None:
    (target,) = READER.read(text).targets
    assert fact in target.description
    assert target.scope == ""


def test_a_clause_that_may_be_a_limit_is_said_and_stays_as_it_was_told() -> None:
    reading = READER.read("Forget Mirela Osk; only in the shop may she be named.")
    assert any("it is everywhere" in piece for piece in reading.unread)
    assert [t.scope for t in reading.targets] == [""]


def test_a_limit_beside_an_end_is_not_passed_over() -> None:
    reading = READER.read("Forget Mirela Osk until 2030-01-01, but only for children.")
    assert any("only for children" in piece for piece in reading.unread)


@pytest.mark.parametrize("text", ["Forget only Mirela Osk.", "Please just forget Mirela Osk."])
def test_a_word_that_limits_nothing_is_passed_over(text: str) -> None:
    (target,) = READER.read(text).targets
    assert (target.subject, target.scope, target.description) == ("Mirela Osk", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "Forget Tor Hagen-Lys. Mirela Osk may stay, but only in the shop.",
        "Forget Tor Hagen-Lys. That was only for my talk with the doctor.",
    ],
)
def test_a_limit_of_something_else_is_no_scope(text: str) -> None:
    assert READER.read(text).targets[0].scope == ""


def test_an_end_that_is_read_is_no_scope_as_well() -> None:
    for length in ("30 days", "one week"):
        reading = READER.read(f"Please forget Mirela Osk, but only for {length}.")
        (target,) = reading.targets
        assert (target.scope, target.description, target.expires is None) == ("", "", False)
        assert not any("it is everywhere" in piece for piece in reading.unread)


@pytest.mark.parametrize("piece", ["in ", "only in ", "in only ", "only  ", "in  "])
def test_a_long_text_is_looked_through_once(piece: str) -> None:
    assert all(len(limit) < 200 for limit in limits_in(piece * 2_000))


def test_of_very_many_limits_some_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, whole = [], limits._limited

    def counted(reading: Any, limit: str, *rest: Any) -> Any:
        looked.append(limit)
        return whole(reading, limit, *rest)

    monkeypatch.setattr(limits, "_limited", counted)
    READER.read("Forget Mirela Osk. " + "Only in the shop. " * 300)
    assert looked == ["Only in the shop"]
    READER.read("Forget Mirela Osk. " + "".join(f"Only in the shop {i}. " for i in range(300)))
    assert len(looked) < 30
