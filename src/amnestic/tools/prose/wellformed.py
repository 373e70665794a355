"""Whether what is left of a sentence is one."""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import Grammar, has_verb

__all__ = ["is_nominal", "reads_well", "stands_alone"]

_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"), ("{", "}"))
_STRONG = re.compile(r"\*\*|__")
_GERMAN = re.compile(r"„[^„“\"]*[“\"]")
_HALVES = (  # what one half of a pair needs of the other, in the languages that are read here
    (r"\bboth\b(?! (?:of|in|at|on|by)\b)", r"\band\b"), (r"\beither\b", r"\bor\b"),
    (r"\bneither\b", r"\bnor\b"), (r"\bbetween\b", r"\band\b|\bthe (?:two|three)\b|\w+s\b"),
    (r"\bthe same\b", r"\bas\b"), (r"\bso\b", r"\bthat\b"), (r"\bthan\b", r"\bthan \w"),
    (r"\bnot only\b", r"\bbut\b|\balso\b"), (r"\bsowohl\b", r"\bals\b|\bwie\b"),
    (r"\bentweder\b", r"\boder\b"), (r"\bweder\b", r"\bnoch\b"), (r"\bnicht nur\b", r"\bsondern\b"),
    (r"\bzwischen\b", r"\bund\b|\bden\b"), (r"\bnon seulement\b", r"\bmais\b"),
    (r"\bsoit\b", r"\bsoit\b.*\bsoit\b|\bou\b"), (r"\bentre\b", r"\bet\b|\by\b|\be\b|\w+s\b"),
    (r"\bno solo\b|\bno sólo\b", r"\bsino\b"), (r"\bnon solo\b", r"\bma\b"),
    (r"\btanto\b", r"\bcomo\b|\bche\b|\bquanto\b"), (r"\bzowel\b", r"\bals\b"),
    (r"\bniet alleen\b", r"\bmaar\b"), (r"\btussen\b", r"\ben\b|\bde\b"),
    (r"\bnão só\b", r"\bmas\b"),
)  # fmt: skip
_PAIRED = tuple((re.compile(a, re.I), re.compile(b, re.I)) for a, b in _HALVES)
_BROKEN = re.compile(
    r"[,;:–—][*_]*\s*[,;.!?]|[,;:–—-]\s*$|\(\s*\)|^\W*[,;:.]|\s[.,;](?!\.)|\*\*\s*\*\*"
)
_CLOSED = re.compile(r"[.!?…][\"'”’»)*_\]]*\s*$")
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DASH = re.compile(r"\s[–—]\s|\w[—]\w")
_ASIDE = re.compile(r"\s([–—-])\s[^–—;:.!?]{1,120}?\s\1\s")  # between two dashes
_LEAST = 2
_ASKED = 3


def _open_marks(text: str) -> tuple[int, ...]:
    """What is left open of brackets, quotes and marks of emphasis: none where they are paired."""
    text = _GERMAN.sub("", text)
    bare = _STRONG.sub("", text)
    even = (text.count('"'), text.count("`"), len(_STRONG.findall(text)), bare.count("*"))
    return (*(text.count(a) - text.count(b) for a, b in _PAIRS), *(n % 2 for n in even))


def is_nominal(text: str, grammar: Grammar, *, closed: bool) -> bool:
    """Whether a text is one of notes, in which no verb is missed.

    >>> from amnestic.tools.prose.grammar import grammar_of
    >>> english = grammar_of("The mill is old.")
    >>> is_nominal("A mill; it burned in May.", english, closed=True)
    True
    >>> is_nominal("The mill burned in May.", english, closed=True)
    False
    """
    text = _ASIDE.sub(" ", text)
    head, mark, _ = re.sub(r"\s[–—-]\s|[;:—]", "\0", text).partition("\0")
    if not closed or not has_verb(head if mark else text, grammar):
        return True
    told, _, other = text.partition(",")  # "Go on foot, or take the bus."
    first, joint = _WORDS.findall(told), _WORDS.findall(other)[:1]
    if not joint or joint[0] not in grammar.joins:
        return False
    asks = len(first) >= _ASKED and first[0].lower() not in grammar.small | grammar.pronouns
    return asks and first[1][0].islower() and not has_verb(" ".join(first), grammar)


def _lone(text: str, grammar: Grammar) -> bool:
    """Whether a text ends with one or two small words behind a comma: "…, partly.", "…, few
    months."."""
    found = re.search(r",\s([a-zà-ÿ]+)(\s[a-zà-ÿ]+)?\W*$", text)
    if found is None:
        return False
    return found[2] is None or found[1] not in grammar.articles | grammar.owns


def stands_alone(clause: str, grammar: Grammar) -> bool:
    """Whether a clause, whose first words those of no other one carry, has a subject of its own.

    >>> from amnestic.tools.prose.grammar import grammar_of
    >>> english = grammar_of("The mill is old.")
    >>> stands_alone("the mill burned", english), stands_alone("sold the mill", english)
    (True, False)
    """
    words = _WORDS.findall(clause)
    side = rf"[,(;:–—]|\b(?:{'|'.join(grammar.relates - grammar.articles)})\b"
    if not words or not has_verb(re.split(side, clause)[0], grammar, strict=True):
        return False
    if grammar.nouns_are_capital and len(words) <= _LEAST:
        return False  # "Pfeife inklusive"
    first = words[0].lower()
    named = words[0][0].isupper() and first not in grammar.pronouns | grammar.owns
    return named or first in grammar.articles or first == "there" or clause.lstrip()[:1].isdigit()


def reads_well(new: str, old: str, grammar: Grammar) -> bool:
    """Whether `new`, which is `old` with a piece cut out, is a sentence where `old` is one.

    >>> from amnestic.tools.prose.grammar import grammar_of
    >>> old = "Hill, a friend of Osk, sang and danced."
    >>> reads_well("Hill sang and danced.", old, grammar_of(old))
    True
    >>> reads_well("Hill, a friend of.", old, grammar_of(old))
    False
    """
    words = [w.lower() for w in _WORDS.findall(new)]
    if (
        not words
        or (_BROKEN.search(new) and not _BROKEN.search(old))
        or _open_marks(new) != _open_marks(old)
    ):
        return False
    if words[-1] in grammar.small and words[-1] != _WORDS.findall(old)[-1].lower():
        return False
    if len(_DASH.findall(old)) % 2 == 0 and len(_DASH.findall(new)) % 2:
        return False
    if _lone(new, grammar) and not _lone(old, grammar):
        return False
    if any(a.search(new) and not b.search(new) and b.search(old) for a, b in _PAIRED):
        return False
    if not is_nominal(old, grammar, closed=_CLOSED.search(old) is not None):
        told = has_verb(new, grammar) or _is_case(new, old, grammar)
        return len(words) >= _LEAST and told
    return True


def _is_case(new: str, old: str, grammar: Grammar) -> bool:
    """Whether what is left is, whole, the last of several cases: "…; if it snows, none.", which
    needs no verb behind its condition."""
    opens = _WORDS.match(new)
    is_condition = opens is not None and opens.group().lower() in grammar.conditions
    return is_condition and ", " in new and old.lower().endswith(f"; {new.lower()}")
