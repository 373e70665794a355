"""What is said of a text by its parts is never less than what is found by reading it."""

from __future__ import annotations

import base64
import codecs
import sys
from collections.abc import Sequence
from itertools import combinations_with_replacement

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amnestic.tools.index.word_index import WordIndex
from amnestic.tools.names import NameMatcher, forms_of, is_everyday
from amnestic.tools.reading import PlainReader, read, signs_of, words_in
from amnestic.types import ForgetTarget
from tests.thoroughness import examples

NAMES = (
    "Mirela Osk",
    "Tavrin Oskelly",
    "Bo Chan",
    "Ilse Day-Marn",
    "Jay-Z",
    "50 Cent",
    "Ana de Rho",
    "Nélide",
    "R. Quell",
)
WORDS = (
    "the weather in May was cold and a bakery opened at nine e.g. U.S. it's don't they 3 of 14 to "
    'see example international Acknowledged (note) "quoted" play say today be ad 12 48 65 6c '
    "utf8 python3 v1.2 hello! 50% &amp; \\u0041 x-ray alpha bravo echo golf india oscar romeo "
    "– ’ “so” café Straße Книга 孔子 ... --- .- -. 1,000 deadbeef 0x48 https://a.b/c?d=e "
    "M B O. s J T. K' mir ela Mirel Osks Chans Tavrn Osk-elly a.k.a. (A.B.C.) 5.x.x) x-y-z, 1.2.3"
).split()
PIECES = (
    *WORDS,
    *NAMES,
    *(w for name in NAMES for w in name.split()),
    *(base64.b64encode(n.encode()).decode() for n in NAMES),
    *(codecs.encode(n, "rot13") for n in NAMES),
    *(" ".join(n.replace(" ", "")) for n in NAMES),
    *(".".join(n.replace(" ", "")) for n in NAMES),
    *(n.translate(str.maketrans("aeios", "43105")) for n in NAMES),
    *(n[::-1] for n in NAMES),
    *(n.encode().hex(" ") for n in NAMES),
    *("-".join(str(ord(c.lower()) - 96) for c in n if c.isalpha() and c.isascii()) for n in NAMES),
    *(", ".join(reversed(n.rsplit(" ", 1))) for n in NAMES),
    *(n.replace("i", "").replace("a", "", 1) for n in NAMES),
    *(f"{n}'s" for n in NAMES),
)
SPACES = (" ", " ", " ", "\n", ". ", ", ", "  ", "\t", "! ", "\n\n", "\r\n", ": ", "\u00a0")
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SPACES)), max_size=24).map(
    lambda told: "".join(word + space for word, space in told)
)


def _matcher() -> NameMatcher:
    matcher = NameMatcher()
    for name in NAMES:
        target = ForgetTarget.model_validate({"id": name, "subject": name, "kind": "person"})
        matcher.add(name, forms_of(target))
    return matcher


MATCHER, READER = _matcher(), PlainReader()


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS)
def test_a_text_that_is_read_as_it_stands_is_read_so(text: str) -> None:
    plain = READER.read(text)
    if plain is None:
        return
    reading = read(text)
    assert reading.hidden == (() if plain.signs else ("spaced",))
    assert reading.views[0].words.words == [w for p in plain.parts for w in p.views[0].words.words]
    assert {view.kind for view in reading.views} <= {"plain", "leet"}
    assert plain.weights == words_in(reading).weights


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
def test_a_name_that_is_found_by_reading_is_not_passed_over(text: str) -> None:
    plain = READER.read(text)
    if plain is None or not MATCHER.is_far(plain.parts):
        return
    if plain.signs is None and MATCHER.runs_together(plain.parts):
        return
    reading = read(text)
    words = reading.views[0].words.words
    assert all(is_everyday(hit, words) for hit in MATCHER.find(reading))


@settings(max_examples=examples(300), deadline=None)
@example("alpha bravo, 'a' 12 x-ray × it's\nb c B-2 India golf")
@example("bravo golf kilo")
@given(TEXTS)
def test_the_signs_of_a_text_are_those_of_its_parts(text: str) -> None:
    plain = READER.read(text)
    if plain is not None and plain.signs is not None:
        assert plain.signs == signs_of(text)


