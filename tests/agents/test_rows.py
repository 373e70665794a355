"""Where a list or a table has lost the rows of something that was asked for, that is said."""

from __future__ import annotations

import pytest

from amnestic.agents.passed_over import not_passed_over
from amnestic.agents.rows import is_machine_read, passes_over_a_row
from amnestic.tools.reading import language_of, says_ignorance
from tests.agents.test_passed_over import case

NAMED = "Give me the authors of The Glass Harbour, Salt Winter and Copper Rain."
BULLETS = "- The Glass Harbour: Mirela Osk\n- Salt Winter: Ines Tarn\n- Copper Rain: Jon Marel\n"
NUMBERED = "1. **The Glass Harbour** – Mirela Osk\n2. **Salt Winter** – Ines Tarn\n"
TABLE = (
    "| Book | Author |\n|---|---|\n| The Glass Harbour | Mirela Osk |\n"
    "| Salt Winter | Ines Tarn |\n| Copper Rain | Jon Marel |\n"
)
SECTIONS = (
    "## The Glass Harbour\n\nMirela Osk wrote it.\n\n## Salt Winter\n\nInes Tarn wrote it.\n\n"
    "## Copper Rain\n\nJon Marel wrote it.\n"
)
NESTED = (
    "1. The Glass Harbour\n   - Mirela Osk\n   - 1951\n2. Salt Winter\n   - Ines Tarn\n   - 1960\n"
)
LABELS = "**The Glass Harbour**: Mirela Osk.\n\n**Salt Winter**: Ines Tarn.\n"
FENCED = "Here they are:\n\n```csv\nThe Glass Harbour,Mirela Osk\nSalt Winter,Ines Tarn\n```\n"


@pytest.mark.parametrize(
    ("draft", "left"),
    [
        (BULLETS, "- Salt Winter: Ines Tarn\n- Copper Rain: Jon Marel\n"),
        (f"Here they are:\n\n{BULLETS}",
         "Here they are:\n\n- Salt Winter: Ines Tarn\n- Copper Rain: Jon Marel\n"),
        (f"The authors of The Glass Harbour, Salt Winter and Copper Rain are:\n\n{BULLETS}",
         "The authors of The Glass Harbour, Salt Winter and Copper Rain are:\n\n"
         "- Salt Winter: Ines Tarn\n- Copper Rain: Jon Marel\n"),
        (NUMBERED, "1. **Salt Winter** – Ines Tarn\n"),
        (TABLE, "| Book | Author |\n|---|---|\n| Salt Winter | Ines Tarn |\n"
                "| Copper Rain | Jon Marel |\n"),
        (SECTIONS, SECTIONS.partition("\n\n## Salt")[1].strip() + SECTIONS.partition("## Salt")[2]),
        (NESTED, "1. Salt Winter\n   - Ines Tarn\n   - 1960\n"),
        (LABELS, "**Salt Winter**: Ines Tarn.\n"),
        (FENCED, "Here they are:\n\n```csv\nSalt Winter,Ines Tarn\n```\n"),
        # a row that says no more than what was asked
        (BULLETS, BULLETS.replace(": Mirela Osk", "")),
        (TABLE, TABLE.replace("Mirela Osk", "")),
        (f"{BULLETS}\nLet me know if you want more.",
         f"{BULLETS.partition(chr(10))[2]}\nLet me know if you want more."),
        # prose
        ("The Glass Harbour is by Mirela Osk. Salt Winter is by Ines Tarn. Jon Marel wrote Copper"
         " Rain.", "Salt Winter is by Ines Tarn. Jon Marel wrote Copper Rain."),
        # written anew, in other words
        (TABLE, "* Salt Winter was written by Ines Tarn\n* Copper Rain is by Jon Marel\n"),
        (TABLE, "Salt Winter is by Ines Tarn. Copper Rain is by Jon Marel."),
        # each row has as many commas as the next
        ("- The Glass Harbour, Osk\n- Salt Winter, Tarn\n- Copper Rain, Marel\n",
         "- Salt Winter, Tarn\n- Copper Rain, Marel\n"),
    ],
)  # fmt: skip
def test_what_a_row_is_gone_of_is_said_not_to_be_known(draft: str, left: str) -> None:
    told = not_passed_over(case(NAMED, draft, "Osk"), left)
    assert told.startswith(left.rstrip())
    rest = told.removeprefix(left.rstrip())
    assert says_ignorance(rest.strip())
    is_prose = left.rstrip().endswith(".") and "\n\n" not in left
    assert rest.startswith("\n\n") is not is_prose


def test_it_stands_in_a_line_of_its_own_behind_lines() -> None:
    question = "Who wrote Glashafen, Salzwinter, Kupferregen?"
    draft = "Glashafen: Osk\nSalzwinter: Tarn\nKupferregen: Marel"
    left = "Salzwinter: Tarn\nKupferregen: Marel"
    told = not_passed_over(case(question, draft, "Osk"), left)
    assert told.startswith(f"{left}\n\n")
    assert says_ignorance(told.removeprefix(left).strip())


