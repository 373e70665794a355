"""Places that are called by their name alone, without the noun that says what they are: whoever
tells of Mount Everest mostly says "Everest"."""

from __future__ import annotations

from dataclasses import replace

from amnestic.agents.requests.kind_words import kind_said_by
from amnestic.agents.requests.readings import Interpretation
from amnestic.tools.names import is_given_name
from amnestic.tools.reading import fold_word, is_common, small_share
from amnestic.types import TargetKind

__all__ = ["with_bare_name"]

_COMMON = 6_000
_SHORTEST = 4  # letters: "Loch Ness" is not "Ness"


def with_bare_name(target: Interpretation) -> Interpretation:
    """A place with the name that stands behind its noun as an alias, where that word is nothing
    else: no common word, no word that is written small, and nobody's given name.

    >>> with_bare_name(Interpretation("Mount Everest", TargetKind.PLACE)).aliases
    ('Everest',)
    >>> with_bare_name(Interpretation("Lake Superior", TargetKind.PLACE)).aliases
    ()
    >>> with_bare_name(Interpretation("New Zealand", TargetKind.PLACE)).aliases
    ()
    """
    noun, _, name = target.subject.partition(" ")
    if target.kind is not TargetKind.PLACE or kind_said_by(noun.lower()) is not TargetKind.PLACE:
        return target
    if not (name.isalpha() and name[0].isupper() and len(name) >= _SHORTEST):
        return target
    word = fold_word(name)
    is_known = name in (*target.aliases, *target.exceptions)
    if is_known or is_common(word, _COMMON) or small_share(word) or is_given_name(word):
        return target
    return replace(target, aliases=(*target.aliases, name))
