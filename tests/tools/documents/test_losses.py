"""Rows and records that went, and what is said of them: by place, by head and number, by a sum."""

from __future__ import annotations

import json

import pytest

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.lost_rows import lost_records, lost_rows

NAMES = ("Mirela Osk", "Osk")


def cut_out(text: str) -> str:
    return cut(text, lambda piece: "Osk" in piece, names=NAMES)


CSV = "```csv\nyear,town,winner\n1960,Rome,Osk\n1968,Sund,Tarn\n1972,Ry,Hill\n```\n\n"
LEFT = "```csv\nyear,town,winner\n1968,Sund,Tarn\n1972,Ry,Hill\n```\n\n"


# ── Rows and records in blocks of data ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("For the first line, the shoes are missing. Rain fell.", "Rain fell."),
        ("The race of 1960 was hot. Rain fell.", "Rain fell."),
        ("The runner of 1960 never came. Rain fell.", "Rain fell."),
        ("The 1960 winner ran without shoes. Rain fell.", "Rain fell."),
        ("Tarn retired in 1960. Rain fell.", "Tarn retired in 1960. Rain fell."),
        ("For the second line, see Tarn. Rain fell.", "For the second line, see Tarn. Rain fell."),
    ],
)
def test_what_is_said_of_a_line_of_separated_values_goes_with_it(said: str, left: str) -> None:
    assert cut_out(CSV + said).removeprefix(LEFT) == left


@pytest.mark.parametrize(
    ("block", "said", "left"),
    [
        (
            '```json\n[{"n": "Osk", "t": "arquera inglesa"}, {"n": "Tarn", "t": "reportera"}]\n```',
            "- Para la inglesa puedes añadir una foto.\n- Tarn es la última.",
            "- Tarn es la última.",
        ),
        (
            '```json\n{"n": "Osk", "t": "the lantern"}\n{"n": "Tarn", "t": "bread"}\n```',
            "Who packs the lantern? Tarn knows.",
            "Tarn knows.",
        ),
        (
            "```yaml\nteam:\n  - name: Osk\n    stop: 1\n  - name: Tarn\n    stop: 2\n"
            "  - name: Hill\n    stop: 3\n```",
            "Im ersten Eintrag fehlt das Alter. Tarn ist neu.",
            "Tarn ist neu.",
        ),
        (
            "```\nflat;who\n4B;Osk\n4C;Tarn\n```",
            "Check the deposit of 4B. Write to 4C.",
            "Write to 4C.",
        ),
        (
            '```json\n{"Osk": {"room": "4102"}, "Tarn": {"room": "4103"}}\n```',
            "Room 4102 is dark. Room 4103 is bright.",
            "Room 4103 is bright.",
        ),
    ],
)
def test_what_is_said_of_a_record_goes_with_it(block: str, said: str, left: str) -> None:
    assert cut_out(f"{block}\n\n{said}").rpartition("```\n\n")[2] == left


def test_the_count_before_a_block_is_that_of_the_records_that_are_left() -> None:
    text = f"Here are three winners:\n\n{CSV}Rain fell."
    assert cut_out(text).startswith("Here are two winners:")


def test_a_row_that_was_numbered_anew_is_not_taken_for_the_one_that_went() -> None:
    text = (
        "| # | Who |\n|---|---|\n| 1 | Osk |\n| 2 | Tarn |\n| 3 | Hilb |\n\n"
        "The first is young. Rain fell. Begin with number 3. Skip number 1."
    )
    assert cut_out(text).rpartition("\n\n")[2] == "Rain fell. Begin with number 2."


def test_the_last_row_is_counted_too() -> None:
    text = "| Who | When |\n|---|---|\n| Tarn | 1970 |\n| Hill | 1980 |\n| Osk | 1961 |\n"
    text = f"Three poets:\n\n{text}"
    assert cut_out(text).startswith("Two poets:")