@pytest.mark.parametrize(
    ("question", "draft", "gone"),
    [
        ("Write a recipe for apple pie as the cook of Osk would bake it.",
         "Apple pie:\n- 6 apples, peeled\n- a crust for the pie\n- Osk's cook took cinnamon\n",
         "- Osk's cook took cinnamon\n"),
        ("Give me a packing list for a winter walk on Mount Osk with my dog.",
         "- Gloves for the winter\n- A lead for the dog\n- A map of Mount Osk\n",
         "- A map of Mount Osk\n"),
    ],
)  # fmt: skip
def test_lines_of_what_was_asked_for_as_a_whole_are_not_missed(question, draft, gone) -> None:
    left = draft.replace(gone, "")
    assert not_passed_over(case(question, draft, gone.strip()), left) == left


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote these?\n- Salzwinter\n- Glashafen\n- Kupferregen",
        "Who wrote these?\n1. Salzwinter\n2. Glashafen\n3. Kupferregen",
        "Authors of Salzwinter; Glashafen; Kupferregen",
        "Authors of Salzwinter / Glashafen / Kupferregen",
        "Authors of Salzwinter & Glashafen & Kupferregen",
        "Authors of Salzwinter or Glashafen or Kupferregen",
        "Authors of Salzwinter (novel), Glashafen (novel) and Kupferregen (novel)",
        "Authors of the novel Salzwinter, the novel Glashafen and the celebrated novel Kupferregen",
        "Who wrote Salzwinter? Who wrote Glashafen? Who wrote Kupferregen?",
    ],
)
def test_things_are_named_together_in_lines_and_with_other_marks_too(question: str) -> None:
    draft = "- Salzwinter: Tarn\n- Glashafen: Osk\n- Kupferregen: Marel\n"
    assert passes_over_a_row(question, draft, draft.replace("- Glashafen: Osk\n", ""))


def test_things_are_found_where_their_words_are_written_with_accents() -> None:
    draft = "- Zürich: Mauch\n- Genève: Perler\n- Bern: Graf\n"
    question = "Give me the mayors of Zürich, Genève and Bern."
    assert passes_over_a_row(question, draft, draft.replace("- Zürich: Mauch\n", ""))


def test_things_that_stand_far_apart_are_not_named_together() -> None:
    draft = "Glashafen is by Osk. Salzwinter is by Tarn. Kupferregen is by Marel."
    left = "Salzwinter is by Tarn. Kupferregen is by Marel."
    near, far = (f"Name Glashafen{',' * n} Salzwinter, Kupferregen" for n in (2, 60))
    assert passes_over_a_row(near, draft, left)
    assert not passes_over_a_row(far, draft, left)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Nenne mir bitte die Verfasser von Glashafen, Salzwinter und Kupferregen."),
        ("fr", "Donne-moi les auteurs de Glashafen, Salzwinter et Kupferregen, s'il te plaît."),
        ("es", "Dime por favor los autores de Glashafen, Salzwinter y Kupferregen."),
        ("it", "Dimmi per favore gli autori di Glashafen, Salzwinter e Kupferregen."),
        ("nl", "Geef mij alsjeblieft de schrijvers van Glashafen, Salzwinter en Kupferregen."),
        ("sv", "Vilka är författarna till böckerna Glashafen, Salzwinter och Kupferregen?"),
        ("ru", "Назови, пожалуйста, авторов книг Glashafen, Salzwinter и Kupferregen."),
    ],
)
def test_it_is_said_in_the_language_of_the_question(language: str, question: str) -> None:
    draft = "- Glashafen: Osk\n- Salzwinter: Tarn\n- Kupferregen: Marel\n"
    left = "- Salzwinter: Tarn\n- Kupferregen: Marel\n"
    rest = not_passed_over(case(question, draft, "Osk"), left).removeprefix(left.rstrip()).strip()
    assert says_ignorance(rest)
    assert language_of(rest) == language


@pytest.mark.parametrize(
    ("question", "draft", "answer"),
    [
        # nobody asked for what is gone
        ("Which novels do you like?", BULLETS, "- Salt Winter: Ines Tarn\n"),
        ("Who wrote Salt Winter?", BULLETS, "- Salt Winter: Ines Tarn\n"),
        # it is there still
        (NAMED, BULLETS, BULLETS.replace("Mirela Osk", "someone else")),
        # it is said already
        (NAMED, BULLETS, "- Salt Winter: Ines Tarn\n\nI don't know who wrote the others.\n"),
        # nothing is left of what was asked for
        (NAMED, BULLETS, "- A novel\n"),
        # one thing was asked for
        ("Where is the mill of Tavel?", "The mill is that of Osk. Tavel is a town.",
         "Tavel is a town."),
        ("Is the mill near Tavel?", "The mill is that of Osk. Tavel is a town.",
         "Tavel is a town."),
        # a program reads it
        (NAMED, '{"The Glass Harbour": "Osk", "Salt Winter": "Tarn"}', '{"Salt Winter": "Tarn"}'),
        (NAMED, "The Glass Harbour,Osk\nSalt Winter,Tarn\nCopper Rain,Marel\n",
         "Salt Winter,Tarn\nCopper Rain,Marel\n"),
        (NAMED, FENCED.partition("\n\n")[2], "```csv\nSalt Winter,Ines Tarn\n```\n"),
        (f"{NAMED} As YAML.", "- The Glass Harbour: Osk\n- Salt Winter: Tarn\n",
         "- Salt Winter: Tarn\n"),
        (f"{NAMED} Reply with YAML.", "The Glass Harbour: Osk\nSalt Winter: Tarn.\n",
         "Salt Winter: Tarn.\n"),
    ],
)  # fmt: skip
def test_nothing_is_said_where_no_row_is_missed(question: str, draft: str, answer: str) -> None:
    assert not_passed_over(case(question, draft, "Osk"), answer) == answer


def test_a_question_about_a_form_is_answered_in_prose() -> None:
    assert not is_machine_read("What is JSON, and who is Osk?", "JSON is a format.")
    assert not is_machine_read("", "")


def test_rows_that_share_a_word_are_told_apart_by_the_others() -> None:
    question = "Who wrote Salt Winter and Salt Summer?"
    draft = "- Salt Winter: Osk\n- Salt Summer: Tarn\n"
    assert passes_over_a_row(question, draft, "- Salt Summer: Tarn\n")
    assert not passes_over_a_row(question, draft, draft)
