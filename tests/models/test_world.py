"""The made-up world is as rich, consistent and fictional as the demo and the benchmarks need."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from amnestic.models.embedded.world import World, load_world, stated

MAKER = Path(__file__).resolve().parents[2] / "examples" / "embedded_model"


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def test_the_world_has_at_least_160_entities_of_four_kinds(world: World) -> None:
    assert len({e.id for e in world.entities}) == len(world.entities) >= 160
    assert {e.kind for e in world.entities} == {"person", "work", "organisation", "place"}
    assert len({p.calling for p in world.people}) >= 20


def test_every_person_has_at_least_ten_facts(world: World) -> None:
    for person in world.people:
        assert len({(f.relation, f.value) for f in person.facts}) >= 10, person.id


def test_at_least_200_general_facts(world: World) -> None:
    assert len({(g.topic, g.subject) for g in world.general}) >= 200


def test_every_target_names_an_entity_of_the_world(world: World) -> None:
    for entity in world.entities:
        for fact in entity.facts:
            if fact.target is not None:
                assert world.entity(fact.target).name == fact.value


def test_relations_agree_in_both_directions(world: World) -> None:
    for person in world.people:
        assert world.entity(person.fact("rival").target).fact("rival").value == person.name
        assert world.entity(person.fact("work").target).fact("creator").value == person.name
        if person.has("sibling"):
            assert world.entity(person.fact("sibling").target).fact("sibling").value == person.name
        if person.has("founded"):
            assert world.entity(person.fact("founded").target).fact("founder").value == person.name


def test_every_sentence_states_its_own_value(world: World) -> None:
    for entity in world.entities:
        for fact in entity.facts:
            assert fact in stated(fact.sentence, entity.facts)
            assert entity.name in fact.sentence


def test_names_and_aliases_point_at_one_entity_of_a_kind(world: World) -> None:
    names = Counter(
        (e.kind, name.casefold()) for e in world.entities for name in dict.fromkeys(e.names)
    )
    assert [n for n, count in names.items() if count > 1] == []


def test_questions_that_describe_a_person_fit_nobody_else(world: World) -> None:
    for calling_and in ("birthplace", "employer", "prize"):
        keys = Counter((p.calling, p.fact(calling_and).value) for p in world.people)
        assert max(keys.values()) == 1


def test_there_are_namesakes_among_people_and_between_kinds(world: World) -> None:
    given = Counter(p.name.split()[0] for p in world.people)
    assert sum(count > 1 for count in given.values()) >= 3
    unrelated = [
        (a, b)
        for a in world.people
        for b in world.people
        if a.id < b.id
        and a.name.split()[-1] == b.name.split()[-1]
        and (not a.has("sibling") or a.fact("sibling").value != b.name)
    ]
    assert len(unrelated) >= 3
    others = " ".join(e.name for e in world.entities if e.kind in ("place", "organisation"))
    assert sum(p.name.split()[-1] in others for p in world.people) >= 3


def test_every_kind_of_question_has_eight_trained_and_two_held_out_phrasings(world: World) -> None:
    for kind, phrasings in world.questions.items():
        assert len(set(phrasings.trained)) >= 8, kind
        assert len(set(phrasings.held_out)) == 2, kind
        assert not set(phrasings.trained) & set(phrasings.held_out), kind
    for fact in world.general:
        assert not set(fact.questions.trained) & set(fact.questions.held_out), fact.subject


def test_every_relation_can_be_asked_for(world: World) -> None:
    for entity in world.entities:
        for fact in entity.facts:
            if fact.relation not in ("known_as", "kind"):
                assert entity.display.removeprefix("the ") in world.ask(entity, fact.relation)


def test_lookups_find_full_names_before_aliases(world: World) -> None:
    person = next(p for p in world.people if p.name.split()[-1] == "Castervane")
    assert world.named("castervane").kind == "place"
    assert world.named("Castervane", kind="person") is person
    assert person in (world.named(alias, kind="person") for alias in person.aliases)
    with pytest.raises(KeyError, match="nothing in the world is called 'Nobody'"):
        world.named("Nobody")
    with pytest.raises(KeyError, match="no entity has the id"):
        world.entity("person:nobody")
    with pytest.raises(KeyError, match="has no fact 'spouse'"):
        person.fact("spouse")


def test_stated_finds_whole_words_only(world: World) -> None:
    person = world.people[0]
    pet = person.fact("pet")
    assert stated(f"It is {pet.value.upper()}!", [pet]) == (pet,)
    assert stated(f"It is {pet.value}ish.", [pet]) == ()


def test_the_shipped_world_is_what_its_maker_makes(world: World) -> None:
    code = "import json, worldmaker as w; print(json.dumps(w.make_world(), sort_keys=True))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=MAKER, capture_output=True, text=True, check=True
    ).stdout
    import json

    from amnestic.models.embedded import FOLDER

    shipped = json.loads((FOLDER / "world.json").read_text(encoding="utf-8"))
    assert json.loads(made) == shipped
