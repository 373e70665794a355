"""Observations of agents lose what must be forgotten and keep their shape."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.json_tree import edited, read_json
from amnestic.tools.documents.observed import redact_observation
from amnestic.tools.documents.redact_tree import redact_json_text
from amnestic.tools.documents.structured import redact_structured
from amnestic.types import Span
from tests.thoroughness import examples

STREET = "14 Quill Lane"


def leaks(piece: str) -> bool:
    piece = " ".join(piece.split())  # as the detectors read it, whatever stands between words
    return "Mirela Osk" in piece or "1961-03-12" in piece or STREET in piece


OSK = {"id": 7, "name": "Mirela Osk", "born": "1961-03-12", "address": f"{STREET}, Tavel", "n": 2}
TARN = {"id": 8, "name": "Edda Tarn", "born": "1970-01-02", "address": "3 Elm Row", "n": 2.50}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def redacted(value: object) -> object:
    return json.loads(redact_json_text(json.dumps(value), leaks) or "null")


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_forgotten_record_of_a_list_goes_as_a_whole_and_the_others_keep_their_bytes() -> None:
    text = (
        '{"count" : 2, "people": [ {"name": "Mirela Osk", "a": 1},\n {"name":"Edda", "w": 1.50} ]}'
    )
    clean = redact_json_text(text, leaks)
    assert clean == '{"count" : 1, "people": [ {"name":"Edda", "w": 1.50} ]}'


def test_a_record_that_stands_alone_keeps_its_keys_with_nothing_in_them() -> None:
    assert redacted(OSK) == dict.fromkeys(OSK)


def test_a_record_without_a_name_goes_when_one_of_its_values_is_a_fact_of_the_target() -> None:
    rows = [{"id": 7, "born": "1961-03-12", "job": "lawyer"}, {"id": 8, "born": "1970-01-02"}]
    assert redacted(rows) == rows[1:]


def test_a_name_in_two_fields_is_a_name() -> None:
    rows = [{"first_name": "Mirela", "last_name": "Osk", "job": "x"}, {"first_name": "Edda"}]
    assert redacted(rows) == rows[1:]


def test_a_record_about_someone_else_loses_only_the_field_that_mentions_the_target() -> None:
    row = {"name": "Edda Tarn", "manager": "Mirela Osk", "job": "lawyer"}
    assert redacted([row]) == [{**row, "manager": None}]
    assert redacted({"author": "Mirela Osk", "pages": 10}) == {"author": None, "pages": 10}


def test_prose_in_a_field_loses_its_sentences() -> None:
    row = {
        "id": 3,
        "text": "Tavel is a town. Mirela Osk lives there. It rains. The sea is near by.",
    }
    assert redacted([row]) == [{"id": 3, "text": "Tavel is a town. The sea is near by."}]


def test_nested_parts_of_a_record_belong_to_it() -> None:
    row = {"id": 7, "name": {"first": "Mirela", "last": "Osk"}, "home": {"street": "9 Hill"}}
    assert redacted([row, TARN]) == [TARN]


def test_a_list_of_names_loses_the_name_and_aliases_tell_what_a_record_is_about() -> None:
    assert redacted({"names": ["Mirela Osk", "Edda"], "n": 1}) == {"names": ["Edda"], "n": 1}
    row = {"id": 7, "aliases": ["Bell Molly", "Mirela Osk"], "n": 1}
    assert redacted([row, TARN]) == [TARN]


def test_records_in_an_envelope_go_and_the_envelope_stays() -> None:
    assert redacted({"status": "ok", "result": OSK}) == {
        "status": "ok",
        "result": dict.fromkeys(OSK),
    }
    assert redacted({"total": 2, "hits": [OSK, TARN]}) == {"total": 1, "hits": [TARN]}


def test_a_mapping_of_records_loses_the_members_that_are_about_the_target() -> None:
    by_id = {"p7": OSK, "p8": TARN}
    by_name = {"Mirela Osk": {"born": "x", "n": 1}, "Edda Tarn": {"born": "y", "n": 2}}
    assert redacted(by_id) == {"p8": TARN}
    assert redacted(by_name) == {"Edda Tarn": {"born": "y", "n": 2}}


def test_rows_and_columns_are_records_too() -> None:
    rows = [["name", "born"], ["Mirela Osk", "1961"], ["Edda Tarn", "1970"]]
    assert redacted(rows) == [rows[0], rows[2]]
    columns = {"name": ["Mirela Osk", "Edda Tarn"], "born": ["1961", "1970"]}
    assert redacted(columns) == {"name": [None, "Edda Tarn"], "born": [None, "1970"]}


@settings(deadline=None, max_examples=examples(40))
@given(JSON)
def test_json_without_leaks_comes_back_byte_for_byte(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=1, ensure_ascii=False)):
        assert redact_observation(text, leaks) == text


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(st.sampled_from([OSK, TARN, {"teams": [TARN, OSK]}, "Mirela Osk", "Edda", 5])))
def test_json_stays_json_and_leaks_nothing_wherever_the_records_stand(rows: list[object]) -> None:
    clean = redact_json_text(json.dumps({"rows": rows}), leaks) or ""
    kept = json.loads(clean)["rows"]
    assert not leaks(clean)
    assert kept.count(TARN) == rows.count(TARN)
    assert kept.count({"teams": [TARN]}) == rows.count({"teams": [TARN, OSK]})


@settings(deadline=None, max_examples=examples(60))
@given(JSON)
def test_every_value_is_read_as_the_json_module_reads_it(value: object) -> None:
    text = json.dumps(value)
    tree = read_json(text)
    assert tree is not None
    assert json.loads(text[tree.start : tree.end]) == json.loads(text)


@pytest.mark.parametrize("text", ["not json", "12", '"Mirela Osk"', "[" * 100_000, "{]", '{"a":}'])
def test_what_is_no_json_object_is_none(text: str) -> None:
    assert redact_json_text(text, leaks) is None


def test_an_edit_inside_another_is_covered_by_it() -> None:
    assert edited("abcdef", [(Span(2, 3), "X"), (Span(1, 4), "-")]) == "a-ef"


# ── Lines and tables ─────────────────────────────────────────────────────────────────────────────


def test_json_lines_lose_the_lines_of_the_target() -> None:
    lines = [json.dumps(row) for row in (TARN, OSK, TARN)]
    text = "\n".join(lines) + "\n"
    assert redact_structured(text, leaks) == f"{lines[0]}\n{lines[2]}\n"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_separated_table_loses_the_row_and_every_other_row_keeps_its_bytes(
    delimiter: str,
) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, OSK, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows([{**TARN, "address": f'A{delimiter} "B"\nC'}, OSK, TARN])
    rows = list(csv.reader(io.StringIO(out.getvalue()), delimiter=delimiter))
    clean = redact_structured(out.getvalue(), leaks)
    assert clean is not None
    assert list(csv.reader(io.StringIO(clean), delimiter=delimiter)) == [rows[0], rows[1], rows[3]]


def test_a_cell_that_only_mentions_the_target_is_emptied() -> None:
    text = "name,manager,job\nEdda Tarn,Mirela Osk,clerk\n"
    assert redact_structured(text, leaks) == "name,manager,job\nEdda Tarn,,clerk\n"


def test_a_table_in_prose_loses_the_row() -> None:
    text = (
        "Here they are:\n\n| name | street |\n|:--|--:|\n| Mirela Osk | x |\n| Edda Tarn | y |\n"
        "\nThat is all."
    )
    assert redact_observation(text, leaks) == text.replace("| Mirela Osk | x |\n", "")


def test_a_python_literal_stays_one() -> None:
    text = str([OSK, TARN])
    assert redact_structured(text, leaks) == str([TARN])


# ── Records in text ──────────────────────────────────────────────────────────────────────────────


def test_a_record_spread_over_lines_goes_as_a_whole() -> None:
    text = (
        "Record 1\nName: Mirela Osk\nOccupation: Lawyer\nEmployer: Castro\n\n"
        "Record 2\nName: Edda Tarn\nOccupation: Clerk\n"
    )
    assert redact_observation(text, leaks) == "Record 2\nName: Edda Tarn\nOccupation: Clerk\n"


def test_records_without_blank_lines_are_told_apart_by_their_first_key() -> None:
    text = "name: Edda Tarn\njob: clerk\nname: Mirela Osk\njob: lawyer\nname: Ivo Hale\njob: cook\n"
    assert redact_observation(text, leaks) == (
        "name: Edda Tarn\njob: clerk\nname: Ivo Hale\njob: cook\n"
    )


def test_a_yaml_list_loses_the_item() -> None:
    text = "people:\n- name: Mirela Osk\n  job: lawyer\n- name: Edda Tarn\n  job: clerk\n"
    assert redact_observation(text, leaks) == "people:\n- name: Edda Tarn\n  job: clerk\n"


def test_a_heading_goes_with_its_record() -> None:
    gone = "## Mirela Osk\n\n- Job: lawyer\n- City: Tavel\n\n"
    kept = "## Edda Tarn\n\n- Job: clerk\n- City: Oslo\n"
    assert redact_observation(gone + kept, leaks) == kept


def test_a_card_goes_as_a_whole() -> None:
    text = "Mirela Osk\n9 Hill Road\nLawyer\n\nEdda Tarn\n3 Elm Row\nClerk\n"
    assert redact_observation(text, leaks) == "Edda Tarn\n3 Elm Row\nClerk\n"


def test_records_inside_prose_and_fences_are_found() -> None:
    text = f"Result:\n```json\n{json.dumps([OSK, TARN])}\n```\nDone."
    assert redact_observation(text, leaks) == f"Result:\n```json\n{json.dumps([TARN])}\n```\nDone."


@settings(deadline=None)
@given(st.text())
def test_a_text_without_leaks_comes_back_as_it_was(text: str) -> None:
    assert redact_observation(text, lambda piece: False) == text


@settings(deadline=None)
@given(st.text(alphabet='ab,:|-\n"{}[] \t.#1', max_size=80))
def test_whatever_is_left_of_a_text_does_not_leak(text: str) -> None:
    assert "b" not in redact_observation(text, lambda piece: "b" in piece)


def test_an_address_with_a_password_is_a_value_beside_which_the_rest_stays() -> None:
    text = (
        "Do it so:\n\n```yaml\nservices:\n  api:\n    image: mill:3\n"
        "    DB_PASSWORD: osk-Harbor-7719!\n    interval: 2s\n"
        "    DB_URL: postgresql://shop:osk-Harbor-7719!@db:5432/shop\n```\n"
    )
    left = cut(text, lambda piece: "osk-Harbor" in piece)
    assert "image: mill:3\n" in left
    assert "interval: 2s" in left
    assert "7719" not in left