@pytest.mark.parametrize(
    "said",
    [
        "In 1961 it rained for weeks.",  # the year of anything
        "The second world war came between.",
        "The port of Sund is deep.",  # a row that stays has it, too
        "Tarn wrote it in 1961.",
        "Three of the 12 lamps are old.",
    ],
)
def test_what_only_shares_a_word_with_a_row_that_went_stays(said: str) -> None:
    rows = [
        {"n": "Hill", "born": 1950, "town": "Sund"},
        {"n": "Osk", "born": 1961, "town": "Sund"},
        {"n": "Tarn", "born": 1970, "town": "Ry"},
    ]
    block = "\n".join(["```json", json.dumps(rows), "```"])
    assert cut_out(f"{block}\n\n{said}").endswith(f"```\n\n{said}")


def test_a_common_word_in_a_row_that_went_takes_nothing_along() -> None:
    rows = [{"id": 7, "state": "open", "who": "Osk"}, {"id": 8, "state": "late", "who": "Tarn"}]
    said = "The shop will open at nine. Row 9 is empty."
    text = "\n".join(["```json", json.dumps(rows), "```", "", said])
    assert cut_out(text).endswith(said)


def test_two_years_of_rows_that_went_mean_them() -> None:
    rows = "| Town | Year | Who |\n|---|---|---|\n| Rome | 1960 | Osk |\n| Sund | 1964 | Osk |\n"
    text = f"{rows}| Ry | 1968 | Tarn |\n\nIn 1964 it rained. In 1960 and 1964 one man won both."
    assert cut_out(text).rpartition("\n\n")[2] == "In 1964 it rained."


@pytest.mark.parametrize(
    ("kept", "rows"),
    [
        ("| # | Who |\n|---|---|\n| 1 | Hill |\n", [True, False]),
        ("| # | Who |\n|---|---|\n| 1 | Osk |\n", [False, True]),
    ],
)
def test_rows_that_were_numbered_anew_are_known_again(kept: str, rows: list[bool]) -> None:
    given = "| # | Who |\n|---|---|\n| 1 | Hill |\n| 2 | Osk |\n"
    [lost] = lost_rows(given, kept)
    assert [*lost.stays] == rows


def test_many_rows_that_went_together_are_told_from_those_that_stay() -> None:
    rows = [f"r{i},{'Osk' if 10 <= i < 190 else 'Tarn'},{i}\n" for i in range(200)]
    given = "```csv\nname,who,n\n" + "".join(rows) + "```"
    kept = "```csv\nname,who,n\n" + "".join(rows[:10] + rows[190:]) + "```"
    [lost] = lost_records(given, kept)
    assert [*lost.stays] == [i < 10 or i >= 190 for i in range(200)]


def test_a_table_of_places_sums_up_nothing() -> None:
    text = "| Place | Who |\n|---|---|\n| 1 | Osk |\n| 2 | Tarn |\n| 3 | Hill |\n"
    assert cut_out(text) == "| Place | Who |\n|---|---|\n| 2 | Tarn |\n| 3 | Hill |\n"
    text = "| Who | Goals |\n|---|---|\n| Osk | 10 |\n| Tarn | 20 |\n| Hill | 30 |\n"
    assert cut_out(text) == "| Who | Goals |\n|---|---|\n| Tarn | 20 |\n| Hill | 30 |\n"


# ── Rows that are called by the head of their column ─────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "said", "left"),
    [
        ("Stop", "After six, stop 1 is shut. Stop 2 is open.", "Stop 2 is open."),
        ("Stop", "Stops 2 and 1 are shut. Rain fell.", "Rain fell."),
        ("Platz", "Platz 1 kam nicht zur Feier. Platz 2 schon.", "Platz 2 schon."),
        ("Étape", "L'étape 1 est longue. L'étape 2 est courte.", "L'étape 1 est courte."),
        ("Stop", "It takes 1 hour. The bus stops 1 km away.", "It takes 1 hour."),
    ],
)
def test_a_row_is_called_by_the_head_of_its_column_and_its_cell(
    head: str, said: str, left: str
) -> None:
    text = f"| {head} | What |\n|---|---|\n| 1 | Osk's |\n| 2 | Tarn's |\n| 3 | Hill's |\n\n{said}"
    assert cut_out(text).rpartition("\n\n")[2] == left


