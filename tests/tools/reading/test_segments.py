"""Texts are cut into pieces that add up to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.reading.segments import question_parts, segments, settled_ends


@given(st.text())
def test_the_pieces_add_up_to_the_text(text: str) -> None:
    assert "".join(s.of(text) for s in segments(text)) == text


@given(st.text(alphabet="Aa .!?\n-|`\t'"))
def test_the_pieces_add_up_for_texts_full_of_marks(text: str) -> None:
    assert "".join(s.of(text) for s in segments(text)) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two!", ["One. ", "Two!"]),
        ("Dr. Osk met J. K. Marsh. They spoke.", ["Dr. Osk met J. K. Marsh. ", "They spoke."]),
        ("It cost 3.50. Cheap.", ["It cost 3.50. ", "Cheap."]),
        ("- a\n- b\n", ["- a\n", "- b\n"]),
        ("| a | b |\n| 1 | 2 |\n", ["| a | b |\n", "| 1 | 2 |\n"]),
        ("Done..\nNext", ["Done..\n", "Next"]),
    ],
)
def test_sentences_and_lines_are_told_apart(text: str, pieces: list[str]) -> None:
    assert [s.of(text) for s in segments(text)] == pieces


def test_code_is_cut_by_line_and_only_inside_its_fence() -> None:
    text = "See:\n```py\na = 1. b\n```\nOne. Two."
    kinds = [s.kind.value for s in segments(text)]
    assert kinds == ["sentence", "code", "code", "code", "sentence", "sentence"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Who wrote it, and where is Tavel?", ["Who wrote it", "where is Tavel?"]),
        ("Who wrote it? Where is Tavel?", ["Who wrote it?", "Where is Tavel?"]),
        ("Who are Osk and Marsh?", ["Who are Osk and Marsh?"]),
        ("", [""]),
    ],
)
def test_a_combined_question_is_cut_into_its_parts(text: str, parts: list[str]) -> None:
    assert [text[p.start : p.end] for p in question_parts(text)] == parts


def test_white_space_in_a_question_is_no_work() -> None:
    """It once took the third power of it: minutes for a thousand blanks."""
    asked = f"Who wrote it{' ' * 20_000}and where is Tavel?"
    assert [asked[p.start : p.end] for p in question_parts(asked)] == [
        "Who wrote it",
        "where is Tavel?",
    ]
    assert len(question_parts(f"Who wrote it{' ' * 20_000}in Tavel?")) == 1


def test_a_long_text_is_cut_in_linear_time() -> None:
    text = "It is. " * 100_000 + "b" * 300_000
    assert len(segments(text)) > 1000


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("```py\na = 1\nb = 2\n", ["```py\na = 1", "\nb = 2"]),
        ("```yaml\na: 1\nb: 2\n```\nAll done. So", ["```yaml\na: 1\nb: 2\n```", "\nAll done."]),
        ("| n | b |\n|---|---|\n| o | 1 |\n| p | 2 |\n", ["| n | b |\n|---|---|\n| o | 1 |",
                                                            "\n| p | 2 |"]),
        ("Q: Who?\nA: Tarn.\nQ: When?\n", ["Q: Who?\nA: Tarn."]),
        ("<p>One.</p>\n<p>Two.</p>\n", []),
        ("name,born\nTarn,1970\n", []),
    ],
)  # fmt: skip
def test_what_belongs_together_is_settled_together(text: str, settled: list[str]) -> None:
    ends = settled_ends(text)
    assert [text[a:b] for a, b in zip([0, *ends], ends, strict=False)] == settled
