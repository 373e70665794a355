"""What it means that a string stands in a text, for a reader, a grammar and a decoder alike."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.models.forbidden import STANDS, ForbiddenText, Restriction
from amnestic.models.forbidden_grammar import grammar_of
from amnestic.models.forbidden_tokens import _Barred, _Completing
from amnestic.models.letters import Kind, blocks, fold, kind_of
from amnestic.models.vocabulary import Vocabulary, decoded

NAMES = ForbiddenText(
    ["Ana Morel", "Morel", "J. K. Aster", "Zoë", "C++", "村上春樹", "AB-123/4", ""]
)


@pytest.mark.parametrize(
    "text",
    [
        "by Ana Morel.",
        "ANA MOREL",
        "ana\nmorel",
        "AnaMorel",
        "Ana **Morel**",
        "Mo\N{SOFT HYPHEN}rel",
        "the Morels' house",
        "\N{FULLWIDTH LATIN CAPITAL LETTER M}orel",
        "J.K. Aster",
        "J K Aster",
        "j-k-aster",
        "Zoe\N{COMBINING DIAERESIS}",
        "only Zoë",
        "in C++ and",
        "作家村上春樹は",
        "no. ab 123 4",
        "AB1234",
    ],
)
def test_a_string_is_found_whatever_its_case_spacing_and_marks(text):
    assert NAMES.stands_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anamor el",
        "immorel",
        "Ana More",
        "K. Aster",
        "Zoes",
        "Zoe",
        "C or c",
        "村上",
        "xAB-123/4",
        "",
    ],
)
def test_what_is_another_word_is_left(text):
    assert not NAMES.stands_in(text)


def test_a_short_string_is_found_as_a_whole_word_alone():
    ada = ForbiddenText(["Ada"])
    assert [t for t in ("Ada", "Ada's", "Canada", "Adam", "(ADA)") if ada.stands_in(t)] == [
        "Ada",
        "Ada's",
        "(ADA)",
    ]


def test_names_of_scripts_that_join_small_words_are_found_behind_them():
    assert ForbiddenText(["رولينغ"]).stands_in("قالت ورولينغ")
    assert ForbiddenText(["롤링"]).stands_in("조앤롤링은")


@pytest.mark.parametrize(
    ("strings", "text", "at"),
    [
        (["J. K. Aster", "Aster"], "Ask J.K. Aster.", 4),
        (["J. K. Aster", "Boyle"], "J.K. Boyle", 5),
        (["Ada"], "In Canada, Ada", 11),
        (["Ada"], "Adam", None),
        ([], "Adam", None),
    ],
)
def test_the_longest_string_is_where_an_answer_is_cut(strings, text, at):
    assert ForbiddenText(strings).first_in(text) == at


def test_every_character_is_of_one_kind():
    told = sorted(span for kind in Kind for span in blocks(kind))
    assert told[0][0] == 0
    assert told[-1][1] == 0x10FFFF
    assert all(b[0] == a[1] + 1 for a, b in pairwise(told))
    assert kind_of("é") is Kind.LETTER


WORDS = st.text(alphabet="abAB .é-村", max_size=12)


@given(st.lists(WORDS, max_size=4), WORDS, WORDS)
def test_a_text_is_read_alike_in_one_piece_and_in_two(strings, first, second):
    forbidden = ForbiddenText(strings)
    state = forbidden.read(forbidden.start, fold(first))
    if state != STANDS:
        state = forbidden.read(state, fold(second))
    assert (state == STANDS or not forbidden.may_end(state)) == forbidden.stands_in(first + second)


@given(st.lists(WORDS, max_size=4), WORDS)
def test_before_the_place_of_the_first_string_none_stands(strings, text):
    forbidden = ForbiddenText(strings)
    at = forbidden.first_in(text)
    assert (at is None) == (not forbidden.stands_in(text))
    if at is not None:
        assert not forbidden.stands_in(text[:at].rstrip())


# ── As tokens ────────────────────────────────────────────────────────────────────────────────────


def _vocabulary(seed: int) -> Vocabulary:
    """Letters, words and halves of characters, as a tokenizer would cut them."""
    rng = random.Random(seed)
    made = {"".join(rng.choices("abAB .é-村", k=rng.randint(1, 5))) for _ in range(150)}
    parts = [bytes([byte]) for byte in "é村".encode()] + [b"a\xc3", b"\xa9b", b" \xe6\x9d"]
    return Vocabulary([*sorted(made), *parts, "", None])


@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=4), st.integers(0, 10**6))
def test_tokens_are_left_out_just_where_they_complete_a_string(strings, seed):
    rng, vocabulary, forbidden = random.Random(seed), _vocabulary(seed % 7), ForbiddenText(strings)
    tokens, data = _Completing(forbidden, vocabulary, ""), b""
    for _ in range(6):
        left_out = set(tokens.ids())
        assert left_out == {
            i for i, text in enumerate(vocabulary.texts) if _completes(forbidden, data, text)
        }
        allowed = sorted(set(range(len(vocabulary.texts))) - left_out)
        token = rng.choice(allowed)
        tokens.take(token)
        data += _as_bytes(vocabulary.texts[token])
    assert not forbidden.stands_in(data.decode("utf-8", "replace"))


def _as_bytes(text: str | bytes | None) -> bytes:
    return text.encode() if isinstance(text, str) else text or b""


def _completes(forbidden: ForbiddenText, data: bytes, text: str | bytes | None) -> bool:
    if text is None or text == "":
        return text is None
    return forbidden.stands_in(decoded(data + _as_bytes(text))[0])


@pytest.mark.parametrize("begun", ["", "The author is", "1."])
def test_the_next_word_does_not_begin_with_a_barred_letter(begun):
    vocabulary = Vocabulary([" Row", " a", "a", " ", "", ".", " r", b"\xc3", None])
    barred = _Barred(Restriction(begun, frozenset("r")), vocabulary)
    after_a_word = begun.endswith("is")
    assert barred.ids() == [0, *([2] if after_a_word else []), 4, 6, *([7] * after_a_word), 8]
    barred.take(3)  # a blank: now it may end, and the word is still to come
    assert barred.ids() == [0, 6, 8]
    barred.take(1)
    assert barred.ids() == []


def test_a_barred_letter_is_seen_when_its_last_byte_comes():
    vocabulary = Vocabulary([b"\xe6\x9d", b"\x91", b"\x92", "a"])
    barred = _Barred(Restriction(barred=frozenset("村")), vocabulary)
    assert barred.ids() == []
    barred.take(0)
    assert barred.ids() == [1]


# ── As a grammar ─────────────────────────────────────────────────────────────────────────────────


def _matches(grammar: str, text: str) -> bool:
    """Whether a grammar that is linear to the right gives a text."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())
    states = {"root"}
    for char in text:
        states = {to for state in _closed(states, rules) for to in _steps(state, char, rules)}
    return any(way == '""' for state in _closed(states, rules) for way in rules[state].split(" | "))


