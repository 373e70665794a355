"""Which words of an answer may be out before its first sentence is whole.

What is out cannot be taken back: where the sentence turns out to tell of a target, it has to be
gone on with from there. Models that decode under restriction go on from any beginning, in the same
words as far as these may be said; all others are given whole sentences to go on from.
"""

from __future__ import annotations

from amnestic.agents.said_already import opening_words, words_said
from amnestic.graphs.mending import first_writer
from amnestic.graphs.state import Deps, State
from amnestic.models.protocol import RestrictedBackend

__all__ = ["words_let_out"]

_FORMED = ("tools", "functions", "response_format", "logprobs")


def words_let_out(state: State, deps: Deps) -> frozenset[str]:
    """The words of the question, and those that open an answer to any, where one answer in free
    words is asked for behind it and what has begun can be gone on with; else none."""
    asked = state["visible"]
    if not isinstance(deps.backend, RestrictedBackend) or first_writer(deps) != "again":
        return frozenset()
    if any(deps.options.get(name) for name in _FORMED) or deps.options.get("n") not in (None, 1):
        return frozenset()
    if asked[-1].role != "user" or asked[-1].opaque_kinds or state["verdict"].mask:
        return frozenset()
    question = asked[-1].text
    return words_said(question) | opening_words(question)
