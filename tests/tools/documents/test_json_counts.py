"""What stands beside a list or over a column tells nothing of what was cut out."""

from __future__ import annotations

import ast
import json

import pytest
import yaml  # type: ignore[import-untyped]

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.literals import redact_literal
from amnestic.tools.documents.observed import redact_observation
from amnestic.tools.documents.redact_tree import redact_json_text
from amnestic.tools.documents.structured import redact_formed
from amnestic.tools.documents.yaml_text import redact_yaml


def leaks(piece: str) -> bool:
    return "Osk" in piece


OSK, TARN, HILL = {"name": "Mirela Osk"}, {"name": "Edda Tarn"}, {"name": "Ivo Hill"}


def redacted(value: object) -> object:
    return json.loads(redact_json_text(json.dumps(value), leaks) or "null")


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"count": 2, "rows": [OSK, TARN]}, {"count": 1, "rows": [TARN]}),
        ({"rows": [TARN, OSK], "total_results": 2}, {"rows": [TARN], "total_results": 1}),
        ({"nhits": 2, "name": 2, "hits": [OSK, TARN]}, {"nhits": 1, "name": 2, "hits": [TARN]}),
        ({"rowcount": 2, "account": 2, "rows": [OSK, TARN]},
         {"rowcount": 1, "account": 2, "rows": [TARN]}),
        ({"numFound": 1, "docs": [OSK]}, {"numFound": 0, "docs": []}),
        ({"count": "2", "rows": [OSK, TARN]}, {"count": "1", "rows": [TARN]}),
        ({"n": 2, "by": {"Mirela Osk": {"a": 1}, "Edda Tarn": {"a": 2}}},
         {"n": 1, "by": {"Edda Tarn": {"a": 2}}}),
        ({"meta": {"total": 2, "page": 1}, "rows": [OSK, TARN]},
         {"meta": {"total": 1, "page": 1}, "rows": [TARN]}),
        ({"hits": {"total": {"value": 2, "relation": "eq"}, "hits": [OSK, TARN]}},
         {"hits": {"total": {"value": 1, "relation": "eq"}, "hits": [TARN]}}),
        ({"total": 2, "data": {"rows": [OSK, TARN]}}, {"total": 1, "data": {"rows": [TARN]}}),
    ],
)  # fmt: skip
def test_a_counter_is_set_to_what_is_left_of_its_list(given: object, left: object) -> None:
    assert redacted(given) == left


@pytest.mark.parametrize(
    "given",
    [
        {"total": 120, "rows": [OSK, TARN]},
        {"year": 2, "page": 2, "per_page": 2, "total_pages": 2, "rating": 2, "rows": [OSK, TARN]},
        {"town_count": 2, "towns": ["Tavel", "Sund"], "rows": [OSK, TARN]},
        {"count": True, "total": 2.0, "rows": [OSK, TARN]},
    ],
)
def test_a_number_that_was_no_length_of_the_list_stays(given: dict[str, object]) -> None:
    assert redacted(given) == {**given, "rows": [TARN]}


def test_counters_in_yaml_and_python_literals_are_set_too() -> None:
    assert yaml.safe_load(
        redact_yaml("count: 2\nrows:\n- name: Osk\n- name: Tarn\n", leaks) or ""
    ) == {"count": 1, "rows": [{"name": "Tarn"}]}
    assert redact_literal("{'count': 2, 'rows': ['Osk', 'Tarn']}", leaks) == (
        "{'count': 1, 'rows': ['Tarn']}"
    )


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ([["year", "Osk", "Tarn"], [1990, 1, 2], [1991, 3, 4]],
         [["year", "Tarn"], [1990, 2], [1991, 4]]),
        ({"columns": ["year", "Osk", "Tarn"], "rows": [[1990, "1.5", "2"]]},
         {"columns": ["year", "Tarn"], "rows": [[1990, "2"]]}),
        ({"index": ["a", "b"], "columns": ["Osk", "Tarn"], "data": [[1, 2], [3, 4]]},
         {"index": ["a", "b"], "columns": ["Tarn"], "data": [[2], [4]]}),
        ([["7", "Osk", "poet"], ["8", "Tarn", "cook"]], [["8", "Tarn", "cook"]]),
    ],
)  # fmt: skip
def test_a_column_of_a_json_table_goes_with_its_head(given: object, left: object) -> None:
    assert redacted(given) == left


