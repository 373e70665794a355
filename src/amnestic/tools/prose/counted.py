"""What a sentence says of how many there are: "three poets", "(3 rows)"."""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import Grammar, grammar_of, has_verb
from amnestic.tools.prose.numerals import cardinal, number_in
from amnestic.tools.reading import rank

__all__ = ["counts_told", "recounted"]

_UNIT = re.compile(r"\s*(?:%|[-–]\s*\w|[ap]\.?m\b|o'clock|[$€£])", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,:/#$€£-])(?:\d{1,3}|[^\W\d_]+)(?!\w|[.,:/]\d)")
_REACH = 6
_WORD = re.compile(r"[^\W\d_]+")
_NOUN = re.compile(r"(?<=\s)([^\W\d_A-ZÀ-Þ]{4,}(?<!ly))[ \t]$")
_ALL = re.compile(r"\b([Aa])ll(?:e|[ \t]+(?:of[ \t]+)?the)?[ \t]+$")
_BOTH = {"en": "both", "de": "beide"}
_PAIR = 2
_ONE = {"people": "person", "children": "child", "men": "man", "women": "woman", "wives": "wife"}


def recounted(text: str, before: int, left: int) -> str:
    """`text` with `left` where it says that there are `before`, and with one thing not many.

    >>> recounted("Here are three poets:", 3, 2), recounted("(3 rows)", 3, 1)
    ('Here are two poets:', '(1 row)')
    >>> recounted("Er baute drei Schlösser: A, B und C.", 3, 2)
    'Er baute zwei Schlösser: A, B und C.'
    >>> recounted("There are two types:", 2, 1)
    'There is one type:'
    >>> recounted("All three are open.", 3, 2)
    'Both are open.'
    >>> recounted("Key, round 3", 3, 2), recounted("We found 3.", 3, 2)
    ('Key, round 3', 'We found 2.')
    >>> recounted("Since 3 May 3 poets have won.", 3, 2)
    'Since 3 May 2 poets have won.'
    """
    grammar = grammar_of(text)
    number = rf"(?<![\w.,:/#$€£-])(?:{before}|{cardinal(before, grammar.code)})(?!\w|[.,:/]\d)"
    for match in re.finditer(number, text, re.IGNORECASE):
        if not _is_count(text, match, grammar):
            continue
        new = _like(match.group(), left, grammar)
        lead, rest = text[: match.start()], text[match.end() :]
        every = _ALL.search(lead) if left == _PAIR else None
        if every is not None and grammar.code in _BOTH:
            both = _BOTH[grammar.code]
            return lead[: every.start()] + (both.capitalize() if every[1] == "A" else both) + rest
        if left != 1 or not re.match(r"\s+[^\W\d_]", rest):
            return lead + new + rest
        return f"{_of_one(lead)}{new}{_one_of(rest)}" if grammar.code == "en" else text
    return text


def counts_told(text: str) -> frozenset[int]:
    """What a line says of how many there are, from two on.

    >>> counts_told("Three things to see in 3 days:"), counts_told("A 5-day plan, step 3:")
    (frozenset({3}), frozenset())
    """
    grammar = grammar_of(text)
    found = ((m, number_in(m.group(), grammar.code)) for m in _NUMBER.finditer(text))
    told = (n for m, n in found if n is not None and n > 1 and _is_count(text, m, grammar))
    return frozenset(told)


def _is_count(text: str, number: re.Match[str], grammar: Grammar) -> bool:
    """Whether a number tells how many there are, and not which, when, or how much."""
    before = _WORD.findall(text[max(0, number.start() - 24) : number.start()])
    after = _WORD.match(text, number.end() + 1)
    told = before[-1].lower() if before and text[number.start() - 1].isspace() else ""
    is_of_noun = after is not None and after.group()[0].islower()
    if told in grammar.numbered and not (told in grammar.places and is_of_noun):
        return not re.search(r"\w[.\s]*$", text[: number.start()])
    if _UNIT.match(text, number.end()) or (after and grammar.units.fullmatch(after.group())):
        return False
    if after is None and number.group().isdecimal() and _is_named(text[: number.start()], grammar):
        return False
    is_day = after is not None and after.group()[0].isupper()  # "3 May"
    return not is_day or grammar.nouns_are_capital or not number.group().isdecimal()


def _is_named(before: str, grammar: Grammar) -> bool:
    """Whether a number at the end is that of the thing before it, in words without a verb: "Key,
    round 5", but not "Found 5"."""
    noun = _NOUN.search(before)
    return noun is not None and noun[1] not in grammar.totals and not has_verb(before, grammar)


def _like(number: str, left: int, grammar: Grammar) -> str:
    if number.isdecimal():
        return str(left)
    word = {0: "no", 1: "one"}.get(left) if grammar.code == "en" else None
    word = word or cardinal(left, grammar.code)
    return word.capitalize() if number[0].isupper() else word


def _of_one(lead: str) -> str:
    """ "There are" before one thing."""
    found = re.search(r"\b(are|were)(?=\s+(?:\w+\s+)?$)", lead)
    if found is None:
        return lead
    return lead[: found.start()] + {"are": "is", "were": "was"}[found[1]] + lead[found.end() :]


def _one_of(rest: str) -> str:
    """The noun behind a number, of one thing."""
    found = list(re.finditer(r"\s+([a-z]+(?:-[a-z]+)*)", re.split(r"[.,:;!?()]", rest)[0]))[:_REACH]
    match = next((m for m in found if m[1] in _ONE or re.search(r"[^s]s$", m[1])), None)
    if match is None:
        return rest
    one = _singular(match[1])
    verb = re.sub(r"^(\s+)(are|were|have)\b", _singular_verb, rest[match.end() :])
    return rest[: match.start(1)] + one + verb


def _singular(noun: str) -> str:
    """One of what a noun of many names. Behind x, s, z, ch, sh and o, but for "doses", the end may
    be "es": of the two ways to take it off, the word that there is.

    >>> [_singular(noun) for noun in ("types", "boxes", "use-cases", "buses", "cities", "notes")]
    ['type', 'box', 'use-case', 'bus', 'city', 'note']
    """
    one = _ONE.get(noun) or re.sub(r"(?<=[^aeiou])ies$", "y", noun)
    if one != noun:
        return one
    last = re.search(r"[^-]+$", noun)
    if last is None or not re.search(r".(?:.[xzo]|[^o]s|.[cs]h)es$", last[0]):
        return noun[:-1]
    shorter, longer = rank(last[0][:-2]), rank(last[0][:-1])
    if shorter is None and longer is None:
        return noun[:-2] if re.search(r"(?:[xz]|ss|us|[cs]h)es$", noun) else noun[:-1]
    is_shorter = longer is None or (shorter is not None and shorter < longer)
    return noun[:-2] if is_shorter else noun[:-1]


def _singular_verb(match: re.Match[str]) -> str:
    return match[1] + {"are": "is", "were": "was", "have": "has"}[match[2]]
