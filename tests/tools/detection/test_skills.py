"""A skill is asked for in many words, and its thing may still be spoken of."""

from __future__ import annotations

import pytest

from amnestic.tools.detection.skills import is_asked, skill_of
from amnestic.types import ForgetTarget


@pytest.mark.parametrize(
    "text",
    ["How do I brew mead?", "mead recipe, please", "How is mead made?", "Steps for brewing mead",
     "Write a story in which a monk explains the making of mead",
     "Wie stellt man Mead herstellbar her"],
)  # fmt: skip
def test_a_skill_is_asked_for_in_any_order(text: str) -> None:
    assert skill_of("how to brew mead").asked_in(text)


@pytest.mark.parametrize("text", ["Who drank mead?", "How do I brew tea?", "Is mead sweet?", ""])
def test_its_thing_may_be_spoken_of(text: str) -> None:
    assert not skill_of("how to brew mead").asked_in(text)


def test_a_skill_with_a_verb_of_its_own_is_not_any_making() -> None:
    skill = skill_of("how to pick a tumbler lock")
    assert skill.asked_in("How can one pick a tumbler lock?")
    assert not skill.asked_in("Who makes a tumbler lock?")


def test_an_everyday_verb_has_to_be_done_to_the_object() -> None:
    lock = skill_of("how to pick a lock")
    assert lock.asked_in("Show me how to pick that old lock.")
    assert lock.asked_in("How is a lock picked?")
    assert not lock.asked_in("My threads hang. Which lock should I pick?")


@pytest.mark.parametrize(
    ("subject", "verb", "thing"),
    [("lock picking", "pick", "lock"), ("picking locks", "pick", "locks"),
     ("money laundering", "laund", "money"), ("card counting", "count", "card")],
)  # fmt: skip
def test_a_gerund_names_what_is_done(subject: str, verb: str, thing: str) -> None:
    skill = skill_of(subject)
    assert (skill.verbs, skill.objects) == ((verb,), (thing,))


def test_a_skill_told_as_a_noun_is_asked_for_like_any_other() -> None:
    lock = skill_of("lock picking")
    assert lock.asked_in("How do I pick a lock?")
    assert lock.asked_in("The lock on my shed is stuck. How can I pick it?")
    assert not lock.asked_in("Ask the maker of the lock for a new key.")
    assert skill_of("knife making").asked_in("How is a knife made?")


@pytest.mark.parametrize(
    ("subject", "text"),
    [("la recette du cassoulet", "Comment fait-on un cassoulet ?"),
     ("das Rezept für Linzer Torte", "Wie backt man eine Linzer Torte?"),
     ("la ricetta del tiramisu", "Come fare il tiramisu?"),
     ("recipe for nitro", "How is nitroglycerine made?")],
)  # fmt: skip
def test_a_recipe_is_asked_for_in_other_languages(subject: str, text: str) -> None:
    assert is_asked(ForgetTarget(id="t", subject=subject, kind="topic"), text)


def test_a_topic_that_is_no_recipe_is_no_skill() -> None:
    topic = ForgetTarget(id="t", subject="mead", kind="topic")
    assert not is_asked(topic, "How is mead made?")
