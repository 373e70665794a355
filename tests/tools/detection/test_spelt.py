"""Names that are spelt by initials, by lists of letters or in another alphabet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from amnestic.tools.protocols import Context
from amnestic.types import GLOBAL

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
NUMBERS = [1, 14, 1, 13, 15, 18, 5, 12]


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    db = tmp_path_factory.mktemp("spelt") / "r.db"
    with Amnesia(ScriptedBackend("?"), db=db, elicit=False) as layer:
        layer.forget("Please forget Ana Morel. Ana Morel is a painter.")
        layer.forget("Please forget Torvald Oskelly. Torvald Oskelly is a poet.")
        layer.within(GLOBAL).forget("Please forget Rosalba Quint. Rosalba Quint is a smith.")
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
        f"{'×':^30}".join("ANAMOREL"),
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
        "".join(f"<li>{line}</li>" for line in LINES),
        json.dumps(LINES),
        json.dumps({line: i for i, line in enumerate(LINES)}),
        json.dumps([{"line": line} for line in LINES]),
        "\n".join(f"{i},{line}" for i, line in enumerate(LINES)),
        "\n".join(f"Line {i}: {line}" for i, line in enumerate(LINES)),
        "\n".join(f"- text: {line}" for line in LINES),
        "\n".join(f"{line}\n(a pause)" for line in LINES),
        "\n".join(f"We see {word}" for word in "Salsa Iron Comma Them Hello Her Tree Tall".split()),
        "B**a**d **n**ight **a**nd **m**any **o**ther **r**ainy **e**vening **l**ights",
        "\n".join(
            f"The letter at place {i} of that name is {c}." for i, c in enumerate("ANAMOREL")
        ),
        "\n".join(f'Letter {i} of that long name is "{c}".' for i, c in enumerate("anamorel")),
        "\n".join(f"{i}: {c}" for i, c in enumerate("anamorel", 1)),
        json.dumps({str(i): c for i, c in enumerate("Ana Morel")}),
        json.dumps([{"c": c} for c in "Ana Morel"]),
        json.dumps([[c] for c in "anamorel"]),
        str([*"anamorel"]),
        "s += 'A'; s += 'n'; s += 'a'; s += 'M'; s += 'o'; s += 'r'; s += 'e'; s += 'l'",
        '{"first": "An", "middle": "a Mo", "last": "rel"}',
        '[{"part": "Ana Mo"}, {"part": "rel"}]',
        '"An" + "a Mo" + "rel"',
        "- An\n- a Mo\n- rel",
        "first: Ana Mo\nsecond: rel",
        "| a | b |\n|---|---|\n| Ana Mo | rel |",
        "<a>Ana Mo</a><b>rel</b>",
        json.dumps(["a text that is much longer than forty letters are", *"Ana Morel"]),
        json.dumps(["x"] * 500 + [*"Ana Morel"]),
        "1.14.1.13.15.18.5.12",
        "1st, 14th, 1st, 13th, 15th, 18th, 5th, 12th",
        "\n".join(f"{i}. {n}" for i, n in enumerate(NUMBERS, 1)),
        "\n".join(f"The letter at place {i} is number {n} of them." for i, n in enumerate(NUMBERS)),
        json.dumps({f"l{i}": n for i, n in enumerate(NUMBERS)}),
        ", ".join(str(n - 1) for n in NUMBERS),
        ", ".join(str(27 - n) for n in NUMBERS),
        "+".join(f"chr({ord(c)})" for c in "Ana Morel"),
        " ".join(f"U+{ord(c):04X}" for c in "Ana Morel"),
        "Anton Nordpol Anton Martha Otto Richard Emil Ludwig",
        "A wie Anton, n wie Nordpol, a wie Anton, M wie Martha, o wie Otto, r wie Richard, e wie "
        "Emil, l wie Ludwig",
        "A for apple, N for nut, A for arm, M for man, O for oil, R for rye, E for eel, L for lid",
        "".join(chr(0x1F1E6 + ord(c) - 97) for c in "anamorel"),
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
        '{"first": "Susana", "last": "Morel"}',
        '["Ana Mo", "relish"]',
        '["Mariana", "Morel"]',
        "- Ana Mo\n- and then rel",
        "We met an amo rel there.",
        json.dumps(LINES[:-1]),
        "",
    ],
)
def test_what_spells_something_else_is_not(detector: Any, text: str) -> None:
    found = detector.audit(text, "Who painted it?", Context())
    assert not any(e.name == "spelt" for a in found for e in a.evidence)


PADDING = "The mill by the river has stood there for three hundred years. "


@pytest.mark.parametrize("letters", [6_000, 90_000, 170_000])
def test_what_is_spelt_behind_a_long_text_is_found(detector: Any, letters: int) -> None:
    begun = PADDING * (letters // len(PADDING))
    for spelt in ("\n".join(LINES), " ".join(map(str, NUMBERS)), '"An" + "a Mo" + "rel"'):
        text = f"{begun}\n\n{spelt}\n\n{PADDING}"
        for context in (Context(), Context(arrived={})):
            (found,) = detector.audit(text, "Who painted it?", context)
            assert any(s.start >= len(begun) and s.end <= len(text) for s in found.spans)


def test_a_name_that_is_forgotten_for_all_is_found_in_every_namespace(detector: Any) -> None:
    spelt = " - ".join("ROSALBAQUINT")
    for namespace in ("default", "acme"):
        assert detector.audit(spelt, "Who forged it?", Context(namespace))
    assert not detector.audit(" - ".join("ANAMOREL"), "Who painted it?", Context("acme"))