def test_an_abbreviation_with_points_makes_no_text_one_that_hides_something() -> None:
    plain = READER.read("Osgood, a.k.a. the baker (of the U.S.A.), came.")
    assert plain is not None
    assert plain.signs is None
    assert [w for p in plain.parts for w in p.views[0].words.words][1] == "aka"


def test_a_name_run_together_beside_letters_apart_is_not_far() -> None:
    text = "It smir elaosks here, a.k.a. rain."
    plain = READER.read(text)
    assert plain is not None
    assert [hit.view for hit in MATCHER.find(read(text))] == ["condensed"]
    assert MATCHER.runs_together(plain.parts)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["{} came.", "So ({}) came", "it's\n{}", "a {}, b", "{}’s bread"])
def test_a_name_is_never_far(name: str, text: str) -> None:
    plain = READER.read(text.format(name))
    assert plain is None or not MATCHER.is_far(plain.parts)


def test_most_texts_are_far_and_read_as_they_stand() -> None:
    text = "The bakery, which isn't new, opened in May 2021 (at nine o'clock)!\nIt was cold."
    plain = READER.read(text)
    assert plain is not None
    assert MATCHER.is_far(plain.parts)


def test_a_name_that_comes_is_in_force_at_once() -> None:
    matcher = _matcher()
    plain = READER.read("Then Harlo Vinti came.")
    assert plain is not None
    assert matcher.is_far(plain.parts)
    target = ForgetTarget.model_validate({"id": "h", "subject": "Harlo Vinti", "kind": "person"})
    matcher.add("h", forms_of(target))
    assert not matcher.is_far(plain.parts)
    matcher.remove("h")
    assert matcher.is_far(plain.parts)


_LETTERS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.sampled_from([0.4, 0.6, 0.9, 1.15]), max_size=6
)
_FACETS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 7)), max_size=4)


def _index(facets: list[dict[str, int]], gone: bool) -> WordIndex:
    """Of targets with the words of their facets, of which the first may have gone again."""
    index = WordIndex()
    for i, words in enumerate(facets):
        index.add(f"t{i}", words, facets=3)
    if gone and facets:
        index.remove("t0")
    return index


def _told(index: WordIndex, pieces: Sequence[dict[str, float]]) -> bool:
    ends = combinations_with_replacement(range(len(pieces)), 2)
    runs = (pieces[first : last + 1] for first, last in ends)
    return any(index.tells({w: v for piece in run for w, v in piece.items()}) for run in runs)


@settings(max_examples=examples(500), deadline=None)
@example(  # a word that counts for less in the second piece, so that less must be held of both
    [{"e": 1, "f": 1}],
    [{"a": 0.4, "b": 0.6, "e": 0.9, "f": 0.9, "c": 0.4, "d": 0.6}, {"b": 0.4}],
    False,
)
@given(_FACETS, st.lists(_LETTERS, max_size=5), st.booleans())
def test_the_pieces_of_a_stretch_tell_what_pieces_in_a_row_tell(
    facets: list[dict[str, int]], pieces: list[dict[str, float]], gone: bool
) -> None:
    index = _index(facets, gone)
    assert index.tells_in(pieces) == _told(index, pieces)


def test_the_signs_of_words_that_came_are_kept_within_bounds() -> None:
    index, facets = WordIndex(), 1 << 15
    many = {f"w{i}": 1 << (facets - 1 - i % 8) for i in range(20_000)}
    index.add("t1", many, facets)
    assert index.telling([{word: 1.2} for word in many]) == [True] * len(many)
    kept = sum(sys.getsizeof(known.sign) for known in index._rows.signs.values())
    assert 0 < kept < 40 * 2**20


def test_a_stretch_of_very_many_pieces_may_tell() -> None:
    index = _index([{"a": 1, "b": 1}], gone=False)
    pieces = [{"a": 0.9}, *[{"c": 0.4}] * 20, {"b": 0.9}]
    assert index.tells_in(pieces)
    assert not any(index.tells_in([piece]) for piece in pieces)


@settings(max_examples=examples(300), deadline=None)
@given(_FACETS, st.lists(_LETTERS, max_size=5), st.booleans())
def test_many_texts_are_told_of_together_as_each_by_itself(
    facets: list[dict[str, int]], texts: list[dict[str, float]], gone: bool
) -> None:
    index = _index(facets, gone)
    assert index.telling(texts) == [index.tells(text) for text in texts]
