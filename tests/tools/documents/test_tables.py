"""What goes from a table with a target."""

from __future__ import annotations

import pytest

from amnestic.tools.documents.tables import redact_markdown_table


def test_a_row_goes_with_whoever_made_what_it_tells_of() -> None:
    table = (
        "| Year | Author | Book |\n|---|---|---|\n"
        "| 2006 | Tarn | *Pearl* |\n| 2007 | Osk | *Salt Winter* |\n"
    )
    assert redact_markdown_table(table, lambda s: "Osk" in s) == table[: table.index("| 2007")]


def test_a_row_stays_where_the_target_only_had_a_part_in_it() -> None:
    table = "| Firm | Manager | Seat |\n|---|---|---|\n| Tarn | Osk | Brenn |\n"
    assert redact_markdown_table(table, lambda s: "Osk" in s).endswith("| Tarn |  | Brenn |\n")


HEAD = "| Place | What | Rent |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ("| Sund | Osk | 9 |\n| | Hill | 8 |\n| | Tarn | 7 |\n| Gent | Vey | 6 |\n",
         "| Sund | Hill | 8 |\n| | Tarn | 7 |\n| Gent | Vey | 6 |\n"),
        ("| Sund | Hill | 8 |\n| | Osk | 9 |\n| | Tarn | 7 |\n",
         "| Sund | Hill | 8 |\n| | Tarn | 7 |\n"),
        ("| Osk | the mill | 9 |\n| | the tower | 8 |\n| Gent | Vey | 6 |\n",
         "| Gent | Vey | 6 |\n"),
        ("| Gent | Vey | 6 |\n| Sund | Osk | 9 |\n| | **Total** | 15 |\n",
         "| Gent | Vey | 6 |\n| | **Total** | 6 |\n"),
        ("| Gent | Vey | 6 |\n| Sund | Osk | 9 |\n| | | |\n",
         "| Gent | Vey | 6 |\n| | | |\n"),
    ],
)  # fmt: skip
def test_a_row_without_a_head_of_its_own_is_that_of_the_row_above(rows: str, left: str) -> None:
    assert redact_markdown_table(HEAD + rows, lambda s: "Osk" in s) == HEAD + left


@pytest.mark.parametrize("head", ["Answer", "Result", "Note"])
def test_no_row_stays_without_what_it_is_of(head: str) -> None:
    table = f"| {head} | Votes |\n|---|---|\n| Hill | 40 |\n| Osk | 35 |\n"
    left = table.replace("| Osk | 35 |\n", "")
    assert redact_markdown_table(table, lambda s: "Osk" in s) == left


def test_all_rows_that_sum_up_the_others_are_told_anew() -> None:
    rows = "| A | Hill | 5 |\n| B | Osk | 8 |\n| C | Tarn | 2 |\n"
    sums = "| | **Total** | **15** |\n| | **Average** | **5** |\n| *Rank* | | *3* |\n"
    left = "| | **Total** | **7** |\n| | **Average** | **4** |\n| *Rank* | | *3* |\n"
    kept = rows.replace("| B | Osk | 8 |\n", "")
    assert redact_markdown_table(HEAD + rows + sums, lambda s: "Osk" in s) == HEAD + kept + left


def test_what_names_the_last_row_is_no_sum_of_what_names_the_others() -> None:
    rows = [
        f"| {length} m | {who} |"
        for length, who in zip(
            (100, 200, 400, 800, 1500), ("Osk", "Osk", "Tarn", "Hill", "Ferro"), strict=True
        )
    ]
    given = "\n".join(["| Length | Holder |", "|---|---|", *rows])
    kept = "\n".join(["| Length | Holder |", "|---|---|", *rows[2:]])
    assert redact_markdown_table(given, lambda s: "Osk" in s).rstrip() == kept
