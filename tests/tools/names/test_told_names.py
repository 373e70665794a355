"""Further names that what is known of a target gives to it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.names.told_names import _TOLD, _told


@given(st.from_regex(_TOLD))
def test_no_name_that_is_told_is_passed_over_by_the_quick_look(text: str) -> None:
    assert [m.span() for m in _told(text)] == [m.span() for m in _TOLD.finditer(text)] != []


@given(st.text(alphabet=st.sampled_from(re.findall(".", "aknebor dlA.'")), max_size=30))
def test_a_text_is_read_the_same_with_and_without_the_quick_look(text: str) -> None:
    assert [m.span() for m in _told(text)] == [m.span() for m in _TOLD.finditer(text)]
