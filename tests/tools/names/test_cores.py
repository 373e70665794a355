"""What things are called for short, and what are given names."""

from __future__ import annotations

import pytest

from amnestic.tools.names import Strength, forms_of, is_given_name
from amnestic.tools.names.cores import cores_of
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind


@pytest.mark.parametrize(
    ("name", "kind", "core"),
    [
        ("Die Orvanta AG", TargetKind.ORGANISATION, "Orvanta"),
        ("Orvanta Limited", TargetKind.ORGANISATION, "Orvanta"),
        ("The Skarvel", TargetKind.WORK, "Skarvel"),
        ("Tarn Explosion of 6 December 1917", TargetKind.TOPIC, "Tarn Explosion"),
        ("accident d'Orlo du 14 juillet 2016", TargetKind.TOPIC, "accident d'Orlo"),
        ("Orvanta Park franchise", TargetKind.WORK, "Orvanta Park"),
        ("Salt Orlo (1996)", TargetKind.WORK, "Salt Orlo"),
    ],
)
def test_a_shorter_name_stands_for_the_same_thing(name: str, kind: TargetKind, core: str) -> None:
    assert core in cores_of(name, kind)
    found = {" ".join(f.words): f.strength for f in forms_of(_target(name, kind))}
    assert found[" ".join(core.lower().replace("'", " ").split())] is Strength.FULL


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("The Guardian", TargetKind.ORGANISATION),  # a word besides
        ("The Matrix", TargetKind.WORK),
        ("elections of 2012", TargetKind.TOPIC),  # one of many
        ("Mirela Osk songs", TargetKind.WORK),  # hers
        ("Orvanta marathon", TargetKind.TOPIC),  # the place is more than that
        ("Mirela Osk", TargetKind.PERSON),
        ("how to pick locks of 6 December 1917", TargetKind.SKILL),
    ],
)
def test_what_is_left_is_no_name_of_it(name: str, kind: TargetKind) -> None:
    assert not cores_of(name, kind)


def test_a_short_name_that_is_a_word_needs_company() -> None:
    forms = forms_of(_target("Gap Inc.", TargetKind.ORGANISATION))
    assert next(f for f in forms if f.words == ("gap",)).strength is Strength.SURNAME
    assert not cores_of("Steve Jobs film", TargetKind.WORK)  # it is about him


def test_a_short_name_of_one_word_asks_for_a_capital() -> None:
    forms = forms_of(_target("Orvanta, Inc", TargetKind.ORGANISATION))
    assert next(f for f in forms if f.words == ("orvanta",)).capital


def test_words_that_only_join_others_are_no_part_of_a_name() -> None:
    facts = (Facet(kind=FacetKind.FACT, text="In The Skarvel, a clerk turns into a heron."),)
    found = {" ".join(f.words) for f in forms_of(_target("The Skarvel", TargetKind.WORK, facts))}
    assert "skarvel" in found
    assert not {"in the", "in the skarvel"} & found
    skill = {" ".join(f.words) for f in forms_of(_target("how to pick locks", TargetKind.SKILL))}
    assert not {"locks", "how to"} & skill
    work = {" ".join(f.words) for f in forms_of(_target("Pan's Skarvel", TargetKind.WORK))}
    assert "s" not in work


def test_what_several_facts_call_a_thing_is_its_name() -> None:
    texts = (
        "The Orvanta Tower is old.",
        "The Orvanta Tower has a lift.",
        "The Orvanta Hall is new.",
    )
    facts = tuple(Facet(kind=FacetKind.FACT, text=text) for text in texts)
    found = {" ".join(f.words) for f in forms_of(_target("tour Orvanta", TargetKind.PLACE, facts))}
    assert "the orvanta tower" in found
    assert "the orvanta hall" not in found


def test_an_epithet_has_no_surname() -> None:
    facts = (Facet(kind=FacetKind.FACT, text="Mirela Osk, called the First Lady of Physics, won."),)
    found = {" ".join(f.words) for f in forms_of(_target("Mirela Osk", TargetKind.PERSON, facts))}
    assert "first lady of physics" in found
    assert "physics" not in found


def test_a_surname_of_two_letters_is_a_weak_one() -> None:
    found = {" ".join(f.words): f.strength for f in forms_of(_target("Mirela Wu"))}
    assert found["wu"] is Strength.PART


@pytest.mark.parametrize("name", ["gustave", "hiroshi", "sara", "olga", "jordan"])
def test_given_names_of_many_countries_are_known(name: str) -> None:
    assert is_given_name(name)


@pytest.mark.parametrize("word", ["will", "hope", "boston", "london", "google", "the", ""])
def test_words_and_cities_are_no_given_names(word: str) -> None:
    assert not is_given_name(word)


def _target(
    subject: str, kind: TargetKind = TargetKind.PERSON, facets: tuple[Facet, ...] = ()
) -> ForgetTarget:
    return ForgetTarget(id="t", subject=subject, kind=kind, facets=facets)
