"""Rows for training: from a data set, from the embedded world, and apart from a test's probes."""

from __future__ import annotations

import pytest

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.weights import rows_from_data_set, rows_from_world
from amnestic.exceptions import ConfigurationError
from amnestic.models.embedded.world import load_world

WORLD = load_world()
TWO = [Subject(e.id, e.name, "") for e in (WORLD.people[3], WORLD.of_kind("work")[5])]


def _all(rows):
    return [*rows.forget, *rows.retain, *rows.forget_development, *rows.retain_development]


def _data(forget: int, retain: int) -> DataSet:
    probes = [
        Probe.of(f"f{i}", Group.FORGET, f"Forget {i}?", subject="s", forbidden=(f"v{i}",),
                 reference=f"It is v{i}.")
        for i in range(forget)
    ] + [
        Probe.of(f"n{i}", Group.NEIGHBOUR, f"Near {i}?", subject="s", expected=((f"w{i}", "W"),),
                 reference=f"It is w{i}.")
        for i in range(retain)
    ] + [Probe.of("u", Group.UNRELATED, "No reference?")]  # fmt: skip
    return DataSet("made", (), tuple(probes))


def test_no_row_of_the_world_uses_a_held_out_phrasing():
    rows = rows_from_world(TWO)
    held = {
        text.casefold()
        for entity in WORLD.entities
        for name, known in WORLD.questions.items()
        if name.startswith(f"{entity.kind}.")
        for form in known.held_out
        if "{" not in form.replace("{x}", "")
        for text in [form.format(x=entity.display)]
    } | {text.casefold() for fact in WORLD.general for text in fact.questions.held_out}
    assert len(held) > 1000
    assert not held & {row.messages[0].text.casefold() for row in _all(rows)}


def test_what_is_retained_names_no_forgotten_subject_and_what_is_forgotten_all():
    rows = rows_from_world(TWO)
    for row in (*rows.retain, *rows.retain_development):
        assert row.subject == ""
        assert not any(s.name in row.messages[0].text + row.answer for s in TWO)
    assert {row.subject for row in rows.forget} == {s.id for s in TWO}
    assert {row.subject for row in rows.forget_development} == {s.id for s in TWO}


def test_development_rows_are_never_trained_on():
    rows = rows_from_world(TWO)
    trained = {row.messages[0].text for row in (*rows.forget, *rows.retain)}
    held = [*rows.forget_development, *rows.retain_development]
    assert not trained & {row.messages[0].text for row in held}
    kept = {row.answer for row in rows.retain}
    assert not kept & {row.answer for row in rows.retain_development}


def test_the_world_gives_the_same_rows_for_the_same_seed():
    assert rows_from_world(TWO, seed=4) == rows_from_world(TWO, seed=4)
    assert rows_from_world(TWO, seed=4) != rows_from_world(TWO, seed=5)


def test_a_subject_is_found_by_its_name_too_and_keeps_its_own_id():
    rows = rows_from_world([Subject("my-id", WORLD.people[0].name, "")])
    assert {row.subject for row in rows.forget} == {"my-id"}


@pytest.mark.parametrize(
    ("subjects", "said"),
    [([], "no subjects"), ([Subject("x", "Nobody Known", "")], "not in the embedded world")],
)
def test_subjects_that_the_world_does_not_hold_are_refused(subjects, said):
    with pytest.raises(ConfigurationError, match=said):
        rows_from_world(subjects)


def test_a_data_set_gives_rows_with_what_tells_them():
    rows = rows_from_data_set(_data(10, 20))
    assert (len(rows.forget), len(rows.forget_development)) == (8, 2)
    assert (len(rows.retain), len(rows.retain_development)) == (16, 4)
    assert all(row.telling == (row.answer[6:-1],) for row in rows.forget)
    assert all(row.subject == "" and row.telling[1] == "W" for row in rows.retain)


@pytest.mark.parametrize(("forget", "retain", "said"), [(1, 9, "1 forget"), (9, 0, "0 neighbour")])
def test_a_data_set_without_enough_rows_is_refused(forget, retain, said):
    with pytest.raises(ConfigurationError, match=said):
        rows_from_data_set(_data(forget, retain))


def test_rows_of_subjects_that_nobody_asked_to_forget_are_left_out():
    rows = rows_from_world(TWO)
    one = rows.about({TWO[0].id})
    assert {row.subject for row in one.forget} == {TWO[0].id}
    with pytest.raises(ConfigurationError, match="no forget rows for nobody"):
        rows.about({"nobody"})


def test_a_probe_that_is_trained_on_is_found():
    data = _data(10, 20)
    rows = rows_from_data_set(data)
    other = Probe.of("t", Group.FORGET, "Something else?")
    assert rows.apart_from([other]) is rows
    with pytest.raises(ConfigurationError, match="'f0'"):
        rows.apart_from(data.probes)


def test_rows_of_the_world_keep_out_of_the_words_of_a_test():
    plain = rows_from_world(TWO)
    asked = [row.messages[0].text for row in (*plain.forget, *plain.retain_development)]
    probes = [Probe.of(str(i), Group.FORGET, text) for i, text in enumerate(asked)]
    with pytest.raises(ConfigurationError):
        plain.apart_from(probes)
    rows = rows_from_world(TWO, test=probes)
    assert rows.apart_from(probes) is rows
    assert {row.answer for row in rows.forget} == {row.answer for row in plain.forget}
