"""What is looked at first says no more often than what it stands for finds nothing."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from amnestic.tools.reading import letter_runs, letters, read, signs_of
from amnestic.tools.reading.decode import letters_together
from tests.thoroughness import examples

TEXTS = st.text(st.sampled_from("aBé ß1٣_'’\"*(.!?…,:;-×\n\t<>[]|&"), max_size=60)
_SENTENCES = re.compile(r"(?:\A|[.!?…][\"'”)\]]{0,3}\s{1,8})[^\w\n]{0,8}([^\W\d_])")
_WORDS = re.compile(r"(?<![\w'’])([^\W\d_])")


@settings(max_examples=examples(500), deadline=None)
@example("a b c d e f g'")
@example("'a' 'b' *c* (d) [e] |f|")
@given(TEXTS)
def test_no_letter_that_stands_apart_is_missed(text: str) -> None:
    signs = signs_of(text)
    assert signs.initials == "".join(_WORDS.findall(text))
    assert signs.single >= len(letters._SINGLE.findall(text))
    assert len(letters._BETWEEN.findall(text)) >= len(letters._MARKED.findall(text))


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
def test_the_first_letters_of_sentences_are_read_with_their_places(text: str) -> None:
    found = [*_SENTENCES.finditer(text)]
    wanted = "".join(map(letters.bare_word, (m[1] for m in found)))
    runs = list(letters._of_sentences(text))
    assert [run.letters for run in runs] == ([wanted] if len(found) >= 6 else [])
    assert all(run.places() == [m.start(1) for m in found] for run in runs)


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS)
def test_runs_are_the_same_where_the_signs_are_known(text: str) -> None:
    found = [(run.letters, run.shortest, run.places()) for run in letter_runs(text)]
    known = letter_runs(text, signs_of(text))
    assert found == [(run.letters, run.shortest, run.places()) for run in known]


def test_letters_are_put_together_as_a_text_is_read() -> None:
    text = "Osgood, a.k.a. the baker of the U.S.A., e.g. on 1.2.3."
    assert (
        letters_together(text)
        == read(text).text
        == ("Osgood, aka. the baker of the USA., e.g. on 1.2.3.")
    )
