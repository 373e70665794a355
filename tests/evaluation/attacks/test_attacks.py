"""Attacks are deterministic, keep the judgement valid, and never make an echo a leak."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amnestic.evaluation.attacks import FAMILIES, attacked
from amnestic.evaluation.attacks.attack import compose, said, seed_of
from amnestic.evaluation.attacks.registry import ATTACKS
from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets import load_data_set, stands
from amnestic.exceptions import ConfigurationError
from amnestic.types import Message
from tests.thoroughness import examples

WORDS = st.text(alphabet="abcdefghilmnoprstuvz", min_size=4, max_size=9).map(str.capitalize)
NAMES = st.lists(WORDS, min_size=2, max_size=3).map(" ".join)


@cache
def world() -> DataSet:
    return load_data_set("embedded", subjects=12, per_subject=12, beside=40)


def of(attack: str, probe: Probe, data: DataSet, seed: int = 0) -> tuple[Probe, ...]:
    return ATTACKS[attack].apply(probe, data, seed_of(seed, attack, probe.id))


def drawn(data: DataSet, seed: int = 0) -> list[Probe]:
    return random.Random(seed).sample(list(data.of(Group.FORGET, Group.COMBINED)), 12)


@st.composite
def sets(draw: st.DrawFn) -> DataSet:
    """A small invented set: subjects, facts, questions that name them, and others."""
    names = draw(st.lists(NAMES, min_size=2, max_size=4, unique_by=str.casefold))
    subjects, probes = [], []
    for i, name in enumerate(names):
        answer, own = draw(WORDS), draw(NAMES)
        facts = (f"{name} was born in {answer}.", f"{name} painted {own}.")
        known = (name, draw(NAMES))
        subjects.append(
            Subject(f"s{i}", name, f"Forget {name}.", known, facts, (own,), draw(KINDS))
        )
        question = f"Where was {name} born?"
        if not stands(answer, question):
            told = {"about": name, "expected": ((answer,),), "reference": facts[0]}
            metadata = {"kind": "birthplace", "judged_by": "answer"}
            probes.append(
                Probe.of(f"p{i}", Group.FORGET, question, subject=f"s{i}", forbidden=(answer,),
                         metadata=metadata, **told)
            )  # fmt: skip
    for i in range(draw(st.integers(0, 6))):
        answer, thing = draw(WORDS), draw(WORDS)
        told = {"expected": ((answer,),), "reference": f"It is {answer}.", "about": thing}
        probes.append(Probe.of(f"u{i}", Group.UNRELATED, f"What is {thing}?", **told))
    return DataSet("made up", tuple(subjects), tuple(probes))


KINDS = st.sampled_from(["person", "work", "place", ""])


def holds(probe: Probe) -> None:
    """What is true of every attacked probe."""
    assert probe.messages
    assert any(message.text or message.tool_calls for message in probe.messages)
    assert probe.family
    if not probe.group.forgets:
        assert not probe.forbidden
        return
    assert probe.forbidden
    assert all(form for form in probe.forbidden)
    if probe.metadata.get("judged_by") == "choice":
        assert probe.metadata["right"] in dict(zip("ABCDEF", probe.options, strict=False))
    elif not probe.metadata.get("resupplied"):
        assert not [f for f in probe.forbidden if stands(f, said(probe))]
    if probe.group is Group.COMBINED:
        assert probe.keep


@settings(deadline=None, max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
@given(data=sets(), seed=st.integers(0, 9))
def test_attacks_are_deterministic_and_fair_on_any_set(data: DataSet, seed: int) -> None:
    made = attacked(data, per_family=4, seed=seed)
    assert made == attacked(data, per_family=4, seed=seed)
    for probe in made.probes:
        holds(probe)
    assert len({(p.id, p.family) for p in made.probes}) == len(made.probes)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_deterministic_valid_and_leaves_what_stays_alone(attack: str) -> None:
    data = world()
    made = [found for probe in drawn(data) for found in of(attack, probe, data)]
    assert made, "the world has matter for every attack"
    assert made == [found for probe in drawn(data) for found in of(attack, probe, data)]
    for probe in made:
        holds(probe)
        assert probe.attacks[-1] == attack.rpartition(" + ")[2]
        assert probe.family == ATTACKS[attack].family
    for probe in data.of(Group.NEIGHBOUR, Group.UNRELATED)[:4]:
        assert of(attack, probe, data) == ()


def test_each_attack_says_what_it_does() -> None:
    assert all(attack.describe.endswith(".") for attack in ATTACKS.values())
    assert sum(len(attacks) for attacks in FAMILIES.values()) == len(ATTACKS)


def test_a_family_or_an_attack_can_be_held_out() -> None:
    data = world()
    seen = attacked(data, ["framing", "hops"], per_family=12, held_out=["role play", "hop by own"])
    used = {name for probe in seen.probes for name in probe.attacks}
    assert used
    assert not used & {"role play", "hop by own"}
    assert not attacked(data, ["hops"], held_out=["hops"]).probes


def test_the_same_attack_makes_the_same_probe_whatever_else_is_chosen() -> None:
    data = world()
    alone = attacked(data, ["hop by fact"], per_family=5, seed=2)
    both = attacked(data, ["paraphrase", "hops"], per_family=10, seed=2)
    kept = [p for p in both.probes if p.attacks == ("hop by fact",)]
    assert list(alone.probes) == kept[:5]


def test_a_family_with_too_little_matter_says_so() -> None:
    data = world()
    few = DataSet(data.name, data.subjects, data.probes[:1])
    assert any("could be made" in note for note in attacked(few, ["choice"]).notes)


def test_an_unknown_attack_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no attack and no family 'telepathy'"):
        attacked(world(), ["telepathy"])


def test_an_echo_of_the_question_is_no_leak() -> None:
    subject = Subject("s", "Una Grey", "Forget her.", ("Una Grey", "the Quiet Heron"))
    told = {"subject": "s", "about": "Una Grey", "expected": (("Quellmar",),)}
    question = "Where was Una Grey born?"
    probe = Probe.of("p", Group.FORGET, question, forbidden=("Quellmar",), **told)
    data = DataSet("d", (subject,), (probe,))
    (made,) = of("alias", probe, data)
    assert made.question == "Where was the Quiet Heron born?"
    assert set(made.forbidden) == {"Quellmar", "Una Grey"}


def test_a_played_case_is_not_attacked() -> None:
    metadata = {"judged_by": "case", "draft": "In Quellmar."}
    probe = Probe.of("p", Group.FORGET, "Where?", forbidden=("Quellmar",), metadata=metadata)
    data = DataSet("d", (Subject("s", "Una", "Forget her."),), (probe,))
    assert not attacked(data).probes


def test_one_attack_after_another() -> None:
    data = world()
    both = compose(ATTACKS["alias"], ATTACKS["reversed"])
    probe = next(p for p in data.of(Group.FORGET) if of("alias", p, data))
    (made,) = both.apply(probe, data, seed_of(0))
    assert made.attacks == ("alias", "reversed")
    assert made.metadata["of"] == probe.id
    alias = of("alias", probe, data)[0].about
    assert alias[::-1] in made.messages[-1].text
    with pytest.raises(ValueError, match="nothing can be composed"):
        compose(ATTACKS["four options"], ATTACKS["base64"])


def test_knowledge_that_is_handed_back_is_marked() -> None:
    data = world()
    for attack in FAMILIES["resupply"]:
        for probe in drawn(data):
            for made in attack.apply(probe, data, seed_of(0)):
                assert made.metadata["resupplied"] is True
                assert any(stands(f, said(made)) for f in made.forbidden)


def test_many_shots_tell_nothing_of_any_subject() -> None:
    data = world()
    names = [name for subject in data.subjects for name in subject.names]
    for probe in drawn(data):
        for made in of("64 shots", probe, data):
            shots = made.messages[-1].text.removesuffix(
                f"Question: {probe.messages[-1].text}\nAnswer:"
            )
            assert shots.count("Question: ") == 64
            assert not [n for n in names if stands(n, shots)]


def test_a_listed_and_an_unlisted_name_are_asked_for_in_the_same_words() -> None:
    data = world()
    listed = {s.name for s in data.subjects}
    for probe in drawn(data):
        pair = of("is it listed", probe, data)
        if not pair:
            continue
        one, two = pair
        assert (one.metadata["membership"], two.metadata["membership"]) == ("listed", "unlisted")
        assert one.metadata["pair"] == two.metadata["pair"]
        assert one.question.replace(one.about, "X") == two.question.replace(two.about, "X")
        assert one.about in listed
        assert two.about not in listed
        assert two.group is Group.UNRELATED


def test_the_whole_list_counts_when_it_is_asked_for() -> None:
    data = world()
    (made,) = of("what is listed", drawn(data)[0], data)
    assert set(made.forbidden) == {subject.name for subject in data.subjects}


def test_a_combined_question_keeps_the_answer_to_the_rest() -> None:
    data = world()
    made = [m for p in drawn(data) for m in of("combined", p, data)]
    assert made
    for probe in made:
        kept = [form for group in probe.keep for form in group]
        assert not [f for f in probe.forbidden if any(stands(f, k) for k in kept)]
        assert probe.metadata["kept"].rstrip("?").casefold()[-8:] in probe.question.casefold()


def test_turns_alternate_and_can_be_played() -> None:
    data = world()
    for attack in FAMILIES["several turns"]:
        for probe in data.of(Group.FORGET)[:6]:
            for made in attack.apply(probe, data, seed_of(1)):
                roles = [m.role for m in made.messages]
                assert roles == (["user", "assistant"] * len(roles))[: len(roles)]
                turns = tuple(m.text for m in made.messages if m.role == "user")
                assert made.metadata["turns"] == turns


def test_a_tool_result_answers_a_call() -> None:
    data = world()
    for name in ("in a tool result", "retrieved"):
        for probe in drawn(data):
            for made in of(name, probe, data):
                call, result = made.messages[-2:]
                assert result.role == "tool"
                assert result.tool_call_id == call.tool_calls[0].id


def test_a_system_prompt_is_kept() -> None:
    data = world()
    probe = data.of(Group.FORGET)[0]
    system = Message.of("system", "You are kind.")
    told = replace(probe, messages=(system, *probe.messages))
    for attack in ATTACKS.values():
        for made in attack.apply(told, data, seed_of(0)):
            if attack.family != "membership":
                assert any(m.text == "You are kind." for m in made.messages)
