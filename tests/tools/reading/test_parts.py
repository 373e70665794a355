"""A part that is told by its letters is the part that reading it gives."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amnestic.tools.reading.parts import Part, part_of, read_part
from amnestic.tools.reading.sentences import End, end_of, ends_before, first_of, sentence_ends
from tests.thoroughness import examples

WORDS = (
    "the The harbour Tavel Osk mirela NASA a I iPhone decade facade defaced xx alpha Xray India "
    "International internationally VGhlIGJha2Vy GEZDGNBVGY3TQOJQ tnec Wnl Mr Dr etc is it novels "
    "was wasn't May 1874 Książka straße"
).split()
WRITTEN = st.builds(
    "{}{}{}".format,
    st.sampled_from(("", "", "(", "((", '"', "'")),
    st.one_of(st.sampled_from(WORDS), st.text("abcdefxyzABCN", min_size=1, max_size=16)),
    st.sampled_from(
        ("", "", ".", ",", ":", "!", "?", ").", ".)", ";", '"', "...", "!!", "]", "'s")
    ),
)


def seen(part: Part) -> dict[str, object]:
    """What a part is, of which some is compared by what it holds."""
    told = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    told["views"] = [
        (v.kind, v.folded.text, v.words.words, v.words.spans, v.words.is_ascii, v.tokens)
        for v in part.views
    ]
    return told


@settings(max_examples=examples(500), deadline=None)
@given(WRITTEN)
@example("hello!?")
@example("decade")
def test_a_word_between_spaces_is_told_as_it_is_read(written: str) -> None:
    assert seen(part_of(written)) == seen(read_part(written))


LINES = st.lists(
    st.sampled_from(
        (
            'The harbour. weather in May. at J. K. Osk. etc. e.g. "so." (Osk.) 5 m. Yes! no? (He '
            "[1]. end.[2] St. Ms. Fig. 2 it. me. xy. API. –. Książka. a…b… 。 本。本 end.) so.” "
            "Who* (*A”"
        ).split()
    ),
    min_size=1,
    max_size=12,
).map(" ".join)


@settings(max_examples=examples(500), deadline=None)
@given(LINES)
def test_where_a_sentence_surely_ends_one_ends_and_where_none_may_none_does(line: str) -> None:
    parts = line.split()
    ends = set(sentence_ends(line, lambda: "en"))
    at = 0
    for part, behind in zip(parts, [*parts[1:], ""], strict=True):
        at += len(part) + 1
        end = end_of(part)
        if behind and ends_before(end, first_of(behind)):
            assert at in ends
        if behind and not end:
            assert at not in ends
        if end is not End.AMID:
            assert ends.isdisjoint(range(at - len(part), at))


@pytest.mark.parametrize(
    ("part", "end"),
    [
        ("harbour.", End.BEFORE_CAPITAL),
        ("J.", End.PERHAPS),
        ('so."', End.PERHAPS),
        ("本。本", End.AMID),
    ],
)
def test_how_a_part_ends(part: str, end: End) -> None:
    assert end_of(part) is end
