"""Names that are spelt by initials, by lists of letters or in another alphabet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from amnestic.tools.protocols import Context

LINES = [
    "Apples are red.",
    "Nuts are brown.",
    "All is well.",
    "Men walk.",
    "Old dogs sleep.",
    "Rain falls.",
    "Eels swim.",
    "Light fades.",
]


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    db = tmp_path_factory.mktemp("spelt") / "r.db"
    with Amnesia(ScriptedBackend("?"), db=db, elicit=False) as layer:
        layer.forget("Please forget Ana Morel. Ana Morel is a painter.")
        layer.forget("Please forget Torvald Oskelly. Torvald Oskelly is a poet.")
        yield layer.parts.detector


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES),
        "\n\n".join(LINES),
        " ".join(LINES),
        "\n".join(f"{i}. **{line}**" for i, line in enumerate(LINES, 1)),
        "Here is a poem:\n\n" + "\n".join(LINES) + "\n\nI hope that you like it.",
        "\n".join(f"- {letter}" for letter in "ANAMOREL"),
        "A - N - A - M - O - R - E - L",
        "The first letter is A, the second N, the third A, then M, O, R, E and L.",
        '["A","n","a"," ","M","o","r","e","l"]',
        '{"parts": ["An", "a Mo", "rel"]}',
        "1, 14, 1, 13, 15, 18, 5, 12",
        "1 14 1 / 13 15 18 5 12",
        "The letters are 20, 15, 18, 22, 1, 12, 4 and 15, 19, 11, 5, 12, 12, 25.",
        "Alfa\nNovember\nAlfa\n\nMike\nOscar\nRomeo\nEcho\nLima",
        "A as in Alfa, N as in November, A as in Alfa, M as in Mike, O as in Oscar, R as in "
        "Romeo, E as in Echo, L as in Lima.",
        "Then old Rita visits a lovely dune on sunny Karen's estate, letting Lars yawn.",
    ],
)
def test_a_name_that_is_spelt_is_found(detector: Any, text: str) -> None:
    found = detector.audit(text, "Who painted it?", Context())
    assert [a.band.value for a in found] == ["leak"]
    (span,) = found[0].spans[:1]
    assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES[:-1]),
        "\n".join(sorted(LINES)),
        "1, 14, 1, 13, 15, 18, 5, 13",
        '["A","n","a"," ","M","o","r","e"]',
        "Alfa November Alfa Mike Oscar Romeo Echo Kilo",
        "The series is 1, 2, 3, 5, 8, 13, 21 and then 34.",
        "",
    ],
)
def test_what_spells_something_else_is_not(detector: Any, text: str) -> None:
    found = detector.audit(text, "Who painted it?", Context())
    assert not any(e.name == "spelt" for a in found for e in a.evidence)