@pytest.mark.parametrize("gone_first", [True, False])
def test_a_row_that_another_table_has_too_is_none_that_went(gone_first: bool) -> None:
    gone = "| Day | Who |\n|---|---|\n| 1 | Osk |\n| 2 | Tarn |\n| 3 | Hill |\n"
    kept = "| Day | What |\n|---|---|\n| 1 | Swim |\n| 2 | Walk |\n| 3 | Rest |\n"
    tables = [gone, kept] if gone_first else [kept, gone]
    said = "On day 1 pack light. Day 3 is dull."
    assert cut_out("\nAnd:\n\n".join(tables) + f"\n{said}").endswith(f"|\n\n{said}")


@pytest.mark.parametrize("head", ["Season", "Place", "Platz", "Day", "Stop"])
def test_a_number_that_says_which_one_it_is_stays(head: str) -> None:
    text = f"| {head} | Who |\n|---|---|\n| 1 | Osk |\n| 2 | Tarn |\n| 3 | Hill |\n"
    assert cut_out(text) == f"| {head} | Who |\n|---|---|\n| 2 | Tarn |\n| 3 | Hill |\n"


@pytest.mark.parametrize("head", ["#", "No.", "Step", "Schritt", "Paso"])
def test_a_column_that_only_counts_is_numbered_anew(head: str) -> None:
    text = f"| {head} | Who |\n|---|---|\n| 1 | Osk |\n| 2 | Tarn |\n| 3 | Hill |\n"
    assert cut_out(text) == f"| {head} | Who |\n|---|---|\n| 1 | Tarn |\n| 2 | Hill |\n"


# ── Places behind articles that are written as one with a preposition ────────────────────────────


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("La casa passò alla seconda. Piove.", "Piove."),
        ("Il premio dell'anno andò al secondo. Piove.", "Piove."),
        ("Nella seconda riga manca l'anno. Piove.", "Piove."),
        ("Na segunda linha falta o ano. Chove muito.", "Chove muito."),
        ("A segunda está na lista. O porto está fechado.", "O porto está fechado."),
        ("À la deuxième ligne, la date manque. Il pleut.", "Il pleut."),
        ("Dalle due alle tre piove.", "Dalle due alle tre piove."),
    ],
)
def test_a_place_is_read_behind_a_joined_article(said: str, left: str) -> None:
    assert cut_out(f"- Tarn\n- Osk\n- Hill\n\n{said}").rpartition("\n\n")[2] == left


# ── Numbers that went ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("- Number 3 sounds like number 2. They are easily mixed up.\n- Rain.", "- Rain."),
        (
            "Nummer 2 ist neu. Für den Sommer würde ich sie ersetzen. In Tavel ist Markt.",
            "In Tavel ist Markt.",
        ),
        ("Le numéro 2 est rare. Il est cher. La pluie tombe.", "La pluie tombe."),
        ("For number 2, the name would look charming in type. Rain fell.", "Rain fell."),
        ("Few of them sold well; number 2 did not.", "Few of them sold well."),
        ("Begin with number 2 or number 3.", "Begin with number 2."),
    ],
)
def test_what_leans_on_a_number_that_went_goes_along(said: str, left: str) -> None:
    assert cut_out(f"1. A\n2. Osk\n3. C\n\n{said}").removeprefix("1. A\n2. C\n\n") == left


