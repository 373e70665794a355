"""What is no name, by its grammar: a clause that says something, one of several unnamed people."""

from __future__ import annotations

import re

__all__ = ["is_clause", "says_something"]

_SHORT = r"['’](?:m|re|s|ve|d|ll)"
_PRONOUN = (
    r"(?:I|i|[Ww]e|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ii]ch|[Ww]ir|[Jj]e|[Nn]ous|[Ee]lles?|[Yy]o|"
    r"[Nn]osotr[oa]s|[Nn]oi)"
)
_JOINT = r"(?:(?:and|but|so|because|since|as|und|aber|et|mais|y|pero|e|ma)\s+)?"
_SAID_BY_PRONOUN = re.compile(
    rf"{_JOINT}{_PRONOUN}(?:{_SHORT}(?:\s|$)|\s+(?=[a-zà-ÿ]))|{_JOINT}[Jj]['’](?=[a-zà-ÿ])"
)
_ASKS = re.compile(r"(?:please|kindly|bitte)\s+[a-zà-ÿ]")
_ONE_OF_MANY = re.compile(
    r"(?:one|some|two|three|several|many|most)\s+of\s+(?:our|my|the|their|his|her|your|these|those)"
    r"\s+[a-zà-ÿ -]+",
    re.IGNORECASE,
)
_FINITE = (
    r"(?:is|are|was|were|am|has|had|have|will|would|can|could|may|might|must|should|shall|does|did|do|"
    r"(?:is|are|was|were|has|had|have|wo|would|ca|could|must|should|does|did|do)n['’]?t|cannot|"
    r"says?|said|asks?|asked|wants?|wanted|needs?|needed|insists?|insisted|told|means|meant|keeps?|kept|"
    r"gets?|got|comes?|came|makes?|feels?|felt|thinks?|thought|withdrew|left)"
)
_STATED = re.compile(
    rf"{_JOINT}(?:(?:[a-zà-ÿ][\w'’-]*|[A-Z]{{2,5}})\s+){{1,4}}?{_FINITE}\s+(?!(?:and|or|of)\b)\S"
)
_NAMED_BY_IT = re.compile(
    r"(?:the\s+fact\s+)?(?:that|who|whom|whose|what|which|where|when|why|how|whether)\b",
    re.IGNORECASE,
)


def is_clause(words: str) -> bool:
    """Whether words say something by a pronoun, ask politely, or are one of several without a name.

    >>> is_clause("she withdrew, and asked"), is_clause("One of our tenants"), is_clause("I've")
    (True, True, True)
    >>> is_clause("They Might Be Giants"), is_clause("how to juggle"), is_clause("It")
    (False, False, False)
    """
    words = words.strip(" \t\n,;:.!?–—-()")
    said = _SAID_BY_PRONOUN.match(words) or _ASKS.match(words)
    return said is not None or _ONE_OF_MANY.fullmatch(words) is not None


def says_something(words: str) -> bool:
    """Whether words behind a name are a clause of their own, with a subject and a finite verb.

    >>> says_something("deal is off"), says_something("the NDA says destroy")
    (True, True)
    >>> says_something("her last will"), says_something("that the firm is closed")
    (False, False)
    """
    words = words.strip(" \t\n,;:.!?–—-()")
    if _NAMED_BY_IT.match(words):
        return False
    return is_clause(words) or _STATED.match(words) is not None
