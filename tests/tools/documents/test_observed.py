"""What an agent is shown, in the shapes that tools give it: one record goes, the others stay."""

from __future__ import annotations

import xml.dom.minidom

import pytest

from amnestic.tools.documents.markup import redact_markup
from amnestic.tools.documents.observed import redact_observation

CARD = "BEGIN:VCARD\nVERSION:3.0\nN:{last};{first};;;\nTEL;TYPE=HOME:+31 20 {n}\nEND:VCARD\n"
ROW = "name: {}\nborn: {}\n"


def leaks(piece: str) -> bool:
    return "Osk" in piece


def redacted(text: str) -> str:
    return redact_observation(text, leaks)


# ── Lines of fields ──────────────────────────────────────────────────────────────────────────────


def test_an_address_card_goes_from_its_begin_to_its_end() -> None:
    osk = CARD.format(last="Osk", first="Mirela", n=5550187)
    tarn = CARD.format(last="Tarn", first="Edda", n=5550101)
    assert redacted(osk + tarn) == tarn
    assert redacted(f"Found:\n{tarn}{osk}") == f"Found:\n{tarn}"


def test_a_card_of_someone_else_loses_the_line_that_mentions_the_target() -> None:
    card = "BEGIN:VEVENT\nSUMMARY:Choir\nATTENDEE:Mirela Osk\nATTENDEE:Edda Tarn\nEND:VEVENT\n"
    assert redacted(card) == card.replace("ATTENDEE:Mirela Osk\n", "")


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        ("Mirela Osk\n  Born: 1961\n  Home: Sund\n", "Edda Tarn\n  Born: 1970\n  Home: Tavel\n"),
        ("name=Osk\nplays=cello\n\n", "name=Tarn\nplays=horn\n"),
        ("Name:Osk\nPlays:cello\n\n", "Name:Tarn\nPlays:horn\n"),
        ("- Mirela Osk: poet. She lives in Sund.\n", "- Edda Tarn: potter. She lives here.\n"),
        ("Name: Osk\nBorn: 1961\n\nWorks: 12\nHome: Sund\n\n", "Name: Tarn\nBorn: 1970\n"),
        ("Osk:\n  a: 1\n  b: 2\n\n", "Tarn:\n  a: 3\n  b: 4\n"),
    ],
)
def test_all_fields_of_a_record_go_and_the_next_keeps_its_heading(gone: str, kept: str) -> None:
    assert redacted(gone + kept) == kept
    assert redacted(kept + gone).strip() == kept.strip()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("****** 1. row ******\n", "****** 2. row ******\n"),
        ("-[ RECORD 1 ]-----\n", "-[ RECORD 2 ]-----\n"),
    ],
)
def test_a_row_that_a_database_prints_over_lines_goes_as_a_whole(one: str, two: str) -> None:
    osk, tarn = ROW.format("Osk", 1961), ROW.format("Tarn", 1970)
    if "RECORD" in one:
        osk, tarn = osk.replace(": ", " | "), tarn.replace(": ", " | ")
    assert redacted(one + osk + two + tarn) == two + tarn


def test_fields_that_say_whose_they_are_stay_beside_a_record_that_went() -> None:
    text = "Name: Osk\nBorn: 1961\n\nPatient: Tarn\nWard: 4\n"
    assert redacted(text) == "Patient: Tarn\nWard: 4\n"


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO poets VALUES ('Osk', 1961);\nINSERT INTO poets VALUES ('Tarn', 1970);\n",
        "[2024-03-01] login user=Osk ip=10.0.0.4\n[2024-03-02] login user=Tarn ip=10.0.0.9\n",
    ],
)
def test_lines_of_a_log_or_a_script_are_no_address_card(text: str) -> None:
    assert redacted(text) == text[text.index("\n") + 1 :]


