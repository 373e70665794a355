"""Rows of names: one of "A, B and C" goes, and the sentence still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.grammar import Grammar, grammar_of, has_verb, is_verb
from amnestic.tools.reading import rank, segments, small_share
from amnestic.types import Span

__all__ = ["trim_rows", "without_names"]

Leaks = Callable[[str], bool]

_AND = r"(?:and|or|und|oder|et|ou|y|e|o|en|och|eller|og|i|oraz|lub)"
_WORD = r"[^\W\d_a-z][\w'’-]*(?:\.(?=[ \t][^\W\d_a-z]))?"
_TITLE = (
    r"\*{1,2}[^*\n]{1,80}\*{1,2}|«[^«»\n]{1,80}»|„[^„“\n]{1,80}“"
    r"|\"[^\"\n]{1,80}\"|“[^“”\n]{1,80}”"
)
_OF = r"(?:de|da|van|von|der|la|di|du|del)"
_NAME = rf"[\"“‘]?{_WORD}(?:[ \t]+(?:{_OF}[ \t]+)*{_WORD}){{0,7}}[\"”’]?"
_ITEM = (
    rf"(?:{_TITLE}|(?:(?:the|los|las|les|die|gli|le|het)[ \t]+)?{_NAME})"
    r"(?:[ \t]\([^()]{1,240}\))?"
)
_JOINT = rf"(?:,[ \t]+{_AND}[ \t]+|,[ \t]+|[ \t]+{_AND}[ \t]+)"
_NO_NAME = r"(?!(?:Both|Either|Neither|Between|The|In|On|At|With|And|But|From|By|After|For|As)\b)"
_ROW = re.compile(rf"(?<![\w'’*-]){_NO_NAME}{_ITEM}(?:{_JOINT}{_ITEM})+")
_ONE, _BETWEEN = re.compile(_ITEM), re.compile(_JOINT)
_OPENING = re.compile(  # "In the film Salt Winter, Osk …": the first item belongs to the opening
    r"(?:^|[.!?;\n])\s*(?:in|on|at|with|under|after|before|during|for|as|from|by|near|since|until"
    r"|besides|throughout|within|inside|according to)\s[^,.!?;\n]*$",
    re.IGNORECASE,
)
_ROW_END = re.compile(r"\s*(?:[.;:!?)\]]|$)", re.MULTILINE)
_MORE = re.compile(rf",[ \t]+{_AND}[ \t]+(?=[^\W\d_])")
_GOES_ON = re.compile(r"[ \t]+[a-z]")
_TOGETHER = re.compile(
    r"\b(?:each other|one another|together|respectively|both|siblings|sisters|brothers|twins"
    r"|friends|rivals|colleagues|couple|married|duo|pair|the same|each|jeweils|beide|gemeinsam"
    r"|zusammen|einander|respectivement|ensemble|tous (?:les )?deux|toutes (?:les )?deux|juntos"
    r"|juntas|ambos|ambas|respectivamente|insieme|entrambi|entrambe|rispettivamente|samen|elkaar"
    r"|respectievelijk|ambos)\b",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"\b(?:both|either)\s+$", re.IGNORECASE)
_OF_TWO = re.compile(
    r"\b(?:between|neither|among|zwischen|sowohl|weder|entre|tra|fra|tussen|zowel)\s+$",
    re.IGNORECASE,
)
_LEADING_VERB = re.compile(r"\b(?P<noun>[a-z]+?)s\s+(?P<verb>are|were)\s+(?:only |just )?$")
_PLURAL = {"are": "is", "were": "was", "have": "has", "do": "does"}
_MANY_OF = re.compile(
    r"\s+(?P<verb>are|were)\s+(?P<noun>(?:[a-z]+ )?[a-z]+?)s(?=\s*[.,;!?]|\s+[a-z])"
)
_BARE_ITEM = r"(?P<item>[^\s、和と与及，。！？；：]{1,40})"
_BARE_ROWS = (  # items of a row in a script that puts no spaces: in the middle, and at the end
    re.compile(rf"、{_BARE_ITEM}(?=[、和と与及])"),
    re.compile(rf"[、和と与及]{_BARE_ITEM}(?=[。！？，；]|$)"),
)
_MOSTLY_SMALL = 0.5
_AS_IT_IS = frozenset(
    "can could may might must shall should will would did had met won wrote sang sat went came "
    "took gave made found left lost held kept led said saw read ran began became grew knew built "
    "bought brought taught thought told got spoke stood drew fell fought paid sold sent".split()
)
_VERB = re.compile(r"\s+(?P<verb>[a-z]+)\b")
_TWO_VERBS = re.compile(r"\s+[a-z]+ (?:and|or) [a-z]+\b")


def trim_rows(text: str, names: Leaks) -> str:
    """`text` without the names for which `names` is true, where they stand in a row of names.

    >>> trim_rows("Hill sang. Osk, Hill and Tarn danced.", lambda s: "Osk" in s)
    'Hill sang. Hill and Tarn danced.'
    """
    pieces = [segment.of(text) for segment in segments(text)]
    return "".join((without_names(p, names) or p) if names(p) else p for p in pieces)


def _rows(text: str) -> Iterator[Span]:
    """The rows of names in a text.

    Two names with a comma between them, and a sentence that goes on, are no row: the first may end
    an opening and the second be what the sentence is about.
    """
    for row in _ROW.finditer(text):
        start, goes_on = row.start(), _GOES_ON.match(text, row.end()) is not None
        joint = next(_joints(row.group()), None)
        if goes_on and joint and _is_comma(joint.group()) and _OPENING.search(text[:start]):
            start += joint.end()
        joints = [found.group() for found in _joints(text[start : row.end()])]
        listed = text[:start].rstrip()[-1:] in ("(", ":", "[")
        ends = _ROW_END.match(text, row.end()) is not None
        joined = any(not _is_comma(joint) for joint in joints)
        joined = joined or _MORE.match(text, row.end()) is not None
        if joined or (joints and (listed or (len(joints) > 1 and ends))):
            yield Span(start, row.end())


def _is_comma(joint: str) -> bool:
    return joint.strip() == ","


def _joints(row: str) -> Iterator[re.Match[str]]:
    """What stands between the items of a row: not the commas in their brackets."""
    at = 0
    while (item := _ONE.match(row, at)) and (joint := _BETWEEN.match(row, item.end())):
        yield joint
        at = joint.end()


def _items(row: str) -> list[str]:
    begins = [0, *(joint.end() for joint in _joints(row))]
    ends = [*(joint.start() for joint in _joints(row)), len(row)]
    return [row[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _without_bare(sentence: str, leaks: Leaks) -> str:
    """The same of a row without spaces: "Hill、Osk和Tarn"."""
    for pattern in _BARE_ROWS:
        sentence = pattern.sub(lambda m: "" if leaks(m["item"]) else m.group(), sentence)
    return sentence


def without_names(sentence: str, leaks: Leaks) -> str:
    """`sentence` without the names that leak and stand in a row with others; nothing where it would
    read oddly.

    >>> without_names("Read Hill, Osk and Tarn.", lambda s: "Osk" in s)
    'Read Hill and Tarn.'
    """
    if "、" in sentence:
        return _without_bare(sentence, leaks)
    grammar = grammar_of(sentence)
    for row in reversed(list(_rows(sentence))):
        start = row.start + _order(sentence, row, leaks, grammar)
        told = sentence[start : row.end]
        items = _items(told)
        kept = [item for item in items if not leaks(item)]
        if not kept:
            return ""
        if len(kept) == len(items):
            continue
        lead, rest = sentence[:start], sentence[row.end :]
        if leaks(items[-1]) and _tells_on(rest, grammar):
            return ""
        first = next(_joints(told), None)
        if len(items) == 2 and first and "," in first.group() and re.match(r"\s+\w", rest):
            continue  # "in London, and Hill in Sund"
        if _is_two_clauses(told, lead, rest, grammar) or _is_gapped(lead, rest, grammar):
            continue
        if len(kept) == 1:
            sentence = _of_one(lead, kept[0], rest, len(items), grammar)
            if not sentence:
                return ""
        else:
            sentence = recounted(f"{lead}{_joined(told, kept)}{rest}", len(items), len(kept))
    return sentence


def _order(sentence: str, row: Span, leaks: Leaks, grammar: Grammar) -> int:
    """How many characters of a row are the verb of an order, which looks like the beginning of a
    name that leaks: "Ask Osk or Hill."."""
    first, _, rest = sentence[row.start : row.end].partition(" ")
    item = _ONE.match(rest)
    follows = re.match(r"\s+([a-z]+)", sentence[row.end :])
    if re.search(r"\w", sentence[: row.start]) or item is None or not leaks(item.group()):
        return 0
    if leaks(first) or (follows and follows[1] not in grammar.small):
        return 0
    word = first.lower()
    is_order = (
        rank(word) is not None and small_share(word) >= _MOSTLY_SMALL and word not in grammar.common
    )
    return len(first) + 1 if is_order else 0


def _joined(row: str, kept: Sequence[str]) -> str:
    """Items in a row, joined as they were."""
    *_, joint = _joints(row)
    last = joint.group()
    if not re.search(_AND, last):
        return ", ".join(kept)
    if len(kept) == 2:
        last = re.sub(r"^,", "", last)
    return ", ".join(kept[:-1]) + last + kept[-1]


def _tells_on(rest: str, grammar: Grammar) -> bool:
    """Whether what stands behind a name is still about it: a title's second half, or who it is."""
    following = re.match(r",\s+([^\W\d_]+)", rest)
    told = grammar.articles | grammar.owns | grammar.relates
    return rest.startswith(": ") or (following is not None and following[1].lower() in told)


