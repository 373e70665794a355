"""Sentences that name several: one of "A, B and C" goes, and the sentence still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.leaning import leans, leans_on_kind, leans_on_person
from amnestic.tools.reading import segments
from amnestic.types import Span

__all__ = ["in_row", "trim_rows", "trimmed"]

Leaks = Callable[[str], bool]

_AND = r"(?:and|or|und|oder|et|ou|y|e|o|en|och|eller|og|i|oraz|lub|&)"
_WORD = r"[^\W\d_a-z][\w'’-]*(?:\.(?=[ \t][^\W\d_a-z]))?"
_ITEM = (
    rf"[\"“‘]?{_WORD}(?:[ \t]+(?:(?:de|da|van|von|der|la|di|du|del)[ \t]+)*{_WORD}){{0,4}}"
    r"[\"”’]?(?:[ \t]\([^()]{1,60}\))?"
)
_JOINT = rf"(?:,[ \t]+{_AND}[ \t]+|,[ \t]+|[ \t]+{_AND}[ \t]+)"
_NO_NAME = r"(?!(?:Both|Either|Neither|Between|The|In|On|At|With|And|But|From|By|After|For|As)\b)"
_ROW = re.compile(rf"(?<![\w'’-]){_NO_NAME}{_ITEM}(?:{_JOINT}{_ITEM})+")
_OPENING = re.compile(  # "In the film Salt Winter, Osk …": the first item belongs to the opening
    r"(?:^|[.!?;\n])\s*(?:in|on|at|with|under|after|before|during|for|as|from|by|near|since|until"
    r"|besides|throughout|within|inside|according to)\s[^,.!?;\n]*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[ \t]+[a-z]")
_CLAUSES = re.compile(r";[ \t]+")
_TOGETHER = re.compile(
    r"\b(?:each other|one another|together|respectively|both|siblings|sisters|brothers|twins"
    r"|friends|rivals|colleagues|couple|married|duo|pair|the same|each)\b",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"\b(?:both|either|neither|between)\s+$", re.IGNORECASE)
_LEADING_VERB = re.compile(r"\b(?P<noun>[a-z]+?)s\s+(?P<verb>are|were)\s+(?:only |just )?$")
_PLURAL = {"are": "is", "were": "was", "have": "has", "do": "does"}
_MANY_OF = re.compile(
    r"\s+(?P<verb>are|were)\s+(?P<noun>(?:[a-z]+ )?[a-z]+?)s(?=\s*[.,;!?]|\s+[a-z])"
)
_AS_IT_IS = frozenset(
    "can could may might must shall should will would did had met won wrote sang sat went came "
    "took gave made found left lost held kept led said saw read ran began became grew knew built "
    "bought brought taught thought told got spoke stood drew fell fought paid sold sent".split()
)
_VERB = re.compile(r"\s+(?P<verb>[a-z]+)\b")
_TWO_VERBS = re.compile(r"\s+[a-z]+ (?:and|or) [a-z]+\b")


def trimmed(sentence: str, leaks: Leaks) -> str:
    """What may stay of a sentence that leaks, where it is a row of names or of clauses of which
    only some do; nothing where it is neither, or would read oddly.

    >>> trimmed("The jury (Hill, Osk, Tarn) met.", lambda s: "Osk" in s)
    'The jury (Hill, Tarn) met.'
    >>> trimmed("Three poets won: Osk, Hill and Tarn.", lambda s: "Osk" in s)
    'Two poets won: Hill and Tarn.'
    >>> trimmed("Both Osk and Hill live here.", lambda s: "Osk" in s)
    'Hill lives here.'
    """
    for attempt in (_without_names(sentence, leaks), _without_clauses(sentence, leaks)):
        if attempt.strip() and not leaks(attempt):
            return attempt
    return ""


def trim_rows(text: str, names: Leaks) -> str:
    """`text` without the names for which `names` is true, where they stand in a row of names.

    >>> trim_rows("Hill sang. Osk, Hill and Tarn danced.", lambda s: "Osk" in s)
    'Hill sang. Hill and Tarn danced.'
    """
    pieces = [segment.of(text) for segment in segments(text)]
    return "".join((_without_names(p, names) or p) if names(p) else p for p in pieces)


def in_row(text: str, span: Span) -> bool:
    """Whether a place in a text is in a row of names."""
    begin = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    line = text[begin : end if end >= 0 else len(text)]
    at = Span(span.start - begin, span.end - begin)
    return any(row.start <= at.start and at.end <= row.end for row in _rows(line))


def _rows(text: str) -> Iterator[Span]:
    """The rows of names in a text.

    Two names with a comma between them, and a sentence that goes on, are no row: the first may end
    an opening and the second be what the sentence is about.
    """
    for row in _ROW.finditer(text):
        start, goes_on = row.start(), _GOES_ON.match(text, row.end()) is not None
        joint = re.search(_JOINT, row.group())
        if goes_on and joint and _is_comma(joint.group()) and _OPENING.search(text[:start]):
            start += joint.end()
        joints = re.findall(_JOINT, text[start : row.end()])
        if len(joints) > 1 or (joints and not (goes_on and _is_comma(joints[0]))):
            yield Span(start, row.end())


def _is_comma(joint: str) -> bool:
    return joint.strip() == ","


def _items(row: str) -> list[str]:
    return re.split(_JOINT, row)


def _without_names(sentence: str, leaks: Leaks) -> str:
    for row in reversed(list(_rows(sentence))):
        told = sentence[row.start : row.end]
        items = _items(told)
        kept = [item for item in items if not leaks(item)]
        if not kept:
            return ""
        if len(kept) == len(items):
            continue
        lead, rest = sentence[: row.start], sentence[row.end :]
        if len(kept) == 1:
            sentence = _of_one(lead, kept[0], rest, len(items))
        else:
            sentence = recounted(f"{lead}{_joined(told, kept)}{rest}", len(items), len(kept))
    return sentence


def _joined(row: str, kept: Sequence[str]) -> str:
    """Items in a row, joined as they were."""
    joints = re.findall(_JOINT, row)
    last: str = joints[-1]
    if not re.search(_AND, last):
        return ", ".join(kept)
    if len(kept) == 2:
        last = re.sub(r"^,", "", last)
    return ", ".join(kept[:-1]) + last + kept[-1]


def _of_one(lead: str, item: str, rest: str, many: int) -> str:
    """A sentence of which a row is down to one name; nothing where it speaks of several."""
    paired = _PAIRED.search(lead)
    if paired is not None:
        lead = lead[: paired.start()]
    told = recounted(lead + "\0" + rest, many, 1)
    lead, rest = told.split("\0")
    if _TOGETHER.search(rest.partition(".")[0]) or re.search(r"(?<!\w)'s? ", rest[:3]):
        return ""
    rest = re.sub(r"^,(?=\s+(?:and|or)\b)", "", rest)
    if (before := _LEADING_VERB.search(lead)) is not None:
        one = f"{before['noun']} {_PLURAL[before['verb']]} "
        return lead[: before.start()] + one + item + rest
    opens = not re.search(r"\w", lead) or lead.rstrip().endswith(".")
    if opens and _TWO_VERBS.match(rest) and _verb_of_one(rest) != rest:
        return ""
    return lead + item + (_verb_of_one(rest) if opens else rest)


def _verb_of_one(rest: str) -> str:
    if (several := _MANY_OF.match(rest)) is not None:
        article = "an" if several["noun"][0] in "aeiou" else "a"
        verb = f" {_PLURAL[several['verb']]} {article} {several['noun']}"
        return verb + rest[several.end() :]
    match = _VERB.match(rest)
    if match is None or match["verb"] in _AS_IT_IS or match["verb"].endswith(("ed", "s")):
        return rest
    verb = _PLURAL.get(match["verb"]) or re.sub(r"(?<=[^aeiou])y$", "ie", match["verb"]) + (
        "es" if re.search(r"(?:s|x|ch|sh|o)$", match["verb"]) else "s"
    )
    return rest[: match.start("verb")] + verb + rest[match.end("verb") :]


def _without_clauses(sentence: str, leaks: Leaks) -> str:
    clauses = _CLAUSES.split(sentence)
    kept: list[str] = []
    leaning = False
    for clause in clauses if len(clauses) > 1 else ():
        on_gone = leans(clause) or leans_on_kind(clause, ()) or leans_on_person(clause, ())
        leaning = leaks(clause) or (leaning and on_gone)
        if not leaning:
            kept.append(clause)
    if not kept:
        return ""
    whole = "; ".join(kept).rstrip()
    whole = whole[0].upper() + whole[1:] if clauses[0] != kept[0] else whole
    stop = re.search(r"[.!?]*\s*$", sentence)
    return whole.rstrip(".!?") + (stop.group() if stop else "")