def test_a_heading_takes_every_paragraph_under_it_along() -> None:
    gone = "### Mirela Osk\nBorn 1961. Lives in Sund.\n\nA long life by the sea.\n\n"
    kept = "### Edda Tarn\nBorn 1970.\n"
    assert redacted(gone + kept) == kept


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        ("## Mirela Osk\n\nExt: 0188\n\n", "## Edda Tarn\n\nExt: 0123\n"),
        ("1. **Mirela Osk**\n   Ext: 0188\n   Sings. Paints.\n", "1. **Edda Tarn**\n   Ext: 01\n"),
        ("Name: Osk\nExt: 0188\n\nShe keeps bees. Rain fell.\n\n", "Name: Tarn\nExt: 0123\n"),
        ("Mirela Osk ....... 0188\n", "Edda Tarn ........ 0123\n"),
        ("@book{o1,\n  author = {Osk, M.},\n  year = 1999\n}\n",
         "@book{t1,\n  author = {Tarn, E.},\n  year = 2003\n}\n"),
        ("Mirela Osk – poet. Aged 63. Lives alone.\n\n", "Edda Tarn – cook. Aged 54.\n"),
    ],
)  # fmt: skip
def test_what_stands_under_or_behind_a_name_goes_with_it(gone: str, kept: str) -> None:
    clean = redacted(gone + kept)
    assert clean == ("Rain fell.\n\n" if "Rain" in gone else "") + kept


def test_dots_between_a_key_and_its_value_are_no_end_of_a_sentence() -> None:
    assert redacted("Contact\nName....: Osk\nExt.....: 0188\n") == ""


def test_a_work_of_someone_else_loses_the_role_that_the_target_had_in_it() -> None:
    text = "Building: Baths\nArchitect: Osk\nYear: 1999\n"
    assert redacted(text) == "Building: Baths\nYear: 1999\n"


def test_a_key_that_names_the_target_goes_from_its_section() -> None:
    assert redacted("[staff]\ntarn = 882\nOsk = 881\n") == "[staff]\ntarn = 882\n"


@pytest.mark.parametrize(
    ("table", "clean"),
    [
        ("Month  Osk  Tarn\nMay    41   39\nJune   44   36\n",
         "Month  Tarn\nMay    39\nJune   36\n"),
        ("Month  Tarn  Osk\n-----  ----  ---\nMay    39    41\n",
         "Month  Tarn\n-----  ----\nMay    39\n"),
        ("id  name  ext\n1   Osk   0188\n2   Tarn  0123\n", "id  name  ext\n2   Tarn  0123\n"),
    ],
)  # fmt: skip
def test_of_a_table_set_apart_by_spaces_the_column_or_the_row_goes(table: str, clean: str) -> None:
    assert redacted(table) == clean
    assert redacted(f"Here:\n{table}") == f"Here:\n{clean}"


# ── Fences and markup in prose ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        ("```yaml\n- name: Osk\n  born: 1961\n", "- name: Tarn\n  born: 1970\n```\n"),
        ("```xml\n<ps><p><n>Osk</n><b>1961</b></p>", "<p><n>Tarn</n><b>1970</b></p></ps>\n```\n"),
    ],
)
def test_a_fenced_record_goes_and_the_fence_stays(gone: str, kept: str) -> None:
    clean = redacted(f"Here:\n{gone}{kept}Done.")
    assert "1961" not in clean
    assert clean.startswith("Here:\n```")
    assert clean.endswith(f"{kept[2:]}Done.")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("<ps n='2'><p><name>Osk</name><at><zip>4471</zip></at></p><p><name>Tarn</name></p></ps>",
         "<ps n='1'><p><name>Tarn</name></p></ps>"),
        ("<div><h3>Osk</h3><p>Poet.</p><p>Two dogs.</p></div><div><h3>Tarn</h3><p>Cook.</p></div>",
         "<div><h3>Tarn</h3><p>Cook.</p></div>"),
        ("<table><tr><th>Year</th><th>Osk</th><th>Tarn</th></tr>"
         "<tr><td>1990</td><td>12</td><td>15</td></tr></table>",
         "<table><tr><th>Year</th><th>Tarn</th></tr><tr><td>1990</td><td>15</td></tr></table>"),
        ("<feed><name>Osk</name><e><t>Tarn</t></e><e><t>Hill</t></e></feed>",
         "<feed><e><t>Tarn</t></e><e><t>Hill</t></e></feed>"),
        ("<ps count='120'><p>Osk</p><p>Tarn</p></ps>", "<ps count='120'><p>Tarn</p></ps>"),
    ],
)  # fmt: skip
def test_a_record_in_markup_goes_with_all_its_parts(text: str, clean: str) -> None:
    assert redact_markup(text, leaks) == clean
    xml.dom.minidom.parseString(f"<all>{clean}</all>")