def _is_two_clauses(row: str, lead: str, rest: str, grammar: Grammar) -> bool:
    """Whether "the Mill and Hill" is where one clause ends and the next one begins."""
    following = re.match(r"\s+([^\W\d_]+)", rest)
    if following is None or not is_verb(following[1], grammar) or following[1][0].isupper():
        return False
    joints = [joint.group() for joint in _joints(row)]
    return len(joints) == 1 and (has_verb(lead, grammar) or "," in joints[0])


def _is_gapped(lead: str, rest: str, grammar: Grammar) -> bool:
    """Whether names stand where two phrases meet: "A for Hill, B for [Osk and C] for Tarn"."""
    before, after = re.search(r"(\w+)\s+$", lead), re.match(r"\s+(\w+)", rest)
    if before is None or after is None:
        return False
    return before[1] == after[1] and before[1] in grammar.places


def _of_one(lead: str, item: str, rest: str, many: int, grammar: Grammar) -> str:
    """A sentence of which a row is down to one name; nothing where it speaks of several."""
    if _OF_TWO.search(lead):
        return ""
    if grammar is not grammar_of("") and not _agrees(lead, rest, grammar):
        return ""
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


def _agrees(lead: str, rest: str, grammar: Grammar) -> bool:
    """Whether no verb stands beside a row that would have to be of one now."""
    before, after = re.search(r"(\w+)\s+$", lead), re.match(r"\s+(\w+)", rest)
    opens = not re.search(r"\w", lead) and after is not None
    return not opens and (before is None or before[1].lower() not in grammar.helps)


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
