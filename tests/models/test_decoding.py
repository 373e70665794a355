from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.exceptions import InvalidRequestError
from amnestic.models.decoding import Sampling, StopFinder, TokenText


def decode(tokens: list[int]) -> str:
    return bytes(tokens).decode("utf-8", "replace")


@given(st.text(max_size=60))
def test_pieces_of_bytes_join_to_the_text(text):
    stream = TokenText(decode)
    raw = text.encode("utf-8", "replace")
    pieces = [stream.feed(byte) for byte in raw]
    assert "".join(pieces) + stream.flush() == decode(list(raw))


@given(st.text(max_size=60))
def test_no_piece_holds_half_a_character(text):
    raw = text.encode("utf-8", "replace")
    if "\N{REPLACEMENT CHARACTER}" in decode(list(raw)):
        return
    stream = TokenText(decode)
    assert not any("\N{REPLACEMENT CHARACTER}" in stream.feed(byte) for byte in raw)


@given(
    st.text(alphabet="ab", max_size=40),
    st.lists(st.text(alphabet="ab", min_size=1, max_size=4), min_size=1, max_size=3),
    st.integers(1, 5),
)
def test_text_is_cut_at_the_first_stop_string_however_it_comes(text, stops, size):
    finder = StopFinder(stops)
    given_ = "".join(finder.feed(text[i : i + size]) for i in range(0, len(text), size))
    given_ += finder.flush("")
    cuts = [text.find(stop) for stop in stops if stop in text]
    if not cuts:
        assert given_ == text
        assert not finder.found
    else:
        assert finder.found
        assert not any(stop in given_ for stop in stops)
        assert text.startswith(given_)


def test_it_is_greedy_unless_asked():
    assert Sampling.from_options({}, None, 9)[0].greedy
    assert Sampling.from_options({"temperature": 0, "top_p": 0.5}, None, 9)[0].greedy
    assert Sampling.from_options({"top_p": 1}, None, 9)[0].greedy
    assert not Sampling.from_options({"top_p": 0.5}, None, 9)[0].greedy


@pytest.mark.parametrize(
    "options",
    [{"temperature": -1}, {"temperature": "hot"}, {"top_p": 2}, {"max_tokens": -4}, {"n": 1000}],
)
def test_a_value_out_of_range_is_named(options):
    with pytest.raises(InvalidRequestError, match=next(iter(options))):
        Sampling.from_options(options, None, 9)
