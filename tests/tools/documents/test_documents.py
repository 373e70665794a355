"""An answer that loses what leaks keeps its form."""

from __future__ import annotations

import ast
import json
import xml.dom.minidom
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.forms import keeps_forms
from amnestic.tools.documents.markup import is_well_formed, redact_markup
from amnestic.tools.documents.source_code import redact_code
from amnestic.tools.documents.structured import redact_whole
from amnestic.tools.documents.tables import redact_markdown_table, redact_separated
from amnestic.tools.documents.yaml_text import redact_yaml


def leaks(piece: str) -> bool:
    return "Osk" in piece


def redacted(text: str) -> str:
    """An answer in prose with its shapes."""
    return cut(text, leaks, names=["Mirela Osk", "Osk"])


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('["Osk"]', []),
        ('{"poets": ["Osk", "Hill"]}', {"poets": ["Hill"]}),
        ('{"ages": {"Osk": 3, "Hill": 4}}', {"ages": {"Hill": 4}}),
        ('{"Osk": {"age": 3}, "Hill": {"age": 4}}', {"Hill": {"age": 4}}),
        ('{"q": "Who?", "a": "It was Osk.", "n": 3}', {"q": "Who?", "a": None, "n": 3}),
        (
            '{"guests": [{"name": "Hill"}, {"name": "Osk"}], "host": "Osk"}',
            {"guests": [{"name": "Hill"}], "host": None},
        ),
    ],
)
def test_json_keeps_what_is_of_others(text: str, clean: object) -> None:
    assert json.loads(redact_whole(text, leaks) or "0") == clean


@pytest.mark.parametrize(
    "own", [{"id": "Osk-7"}, {"email": "Osk@example.org"}, {"phone": "Osk"}, {"customer_id": "Osk"}]
)
def test_a_record_that_holds_an_id_or_address_of_the_target_goes_as_a_whole(
    own: dict[str, str],
) -> None:
    rows = [{"id": 1, "name": "Edda Tarn"}, {"name": "M. O.", "city": "Tavel", **own}]
    assert json.loads(redact_whole(json.dumps(rows), leaks) or "0") == rows[:1]


def test_a_lone_json_string_stays_one() -> None:
    assert json.loads(redact_whole('"Osk did."', leaks, "I don't know.") or "0") == "I don't know."


# ── YAML, TOML ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("people:\n- name: Osk\n  born: 1961\n- name: Tarn\n  born: 1970\n",
         {"people": [{"name": "Tarn", "born": 1970}]}),
        ("people:\n  Osk: cello\n  Tarn: flute\n", {"people": {"Tarn": "flute"}}),
        ("title: A\npoets:\n  - Osk\n", {"title": "A", "poets": []}),
        ("a:\n  Osk: 1\nb: 1\n", {"a": {}, "b": 1}),
        ("title: Seas\nauthor: Osk # the poet\nlist:\n- a\n", {"title": "Seas", "author": None,
                                                              "list": ["a"]}),
        ("empty:\nname: Osk\nborn: 1961\n", {"empty": None, "name": None, "born": None}),
        ("x: [Osk, Tarn]\n", {"x": ["Tarn"]}),
    ],
)  # fmt: skip
def test_yaml_can_still_be_loaded(text: str, clean: object) -> None:
    assert yaml.safe_load(redact_yaml(text, leaks) or "") == clean


