"""Sentences that only answer a question, and say nothing without it."""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import grammar_of, has_verb

__all__ = ["asks", "only_answers"]

_ASKS = re.compile(r"[?？؟][\"'”’»)*_\]]*\s*$")
_LABEL = re.compile(r"[\s>*_]*(?P<who>[^\W\d_][\w.' -]{0,24}?)[*_]*[ \t]?:[*_]*\s+(?=\S)")


def asks(sentence: str) -> bool:
    """Whether a sentence is a question.

    >>> asks("Why did Osk leave?"), asks("Osk left.")
    (True, False)
    """
    return _ASKS.search(sentence) is not None


def only_answers(sentence: str, question: str) -> bool:
    """Whether a sentence behind a question only answers it: somebody else says it, or it is none by
    itself.

    >>> only_answers("Money.", "Why did Osk leave?"), only_answers("Tarn stayed.", "Why leave?")
    (True, False)
    >>> only_answers("A: It opened in May.", "Q: When did Osk open?")
    True
    """
    asked, said = _LABEL.match(question), _LABEL.match(sentence)
    if asked and said:
        return asked["who"].lower() != said["who"].lower()
    if asks(sentence) or sentence.rstrip(" *_").endswith(":"):
        return False
    grammar = grammar_of(sentence)
    first, *more = sentence[said.end() if said else 0 :].split(",")
    told = [piece for piece in more if piece.split()[:1] and piece.split()[0] not in grammar.places]
    return not any(has_verb(piece, grammar) for piece in (first, *told))
