"""Where a phrase tells of a name: "Apple, the company that makes the iPhone and the Mac" names one
thing, and what stands in the words on it is told, and asked for by nobody.

A description opens behind its name with a comma, a colon, a dash or a bracket, or with a relative
clause, and goes on until the phrase comes back to what it lists: behind a comma and an "and", or
where the next name has words on it of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.forms import WISH_AGAIN
from amnestic.agents.requests.makers import maker_at
from amnestic.agents.requests.pieces import Piece, is_named, joins, own_of, pieces_of, tells

__all__ = ["Description", "descriptions_in"]


@dataclass(frozen=True, slots=True)
class Description:
    """Words on a name: where in the phrase they begin and end."""

    start: int
    end: int


_WITHIN = re.compile(  # what opens a description within a piece, behind the name
    r"\s+[–—-]\s+|\s*—\s*|:\s+(?=(?:an?|the|eine?|une?|una?)\s)|\s+(?=\()"
    r"|\s+(?=(?:who|whose|which|where|that|as\s+in|deren|dessen|qui|dont|que|quien|cuy[oa]|donde|"
    r"che|il\s+cui|la\s+cui)\s)"
    r"|\s+(?=(?:founded|led|run|owned|created|made|written|directed|starring|featuring)\s)"
)
_ALSO = re.compile(r"as\s+well\s+as|plus|sowie|wie\s+auch|ainsi\s+que|así\s+como|così\s+come", re.I)
_WHOSE = re.compile(
    r"(?:his|her|its|their|seine?\w*|ihre?\w*|son|sa|ses|leurs?|sus?|suo|sua|suoi|sue|il\s+su[oa]|la\s+sua)\s",
    re.I,
)
_END = re.compile(r"\n")
_GERMAN_RELATIVE = re.compile(r"(?:der|die|das|den|dem|denen)\s")
_VERB_LAST = re.compile(r"\s(?!und\b|oder\b)[a-zäöüß]*(?:t|en|te|ist|war|hat)$")
_CLAUSE_END = re.compile(r",\s+(?:und|oder|sowie)\s")
_ENDS_IN_NAME = re.compile(r"(?:^|[\s(\"'“‘«’])[^\W\d_a-zà-ÿ][^\s]*$|[a-z][A-Z]\w*$|\d$")
_SKILL = re.compile(
    r"(?:how|wie|comment|cómo|come)\s+(?:to|man|you|on|se|si|[a-zà-ÿ]+[aei]r[e]?)\s", re.I
)
_MAKER = re.compile(r"(?:by|von|par|de|di)\s|d['’]")
_BRACKET = re.compile(r"\s*\([^()]*\)")


def descriptions_in(phrase: str) -> tuple[Description, ...]:
    """The words of a phrase that tell of a name in it.

    >>> phrase = "Osk, the firm behind Tarn, Lum and Brill"
    >>> [phrase[d.start : d.end] for d in descriptions_in(phrase)]
    ['the firm behind Tarn, Lum and Brill']
    >>> phrase = "Osk, the firm behind Tarn, and Lum, a firm from Venn"
    >>> [phrase[d.start : d.end] for d in descriptions_in(phrase)]
    ['the firm behind Tarn', 'a firm from Venn']
    """
    phrase = _END.split(phrase)[0]
    found: list[Description] = []
    pieces = pieces_of(phrase)
    first: int | None = None  # the piece with which the open description began
    start, lists = 0, False
    for i, piece in enumerate(pieces):
        if first is not None:
            if not _closes(pieces, i, phrase[start : pieces[i - 1].end], lists=lists):
                lists = lists or is_named(piece.text)
                continue
            found.append(Description(start, pieces[i - 1].end))
            first = None
        elif (
            i > 0
            and not joins(piece.joint)
            and not _are_things_done(pieces[i - 1].text, piece.text)
            and _opens(phrase[piece.start :], piece.text)
        ):
            first, start, lists = i, piece.start, False
            continue
        if (at := _opens_within(piece)) is not None:
            first, start, lists = i, piece.start + at, False
    if first is not None:
        found.append(Description(start, pieces[-1].end))
    return (*_brackets(phrase, found), *found)


def _are_things_done(one: str, other: str) -> bool:
    """Whether two pieces are both of what one does, and so a list: "smoking, drinking and bets"."""
    return all(re.match(r"\s*[a-z]+ing\b", text) for text in (one, other))


def _opens(rest: str, text: str) -> bool:
    """Whether a piece opens a description: by its own words, or, in German, because the clause that
    it opens ends in a verb."""
    if tells(text):
        return True
    clause = _CLAUSE_END.split(rest)[0].rstrip(" .!")
    return _GERMAN_RELATIVE.match(rest) is not None and _VERB_LAST.search(clause) is not None


def _opens_within(piece: Piece) -> int | None:
    """Where words on a name begin behind it in its own piece."""
    if not is_named(piece.text):
        return None
    if (maker := maker_at(piece.text)) is not None:
        return maker
    own = own_of(piece.text)
    at = piece.text.find(own)
    opens = _WITHIN.search(piece.text, at + 1) if at >= 0 and own else None
    if opens is None:
        return None
    behind = piece.text[opens.end() :]
    is_told = tells(behind) or (opens.group().strip() == "" and not behind.startswith("("))
    return opens.end() if is_told else None


def _closes(pieces: list[Piece], i: int, told: str, *, lists: bool) -> bool:
    """Whether a piece is the next thing that the phrase names, and no part of an open description.

    Args:
        pieces: those of the phrase.
        i: the piece in question.
        told: the description up to that piece.
        lists: whether it has gone on to a further name already.
    """
    piece = pieces[i]
    if ";" in piece.joint or WISH_AGAIN.match(piece.text) or _SKILL.match(piece.text):
        return True
    if (by := _MAKER.match(told)) and re.search(rf"\s{by.group()}[A-ZÀ-Þ]", piece.text):
        return True  # "Roma by Ana Osk and Pearl by Tor Hagen"
    if not is_named(piece.text) or piece.text.lstrip().startswith("⟦"):
        return False
    parted = piece.joint.lstrip().startswith(",")
    if (parted and _ALSO.search(piece.joint)) or _is_closed(told.strip(" –—-")):
        return True
    if not parted:
        return not lists and _has_article_behind(pieces, i) and len(own_of(piece.text).split()) > 1
    if joins(piece.joint):
        return not lists or _is_told_of(pieces, i) or _WHOSE.match(piece.text.strip()) is not None
    return not lists and _is_told_of(pieces, i)


def _is_closed(told: str) -> bool:
    """Whether a description can list nothing more: it says only what something is ("the painter"),
    or is in brackets."""
    words = told.split()
    if told.startswith("("):
        return True
    small = words[1:] if len(words) > 1 else words
    return (
        len(words) <= 4
        and tells(told)
        and not any(_ENDS_IN_NAME.search(w) and not tells(f"the {w} thing") for w in small)
        and not any(tells(w) for w in small)
    )


def _is_told_of(pieces: list[Piece], i: int) -> bool:
    """Whether a name has words on it of its own: behind a comma, in brackets, behind a dash."""
    if _opens_within(pieces[i]) is not None or _BRACKET.search(pieces[i].text):
        return True
    behind = pieces[i + 1] if i + 1 < len(pieces) else None
    return behind is not None and not joins(behind.joint) and tells(behind.text)


def _has_article_behind(pieces: list[Piece], i: int) -> bool:
    """Whether what a name is stands behind it with an article: "Tor Hagen, the dentist"."""
    behind = pieces[i + 1] if i + 1 < len(pieces) else None
    if behind is None or joins(behind.joint) or not tells(behind.text):
        return False
    return re.match(r"(?:the|an?|der|die|den|le|la|l['’]|el|il)\b", behind.text.strip()) is not None


def _brackets(phrase: str, found: list[Description]) -> list[Description]:
    """What stands in brackets behind a name and outside of other descriptions."""
    told = []
    for match in _BRACKET.finditer(phrase):
        inside = any(d.start <= match.start() < d.end for d in found)
        ahead = phrase[: match.start()].rstrip()
        names = is_named(match.group().strip(" ()"))
        if not inside and not names and _ENDS_IN_NAME.search(ahead):
            told.append(Description(match.end() - len(match.group().lstrip()), match.end()))
    return told
