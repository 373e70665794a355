"""What stands beside a name in passing: where it begins, and as a sentence that says by itself whom
it tells of."""

from __future__ import annotations

import re

from amnestic.agents.requests.target_kind import IS, kind_named, kind_of
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import language_of, rank
from amnestic.types import TargetKind

__all__ = ["apposed", "parted"]

_ARTICLE = re.compile(r"(?:an?|the|one\s+of|some)\b", re.I)
_WHOSE = re.compile(r"(?:our|my|his|her|their|its|your)\b", re.I)
_RELATIVE = re.compile(r"(?:who|which|that)\s+(?=[a-z])", re.I)
_PLACED = re.compile(
    r"(?:from|in|at|near|on|outside|opposite|behind|by|of)\s+(?!your\b|our\b)", re.I
)
_PARTICIPLE = re.compile(r"(?:born|known|written|made|sung|built|\w{3,}ed)\b", re.I)
_ASKS = re.compile(r"(?:how|why|what|when|where|who)\b", re.I)
_MANY = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|many)\b", re.I)
_ROLE = re.compile(r"[a-z]+(?:[ -][a-z]+){0,3}(?=$|,|\s+(?:at|in|of|for|from|to)\b)")
_UNPARTED = re.compile(
    r"(?P<name>(?!(?:[Tt]he|an?|my|our|your|his|her|their|this|that|any|all)\b)"
    r"[\w'’&-]+(?: [\w'’&-]+)?) "
    r"(?P<what>(?:the|an?) [a-z-]+(?: [a-z-]+){0,2})[.!]?$",
)
_LONGEST_READ, _SHORT = 200, 16


def apposed(name: str, words: str) -> str:
    """Words beside a name, with the comma or the bracket before them, as a sentence on it; where it
    is not seen how they belong to it, as they stand.

    >>> apposed("Ottoline Brax", ", florist"), apposed("Skyvanta", "the airline")
    ('Ottoline Brax is a florist.', 'Skyvanta is the airline.')
    >>> apposed("Atlas Max", "our three spring phones")
    'Atlas Max is one of our three spring phones.'
    >>> apposed("Mirela Osk", "who keeps a goat"), apposed("Osk", "(Brannigan Ltd)")
    ('Mirela Osk keeps a goat.', 'Osk (Brannigan Ltd).')
    """
    parted = words.lstrip()[:1] in tuple(",;:(–—-")
    words = words.strip(" ,;:–—")
    plain = words.removeprefix("(").removesuffix(")").strip() if _is_bracketed(words) else words
    if not _is_english(plain):
        return _beside(name, words)
    if _RELATIVE.match(plain):
        return f"{name} {_RELATIVE.sub('', plain, count=1)}."
    if _ARTICLE.match(plain) or (_WHOSE.match(plain) and not _MANY.search(plain)):
        return f"{name} is {plain}."
    if _WHOSE.match(plain):
        return f"{name} is one of {plain}."
    if re.match(rf"{IS}\b", plain):
        return f"{name} {plain}."
    if _PLACED.match(plain) or (_PARTICIPLE.match(plain) and rank(plain.split()[0]) is not None):
        return f"{name} is {plain}."
    if parted and _ROLE.match(plain) and not _opens_clause(plain):
        article = "an" if plain[0] in "aeiou" else "a"
        return f"{name} is {article} {plain}."
    return _beside(name, words)


def parted(phrase: str) -> str:
    """A phrase with a comma between a name and what that is, where people leave it out; behind a
    calling none, which may be a part of the name.

    >>> parted("notion the note app"), parted("Dora the explorer")
    ('notion, the note app', 'Dora the explorer')
    """
    beside = _UNPARTED.match(phrase)
    if beside is None or kind_named(beside["what"]) in (None, TargetKind.PERSON):
        return phrase
    is_skill = kind_of(phrase, "") is TargetKind.SKILL
    return phrase if is_skill else f"{beside['name']}, {beside['what']}"


def _opens_clause(words: str) -> bool:
    """Whether a clause opens, and no calling: "how she sank", "there was an accident"."""
    grammar = grammar_of(words)
    first = words.split()[0]
    small = grammar.common | grammar.speakers | grammar.opens | grammar.relates | grammar.conditions
    return first in small or _ASKS.match(words) is not None


def _is_english(text: str) -> bool:
    words = re.findall(r"[a-z]+", text)
    if words and all(rank(word) is not None for word in words):
        return True
    if len(text) < _SHORT:
        return text.isascii()
    return language_of(text[:_LONGEST_READ]) == "en"


def _is_bracketed(words: str) -> bool:
    return words.startswith("(") and words.endswith(")") and words.count("(") == 1


def _beside(name: str, words: str) -> str:
    joint = " " if words[:1] in "([" or words[:1].islower() else ", "
    return f"{name}{joint}{words}."
