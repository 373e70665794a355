"""What must hold of a mended answer: for each check an answer that breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amnestic.agents.contracts import Case, Vet, VetVerdict
from amnestic.agents.invariants import ANEW, broken
from amnestic.agents.masking import Mask
from amnestic.types import Finding, LeakKind, Span

LONG = "The harbour of Tavel was dug in the spring, and the town has lived on its fish ever since."
DRAFT = (
    f"# Tavel\n\n{LONG}\n\nThree things to see there:\n\n1. The pier\n2. Osk's house\n3. The lamp\n"
)
VERDICT = VetVerdict(Vet.CLEAR, "What is there to see in Tavel?")


def case(draft: str = DRAFT, **values: object) -> Case:
    at = draft.find("Osk")
    found = Finding("t1", 0, "answer", LeakKind.DIRECT, 0.99, (Span(at, at + 3),))
    return replace(Case(VERDICT, "answer", draft, (found,), anew=True), **values)  # type: ignore[arg-type]


GOOD = f"# Tavel\n\n{LONG}\n\nTwo things to see there:\n\n1. The pier\n2. The lamp\n"


def test_a_good_answer_holds() -> None:
    assert broken(GOOD, case(), ANEW) == ""


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (DRAFT, "it says again what the draft said"),
        (
            "Der Hafen von Tavel wurde im Frühjahr gegraben, und die Stadt lebt seither vom Fisch. "
            "Sehenswert sind der Pier und der Leuchtturm am Ende der Mole.",
            "it is in another language",
        ),
        (f"{GOOD}\n```\nopen", "it has lost the form that was asked for"),
        (f"{GOOD}\nThe second item has been withheld.", "it says that something is withheld"),
        (f"{GOOD}\n[redacted]\n", "it says that something is withheld"),
        (
            f"{GOOD}\nThe man who built the house is not known to you.\n",
            "it says that something is withheld",
        ),
        ("The answer to your question is:\n\n" * 4, "it goes round in circles"),
        ("The lamp of Tavel is lit by the lamp of Tavel. " * 3, "it goes round in circles"),
        (GOOD.replace("2. The", "3. The"), "its numbering jumps"),
        (GOOD.replace("Two", "Three"), "its counts do not match its lists"),
        (f"{GOOD}\n## Houses\n", "a heading in it is empty"),
        ("The answer to this question is:\n", "it leads to something that does not come"),
        (f"{GOOD}\n**And this:**\n", "it leads to something that does not come"),
        (f"{GOOD}\nThe latter is lit at night.", "something in it points at nothing"),
        (LONG.replace("The harbour of Tavel", "It"), "something in it points at nothing"),
    ],
)
def test_what_does_not_hold_is_said(candidate: str, said: str) -> None:
    assert broken(candidate, case(), ANEW) == said


def test_a_draft_that_was_like_that_already_excuses_it() -> None:
    draft = DRAFT.replace("Three", "Five").replace("2. ", "7. ")
    assert broken(GOOD.replace("Two", "Four").replace("2. ", "9. "), case(draft), ANEW) == ""


def test_counts_are_read_in_other_languages() -> None:
    draft = "In Tavel gibt es drei Dinge:\n\n- den Pier\n- das Haus von Osk\n- die Lampe\n"
    again = "In Tavel gibt es drei Dinge:\n\n- den Pier\n- die Lampe\n"
    assert broken(again, case(draft), ANEW) == "its counts do not match its lists"
    assert broken(again.replace("drei", "zwei"), case(draft), ANEW) == ""


@pytest.mark.parametrize(
    "line",
    [
        "The former mayor of Tavel lit the lamp, and the latter half of the pier is new.",
        "The paper was censored in 1931.",
        "A plan for 3 days:\n\n- Pier\n- Lamp",
        "In step 3:\n\n- See the pier\n- See the lamp",
        "La primera vez fue en Tavel.",
    ],
)
def test_what_only_looks_broken_holds(line: str) -> None:
    assert broken(f"{GOOD}\n{line}\n", case(), ANEW) == ""


def test_declining_everything_is_refused_where_most_could_be_answered() -> None:
    assert broken("I don't know Tavel.", case(), ANEW) == "it declines what could be answered"


def test_who_declines_twice_is_believed() -> None:
    again = case(reasons=("it declines what could be answered",))
    assert broken("I don't know Tavel.", again, ANEW) == ""


def test_declining_is_right_where_only_the_target_was_asked_for() -> None:
    asked = VetVerdict(Vet.SUSPECT, "What did Osk build?")
    assert broken("I don't know, I'm afraid.", case(verdict=asked), ANEW) == ""


def test_the_other_of_a_comparison_is_not_passed_over() -> None:
    mask = Mask({"Ada Osk": "Epo Irb"})
    question = "Compare Ada Osk and Tarn Veldt as painters."
    asked = VetVerdict(Vet.SUSPECT, question, mask=mask, beyond=True)
    draft = f"Ada Osk paints ships. Tarn Veldt paints the pier. {LONG}"
    of_both = case(draft, verdict=asked)
    said = "it passes over somebody else who was asked for"
    assert broken(f"I don't know her work. {LONG}", of_both, ANEW) == said
    assert broken(f"I don't know her. Veldt paints the pier. {LONG}", of_both, ANEW) == ""


def test_json_stays_json_of_its_kind() -> None:
    asked = case('{"a": "Osk", "b": 1}')
    assert broken('{"b": 1}', asked, ANEW) == ""
    assert broken("b is 1", asked, ANEW) == "it has lost the form that was asked for"
    assert broken("[1]", asked, ANEW) == "it has lost the form that was asked for"


def test_what_is_out_is_not_begun_again() -> None:
    kept = f"{LONG}\n\n"
    whole = f"{LONG.replace('dug in the spring', 'dug one spring')} See the pier and the lamp."
    said = "it begins again what has been said"
    assert broken(kept + whole, case(kept=kept), ANEW) == said
    assert broken(f"{kept}The pier and the lamp are lit at night.", case(kept=kept), ANEW) == ""


def test_what_is_out_already_stands() -> None:
    kept = case(kept="# Tavel\n\n")
    assert broken(GOOD, kept, ANEW) == ""
    assert broken("Tavel is a town.", kept, ANEW) == "it does not go on from what has been said"
