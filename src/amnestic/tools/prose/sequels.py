"""Sentences that only seem to lean on the one before them: "There are …", "Then Edda Tarn came"."""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.people import begins_with_name
from amnestic.tools.prose.scanning import capital

__all__ = ["without_sequel"]

_SEQUEL = re.compile(
    r"(?P<space>\s*)(?:also|additionally|furthermore|moreover|later|afterwards|then),?\s+(?=\S)",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"(?P<space>\s*)there(?:\s(?:is|are)|['’]s)\s+(?:also\s+)?(?=\w)",
    re.IGNORECASE,
)
_MORE = re.compile(  # one more of what was told of
    r"\b(?:it|its|they|them|their|theirs|this|these|those|he|him|his|she|hers?|others?|another"
    r"|further|more|too|either|such|both|one|none|no|nothing|nobody)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"[^,;:(]{1,40}")  # what there is


def without_sequel(sentence: str) -> str:
    """An English sentence without the word by which it only comes next, where the rest begins with
    a name, or without "there is", where that tells of something new; else the sentence.

    >>> without_sequel("Then Edda Tarn came."), without_sequel("Then came Tarn.")
    ('Edda Tarn came.', 'Then came Tarn.')
    >>> without_sequel("There are many ways to do that."), without_sequel("There are others.")
    ('Many ways to do that.', 'There are others.')
    """
    if grammar_of(sentence).code != "en":
        return sentence
    found = _THERE.match(sentence)
    says = _SAYS.match(sentence, found.end()) if found is not None else None
    if found is not None and says is not None and not _MORE.search(says.group()):
        return found["space"] + capital(sentence[found.end() :])
    found = _SEQUEL.match(sentence)
    if found is not None and begins_with_name(sentence[found.end() :]):
        return found["space"] + capital(sentence[found.end() :])
    return sentence