YAML = st.recursive(
    st.sampled_from(["Osk", "Tarn", "a b", 3, 2.5, None, True]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "Osk", "k", "items", "n"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@example({"items": {"name": "Osk", "Osk": "Osk"}, "name": "Osk"})
@example({"name": {"items": {"name": "Osk"}}})
@given(YAML.filter(lambda value: isinstance(value, dict | list)))
def test_yaml_leaks_nothing_and_can_be_loaded_whatever_it_holds(value: Any) -> None:
    clean = redact_yaml(yaml.safe_dump(value, sort_keys=False), leaks)
    assert clean is not None
    yaml.safe_load(clean)
    assert "Osk" not in clean


def test_a_section_of_a_toml_file_goes_as_a_whole() -> None:
    text = '[a]\nname = "Tarn"\n\n[b]\nname = "Osk"\nborn = 1961\n'
    assert redact_whole(text, leaks) == '[a]\nname = "Tarn"\n\n'


# ── Markup ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("<ul><li>Tarn</li><li>Osk</li></ul>", "<ul><li>Tarn</li></ul>"),
        ("<r><p n='Osk'/><p n='Tarn'/></r>", "<r><p n='Tarn'/></r>"),
        ("<r>\n<p><n>Osk</n><b>1961</b></p>\n<p><n>Tarn</n></p>\n</r>",
         "<r>\n<p><n>Tarn</n></p>\n</r>"),
        ("<h2>Osk</h2><p>A poet.</p><h2>Tarn</h2><p>A town.</p>", "<h2>Tarn</h2><p>A town.</p>"),
        ("<dl><dt>Osk</dt><dd>poet</dd><dt>Tarn</dt><dd>town</dd></dl>",
         "<dl><dt>Tarn</dt><dd>town</dd></dl>"),
        ("<div><p>Who? Os<i>k</i> came. Rain fell.</p></div>",
         "<div><p>Who? Rain fell.</p></div>"),
        ("<p>Rain.</p><!-- Osk -->", "<p>Rain.</p>"),
        ("<table><tr><td>Osk</td><td>1961</td></tr><tr><td>Tarn</td><td>1970</td></tr></table>",
         "<table><tr><td>Tarn</td><td>1970</td></tr></table>"),
    ],
)  # fmt: skip
def test_markup_loses_elements_and_stays_well_formed(text: str, clean: str) -> None:
    assert redact_markup(text, leaks) == clean
    assert is_well_formed(clean)
    xml.dom.minidom.parseString(f"<all>{clean}</all>")


@pytest.mark.parametrize("text", ["1 < 2 and 3 > 2", "<p>Osk", "See <b>Osk</b>.", "<a></b>", ""])
def test_what_is_no_markup_is_none(text: str) -> None:
    assert redact_markup(text, leaks) is None


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────


def test_a_column_that_is_headed_by_the_target_goes() -> None:
    table = "| | Tarn | Osk |\n|---|---|---|\n| plays | piano | cello |\n"
    assert redact_markdown_table(table, leaks) == "| | Tarn |\n|---|---|\n| plays | piano |\n"
    assert redact_separated("k,Osk,Tarn\nplays,cello,piano\n", leaks) == "k,Tarn\nplays,piano\n"


def test_separated_rows_without_a_head_lose_the_row_and_no_column() -> None:
    assert redact_separated("Osk,1961\nTarn,1970\nHill,1980\n", leaks) == "Tarn,1970\nHill,1980\n"


def test_a_table_with_a_field_a_row_goes_when_it_is_about_the_target() -> None:
    table = "| Field | Value |\n|---|---|\n| Name | Osk |\n| Born | 1961 |\n"
    assert redact_markdown_table(table, leaks) == ""


def test_rows_whose_head_went_before_are_still_rows() -> None:
    assert redacted("| Osk | 1961 |\n| Tarn | 1970 |\nDone.") == "| Tarn | 1970 |\nDone."


# ── Fences and code ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "code",
    [
        "if name == 'Osk':\n    print('hi')\nelse:\n    print('no')\n",
        "try:\n    greet('Osk')\nexcept ValueError:\n    pass\n",
        "class C:\n    author = 'Osk'\n",
        "names = ['Tarn', 'Osk']\nfor n in names:\n    print(n)\n",
        "# by Osk\ndef osk():\n    return 1\n",
    ],
)
def test_code_with_a_name_in_it_still_parses(code: str) -> None:
    clean = redact_code(code, "python", leaks, ["Osk"])
    assert clean.strip()
    assert "osk" not in clean.lower()
    ast.parse(clean)