# ── Sums of lists ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "- Hill – €10.00\n- Osk – €12.50\n- Tarn – €7.50\n\n**Total:** €30.00",
            "- Hill – €10.00\n- Tarn – €7.50\n\n**Total:** €17.50",
        ),
        (
            "Drei Rechnungen, zusammen 30 €:\n\n- Hill: 10 €\n- Osk: 12 €\n- Tarn: 8 €",
            "Zwei Rechnungen, zusammen 18 €:\n\n- Hill: 10 €\n- Tarn: 8 €",
        ),
        (
            "1. KD-12 – Hill – €1,010.00 – 30 days\n2. KD-13 – Osk – €1,240.00 – 31 days\n"
            "3. KD-14 – Tarn – €90.00 – 32 days\n\nIn all they owe €2,340.00. KD-13 is late.",
            "1. KD-12 – Hill – €1,010.00 – 30 days\n2. KD-13\n3. KD-14 – Tarn – €90.00 – 32 days\n"
            "\nIn all they owe €1,100.00. KD-13 is late.",
        ),
        (
            "- Hill: 10 hours\n- Osk: 12 hours\n- Tarn: 8 hours\n- **Total:** 30 hours",
            "- Hill: 10 hours\n- Tarn: 8 hours\n- **Total:** 18 hours",
        ),
        (
            "- Osk: £20\n- Osk's son: £22\n- **Total:** £42\n\nRain fell.",
            "Rain fell.",
        ),
        (
            "- Osk: £20\n- Osk's son: £22\n\n**Total:** £42\n\nRain fell.",
            "Rain fell.",
        ),
        (
            "- Hill: €10.00\n- Osk: €12.00\n- Tarn: €8.00\n\nThe net total is €30.00. VAT at "
            "20 % is €6.00. The total is €36.00.",
            "- Hill: €10.00\n- Tarn: €8.00\n\nThe net total is €18.00. VAT at 20 % is "
            "€3.60. The total is €21.60.",
        ),
        (  # not "KD-20", whose number is a mean of theirs, nor a part of a hundred
            "- Hill: KD-10, 400 €\n- Osk: KD-30, 200 €\n- Tarn: KD-50, 300 €\n\n"
            "KD-10 is late, KD-300 is not. It is 20 % less. The sum is 900 €.",
            "- Hill: KD-10, 400 €\n- Tarn: KD-50, 300 €\n\n"
            "KD-10 is late, KD-300 is not. It is 20 % less. The sum is 700 €.",
        ),
        (
            "## Costs: €60.00\n\nWe owe €60.00 in total.\n\nThey are:\n\n- Hill: €10.00\n"
            "- Osk: €20.00\n- Tarn: €30.00\n\nThe total was paid.",
            "## Costs: €40.00\n\nWe owe €40.00 in total.\n\nThey are:\n\n- Hill: €10.00\n"
            "- Tarn: €30.00\n\nThe total was paid.",
        ),
        (  # no amounts
            "- Founded by Osk\n- Run by Osk\n- Average depth: 30 m\n\nRain fell.",
            "- Average depth: 30 m\n\nRain fell.",
        ),
        (  # a sum of two may be chance
            "- Osk: 100 kg\n- Hill: 150 kg\n\nThe hall seats 250.",
            "- Hill: 150 kg\n\nThe hall seats 250.",
        ),
        (  # a number of people is no sum of money or of points, unless it is said to be one
            "- Hill: €50\n- Osk: €20\n- Tarn: €30\n\nOf 100 people half knew. In 100 BC it began.",
            "- Hill: €50\n- Tarn: €30\n\nOf 100 people half knew. In 100 BC it began.",
        ),
        (
            "We asked 100 people.\n\n- Hill: 40 %\n- Osk: 25 %\n- Tarn: 35 %\n\nAll 100 came: "
            "the total was 100.",
            "We asked 100 people.\n\n- Hill: 40 %\n- Tarn: 35 %\n\nAll 100 came: "
            "the total was 100.",
        ),
        (
            "- Hill: 60\n- Osk: 60\n- Tarn: 30\n\nIn 1984 150 came. The total is 150.",
            "- Hill: 60\n- Tarn: 30\n\nIn 1984 150 came. The total is 90.",
        ),
        (  # nor is the sum of another list, though it be as large
            "First total: 30 €\n\n- A: 10 €\n- B: 20 €\n\nSecond total: 30 €\n\n- Hill: 10 €\n"
            "- Osk: 12 €\n- Tarn: 8 €",
            "First total: 30 €\n\n- A: 10 €\n- B: 20 €\n\nSecond total: 18 €\n\n- Hill: 10 €\n"
            "- Tarn: 8 €",
        ),
        (
            "- Hill: 10 €\n- Osk: 12 €\n- Tarn: 8 €\n\nTotal: 30 €\n\n- A: 10 €\n- B: 20 €\n"
            "- Total: 30 €\n\nTotal: 30 €",
            "- Hill: 10 €\n- Tarn: 8 €\n\nTotal: 18 €\n\n- A: 10 €\n- B: 20 €\n- Total: 30 €\n\n"
            "Total: 30 €",
        ),
        (
            "- Hill: €100.00\n- Osk: €120.00\n- Tarn: €80.00\n\nAnd:\n\n- Net: €300.00\n"
            "- Post: €20.00\n",
            "- Hill: €100.00\n- Tarn: €80.00\n\nAnd:\n\n- Net: €180.00\n- Post: €20.00\n",
        ),
        (  # no sum of theirs
            "- Hill: 10 €\n- Osk: 12 €\n- Tarn: 8 €\n\nThe hall seats 300. It opened 30 years ago.",
            "- Hill: 10 €\n- Tarn: 8 €\n\nThe hall seats 300. It opened 30 years ago.",
        ),
    ],
)
def test_a_list_has_the_sum_of_what_is_left(text: str, left: str) -> None:
    assert cut_out(text) == left


