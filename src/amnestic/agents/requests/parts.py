"""One phrase or many: the several things that one wish names, and the items of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from amnestic.agents.requests.descriptions import Description, descriptions_in
from amnestic.agents.requests.forms import WISH_AGAIN
from amnestic.agents.requests.opening_alike import begins_alike
from amnestic.agents.requests.pieces import Piece, is_named, joins, lead_of, own_of, pieces_of
from amnestic.agents.requests.second_wishes import order_at, second_wish
from amnestic.tools.reading import rank

__all__ = ["Part", "items_in", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """The words on one thing; `lone` where they are one given name of a family, without surname."""

    text: str
    lone: bool = False


_I = re.IGNORECASE
_MARK = re.compile(r"^\s*(?:\(?\d{1,4}[.):]|[-•*–—·▪◦‣]|\(?[a-z]\)|\[\s?\])\s+(?=\S)", re.MULTILINE)
_INLINE = re.compile(r"(?:^|\s)\(?(\d{1,3}|[a-h](?=\)))[.)]\s+(?=\S)")
_KIN = re.compile(
    r"\b(?:sons?|daughters?|kids?|children|twins?|brothers?|sisters?|siblings|parents?|cousins?|nephews?|"
    r"nieces?|grandchildren|wife|husband|partner|fils|filles?|enfants|kinder|söhne|töchter|hijos|"
    r"hijas|figli|figlie)\b",
    _I,
)
_LISTING = re.compile(
    r"^\W*(?:(?:all|any)\s+)?(?:of\s+)?(?:these|those|the\s+following|following|them|list|names)"
    r"(?:\s+[a-z-]+){0,4}\s*:\s*",
    _I,
)
_HEADER = re.compile(
    r"^(?:name|full\s+name|first|last|surname|e-?mail|mail|phone|id|role|type|kind|customer|subject|"
    r"city|address|notes?|birth|date|no|nr|number|employee|position|department|reason|company)\b",
    _I,
)
_FAMILY = re.compile(
    r"(?P<given>[A-Z][\w'’-]+)\s+(?:and|und|et|y|e)\s+(?P<full>[A-Z][\w'’-]+\s+[A-Z][\w'’-]+)\b"
)
_OF_ALL = re.compile(
    r"\s*[,(]\s*(?:(?:all|both)\s+(?:of\s+)?)?(?:our|the|their|my|his|her|all|both|two|three|four|five)\s+"
    r"(?:[a-z-]+\s+){0,4}[a-z]+s\)?[\s.!]*$"
)
_MANY_AHEAD = re.compile(  # "the films Roma and Amélie"
    r"(?:(?:both|the|our|my|les|los|las|gli|i|le|nos|mes|nuestr[oa]s|mis)\s+(?:two\s+|three\s+)?"
    r"(?:(?:films?|movie|novel|book|song|album|band|compan(?:ie)|firm|magazine|newspaper|brand|app|product|"
    r"countr(?:ie)|cit(?:ie)|town|village|game|show|entreprise|société|roman|livre|chanson|groupe|marque|"
    r"ville|película|novela|libro|canci[oó]ne|empresa|marca|revista|ciudade|paíse)s"
    r"|romanzi|libri|canzoni|aziende|società|marche|riviste|città)"
    r"|(?:die|beiden?)\s+(?:beiden\s+)?(?:Filme|Romane|Bücher|Lieder|Bands|Firmen|Unternehmen|Magazine|"
    r"Zeitungen|Zeitschriften|Marken|Apps|Länder|Städte|Dörfer|Spiele|Serien))\s"
)
_MANY_BEHIND = re.compile(
    r"(?:(?:the|our|my)\s+)?(?:both|all|two|three|four|five|six)\s|"
    r"(?:the|our|my)\s+(?:[a-z-]+\s+){0,3}[a-z]+[^s\W]s(?=\s(?:of|from|in|by|that|who|which|owned|made)\b|[.!]*$)|"
    r"(?:die\s+)?(?:beide[ns]?|zwei|drei|alle)\s|(?:les\s+)?(?:deux|trois|tous|toutes)\s|"
    r"(?:l[oa]s\s+)?(?:dos|tres|ambos|ambas)\s|(?:(?:i|le|gli)\s+)?(?:due|tre|entramb[ie]|tutt[ie])\s"
)
_FIRM_END = re.compile(r"^(?:sons?|daughters?|company|co|partners?|brothers|bros|associates)\b", _I)
_THEIRS = re.compile(  # what is somebody's is somebody or something else: "his firm Osk"
    r"(?:his|her|its|their|seine?[nmr]?|ihre?[nmr]?|son|sa|ses|leurs?|sus?|su[oae]|suoi|zijn|haar|hun|seus?|suas?)\s+(?=[a-zà-ÿ])|"
    r"(?:seine?[nmr]?|ihre?[nmr]?)\s+[A-ZÄÖÜ][a-zäöüß]+\s+(?=[A-ZÄÖÜ])"
)
_LISTED_TITLE = re.compile(r"^(?:The|A|An)\s[^,]+,\s+(?:the|a|an)\s.*\sand\s+(?:the|a|an)\s")
_ONE = re.compile(
    r"^(?:(?:the|a)\s+)?(?:merger|takeover|union|battle|war|match|affair|marriage|"
    r"wedding|divorce|duel|trial|meeting|friendship)\b",
    _I,
)
_MOST_PIECES = 64  # a longer list holds names, and no wishes
_EVENT_AGAIN = re.compile(
    r"(?:the\s+)?(?:(?:Battle|Siege|Treaty|War|Massacre|Raid|Council)\s+of\s|(?:Operation|Project)\s+[A-Z])"
)


def items_in(text: str) -> tuple[str, tuple[str, ...]]:
    """The lead of a list and its items, each without its mark; no items where there is no list.

    >>> items_in("Forget these:\\n1) Ana Morel, florist\\n2) Tor Hagen")
    ('Forget these:', ('Ana Morel, florist', 'Tor Hagen'))
    """
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [i for i, line in enumerate(lines) if _MARK.match(line)]
    if len(marked) >= 2:
        items = [_MARK.sub("", lines[i]).strip() for i in marked]
        rest = [line for i, line in enumerate(lines) if i not in marked]
        return "\n".join(rest), tuple(items)
    numbers = [m[1] for m in _INLINE.finditer(text)]
    lettered = numbers == _counted("a", len(numbers)) and re.match(r"[^()]*:\s*\(?a\)", text)
    if len(numbers) >= 2 and (lettered or numbers == _counted("1", len(numbers))):
        head, *items = [p.strip(" ,;\n") for p in re.split(_INLINE.pattern, text)][::2]
        return head, tuple(items)
    if len(lines) >= 3 and lines[0].rstrip().endswith(":"):
        return lines[0], tuple(_rows(lines[1:]))
    colon = re.search(r":\s+(?=[A-Z\"“'⟦]|the\s)", text)
    if len(lines) == 1 and colon and text.count(";", colon.end()) >= 1:
        pieces = [p.strip(" .\n") for p in text[colon.end() :].split(";") if p.strip(" .\n")]
        if all(len(own_of(p).split()) <= 6 and is_named(p) for p in pieces):
            return text[: colon.end()], tuple(pieces)
    counts = [
        max(line.count(d) for d in ",;\t|") if line[-1:] not in ".!?" else 0 for line in lines
    ]
    for start in range(len(lines) - 1):
        end = start
        while end < len(lines) and counts[end] == counts[start] > 0:
            end += 1
        rows = _rows(lines[start:end]) if end - start >= 2 else []
        if rows and (_is_header(lines[start]) or all(len(line) < 120 for line in lines[start:end])):
            return "\n".join((*lines[:start], *lines[end:])), tuple(rows)
    return text, ()


def _counted(first: str, count: int) -> list[str]:
    if first.isdigit():
        return [str(i) for i in range(1, count + 1)]
    return [chr(ord(first) + i) for i in range(count)]


def _rows(lines: list[str]) -> list[str]:
    if any(d in lines[0] for d in ",;\t|") and len(lines) > 1 and _is_header(lines[0]):
        lines = lines[1:]
    rows = [re.sub(r"\s*[;|\t]\s*|\s*,\s*", ", ", line.strip(" |")).strip(" ,") for line in lines]
    return [re.sub(r"^\"([^\"]+)\"", r"\1", row) for row in rows]


def _is_header(line: str) -> bool:
    cells = [c.strip(" \"'").replace("_", " ") for c in re.split(r"[,;\t|]", line)]
    return sum(bool(_HEADER.match(c)) for c in cells) > len(cells) / 2


def parts_of(phrase: str) -> tuple[Part, ...]:
    """The several things that a phrase names; one part where they belong together.

    >>> [p.text for p in parts_of("Pepsi, Fanta or Dr Pepper")]
    ['Pepsi', 'Fanta', 'Dr Pepper']
    >>> [p.text for p in parts_of("Ana Morel, a painter from Tavel")]
    ['Ana Morel, a painter from Tavel']
    """
    phrase = _LISTING.sub("", phrase.strip())
    phrase = WISH_AGAIN.sub("", phrase)
    phrase = re.sub(r"^(?:either|both|neither|all\s+of)\s+(?=\S)", "", phrase, flags=_I)
    found = pieces_of(phrase)
    is_short = len(found) <= _MOST_PIECES
    if is_short and (again := second_wish(phrase, found)):
        return (*parts_of(phrase[: again[0]]), *parts_of(again[1]))
    if is_short and (end := order_at(found)) is not None:
        return parts_of(phrase[:end])
    if _LISTED_TITLE.match(phrase) or (_ONE.match(phrase) and not _is_one_more(found)):
        return (Part(phrase),)
    pieces = [(p.joint, p.text) for p in found]
    told = descriptions_in(phrase)
    if (family := _FAMILY.match(phrase)) and _KIN.search(phrase):
        surname, rest = family["full"].split()[-1], phrase[family.end() :]
        return (Part(f"{family['given']} {surname}{rest}"), Part(f"{family['full']}{rest}"))
    listed = [(p.joint, p.text) for p in found if not _is_within(p.start, told)]
    enumerated = _is_enumeration(listed) or _are_many(phrase, listed, told)
    named = [is_named(text) for _, text in pieces]
    parts: list[Part] = []
    kin = False
    for i, (joint, text) in enumerate(pieces):
        is_kin = _KIN.search(lead_of(text)) is not None or (
            not named[i] and _KIN.search(text) is not None
        )
        begins = i > 0 and not _is_within(found[i].start, told)
        begins = begins and (
            (_is_behind(found[i - 1].end, told) and (joins(joint) or named[i]))
            or _begins(joint, text, pieces, named, i, enumerated=enumerated or kin)
        )
        kin = is_kin or (kin and named[i])
        if i == 0 or begins:
            parts.append(Part(text, lone=kin and len(own_of(text).split()) == 1))
        else:
            parts[-1] = Part(f"{parts[-1].text}{joint}{text}", parts[-1].lone)
    parts = [Part(WISH_AGAIN.sub("", p.text), p.lone) for p in parts]
    return _with_surnames(_with_shared(parts) if enumerated else parts)


def _is_enumeration(pieces: list[tuple[str, str]]) -> bool:
    run = next((i for i, (_, t) in enumerate(pieces) if not is_named(t)), len(pieces))
    if run < 3:
        return False
    joints = [j for j, _ in pieces[1:run]]
    return joins(joints[-1]) or all(len(own_of(t).split()) > 1 for _, t in pieces[:run])


def _is_one_more(pieces: Sequence[Piece]) -> bool:
    """Whether an event is listed behind another: "the Battle of Venn and Operation Osk"."""
    return any(_EVENT_AGAIN.match(piece.text) for piece in pieces[1:])


def _begins(
    joint: str,
    text: str,
    pieces: list[tuple[str, str]],
    named: list[bool],
    i: int,
    *,
    enumerated: bool,
) -> bool:
    """Whether a piece begins a new thing; `named` says which of them open with a name."""
    if joins(joint) and not text.startswith("⟦") and begins_alike(joint, text, pieces, i):
        return True
    if not named[i] or text.startswith("⟦"):
        if "⟦" not in text[:1] or "⟦" not in pieces[0][1][:1]:
            return False
        told = zip(named, pieces, strict=True)
        return not any(is_one and not piece.startswith("⟦") for is_one, (_, piece) in told)
    if enumerated:
        return True
    if _THEIRS.match(text):
        return True
    if not joins(joint) or _FIRM_END.match(own_of(text)):
        return False
    if re.match(r"\s*,?\s*(?:or|nor|ni|oder|ou|noch)\b", joint, _I) or lead_of(text):
        return any(named[:i])
    before, own = own_of(pieces[i - 1][1]), own_of(text)
    if re.match(r"\s*(?:y|e)\s", joint) and len(before.split()) > 3:
        return False  # a Spanish surname
    if len(own.split()) > 1 and (len(before.split()) > 1 or i > 1 or before.startswith("⟦")):
        return True
    return len(before.split()) == 1 and _is_rare(before) and _is_rare(own)


def _are_many(phrase: str, listed: list[tuple[str, str]], told: Sequence[Description]) -> bool:
    """Whether words before or behind names joined by "and" say that they are several."""
    if len(listed) < 2 or not all(is_named(text) for _, text in listed):
        return False
    ahead = listed[0][1].strip()
    behind = phrase[told[-1].start : told[-1].end] if told else ""
    return _MANY_AHEAD.match(ahead) is not None or _MANY_BEHIND.match(behind) is not None


def _is_within(at: int, told: Sequence[Description]) -> bool:
    return any(d.start <= at < d.end for d in told)


def _is_behind(end: int, told: Sequence[Description]) -> bool:
    """Whether a piece ended a description, so that the next one begins a new thing."""
    return any(d.start < end == d.end for d in told)


def _is_rare(word: str) -> bool:
    return len(word.split()) == 1 and word[:1].isupper() and (rank(word.lower()) or 99_999) > 8_000


def _with_shared(parts: list[Part]) -> list[Part]:
    """Give each of several things what is said of all: "A, B and C, our three phones"."""
    said = _OF_ALL.search(parts[-1].text)
    if said is None:
        return parts
    return [*(Part(f"{p.text}{said.group()}", p.lone) for p in parts[:-1]), parts[-1]]


def _with_surnames(parts: list[Part]) -> tuple[Part, ...]:
    """Give the given names of a family the surname that is told with one of them."""
    surnames = [own_of(p.text).split()[-1] for p in parts if len(own_of(p.text).split()) > 1]
    found: list[Part] = []
    for i, part in enumerate(parts):
        behind = (own_of(p.text).split() for p in parts[i + 1 :] if not p.lone)
        later = next((words[-1] for words in behind if words), None)
        if part.lone and later is not None and later in surnames:
            found.append(
                Part(part.text.replace(own_of(part.text), f"{own_of(part.text)} {later}", 1))
            )
        else:
            found.append(part)
    return tuple(found)
