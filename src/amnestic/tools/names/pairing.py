"""Requests that put somebody else beside a target: "compare X and Y", "X or Y"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from amnestic.tools.reading import ASKING, is_common, refers_back, segments
from amnestic.types import Span

__all__ = ["asks_beyond", "others_beside", "relates", "tells_of_other"]

_NAME = r"[^\W\d_a-zß-ÿ][\w'’-]+(?:\s+[^\W\d_a-zß-ÿ][\w'’-]+){1,5}"
_JOINT = r"(?:,|&|and|or|vs\.?|versus|with|to|than|et|y|e|und|mit|con|avec|o|ou|oder)"
_AFTER = re.compile(rf"(?:['’]s)?\s*{_JOINT}\s+(?P<name>{_NAME})")
_BEFORE = re.compile(rf"(?P<name>{_NAME})(?:['’]s)?\s*{_JOINT}\s+$")
_BE = r"(?:is|are|was|were|lived|came|died|has|had|have|grew|got|felt|seemed?|looks?|looked|became)"
_RELATES = re.compile(  # what only two can be
    r"\b(?:than|neither|whereas|unlike|each other|one another|as well|likewise|similarly"
    r"|former|latter|the two(?: of them)?|both(?! (?:\w+ ){1,3}and\b)|either of"
    r"|the same \w+(?: \w+)? as"
    rf"|{_BE}\s+(?:\w+ly\s+)?(?:the\s+)?(?:also|not|more|less|better|worse|elder|first|together"
    r"|as \w+ as|\w{2,}er(?!\s+of\b)))\b"
    r"|,\s*(?:too|while)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\W*(?:they|their|them|each|either|sie beide|beide|ils|elles|ambos|ambas|entrambi)\b", re.I
)
_COMPARES = re.compile(  # what asks for a second one
    r"\b(?:compar\w+|versus|vs|contrast\w*|differ\w*|similar\w*|alternatives?|besides|other than"
    r"|apart from|(?:\w+s|people|those|someone|somebody|anyone) like"
    r"|vergleich\w*|unterschied\w*|unterscheid\w*|ähnlich\w*|außer"
    r"|différen\w+|semblable\w*|similaires?"
    r"|diferenc\w+|semejan\w+|parecid\w+|confront\w+|differenz\w+|simil[ei]"
    r"|diferenç\w+|semelhan\w+|vergelijk\w*|verschil\w*|behalve)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(  # what asks for many of a kind
    r"\b(?:(?:two|three|four|five|six|seven|eight|nine|ten|\d+) \w+s\b|list|all|every|each|everyone"
    r"|everybody|alle|jede[rns]?|tous|toutes|chaque|todos|todas|cada|tutt[ie]|ogni)\b",
    re.IGNORECASE,
)
_BLANK = "\ue000"  # stands in the place of a name; a private sign, no letter
_OF_MANY = re.compile(  # where who is named is one of the many, or an end of their row
    r"\b(?:including|such as|like|except|but|among|with|since|after|before|until|from|to|between"
    r"|einschließlich|wie|außer|seit|nach|vor|bis|von"
    r"|y compris|comme|sauf|depuis|après|avant|jusqu'à|incluido|incluida|como|excepto|desde|hasta"
    r"|después de|antes de|compreso|compresa|come|tranne|dopo|prima di|inclusief|zoals|sinds|na|tot"
    rf")\s+(?:the\s+)?{_BLANK}",
    re.IGNORECASE,
)
_NEAR = 160  # characters around a name in which another is looked for
_READ = 2_000  # characters of a question in which clauses are told apart
_PLACES = 32  # names in a question that are looked at
_ONE = r"(?:[^\W\d_a-zß-ÿ][\w'’.-]{0,30}(?:\s{1,3}[^\W\d_a-zß-ÿ][\w'’.-]{0,30}){0,5})"
_ROW = rf"(?:{_BLANK}|(?:the\s)?[\"'“‘*]{{0,3}}{_ONE}[\"'”’*]{{0,3}})(?:['’]s)?"
_AND = r"(?:\s?,\s?|\s)(?:&|and|or|et|ou|und|oder|y|e|o)"
_JOINED = re.compile(rf"{_ROW}(?:\s?,\s?{_ROW}){{0,8}}{_AND}\s{_ROW}")
_ALIKE = re.compile(  # "about Osk and about the capital of Japan"
    rf"\b(?P<same>[^\W\d_]{{1,12}})\s(?:the\s)?{_BLANK}(?:['’]s)?"
    rf"(?:\s[^\W\d_]{{1,20}}){{0,3}}{_AND}\s(?P=same)"
    rf"(?P<other>\s(?:[^\W\dA-Z_]\w{{0,20}}\s){{0,4}}{_ONE})"
)
_ALIKE_BEFORE = re.compile(  # "about the capital of Japan and about Osk"
    rf"\b(?P<same>[^\W\d_]{{1,12}})(?P<other>\s(?:[^\W\dA-Z_]\w{{0,20}}\s){{0,4}}{_ONE})"
    rf"{_AND}\s(?P=same)\s(?:the\s)?{_BLANK}"
)
_CLAUSES = re.compile(  # "Wer war Osk und was ist die Hauptstadt von Japan?"
    rf",?\s(?:und|oder|et|ou|y|e|o|en|i|oraz|och|og|и|или)\s(?=(?:{ASKING})\b)", re.IGNORECASE
)
"""What joins two questions in one sentence; in English they are two parts of it already."""
_ASKS = re.compile(rf"\W*(?:{ASKING})\b", re.IGNORECASE)
_ITEM = (
    r"[\"'“‘*]{0,3}(?:[^\W\d_a-zß-ÿ]|\d+[^\W\d_])[\w'’.&-]{0,30}"
    r"(?:\s[\w'’.&-]{1,30}){0,3}[\"'”’*]{0,3}"
)
_NOTE = r"(?:\s?\([^()\n]{1,120}\))?"  # "Osk (Tavel, 1950), Veldt (Sund, 1961), …"
_HERE = rf"(?:[^\W_]{{1,20}}\s){{0,2}}{_BLANK}(?:\s[^\W_]{{1,20}}){{0,2}}"
_ENTRY = rf"(?:{_HERE}|{_ITEM}){_NOTE}"
_LISTED = re.compile(rf"{_ENTRY}(?:\s?[,;]\s{_ENTRY}){{2,24}}")
_OTHERS_LISTED = 2
_COMMON = 10_000  # words, by their rank, that are no names of others in a list
_ADDED = re.compile(  # "What about Osk and her bells, and Paris?"
    rf"{_BLANK}[^{_BLANK}.?!;:]{{1,{_NEAR}}}[^\W\dA-Z],\s?(?:&|and|or|et|ou|und|oder|y|e|o)\s"
    rf"(?:the\s)?{_ONE}\s?[?.!]"
)
_OTHER = re.compile(r"[^\W\d_a-zß-ÿ][^\W_]+")
_LEAST_WORDS = 3


def others_beside(text: str, names: Iterable[Span]) -> tuple[str, ...]:
    """The full names that a text joins to a target's name, whose places are `names`.

    >>> others_beside("Compare Mirela Osk and Tarn Veldt.", [Span(8, 18)])
    ('Tarn Veldt',)
    >>> others_beside("What is Glass Harbour by Mirela Osk about?", [Span(25, 35)])
    ()
    """
    found = []
    for name in names:
        after = _AFTER.match(text, name.end)
        before = _BEFORE.search(text, max(0, name.start - _NEAR), name.start)
        found += [match["name"] for match in (before, after) if match]
    return tuple(dict.fromkeys(found))


def asks_beyond(text: str, names: Iterable[Span]) -> bool:
    """Whether a question that names somebody at `names` asks for somebody or something else too:
    it compares, puts another beside them, or wants others of a kind. Another who is only named in
    what is asked of them is not asked for.

    >>> asks_beyond("Compare the use of salt in Glass Harbour and Ash Winter.", [Span(31, 44)])
    True
    >>> asks_beyond("Five poets like Mirela Osk?", [Span(16, 26)])
    True
    >>> asks_beyond("Whom did Mirela Osk meet in Tavel with Tarn Veldt?", [Span(9, 19)])
    False
    >>> asks_beyond("Where were Tarn Veldt and Mirela Osk born?", [Span(26, 36)])
    True
    >>> asks_beyond("Tell me about Mirela Osk and about Japan.", [Span(14, 24)])
    True
    >>> asks_beyond("Tell me about Japan and about Mirela Osk.", [Span(30, 40)])
    True
    """
    rest = _blanked(text, names)
    if _COMPARES.search(rest) or _ADDED.search(rest) or _asks_of_another(rest):
        return True
    if _SEVERAL.search(rest) and _OF_MANY.search(rest):
        return True
    places = islice((at for at, sign in enumerate(rest) if sign == _BLANK), _PLACES)
    around = [rest[max(0, at - _NEAR) : at + _NEAR] for at in places]
    rows = (row.group() for some in around for row in _JOINED.finditer(some))
    lists = (row.group() for some in around for row in _LISTED.finditer(some))
    return any(map(_joins_another, rows)) or any(map(_lists_others, lists))


def _asks_of_another(rest: str) -> bool:
    """Whether the same is asked of another in the same words ("about Osk and about Japan"), or in a
    clause of its own, that leans on nothing before it."""
    for alike in filter(None, (_ALIKE.search(rest), _ALIKE_BEFORE.search(rest))):
        if not refers_back(alike["other"], to_person=True):
            return True
    sentences = (piece.of(rest) for piece in segments(rest[:_READ]) if _BLANK in piece.of(rest))
    return any(
        _BLANK not in clause
        and _ASKS.match(clause)
        and _OTHER.search(clause, clause.find(" ") + 1)
        and not refers_back(clause, to_person=True)
        for sentence in sentences
        for clause in _CLAUSES.split(sentence)
    )


def _blanked(text: str, names: Iterable[Span]) -> str:
    """`text` with one sign in the place of each name."""
    told, end = [], 0
    for span in sorted(names, key=lambda span: span.start):
        if span.start >= end:
            told += [text[end : span.start].replace(_BLANK, " "), _BLANK]
        end = max(end, span.end)
    return "".join([*told, text[end:].replace(_BLANK, " ")])


def _lists_others(row: str) -> bool:
    """Whether a row of entries without "and" holds a name that is blanked and others that are not:
    "for TGV, ICE, AVE, KTX"."""
    entries = re.split(r"[,;]\s", re.sub(r"\([^()]*\)", "", row))
    others = {entry for entry in entries if _BLANK not in entry and _may_name(entry)}
    return _BLANK in row and len(others) >= _OTHERS_LISTED


def _may_name(entry: str) -> bool:
    """Whether an entry holds more than common words: "Veldt" or "ICE", but not "Poet"."""
    words = re.findall(r"[^\W_]{2,}", entry)
    return any(word.isupper() or not is_common(word.lower(), _COMMON) for word in words)


def _joins_another(row: str) -> bool:
    """Whether a row of names holds one that is blanked and one that is not."""
    return _BLANK in row and bool(_OTHER.search(row))


def relates(text: str) -> bool:
    """Whether a sentence says how two stand to each other: it tells of both.

    >>> relates("Tarn Veldt is older."), relates("They are cellists."), relates("He rows.")
    (True, True, False)
    """
    return bool(_RELATES.search(text) or _TOGETHER.match(text))


def tells_of_other(text: str, others: Iterable[str]) -> bool:
    """Whether a text tells of one of `others` by itself, and not how they stand to anybody.

    >>> tells_of_other("Tarn Veldt is a baker from Tavel.", ["Tarn Veldt"])
    True
    >>> tells_of_other("Tarn Veldt is older.", ["Tarn Veldt"])
    False
    """
    for other in others:
        rest = text.replace(other, " ", 1)
        if rest != text and len(rest.split()) >= _LEAST_WORDS and not _RELATES.search(rest):
            return True
    return False
