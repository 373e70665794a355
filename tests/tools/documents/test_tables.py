"""What goes from a table with a target."""

from __future__ import annotations

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