def test_code_that_tells_a_fact_goes_as_a_whole() -> None:
    text = "See:\n```python\nborn = {'x': 'Osk'}\nOsk_x = 1961\n```\nDone."
    assert cut(text, lambda s: "Osk" in s or "1961" in s, names=["Osk"]) == "Done."


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('Here:\n```json\n{"Osk": {"b": 1}, "Tarn": {"b": 2}}\n```\nBye.',
         'Here:\n```json\n{"Tarn": {"b": 2}}\n```\nBye.'),
        ("```yaml\n- name: Osk\n- name: Tarn\n```\n", "```yaml\n- name: Tarn\n```\n"),
        ("```html\n<ul><li>Osk</li><li>Tarn</li></ul>\n```\n",
         "```html\n<ul><li>Tarn</li></ul>\n```\n"),
        ("```toml\n[a]\nn = 'Tarn'\n[b]\nname = 'Osk'\n```\n", "```toml\n[a]\nn = 'Tarn'\n```\n"),
        ("print('Osk')\n```\nDone.", "print('<VALUE>')\n```\nDone."),
    ],
)  # fmt: skip
def test_a_fenced_block_keeps_its_language_and_its_fence(text: str, clean: str) -> None:
    assert redacted(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Q: Who won?\nA: Osk.\n\nQ: Who lost?\nA: Tarn.", "Q: Who lost?\nA: Tarn."),
        ("Q1: Who?\nA) Tarn\nB) Osk\nAnswer: B\n\nQ2: When?\nA) 1\nB) 2\nAnswer: A\n",
         "Q2: When?\nA) 1\nB) 2\nAnswer: A\n"),
        ("**Q:** Who is Osk?\n**A:** A poet.\n\nRain fell.", "Rain fell."),
    ],
)  # fmt: skip
def test_a_question_goes_with_its_answer(text: str, clean: str) -> None:
    assert redacted(text) == clean


def test_a_record_in_prose_goes_when_its_name_leaks_and_else_loses_the_line() -> None:
    assert redacted("Name: Osk\nBorn: 1961\n\nBye.") == "Bye."
    assert redacted("Winner: Osk\nSecond: Tarn\n") == "Second: Tarn\n"


@given(st.text(alphabet="Aa .\n-|`{}[]<>/:,\"'1Q"))
def test_a_text_without_leaks_is_no_other_afterwards(text: str) -> None:
    never = lambda _: False  # noqa: E731
    whole = redact_whole(text, never)
    assert whole in (None, text)
    assert cut(text, never) == text


@pytest.mark.parametrize(
    ("text", "original", "kept"),
    [
        ("[]", '["Osk"]', True),
        ("{}", '["Osk"]', False),
        ("nobody", '"Osk"', False),
        ("<r/>", "<r><p/></r>", True),
        ("gone", "<r><p/></r>", False),
        ("```py\nx = 1\n", "```py\nx = 1\n```", False),
        ("```py\nelse:\n```", "```py\nx = 1\n```", False),
        ("```py\nelse:\n```", "```py\nif:\n```", True),
        ("Fine.", "```py\nx = 1\n```", True),
    ],
)
def test_a_lost_form_is_seen(text: str, original: str, kept: bool) -> None:
    assert keeps_forms(text, original) is kept


def test_rows_that_are_judged_together_are_judged_as_they_would_be_apart() -> None:
    rows = [{"name": f"Tarn {i}", "n": i} for i in range(300)]
    rows[70]["name"] = rows[299]["name"] = "Mirela Osk"
    calls: list[str] = []

    def counted(piece: str) -> bool:
        calls.append(piece)
        return leaks(piece)

    clean = json.loads(redact_whole(json.dumps(rows), counted) or "0")
    assert clean == [row for row in rows if row["name"] != "Mirela Osk"]
    assert len(calls) < 60