# ── Python literals ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("[('Osk', 1), ('Tarn', 2)]", "[('Tarn', 2)]"),
        ("[(1, 'Osk', datetime.date(1961, 3, 12)), (2, 'Tarn', Decimal('2.50'))]",
         "[(2, 'Tarn', Decimal('2.50'))]"),
        ("('Osk', 'Tarn')", "('Tarn',)"),
        ("{'name': 'Tarn', 'pupil': 'Osk', 'ä': \"x\"}", "{'name': 'Tarn', 'pupil': None, "
                                                         "'ä': \"x\"}"),
        ("(1, 'Osk', 1961)\n(2, 'Tarn', 1970)\n", "(2, 'Tarn', 1970)\n"),
    ],
)  # fmt: skip
def test_a_literal_keeps_its_tuples_its_quotes_and_the_bytes_of_what_stays(
    text: str, clean: str
) -> None:
    assert redact_formed(text, leaks) == clean
    for line in clean.splitlines():
        ast.parse(line)


@pytest.mark.parametrize("text", ["[1]  # by Osk", "(1, 2), (3, 4)", "[Osk", "{**{'a': 1}}", "Osk"])
def test_what_is_no_plain_literal_is_none(text: str) -> None:
    assert redact_literal(text, leaks) is None


def test_a_comment_behind_a_literal_is_judged() -> None:
    assert "Osk" not in redact_observation("[] # Osk", leaks)


# ── Whole observations with a form ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Mirela Osk:\n  born: 1961\n  works:\n    - Seas\nEdda Tarn:\n  born: 1970\n",
         "Edda Tarn:\n  born: 1970\n"),
        ("[poets.Osk]\nborn = 1961\n[poets.Osk.home]\nzip = \"4\"\n[poets.Tarn]\nborn = 1970\n",
         "[poets.Tarn]\nborn = 1970\n"),
        ("<ps><p><n>Osk</n><b>1961</b></p><p><n>Tarn</n><b>1970</b></p></ps>",
         "<ps><p><n>Tarn</n><b>1970</b></p></ps>"),
    ],
)  # fmt: skip
def test_an_observation_in_yaml_toml_or_xml_keeps_its_form(text: str, clean: str) -> None:
    assert redact_observation(text, leaks) == clean


# ── Sums ─────────────────────────────────────────────────────────────────────────────────────────

RENTS = [
    {**OSK, "rent": 1240, "owed": 310},
    {**TARN, "rent": 980, "owed": 0},
    {**HILL, "rent": 1150, "owed": 90},
]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"rows": RENTS, "total_rent": 3370}, {"rows": RENTS[1:], "total_rent": 2130}),
        ({"rows": RENTS, "rent": {"sum": 3370, "mean": 1123.33}},
         {"rows": RENTS[1:], "rent": {"sum": 2130, "mean": 1065.0}}),
        ({"rows": RENTS, "total_owed": 400}, {"rows": RENTS[1:], "total_owed": 90}),
        ({"rows": RENTS, "budget": 400}, {"rows": RENTS[1:], "budget": 400}),
        ({"rows": RENTS, "total_rent": 3371}, {"rows": RENTS[1:], "total_rent": 3371}),
        ({"rows": RENTS[1:], "total_rent": 2130}, {"rows": RENTS[1:], "total_rent": 2130}),
    ],
    ids=["sum", "in an object", "two addends", "nothing of it", "no sum", "nothing went"],
)  # fmt: skip
def test_a_sum_is_that_of_the_items_that_are_left(given: object, left: object) -> None:
    assert redacted(given) == left


def test_a_sum_in_the_text_below_is_the_one_of_the_list_above() -> None:
    rows = ",\n".join(json.dumps(row) for row in RENTS)
    data = f'{{"rows": [\n{rows}\n],\n"total_rent": 3370\n}}'
    text = f"```json\n{data}\n```\n\nAll pay €3,370. So be it."
    assert cut(text, leaks, "").endswith("All pay €2,130. So be it.")
