"""The other names that the tagger sees of a subject, each as its kind of name is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.requests.birth_names import take_birth_names
from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.name_aliases import has_legal_form
from amnestic.tools.tagging import Span, Tagged
from amnestic.types import TargetKind

__all__ = ["OUTER", "aliases_told"]

OUTER = ' \t\n"“”„‟«»‹›「」『』《》*_`|•,;:!?()[]'
"""Signs around a name that are no part of it."""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?]\s+(?=[^\W\d_a-z])")


def aliases_told(
    seen: Tagged, subjects: Sequence[Span], spans: Sequence[Span], name: str, kind: TargetKind
) -> list[str]:
    """The other names of one subject.

    Args:
        seen: the tagged text.
        subjects: the subjects of the text.
        spans: what the tagger takes for other names of this one.
        name: its name.
        kind: what it is.
    """
    found: list[str] = []
    for span in spans:
        if not _is_other_name(seen, subjects, span, kind):
            continue
        said = _SENTENCE_END.split(seen.text_of(span))[0]
        alias = " ".join(said.strip(OUTER).split())
        born = take_birth_names(f"{name}, née {alias}")[1]
        lead = seen.text[max(0, span.start - 12) : span.start]
        if kind is TargetKind.PERSON and born and take_birth_names(f"{name}, {lead}{alias}")[1]:
            found += born
        elif _WORD.search(alias):
            found.append(alias)
    return found


def _is_other_name(seen: Tagged, subjects: Sequence[Span], span: Span, kind: TargetKind) -> bool:
    """Whether an alias is one: nobody's is a company's name, a word amid small letters, nor the
    name of somebody who stays."""
    said = seen.text_of(span).strip(OUTER)
    if any(span.start < s.end and span.end > s.start for s in subjects):
        return False
    if kind is TargetKind.PERSON and (has_legal_form(said) or _is_cut_small(seen, subjects, said)):
        return False
    stays = [letters(seen.text_of(s)) for s in seen.labelled("keep")]
    return not any(name and name in letters(said) for name in stays)


def _is_cut_small(seen: Tagged, subjects: Sequence[Span], said: str) -> bool:
    """Whether a single word in small letters is told where names have capitals."""
    named = any(seen.text_of(s)[:1].isupper() for s in subjects)
    return named and said.islower() and " " not in said and said.isalpha()
