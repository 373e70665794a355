"""A quiz keeps its questions and answers together."""

from __future__ import annotations

import pytest

from amnestic.tools.documents import cut, partners

QUIZ = """## Questions

1. Which planet has the most moons?
2. Who painted the ceiling in Tavel?
3. What is the capital of Sund?
4. Where did Osk live?

## Answers

1. **Saturn**
2. **Osk**, in 1980
3. **Brenn**, not Tavel
4. In a lighthouse
"""


def test_a_question_goes_with_its_answer_and_an_answer_with_its_question() -> None:
    left = cut(QUIZ, lambda piece: "Osk" in piece)
    assert "1. Which planet has the most moons?\n2. What is the capital of Sund?\n" in left
    assert left.rstrip().endswith("1. **Saturn**\n2. **Brenn**, not Tavel")


def test_lists_that_only_have_as_many_items_have_nothing_to_do_with_each_other() -> None:
    text = "1. Osk\n2. Tarn\n3. Hill\n\nThen:\n\n1. Walk.\n2. Eat.\n3. Sleep.\n"
    assert cut(text, lambda piece: "Osk" in piece).endswith("1. Walk.\n2. Eat.\n3. Sleep.\n")


UNNUMBERED = """1. Which planet has the most moons?
2. Who painted the ceiling in Tavel?
3. Where is the lantern of Sund?

---

### Answers

- **Saturn.** *Fun fact:* it would float.
- **Osk.** *Fun fact:* she slept on the scaffold.
- **In the tower.** *Fun fact:* it is never lit.
"""


def test_answers_without_numbers_belong_to_the_questions_in_their_order() -> None:
    left = cut(UNNUMBERED, lambda piece: "Osk" in piece)
    assert left.startswith(
        "1. Which planet has the most moons?\n2. Where is the lantern of Sund?\n"
    )
    assert "scaffold" not in left
    assert left.count("Fun fact") == 2
    asked = cut(UNNUMBERED, lambda piece: "ceiling" in piece)
    assert "Osk" not in asked
    assert asked.count("Fun fact") == 2


def test_as_many_tips_as_questions_are_no_answers() -> None:
    text = UNNUMBERED.replace("Answers", "Tips for whoever asks")
    left = cut(text, lambda piece: "Osk" in piece)
    assert "2. Who painted the ceiling in Tavel?" in left


def test_no_half_of_a_question_is_left() -> None:
    asked = "Who proved in 1957, with a sample of salt, that mills can turn left and right?"
    left = cut(UNNUMBERED.replace("Who painted the ceiling in Tavel?", asked), lambda p: "Osk" in p)
    assert "1957" not in left


def test_each_of_many_lists_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    marks_of = partners.marks_of
    monkeypatch.setattr(partners, "marks_of", lambda *told: read.append(told) or marks_of(*told))
    cut("- Hill\n- Osk\n- Tarn\n\nRain.\n\n" * 20, lambda piece: "Osk" in piece)
    assert len(read) == 20
