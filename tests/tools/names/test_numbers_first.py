"""A text that is passed over for what stands beside its numbers holds no sum, id or year."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from amnestic.tools.names import KnownFacts, amounts, exact_facts, facts_in
from tests.thoroughness import examples

PIECES = (
    "1,940 1940 1961-03-12 12 7 007 ٣٤ ١٩٦١ £ € $ us$ usd EUR Euro euros dólares FRANKEN sterline "
    "pounds yen poundſ AB A-B ab_ a- - _ é Ж x9 AB-1961 zz12345 order no. 12/3 , . ; ' ’ "
    "the bakery opened +(0)20 7946 x0018 a1B2c3D4e5f6 4111.1111 osk@tavel.org"
).split()
SPACES = ("", "", " ", " ", "\u00a0", "\n", "  ", "\t", "-", "_")
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SPACES)), max_size=16).map(
    lambda told: "".join(word + space for word, space in told)
)


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
@example("sterline\u00a01,940")
@example("1940 dólares")
def test_no_sum_is_passed_over(text: str) -> None:
    signs = amounts._SIGNED.finditer(text)
    if any(amounts._number_at(text, s.start(), s.end()) is not None for s in signs):
        assert amounts._may_hold_sum(text)


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
def test_no_id_is_passed_over(text: str) -> None:
    if exact_facts._ID.search(text):
        assert exact_facts._may_hold_id(text)


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
def test_no_long_number_and_no_token_is_passed_over(text: str) -> None:
    if exact_facts._NUMBER.search(text):
        assert exact_facts._MAY_BE_NUMBER.search(text)
    tokens = (m.group() for m in exact_facts._TOKEN.finditer(text))
    if any(exact_facts._TURNS.search(token) for token in tokens):
        assert exact_facts._TURN.search(text)


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
def test_a_year_is_four_digits_and_no_more(text: str) -> None:
    found = [f"{int(year):04}" for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text)]
    assert KnownFacts.of([f"date:{year}-01-01" for year in found]).may_be_dated(text) == bool(found)
    assert not KnownFacts.of(["date:2999-01-01"]).may_be_dated(text)


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS)
def test_of_known_facts_the_same_are_found_as_of_all(text: str) -> None:
    every = [fact for fact in facts_in(text) if not fact.key.startswith(("phone:", "number:"))]
    known = KnownFacts.of([fact.key for fact in every])
    found = [fact for fact in facts_in(text, known) if fact.key in known.keys]
    assert found == every
