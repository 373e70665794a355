"""An end of a line that stands as two letters, and what only looks like one."""

from __future__ import annotations

import pytest

from amnestic.tools.reading.encodings import perhaps_unescaped
from amnestic.tools.reading.normalise import Mapped


@pytest.mark.parametrize(
    "text",
    [
        r"C:\Users\tamara\notes",
        r"C:\notes\roman\a.ttf",
        r"D:\nina ross",
        r"see ..\nina\list",
        r"$\nabla f$ and $x\rightarrow y$",
        r"\\host\tamara",
    ],
)
def test_a_folder_or_a_command_stays(text: str) -> None:
    assert perhaps_unescaped(Mapped(text)).text == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"It rained.\ntamara came.", "It rained.\ntamara came."),
        (r"Who came?\r\ntamara.", "Who came?\r\ntamara."),
        (r"body='said: \ttamara'", "body='said: \ttamara'"),
        (r"note:\ntamara", "note:\ntamara"),
        (r"\ntamara came.", "\ntamara came."),
    ],
)
def test_an_end_of_a_line_behind_a_sentence_is_undone(text: str, read: str) -> None:
    undone = perhaps_unescaped(Mapped(text)).text
    assert undone.replace("\n\n", "\r\n") == read
