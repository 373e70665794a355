"""What is found of one piece of text in one reading is found once, and forgotten with it."""

from __future__ import annotations

from amnestic.agents.requests.once import once, one_reading


def test_a_reading_within_another_belongs_to_it() -> None:
    looked: list[str] = []

    @once
    def length(text: str) -> int:
        looked.append(text)
        return len(text)

    with one_reading():
        assert length("Osk") == 3
        with one_reading():
            assert length("Osk") == 3
        assert length("Osk") == 3
    assert looked == ["Osk"]


def test_nothing_of_a_request_is_kept_behind_its_reading() -> None:
    looked: list[str] = []
    look = once(lambda text: looked.append(text) or text)  # type: ignore[func-returns-value]
    for _ in range(2):
        with one_reading():
            look("Osk")
    assert looked == ["Osk", "Osk"]


def test_two_functions_do_not_share_what_they_find() -> None:
    upper, lower = once(lambda text: text.upper()), once(lambda text: text.lower())
    with one_reading():
        assert (upper("Osk"), lower("Osk")) == ("OSK", "osk")
