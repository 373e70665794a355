"""What is no name, by how it is built: a clause that says something, or one of several people; and
where it stands as a name in spite of that."""

from __future__ import annotations

import re

from amnestic.agents.requests.target_kind import IS

__all__ = ["is_clause", "stands_as_a_name"]

_SHORT = r"['’](?:m|re|s|ve|d|ll)"
_AND = r"(?:(?:and|but|so|because|since|as|und|aber|et|mais|y|pero|e|ma)\s+)?"
_PRONOUN = r"(?:I|i|[Ww]e|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ii]ch|[Ww]ir|[Jj]e|[Nn]ous|[Yy]o)"
_OWN = r"(?:[Mm]y|[Oo]ur|[Yy]our|[Hh]is|[Hh]er|[Tt]heir)"
_SAID_BY_PRONOUN = re.compile(
    rf"{_AND}(?:{_PRONOUN}(?:{_SHORT}(?:\s|$)|\s+(?=[a-zà-ÿ]))|[Jj]['’](?=[a-zà-ÿ]))"
)
_SAID_OF_OWN = re.compile(rf"{_AND}{_OWN}\s+(?:[a-zà-ÿ]+\s+){{1,2}}{IS}\s+[a-zà-ÿ]")
_ASKS = re.compile(r"(?:please|kindly|bitte)\s+[a-zà-ÿ]+\s+\S")
_ONE_OF_MANY = re.compile(
    r"(?:[Oo]ne|[Ss]ome|[Tt]wo|[Tt]hree|[Ss]everal|[Mm]any|[Mm]ost)\s+of\s+"
    r"(?:our|my|the|their|his|her|your|these|those)\s+[a-zà-ÿ]+(?:\s[a-zà-ÿ]+)?"
)
_NAMES_ONE = re.compile(r"\s(?!I\b)[^\W\d_a-zß-ÿ]\w")  # a capital within: it may be a name
_AMID = re.compile(r"[\w&]\s$")
_I = re.compile(r"I\b")
_IN_A_LIST = r"^\s*(?:[-*•]|\d{{1,3}}[.)])\s+{}\s*[.,;]?\s*$"
_OUTER = " \t\n,;:.!?–—-()"


def is_clause(words: str) -> bool:
    """Whether words say something by a pronoun or of one's own people, ask politely, or are one of
    several without a name. With a capital within they may be a name.

    >>> is_clause("she withdrew, and asked"), is_clause("my family was in it"), is_clause("I've")
    (True, True, True)
    >>> is_clause("One of our tenants"), is_clause("please treat fish normally")
    (True, True)
    >>> is_clause("They Might Be Giants"), is_clause("how to juggle"), is_clause("It")
    (False, False, False)
    >>> is_clause("My Family Was in It"), is_clause("my mother's will"), is_clause("One of Us")
    (False, False, False)
    """
    words = words.strip(_OUTER)
    if _NAMES_ONE.search(words):
        return False
    said = (p.match(words) for p in (_SAID_BY_PRONOUN, _SAID_OF_OWN, _ASKS))
    return any(said) or _ONE_OF_MANY.fullmatch(words) is not None


def stands_as_a_name(words: str, text: str) -> bool:
    """Whether words that are built like a clause are written as a name in a text: with a capital
    amid a sentence, which only "I" has otherwise, or alone in a line of a list.

    >>> stands_as_a_name("We sail", "Forget the ship We sail")
    True
    >>> stands_as_a_name("it works", "Forget:\\n- Osk\\n- it works")
    True
    >>> stands_as_a_name("My son was in it", "Forget the affair. My son was in it")
    False
    """
    at = text.find(words)
    if at < 0:
        return False
    is_capital = words[:1].isupper() and not _I.match(words)
    if is_capital and _AMID.search(text, max(0, at - 2), at):
        return True
    return re.search(_IN_A_LIST.format(re.escape(words)), text, re.M) is not None
