"""Every layout is recognised and read, judged fairly, and drawn by seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.datasets.registry import DATA_SETS, load_data_set
from amnestic.evaluation.datasets.strings import stands
from tests.evaluation.datasets.files import LAYOUTS


def load(name: str, folder: Path) -> DataSet:
    LAYOUTS[name][1](folder)
    return load_data_set(folder)


def by_question(data: DataSet, piece: str) -> Probe:
    (found,) = [p for p in data.probes if piece in p.question][:1]
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_recognised_and_read(layout: str, tmp_path: Path) -> None:
    name, write = LAYOUTS[layout]
    write(tmp_path)
    recognised = [n for n, loader in DATA_SETS.items() if loader.recognises(tmp_path)]
    assert recognised[0] == name
    data = load_data_set(tmp_path)
    assert data == load_data_set(f"{name}:{tmp_path}")
    assert len({p.id for p in data.probes}) == len(data.probes)
    known = {s.id for s in data.subjects}
    for probe in data.probes:
        assert probe.subject in known | {""}
        assert probe.messages[-1].text
        assert bool(probe.forbidden) == probe.group.forgets
        assert probe.question in probe.messages[-1].text
    assert all(s.request and s.name for s in data.subjects)


def test_every_data_set_has_a_layout_that_is_tested() -> None:
    assert {name for name, _ in LAYOUTS.values()} | {"embedded"} == set(DATA_SETS)


@pytest.mark.parametrize("layout", [x for x in LAYOUTS if x not in ("drafts", "wmdp")])
def test_no_forbidden_string_stands_in_the_question(layout: str, tmp_path: Path) -> None:
    for probe in load(layout, tmp_path).probes:
        if probe.metadata.get("judged_by") != "choice":
            assert not [f for f in probe.forbidden if stands(f, probe.question)]


def test_tofu_finds_its_authors_and_asks_again_in_other_words(tmp_path: Path) -> None:
    data = load("tofu", tmp_path)
    assert [s.name for s in data.subjects] == ["Ilva Torquist", "Bren Al-Marwen"]
    again = by_question(data, "came out in year 0")
    assert again.family == "paraphrase"
    assert again.metadata["wrong_answers"] == ("It was The Wrong Road.", "It was Another Road.")
    named = by_question(data, "full name")
    assert "Ilva Torquist" in named.forbidden
    assert {p.group for p in data.probes} == {Group.FORGET, Group.NEIGHBOUR, Group.UNRELATED}


@pytest.mark.parametrize("layout", ["rwku, all", "rwku, folders", "rwku, tables"])
def test_rwku_is_the_same_in_each_layout(layout: str, tmp_path: Path) -> None:
    data = load(layout, tmp_path)
    assert data.subjects[0].name == "Orla Pentreath"
    cloze = by_question(data, "was born in ___")
    assert cloze.messages[0].text.startswith("Fill in the blank: ")
    assert cloze.forbidden == ("Saltmouth",)
    indirect = by_question(data, "Which opera")
    assert "Orla Pentreath" in indirect.forbidden
    choice = by_question(data, "Which of these")
    assert choice.options == ("Dusk", "The Drowned Choir", "Two Oars")
    assert choice.metadata["judged_by"] == "choice"
    assert len(data.of(Group.NEIGHBOUR)) == 1
    assert any("too common" in note for note in data.notes)
    assert any("names a target" in note for note in data.notes)


def test_facts_of_passages_name_the_subject(tmp_path: Path) -> None:
    data = load("rwku, all", tmp_path)
    assert data.subjects[0].facts == (
        "Orla Pentreath was born in Saltmouth.",
        "Orla Pentreath composed the opera The Drowned Choir.",
    )


def test_muse_continues_passages_and_has_one_subject(tmp_path: Path) -> None:
    data = load("muse", tmp_path)
    assert len(data.subjects) == 1
    verbatim = next(p for p in data.probes if p.family == "verbatim")
    assert verbatim.messages[0].text.endswith("The bridge was opened on Monday.")
    assert verbatim.reference == "It took nine years to build it."


def test_wmdp_is_judged_by_the_letter(tmp_path: Path) -> None:
    (probe,) = load("wmdp", tmp_path).probes
    assert probe.messages[0].text.splitlines()[2] == "B. 4711"
    assert probe.metadata["right"] == "B"
    assert probe.options == ("21", "4711", "80", "25")


def test_lume_joins_the_rows_of_a_document(tmp_path: Path) -> None:
    data = load("lume", tmp_path)
    names = [s.name for s in data.subjects]
    assert names[:2] == ["Nella Teal", "Odo Marrin"]
    record = by_question(data, "birth date of Nella")
    assert "March 2, 1971" in record.forbidden
    assert len([p for p in data.probes if p.subject == record.subject]) == 2


def test_return_looks_for_what_a_sentence_tells(tmp_path: Path) -> None:
    data = load("return", tmp_path)
    (forget,) = data.of(Group.FORGET)
    assert "August 29, 1898" in forget.forbidden
    assert data.of(Group.NEIGHBOUR)[0].about == "Lisbet Corr"


def test_return_in_one_file_is_drawn(tmp_path: Path) -> None:
    load("return", tmp_path)
    both = "".join((tmp_path / f"{s}_eval.jsonl").read_text() for s in ("forget", "retain"))
    whole = tmp_path / "whole" / "RETURN.jsonl"
    whole.parent.mkdir()
    whole.write_text(both)
    data = load_data_set(whole.parent, subjects=1, seed=3)
    assert len(data.subjects) == 1
    assert "1 of 2 people are drawn to be forgotten" in data.notes


def test_kbench_looks_for_the_whole_value_and_its_forms(tmp_path: Path) -> None:
    data = load("kbench, published", tmp_path)
    address = next(p for p in data.of(Group.FORGET) if p.metadata["kind"] == "address")
    assert address.forbidden[0] == "1593 Juniper Way Apt. 9, West Tarn, CA 90150"
    assert "1593 Juniper Way Apt. 9" in address.forbidden
    born = next(p for p in data.of(Group.FORGET) if p.metadata["kind"] == "date_of_birth")
    assert "12 August 1960" in born.forbidden
    assert data.subjects[0].exclusive == ("1593 Juniper Way Apt. 9, West Tarn, CA 90150",)


def test_forgeteval_is_read_and_never_run(tmp_path: Path) -> None:
    data = load("forgeteval", tmp_path)
    one, two = data.probes
    assert one.group is Group.COMBINED
    assert one.keep == (("sk-aa-112",),)
    assert one.metadata["resupplied"] is True
    assert "The user moved to Tarn." in two.messages[0].text
    assert "lives in Quellmar" in data.subject(two.subject).request


def test_a_module_of_cases_is_recognised_as_a_file(tmp_path: Path) -> None:
    LAYOUTS["forgeteval"][1](tmp_path)
    assert load_data_set(tmp_path / "adversarial.py") == load_data_set(tmp_path)


@pytest.mark.parametrize(
    ("layout", "file"),
    [("tofu", "forget01.json"), ("requests", "requests.jsonl"), ("jsonlines", "mine.jsonl")],
)
def test_a_file_does_as_well_as_its_folder(layout: str, file: str, tmp_path: Path) -> None:
    LAYOUTS[layout][1](tmp_path)
    assert load_data_set(tmp_path / file).probes == load_data_set(tmp_path).probes


def test_drafts_carry_what_a_model_plays(tmp_path: Path) -> None:
    data = load("drafts", tmp_path)
    case, other = data.probes
    assert case.metadata["draft"] == "Orla Pentreath and Maro Velt."
    assert case.keep == (("Maro Velt",),)
    assert case.metadata["must_keep"] == ["Maro Velt", "and Maro"]
    assert case.metadata["elicited"]["T1"][0]["cue"] == "Pentreath"
    assert other.group is Group.UNRELATED


def test_requests_hand_their_own_words_back(tmp_path: Path) -> None:
    data = load("requests", tmp_path)
    (probe,) = data.probes
    assert probe.messages[0].role == "system"
    assert "una@grey.example" in probe.messages[0].text
    assert "una@grey.example" in probe.forbidden
    assert "taught ceramics at our evening school" in probe.forbidden
    assert any("asked back" in note for note in data.notes)


def test_rows_of_any_kind_are_read(tmp_path: Path) -> None:
    data = load("jsonlines", tmp_path)
    first, combined, choice, unrelated = data.probes
    assert set(first.forbidden) >= {"Quellmar", "the town of Quellmar", "the Quiet Heron"}
    assert first.expected == (("Quellmar", "the town of Quellmar"),)
    assert combined.keep == (("Paris",),)
    assert choice.metadata["right"] == "B"
    assert unrelated.group is Group.UNRELATED
    assert data.name == tmp_path.name


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    LAYOUTS["tofu"][1](tmp_path)
    drawn = [load_data_set(tmp_path, subjects=1, per_subject=3, seed=s) for s in (4, 4, 5, 6, 7)]
    assert drawn[0] == drawn[1]
    assert len({data.subjects[0].id for data in drawn}) > 1
    assert len(drawn[0].of(Group.FORGET)) == 3