def _closed(states: set[str], rules: dict[str, str]) -> set[str]:
    more = {way for s in states for way in rules[s].split(" | ") if way in rules}
    return states | _closed(more, rules) if more - states else states


def _steps(state: str, char: str, rules: dict[str, str]) -> list[str]:
    ways = [way.split(" ") for way in rules[state].split(" | ") if " " in way]
    return [to for shown, to in ways if _holds(rules.get(shown, shown), char)]


def _holds(shown: str, char: str) -> bool:
    if shown in (r"[^\n]", r"[\n]"):
        return (char == "\n") == (shown == r"[\n]")
    spans = shown[1:-1].replace("-\\U", "-").split("\\U")[1:]
    ends = [[int(code, 16) for code in span.split("-")] for span in spans]
    return any(span[0] <= ord(char) <= span[-1] for span in ends)


WIDE = st.text(alphabet="abABａÀ .é-村\N{SOFT HYPHEN}½ß", max_size=8)


@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=3), WIDE)
def test_the_grammar_gives_no_text_in_which_a_string_stands(strings, text):
    forbidden = ForbiddenText(strings)
    if forbidden.stands_in(text):
        assert not _matches(grammar_of(Restriction(without=forbidden)), text)


@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=3), WORDS)
def test_the_grammar_gives_every_other_text(strings, text):
    forbidden = ForbiddenText(strings)
    assert _matches(grammar_of(Restriction(without=forbidden)), text) != forbidden.stands_in(text)


def test_the_grammar_of_barred_letters_gives_another_word():
    grammar = grammar_of(Restriction("The author is", frozenset("r")))
    assert [
        t for t in (" a r", " Rob", "r", "", ".", ' "R', " Ŕ", "a") if _matches(grammar, t)
    ] == [
        " a r",
        ".",
    ]
