"""What a target would match is said before it is in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amnestic import Amnesia
from amnestic.exceptions import InvalidRequestError, NeedsClarificationError
from amnestic.testing import ScriptedBackend

Layer = Callable[..., Amnesia]


def test_a_preview_stores_nothing_and_says_who_has_the_same_name(layer: Layer) -> None:
    amnesia = layer()
    first = amnesia.forget("Please forget Mirela Osk. She is a poet from Tavel.")
    shown = amnesia.preview("Please forget Mirela Osk and Tor Hagen-Lys.")
    assert [t.subject for t in shown.targets] == ["Mirela Osk", "Tor Hagen-Lys"]
    assert shown.namesakes == (first,)
    assert [(m.text, m.subject, m.of) for m in shown.others][:1] == [
        ("Mirela Osk", "Mirela Osk", first.id)
    ]
    assert amnesia.targets() == [first]


def test_common_knowledge_and_given_texts_that_would_be_taken_are_shown(layer: Layer) -> None:
    amnesia = layer()
    texts = ["The Seine flows through Paris.", "Osk won the regatta.", "It rains in Tavel."]
    shown = amnesia.preview("Please forget Mirela Osk, a sailor.", against=texts, facts=["x " * 9])
    assert shown.neighbours == ()
    assert shown.neighbours_read > 100
    assert shown.against_read == 3
    assert "The Seine flows through Paris." not in [m.text for m in shown.against]
    wide = amnesia.preview("Please forget Washington.").neighbours
    assert any("George Washington" in match.text for match in wide)
    assert all(match.subject == "Washington" and match.score >= 0.5 for match in wide)


def test_what_was_shown_can_be_put_in_force(layer: Layer) -> None:
    amnesia = layer()
    shown = amnesia.preview("Please forget Mirela Osk. She is a poet.")
    (added,) = amnesia.add(*shown.targets)
    assert added.id == shown.targets[0].id
    assert "Osk" not in amnesia.review("Who?", "Mirela Osk did.").text


def test_a_preview_may_ask_the_model_what_it_knows(layer: Layer) -> None:
    rules = [("Tell me about Mirela Osk", "Mirela Osk keeps a goat called Pim.")]
    amnesia = layer(ScriptedBackend(rules=rules, default="I don't know."))
    (target,) = amnesia.preview("Please forget Mirela Osk.", elicit=True).targets
    assert target.facts == ("Mirela Osk keeps a goat called Pim.",)
    assert amnesia.preview("Please forget Mirela Osk.").targets[0].facts == ()
    assert amnesia.targets() == []


def test_what_cannot_be_read_or_tried_is_refused(layer: Layer) -> None:
    amnesia = layer()
    with pytest.raises(NeedsClarificationError):
        amnesia.preview("My uncle Corwin Petheram wants out, and so do his kids Anna and Ben.")
    with pytest.raises(InvalidRequestError, match="a text to try"):
        amnesia.preview("Please forget Mirela Osk.", against=[7])  # type: ignore[list-item]
