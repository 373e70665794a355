"""From scores to spans: labels that fit together, and whose each piece is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amnestic.tools.tagging.labels import KINDS, LINK, NAMES, ROLES, Layout, begin_inside
from amnestic.tools.tagging.spans import Tagged, tagged
from amnestic.tools.tagging.tokens import Tokens

NAME_TAGS, ROLE_TAGS = begin_inside(NAMES), begin_inside(ROLES)


def _read(text: str, names: list[str], roles: list[str], links: dict[int, int]) -> Tagged:
    """A text of single-space words, with the likeliest label of each."""
    words = text.split(" ")
    places, at = [(0, 0)], 0
    for word in words:
        places.append((at, at + len(word)))
        at += len(word) + 1
    places.append((0, 0))
    scores: npt.NDArray[np.float32] = np.zeros((len(places), Layout.WIDTH), np.float32)
    for i, (name, role) in enumerate(zip(names, roles, strict=True), 1):
        scores[i, Layout.NAMES][NAME_TAGS.index(name)] = 5
        scores[i, Layout.ROLES][ROLE_TAGS.index(role)] = 5
        scores[i, Layout.KINDS][KINDS.index("person")] = 5
    for token, link in links.items():
        scores[token, Layout.ASKS if names[token - 1] == "B-subject" else Layout.ANSWERS][link] = 9
    tokens = Tokens([0] * len(places), [0] * len(places), places, list(range(len(places))))
    return tagged(text, tokens, scores, np.array([5, 0, 0], np.float32))


def test_spans_are_read_with_their_words_and_certainty() -> None:
    seen = _read(
        "forget Mirela Osk now", ["O", "B-subject", "I-subject", "O"], ["B-wish", "O", "O", "O"], {}
    )
    (subject,) = seen.labelled("subject")
    assert seen.text_of(subject) == "Mirela Osk"
    assert 0.9 < subject.certainty < 1
    assert KINDS[int(np.argmax(subject.kinds))] == "person"
    assert [seen.text_of(s) for s in seen.labelled("wish")] == ["forget"]
    assert seen.outcome == "ok"


def test_nothing_is_inside_without_a_beginning() -> None:
    seen = _read("forget Mirela Osk", ["O", "I-subject", "I-subject"], ["O", "O", "O"], {})
    assert [seen.text_of(s) for s in seen.labelled("subject")] in ([], ["Mirela Osk"])
    assert all(label in (*NAMES, *ROLES) for label in {s.label for s in seen.spans})


def test_what_is_said_goes_to_the_subject_that_it_is_linked_to() -> None:
    seen = _read(
        "Osk & Tarn sings",
        ["B-subject", "O", "B-subject", "O"],
        ["O", "O", "O", "B-fact"],
        {1: 0, 3: 1, 4: 1},
    )
    (fact,) = seen.labelled("fact")
    assert fact.of == 1
    assert LINK > 1


def test_names_side_by_side_are_one_and_parted_ones_are_two() -> None:
    begun = ["B-subject", "B-subject"]
    assert [s.end for s in _read("Osk Tarn", begun, ["O"] * 2, {}).labelled("subject")] == [8]
    parted = _read("Osk , Tarn", ["B-subject", "O", "B-subject"], ["O"] * 3, {})
    assert [parted.text_of(s) for s in parted.labelled("subject")] == ["Osk", "Tarn"]
