"""A phrase is divided into the things that it names, whatever marks stand in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amnestic.agents.requests.parts import Part, parts_of

_PIECES = "Ana Morel Tor Venn and or nor ( – : , Dr. his of".split()


@given(st.lists(st.sampled_from(_PIECES), max_size=8))
def test_marks_without_names_are_no_error(pieces: list[str]) -> None:
    found = parts_of(" ".join(pieces))
    assert all(isinstance(part, Part) for part in found)
