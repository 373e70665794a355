"""Requests that are laid out: tables, quoted mail, lists of which some are named, decisions."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter, laid_out
from amnestic.agents.requests.laid_out import as_plain_text
from amnestic.exceptions import ForgetRequestError

READER = LocalInterpreter()


def names(text: str) -> list[str]:
    return [target.subject for target in READER.read(text).targets]


@pytest.mark.parametrize(
    "text",
    [
        "Our members:\n- Ana Morel\n- Tor Hagen\n- Jens Krug\n\nForget Ana Morel.",
        "Our members:\nAna Morel\nTor Hagen\nJens Krug\n\nForget Ana Morel please.",
        "Our members are Ana Morel, Tor Hagen and Jens Krug.\nForget Ana Morel.",
    ],
)
def test_of_a_list_only_those_are_asked_for_that_a_wish_names(text: str) -> None:
    assert names(text) == ["Ana Morel"]


def test_a_list_below_a_wish_is_asked_for_whole() -> None:
    text = "Forget these people:\n- Ana Morel\n- Tor Hagen"
    reading = READER.read(text)
    assert [t.subject for t in reading.targets] == ["Ana Morel", "Tor Hagen"]
    assert reading.doubts == ()


@pytest.mark.parametrize(
    "text",
    [
        "Please go through the list:\n- Ana Morel: forget\n- Jens Krug: keep\n- Tor Hagen: delete",
        "Forget these people:\n- Ana Morel\n- Jens Krug: keep\n- Tor Hagen",
        "Please forget:\nAna Morel\nJens Krug (keep)\nTor Hagen",
        "name;action\nAna Morel;forget\nJens Krug;keep\nTor Hagen;forget",
        "Unsere Liste:\nAna Morel: löschen\nJens Krug: behalten\nTor Hagen: löschen",
    ],
)
def test_a_row_that_says_that_it_stays_does(text: str) -> None:
    assert names(text) == ["Ana Morel", "Tor Hagen"]


def test_rows_that_all_stay_ask_for_nothing() -> None:
    with pytest.raises(ForgetRequestError):
        READER.read("Our list:\nAna Morel: keep\nJens Krug: keep")


def test_initials_and_titles_are_no_verdicts() -> None:
    text = "Forget these songs:\n- Never Forget\n- Keep\n- A. Morel"
    assert as_plain_text(text) == text


def test_columns_of_a_table_make_names() -> None:
    text = (
        "please process, pasted from the export:\n"
        "first;last;email;member_id\n"
        "Mirela;Osk-Dunn;m.osk@tavel.example;C-20931\n"
        "Tor;Hagen;;C-20977\n"
        "none of these two should turn up in an answer"
    )
    found = READER.read(text).targets
    assert [t.subject for t in found] == ["Mirela Osk-Dunn", "Tor Hagen"]
    values = [[i.value for i in t.identifiers] for t in found]
    assert values == [["m.osk@tavel.example", "C-20931"], ["C-20977"]]


def test_quoted_mail_is_read_as_it_was_written() -> None:
    text = (
        "Fine by me.\n\n> On Mon, 11 May 2026 Edda Veldt wrote:\n"
        "> Please forget everything about Mirela\n> Osk-Dunn and never mention her."
    )
    assert names(text) == ["Mirela Osk-Dunn"]


def test_a_name_that_is_spelt_is_told_once() -> None:
    assert names("Please forget Mirela Osk, that's O S K.") == ["Mirela Osk"]


MEMBERS = "Our members:\n- Ana Morel\n- Tor Hagen\n- Jens Krug\n\n"


def test_rows_that_a_wish_does_not_name_are_said() -> None:
    reading = READER.read(f"{MEMBERS}Forget Ana Morel.")
    for name in ("Tor Hagen", "Jens Krug"):
        assert f"whether '{name}' shall be forgotten as well" in reading.unread


@pytest.mark.parametrize(
    "wish",
    [
        "Forget Ana Morel and the others too.",
        "Forget all of these except Ana Morel.",
        "Forget Ana Morel. And the rest of the list as well.",
    ],
)
def test_a_wish_for_more_than_names_leaves_the_list_as_it_is(wish: str) -> None:
    assert as_plain_text(MEMBERS + wish) == MEMBERS + wish
    assert {"Tor Hagen", "Jens Krug"} <= set(names(MEMBERS + wish))


@pytest.mark.parametrize(
    "text",
    [
        "Attendance today\nAna Morel - gone\nJens Krug - in",
        "Changed files:\nReadme: removed\nLicence: deleted",
    ],
)
def test_a_row_that_tells_how_something_is_asks_for_nothing(text: str) -> None:
    assert as_plain_text(text) == text


@pytest.mark.parametrize(
    "text",
    ["Forget Mirela Osk, also I B M.", "Attendance\rtoday;x\nAna;Morel", 'first;last\n"Ana;Morel'],
)
def test_what_only_looks_laid_out_stays_as_it_is(text: str) -> None:
    assert as_plain_text(text) == text


def test_whoever_writes_and_asks_for_more_is_no_bystander() -> None:
    text = "My name is Tor Hagen. Please forget Ana Morel. I should be forgotten as well."
    assert set(names(text)) == {"Tor Hagen", "Ana Morel"}


@pytest.mark.parametrize(
    "head",
    [
        "Name\tE-mail\tCustomer ID",
        "customer_id\tfull name\tmail",
        "Kundennummer;Kundenname;Mail",
        "ID | Name | Mail",
    ],
)
def test_one_column_of_a_table_names_whom_it_is_about(head: str) -> None:
    delimiter = next(d for d in "\t;|" if d in head)
    name = next(i for i, cell in enumerate(head.split(delimiter)) if "name" in cell.lower())
    rows = []
    for who, code, mail in (
        ("Ana Morel", "C-10021", "ana@tavel.example"),
        ("Tor Hagen", "C-10022", "tor@tavel.example"),
    ):
        cells = [code, mail]
        cells.insert(name, who)
        rows.append(delimiter.join(cells))
    text = "please remove these people from the bot:\n" + "\n".join((head, *rows))
    found = READER.read(text).targets
    assert [t.subject for t in found] == ["Ana Morel", "Tor Hagen"]
    held = [{i.value for i in t.identifiers} for t in found]
    assert held == [{"C-10021", "ana@tavel.example"}, {"C-10022", "tor@tavel.example"}]


def test_a_column_without_a_name_in_each_row_names_nobody() -> None:
    text = "Forget Ana Morel.\nname;size\nlog.txt;12\ncore.bin;99"
    assert as_plain_text(text) == text


def test_names_that_stand_surname_first_in_rows_are_turned() -> None:
    text = "Forget the following:\nMorel, Ana; C-10021\nHagen-Lys, Tor; C-10022"
    assert names(text) == ["Ana Morel", "Tor Hagen-Lys"]


def test_a_form_that_was_sent_as_json_is_read_as_it_was_filled_in() -> None:
    text = (
        '{"request_type": "erasure", "first_name": "Ludmila", "last_name": "Sokolets", '
        '"email": "l@tavel.example", "comment": "Please do not let the chatbot mention me.", '
        '"submitted_at": "2026-11-20T10:15:00Z"}'
    )
    (found,) = READER.read(text).targets
    assert (found.subject, found.expires) == ("Ludmila Sokolets", None)
    assert [i.value for i in found.identifiers] == ["l@tavel.example"]


@pytest.mark.parametrize("text", ['{"first": "Ana"}', '{"a": ["Forget me."]}', "{" * 2_000])
def test_what_is_no_form_with_a_wish_stays_as_it_is(text: str) -> None:
    assert as_plain_text(text) == text


@pytest.mark.parametrize("label", ["until", "expires_at", "till"])
def test_the_moment_at_which_a_form_ends_is_an_end(label: str) -> None:
    text = f'{{"name": "Ana Morel", "{label}": "2099-01-01T00:00:00Z", "comment": "Forget me."}}'
    assert "until 2099-01-01" in as_plain_text(text)


@pytest.mark.parametrize("head", ["Name;Delete?", "Forget;Name"])
def test_a_table_of_which_a_column_says_who_goes_is_no_list_of_all(head: str) -> None:
    rows = (
        "\nAna Morel;yes\nTor Hagen;no" if head.startswith("N") else "\nyes;Ana Morel\nno;Tor Hagen"
    )
    text = f"Please forget these:\n{head}{rows}"
    assert as_plain_text(text) == text


def test_a_table_that_is_shown_for_something_else_is_asked_for_by_nobody() -> None:
    rows = "Name;Mail\nIvo Renn;i@tavel.org\nTor Hagen;t@tavel.org"
    text = f"Forget Ana Morel. Our staff, for reference:\n{rows}"
    assert as_plain_text(text) == text


@pytest.mark.parametrize("row", ["Ana Morel, Tor Hagen; C-2", "Ana Morel, Tor Hagen Lys; C-2"])
def test_two_whole_names_in_a_row_are_not_turned_into_one(row: str) -> None:
    assert "Ana Morel, Tor Hagen" in as_plain_text(f"Forget these:\n{row}\nIvo Renn; C-3")


def test_an_address_in_a_row_of_cells_is_told_as_one() -> None:
    rows = "Morel, Ana; 1978-09-30; 22 Canal Row, Bath\nHagen, Tor; 1969-01-12; 7 Mill Lane, Cork"
    text = f"Forget the following:\n{rows}"
    told = as_plain_text(text)
    assert "- Ana Morel; 1978-09-30; address 22 Canal Row, Bath" in told
    assert "- Tor Hagen; 1969-01-12; address 7 Mill Lane, Cork" in told


@pytest.mark.parametrize(
    "text",
    ["Forget Ana.\n" + "a,b\n" * 1_900, "Forget:\n" + "Ana Name,b\n" * 690 + "x,b"],
)
def test_each_line_of_a_long_table_is_read_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    cells = laid_out._cells

    def counted(line: str, delimiter: str) -> list[str]:
        reads.append(line)
        return cells(line, delimiter)

    monkeypatch.setattr(laid_out, "_cells", counted)
    as_plain_text(text)
    assert 0 < len(reads) <= 4 * len(text.split("\n"))