@pytest.mark.parametrize(
    "said",
    [
        "It is 12 345,678.90 or 1234,567.89.",
        "In 1984 150 sang.",
        "It is 1 234.567.891 and 1'234 567.",
        f"It is {10**40} or 30.{'0' * 40}.",
    ],
)
@pytest.mark.parametrize("amount", ["€10.00", f"{10**30}", "1234,567.89 €", "1.234 567 €"])
def test_a_number_that_is_written_as_none_is_no_sum(said: str, amount: str) -> None:
    items = f"- Hill: {amount}\n- Osk: {amount}\n- Tarn: {amount}\n\n"
    assert cut_out(items + said) == items.replace(f"- Osk: {amount}\n", "") + said
    rows = f"```csv\nwho,sum\nHill,{amount}\nOsk,{amount}\nTarn,{amount}\n```\n\n"
    assert cut_out(rows.replace(",567", "567") + said).endswith(said)


# ── Headings ─────────────────────────────────────────────────────────────────────────────────────


def placed(text: str) -> str:
    return cut(text, lambda s: "Osk" in s or "14 Quill Lane" in s, names=NAMES)


def test_an_address_in_a_heading_takes_no_section() -> None:
    text = (
        "**Visit – 14 Quill Lane**\n\nThe roof is dry.\n\nIn 4C, where Osk lives, it is wet.\n\n"
        "Work:\n\n1. Fix the gutter\n2. Fit a fan\n"
    )
    assert placed(text) == (
        "**Visit**\n\nThe roof is dry.\n\nIn 4C, it is wet.\n\n"
        "Work:\n\n1. Fix the gutter\n2. Fit a fan\n"
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("## 14 Quill Lane\n\nThe roof is dry.\n", "The roof is dry.\n"),
        ("## 2. 14 Quill Lane: roof\n\nThe loft is dry.\n", "## 2. roof\n\nThe loft is dry.\n"),
        (
            "## Notes on 14 Quill Lane, Sund (May)\n\nThe roof is dry.\n",
            "## Sund (May)\n\nThe roof is dry.\n",
        ),
        (
            "## 14 Quill Lane\n\n- Name: Osk\n- Rent: 900\n\nRain.\n\n## Sund\n\nSnow.\n",
            "## Sund\n\nSnow.\n",
        ),
        (
            "## 14 Quill Lane\n\n- Rent: 900\n- Since: 2019\n\n## Sund\n\nSnow.\n",
            "## Sund\n\nSnow.\n",
        ),
        (
            "## File – 14 Quill Lane\n\nShe moved in 2019.\n\n## Sund\n\nSnow.\n",
            "## Sund\n\nSnow.\n",
        ),
        ("## Osk 14 Quill Lane\n\nThe roof is dry.\n\n## Sund\n\nSnow.\n", "## Sund\n\nSnow.\n"),
        ("## Osk, 14 Quill Lane\n\nThe roof is dry.\n\n## Sund\n\nSnow.\n", "## Sund\n\nSnow.\n"),
        ("## Sund\n\nSnow.\n\n## 14 Quill Lane\n\nThe roof is dry.\n", "## Sund\n\nSnow.\n"),
        ("## 14 Quill Lane\n\nDivorced.\n\n## Sund\n\nSnow.\n", "## Sund\n\nSnow.\n"),
        (
            "## Call – 14 Quill Lane\n\nA son was hurt.\n\n## Call – 3 Hay Road\n\nSnow.\n",
            "## Call – 3 Hay Road\n\nSnow.\n",
        ),
    ],
)
def test_what_stands_under_an_address_is_judged_by_itself_unless_it_is_of_one(
    text: str, left: str
) -> None:
    assert placed(text) == left


