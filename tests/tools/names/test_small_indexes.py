"""The indexes beside the trie, put in and taken out again, hold what one made anew would hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.names.ciphers import ShiftIndex
from amnestic.tools.names.spelling import SpellingIndex

WORDS = st.text(alphabet="abz", min_size=1, max_size=9)


def _held(index: Any) -> Any:
    """All that an index holds; words under one key in no order."""
    return {
        name: {k: sorted(v) if isinstance(v, tuple) else v for k, v in table.items()}
        for name, table in vars(index).items()
    }


@pytest.mark.parametrize("kind", [SpellingIndex, ShiftIndex])
@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_what_is_taken_out_leaves_no_trace(kind: Any, stay: list[str], go: list[str]) -> None:
    changed, anew = kind(), kind()
    for word in [*go, *stay]:
        changed.add(word)
    for word in go:
        changed.remove(word)
    for word in stay:
        anew.add(word)
    assert _held(changed) == _held(anew)


@given(WORDS, st.integers(0, 25))
def test_a_word_is_found_in_every_shifted_alphabet(word: str, shift: int) -> None:
    index = ShiftIndex()
    index.add(word)
    shifted = "".join(chr((ord(c) - 97 + shift) % 26 + 97) for c in word)
    mirrored = "".join(chr((25 - ord(c) + 97 + shift) % 26 + 97) for c in word)
    for ciphered in (shifted, mirrored):
        assert word in [ciphered.translate(table) for table in index.tables(ciphered)]
