"""Where what was said to one part of a question is gone, the reply says that it is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from amnestic.agents.abstainer import abstentions
from amnestic.agents.contracts import Case, PartVerdict, Vet, VetVerdict
from amnestic.agents.passed_over import not_passed_over
from amnestic.tools.reading import language_of, says_ignorance
from amnestic.types import Assessment, Band, Finding, LeakKind, Span

TWO = "Who wrote The Glass Harbour, and who wrote Salt Winter?"
DRAFT = "The Glass Harbour was written by Mirela Osk. Salt Winter was written by Ines Tarn."
LEFT = "Salt Winter was written by Ines Tarn."


def case(question: str, draft: str, *leaks: str, **values: object) -> Case:
    """A draft in which each of `leaks` was found."""
    spans = tuple(Span(draft.index(told), draft.index(told) + len(told)) for told in leaks)
    finding = Finding("t", 0, "answer", LeakKind.DIRECT, 0.99, spans)
    asked = Case(VetVerdict(Vet.SUSPECT, question), "answer", draft, (finding,))
    return replace(asked, **values)  # type: ignore[arg-type]


def said(question: str, draft: str, answer: str, *leaks: str, **values: object) -> str:
    """What stands in an answer beside `left`."""
    told = not_passed_over(case(question, draft, *leaks, **values), answer)
    assert answer.strip() in told
    return told.replace(answer.strip(), "…")


def _lines(language: str, *kinds: str) -> Sequence[str]:
    table = abstentions()[language]
    return [line for kind in kinds for line in table.get(kind, ())]


def test_the_part_that_was_asked_first_is_not_known_first() -> None:
    told = said(TWO, DRAFT, LEFT, "Mirela Osk")
    assert told.removesuffix(" …") in _lines("en", "who")


def test_the_part_that_was_asked_last_is_not_known_last() -> None:
    left = "The Glass Harbour was written by Mirela Osk."
    told = said(TWO, DRAFT, left, "Ines Tarn")
    assert told.removeprefix("… ") in _lines("en", "rest")


@pytest.mark.parametrize(
    ("language", "question", "draft", "left", "leak"),
    [
        ("de", "Wer schrieb den Roman Glashafen und wer schrieb den Roman Salzwinter?",
         "Der Roman Glashafen wurde von Mirela Osk geschrieben. Der Roman Salzwinter wurde von Ines"
         " Tarn geschrieben.",
         "Der Roman Salzwinter wurde von Ines Tarn geschrieben.", "Mirela Osk"),
        ("fr", "Qui a peint le Port de verre et qui a peint l'Hiver salé ?",
         "Le Port de verre a été peint par Mirela Osk. L'Hiver salé a été peint par Inès Tarn.",
         "L'Hiver salé a été peint par Inès Tarn.", "Mirela Osk"),
        ("es", "¿Quién escribió Puerto de cristal y quién escribió Invierno salado?",
         "Puerto de cristal fue escrito por Mirela Osk. Invierno salado fue escrito por Inés Tarn.",
         "Invierno salado fue escrito por Inés Tarn.", "Mirela Osk"),
        ("it", "Chi ha scritto Porto di vetro e chi ha scritto Inverno salato?",
         "Porto di vetro è stato scritto da Mirela Osk. Inverno salato è stato scritto da Ines"
         " Tarn.", "Inverno salato è stato scritto da Ines Tarn.", "Mirela Osk"),
        ("nl", "Wie schreef de roman Glashaven en wie schreef de roman Zoutwinter?",
         "De roman Glashaven werd geschreven door Mirela Osk. De roman Zoutwinter werd geschreven"
         " door Ines Tarn.", "De roman Zoutwinter werd geschreven door Ines Tarn.", "Mirela Osk"),
        ("sv", "Vem skrev romanen Glashamnen och vem skrev romanen Saltvintern?",
         "Romanen Glashamnen skrevs av Mirela Osk. Romanen Saltvintern skrevs av Ines Tarn.",
         "Romanen Saltvintern skrevs av Ines Tarn.", "Mirela Osk"),
        ("ru", "Кто написал роман Стеклянная гавань и кто написал роман Солёная зима?",
         "Роман Стеклянная гавань написала Мирела Оск. Роман Солёная зима написала Инес Тарн.",
         "Роман Солёная зима написала Инес Тарн.", "Мирела Оск"),
        ("ja", "『硝子の港』を書いたのは誰ですか？『塩の冬』を書いたのは誰ですか？",
         "『硝子の港』はミレラ・オスクが書きました。『塩の冬』はイネス・タルンが書きました。",
         "『塩の冬』はイネス・タルンが書きました。", "ミレラ・オスク"),
    ],
)  # fmt: skip
def test_it_is_said_in_the_replys_own_language(language, question, draft, left, leak) -> None:
    told = not_passed_over(case(question, draft, leak), left)
    assert told.endswith(left)
    added = told.removesuffix(left).strip()
    assert says_ignorance(added)
    assert language_of(added) == language


def test_what_is_asked_for_outright_is_a_part_as_well() -> None:
    question = "Explain photosynthesis, and who is Mirela Osk?"
    left = "Photosynthesis turns light into sugar. It needs water."
    told = said(question, f"{left}\n\nMirela Osk is a poet.", left, "Mirela Osk is a poet.")
    assert told.removeprefix("… ") in _lines("en", "rest")


@pytest.mark.parametrize(
    ("question", "draft", "left", "leaks"),
    [
        ("What is the highest hill? And what is the capital of Japan?",
         "The highest hill is Mount Osk. It is 812 m high. The capital of Japan is Tokyo.",
         "The capital of Japan is Tokyo.", ("Mount Osk",)),
        ("What is the highest hill? And what is the capital of Japan?",
         "Mount Osk.\n\nTokyo.", "Tokyo.", ("Mount Osk",)),
        ("What is the highest hill? And what is the capital of Japan?",
         "Sure! The highest hill is Mount Osk. The capital of Japan is Tokyo.",
         "Sure! The capital of Japan is Tokyo.", ("Mount Osk",)),
        ("What is the highest hill? And what is the capital of Japan?",
         "The highest hill is Mount Osk. The capital of Japan is Tokyo.",
         "Japan's capital is Tokyo.", ("Mount Osk",)),
    ],
)  # fmt: skip
def test_a_part_that_names_nobody_is_not_passed_over(question, draft, left, leaks) -> None:
    assert says_ignorance(said(question, draft, left, *leaks).replace("…", ""))


@pytest.mark.parametrize(
    ("question", "draft", "answer", "leaks"),
    [
        # one thing was asked
        ("Who wrote The Glass Harbour?", DRAFT, LEFT, ("Mirela Osk",)),
        ("Compare Mirela Osk and Ines Tarn.", "Osk writes. Tarn paints.", "Tarn paints.", ("Osk",)),
        # it is said already
        (TWO, DRAFT, f"I don't know who wrote The Glass Harbour. {LEFT}", ("Mirela Osk",)),
        (TWO, DRAFT, f"{LEFT} As for the other one, I'm not sure.", ("Mirela Osk",)),
        (TWO, DRAFT, f"{LEFT} Could you tell me more about the other?", ("Mirela Osk",)),
        # it is answered, whether truly or not
        (TWO, DRAFT, f"The Glass Harbour is by Jon Marel. {LEFT}", ("Mirela Osk",)),
        (TWO, DRAFT, f"Jon Marel wrote the first. {LEFT}", ("Mirela Osk",)),
        (TWO, DRAFT, "Ines Tarn wrote Salt Winter, and The Glass Harbour too.", ("Mirela Osk",)),
        # part of the answer is still there
        ("Tell me about Lower Tavel, and what is the capital of Japan?",
         "Lower Tavel has a mill. Osk lives there. The capital of Japan is Tokyo.",
         "Lower Tavel has a mill. The capital of Japan is Tokyo.", ("Osk lives there.",)),
        ("Tell me about Lower Tavel, and what is the capital of Japan?",
         "Lower Tavel has a mill. Osk lives there. Edda Marsh does too. The capital is Tokyo.",
         "Edda Marsh lives there. The capital of Japan is Tokyo.", ("Osk lives there.",)),
        # what the draft named of it is named, in other words
        ("What is the capital of Japan? What is the capital of France?",
         "Japan's capital is Tokyo, where Osk was born. The capital of France is Paris.",
         "Tokyo and Paris, in that order.", ("Osk",)),
        # both are gone
        (TWO, DRAFT, "They are novels.", ("Mirela Osk", "Ines Tarn")),
        # nobody can tell which
        ("Is it old? Is it new?", "The mill is that of Osk. Rain fell.", "Rain fell.", ("Osk",)),
        ("Where is that of Tavel? And where is the mill of Tavel?",
         "The town of Osk. The mill of Tavel is in Arvelle.",
         "The mill of Tavel is in Arvelle.", ("Osk",)),
        # what else is asked asks for nothing
        ("Who wrote Salt Winter? Thanks a lot.", DRAFT, LEFT, ("Mirela Osk",)),
        # what is gone was told, and not asked for
        ("I live where Osk lives. What is the capital of Japan?",
         "Osk is fair. The capital of Japan is Tokyo.", "The capital of Japan is Tokyo.",
         ("Osk is fair",)),
        ("When I was a child, Osk taught me. What is the capital of Japan?",
         "Osk is fair. The capital of Japan is Tokyo.", "The capital of Japan is Tokyo.",
         ("Osk is fair",)),
        ("Osk was my teacher. What is the capital of Japan?",
         "Osk is fair. The capital of Japan is Tokyo.", "The capital of Japan is Tokyo.",
         ("Osk is fair",)),
        ("I know how Osk writes, and what is the capital of Japan?",
         "Osk is fair. The capital of Japan is Tokyo.", "The capital of Japan is Tokyo.",
         ("Osk is fair",)),
        # a document, or an exam
        (f"{TWO} Who made it? {'What is {n}? ' * 9}", DRAFT, LEFT, ("Mirela Osk",)),
        (TWO, f"{DRAFT} {'Rain fell. ' * 2_000}", LEFT, ("Mirela Osk",)),
        # data
        (TWO, '{"a": "Mirela Osk", "b": "Ines Tarn"}', '{"b": "Ines Tarn"}', ("Mirela Osk",)),
    ],
)  # fmt: skip
def test_nothing_is_added_where_nothing_is_passed_over(question, draft, answer, leaks) -> None:
    assert not_passed_over(case(question, draft, *leaks), answer) == answer


def test_white_space_in_a_question_is_read_at_once() -> None:
    """Patterns that look for what joins two parts once took the third power of it."""
    question = f"{TWO[:20]}{' ' * 10_000}{TWO[20:]}"
    assert says_ignorance(said(question, DRAFT, LEFT, "Mirela Osk"))


@pytest.mark.parametrize("values", [{"channel": "reasoning"}, {"schema": {"type": "string"}}])
def test_what_is_no_free_answer_is_left_alone(values) -> None:
    assert said(TWO, DRAFT, LEFT, "Mirela Osk", **values) == "…"


def test_what_is_out_already_stays_the_beginning() -> None:
    question = f"What is the capital of Japan? {TWO}"
    draft = f"The capital of Japan is Tokyo. {DRAFT}"
    kept = "The capital of Japan is Tokyo. "
    left = f"{kept}{LEFT}"
    asked = case(question, draft, "Mirela Osk", kept=kept)
    told = not_passed_over(asked, left)
    assert told.startswith(left)
    assert told.removeprefix(f"{left} ") in _lines("en", "rest")


def test_a_part_that_asks_for_a_target_is_told_by_the_question() -> None:
    """The draft says both in one sentence, so that it does not show which part is gone."""
    draft = "Mirela Osk and Ines Tarn."
    asked = case(TWO, draft, "Mirela Osk")
    at = TWO.index("The Glass Harbour")
    span = (Span(at, at + len("The Glass Harbour")),)
    found = Assessment("t", 0.99, Band.LEAK, LeakKind.DIRECT, span)
    parts = (PartVerdict(Span(0, len(TWO)), (found,)),)
    asked = replace(asked, verdict=replace(asked.verdict, parts=parts))
    assert says_ignorance(not_passed_over(asked, LEFT).removesuffix(LEFT))


def test_it_stands_apart_from_what_is_no_sentence() -> None:
    question = "Who wrote The Glass Harbour, and which towns are there in Tavel?"
    draft = "Mirela Osk wrote The Glass Harbour.\n\n- Tavel Lee\n- Tavel Moor\n"
    left = "- Tavel Lee\n- Tavel Moor\n"
    told = not_passed_over(case(question, draft, "Mirela Osk"), left)
    assert told.endswith(f"\n\n{left}")
    last = "Which towns are there in Tavel, and who wrote The Glass Harbour?"
    draft = "- Tavel Lee\n- Tavel Moor\n\nMirela Osk wrote The Glass Harbour."
    told = not_passed_over(case(last, draft, "Mirela Osk"), left)
    assert told.startswith("- Tavel Lee\n- Tavel Moor\n\n")
    assert says_ignorance(told)