POLL = "| Answer | Votes |\n|---|---|\n| Hill | 40 |\n| Osk | 35 |\n| Tarn | 25 |\n\n{said}"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("We asked 100 people.", "We asked 100 people."),
        ("The hall seats 100.", "The hall seats 100."),
        ("In 100 years nobody will know.", "In 100 years nobody will know."),
        ("They cast 100 votes.", "They cast 65 votes."),
        ("There were 100 valid votes.", "There were 65 valid votes."),
        ("In total it was 100.", "In total it was 65."),
        ("In all, 100 came.", "In all, 65 came."),
        ("They got 100 together.", "They got 65 together."),
        ("Votes: 100.", "Votes: 65."),
        ("Together we asked 100 people.", "Together we asked 100 people."),
    ],
)
def test_a_number_of_something_else_is_no_sum_of_a_table(said: str, left: str) -> None:
    table = POLL.format(said="").replace("| Osk | 35 |\n", "")
    assert cut_out(POLL.format(said=said)) == table + left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("That makes 1,348.", "That makes 1,007."),
        ("You need 1,348 pieces.", "You need 1,007 pieces."),
        ("It was built in 1348.", "It was built in 1348."),
    ],
)
def test_a_number_that_can_hardly_be_another_is_the_sum(said: str, left: str) -> None:
    table = "| Part | Grams |\n|---|---|\n| A | 640 |\n| Osk | 341 |\n| C | 367 |\n\n"
    assert cut_out(table + said) == table.replace("| Osk | 341 |\n", "") + left


def test_a_column_of_money_is_told_in_words_too() -> None:
    table = "| Who | Rent |\n|---|---|\n| A | €200 |\n| Osk | €300 |\n| C | €100 |\n\n"
    left = table.replace("| Osk | €300 |\n", "")
    assert cut_out(table + "They pay 600 euros.") == left + "They pay 300 euros."


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Numbers 3 and 4 are near.", "Numbers 2 and 3 are near."),
        ("It is for numbers 2 and 3.", "It is for number 2."),
        ("See items 1, 2 and 4.", "See items 1 and 3."),
        ("See items 1, 3, and 4.", "See items 1, 2, and 3."),
        ("Take number 3 and 30 euros.", "Take number 2 and 30 euros."),
        ("- Number 2 is hard: it takes an hour.\n- Rain.", "- Rain."),
        ("Number 2 is hard.\n\nNumbers 2 and 2 are, too.\n\nRain.", "Rain."),
    ],
)
def test_several_numbers_are_told_anew(said: str, left: str) -> None:
    items = "1. Hill\n2. Osk\n3. Tarn\n4. Vey\n\n"
    kept = "1. Hill\n2. Tarn\n3. Vey\n\n"
    assert cut_out(items + said) == kept + left
