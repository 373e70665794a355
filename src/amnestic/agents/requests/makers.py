"""Who made a work, where that is told behind its title: "la película Roma de Alfonso Cuarón"."""

from __future__ import annotations

import re

from amnestic.agents.requests.kind_words import kind_said_by
from amnestic.types import TargetKind

__all__ = ["maker_at", "possessed_at", "title_at", "with_maker_apart"]

_SMALL = re.compile(
    r"^(?P<words>(?:(?:[a-zà-ÿ]+['’])?[a-zà-ÿ]+\s+)*(?:[ld]['’])?[a-zà-ÿ]+)\s+(?=[\"“„«]?[A-ZÀ-Þ0-9])"
)
_GERMAN = re.compile(r"^(?P<words>(?:[a-zäöüß]+\s+)+[A-ZÄÖÜ][a-zäöüß]+)\s+(?=[\"“„«]?[A-ZÀ-Þ0-9])")
_PERSON = (
    r"[A-ZÀ-Þ](?:[\w'’-]+|\.)(?:\s+(?:(?:de|da|di|del|della|von|van|der|la|le|du)\s+){0,2}"
    r"[A-ZÀ-Þ](?:[\w'’-]+|\.))+"
)
_WHOSE = re.compile(
    r"(?:[A-ZÀ-Þ][\w.-]*\s+){0,3}[A-ZÀ-Þ][\w.-]*?(?:['’]s|"
    r"s['’])\s+(?P<what>(?:[a-z][\w-]*\s+){1,4})"
    r"(?=[\"“‘']?[A-ZÀ-Þ0-9])"
)
_MAKER = re.compile(
    r"(?:the\s+)?(?:[A-ZÀ-Þ][\w.'’&-]*\s+){1,4}(?P<what>[a-z][\w-]*)\s+(?=[\"“‘']?[A-ZÀ-Þ0-9])"
)
_MADE_BY = re.compile(
    rf"\s+(?=(?P<by>by|von|vom|par|de|d['’]|di)\s*{_PERSON}(?:\s+(?:and|und|et|y|e)\s+{_PERSON})?\s*(?:[.!,;(]|$))"
)
_OF_SOMEBODY = re.compile(  # titles that tell of a person: "Diario de Ana Frank"
    r"(?:life|story|diary|death|adventures?|ballad|portrait|case|love|letters?|trial|"
    r"passion|legend|leben|"
    r"geschichten?|tagebuch|tod|abenteuer|briefe|bildnis|fall|tochter|sohn|reisen?|"
    r"legende|verlobung|"
    r"vie|histoires?|journal|mort|aventures?|lettres?|portrait|affaire|amours?|fille|"
    r"fils|voyages?|destin|"
    r"vida|historias?|diario|muerte|aventuras|cartas?|retrato|caso|amor(?:es)?|hija|"
    r"hijo|viajes?|casa|"
    r"vita|storia|morte|avventure|lettere?|ritratto|amori|figlia|figlio|viaggi|maison|"
    r"mystère|misterio|"
    r"mistero|ultim[oa]|coscienza|nozze|noces|bodas)$",
    re.I,
)


def title_at(piece: str) -> int | None:
    """Where a title begins behind the words that say that it is one: "la película Roma".

    >>> title_at("la película Roma"), title_at("den Film Das Boot"), title_at("the firm Osk")
    (12, 9, None)
    """
    for pattern in (_SMALL, _GERMAN):
        lead = pattern.match(piece)
        if lead is not None and kind_said_by(lead["words"]) is TargetKind.WORK:
            return lead.end()
    return None


def maker_at(piece: str) -> int | None:
    """Where it is told who made a work that the piece names; nowhere where the name may be a part
    of the title.

    >>> piece = "la película Roma de Alfonso Cuarón"
    >>> piece[maker_at(piece) :]
    'de Alfonso Cuarón'
    >>> maker_at("el libro Diario de Ana Frank"), maker_at("el libro La casa de Ana Osk")
    (None, None)
    """
    start = title_at(piece)
    if start is None:
        return None
    made = list(_MADE_BY.finditer(piece, start))
    if not made:
        return None
    title = piece[start : made[-1].start()].strip('"“”„«» ')
    joins_both = made[-1]["by"].rstrip("'’") not in ("by", "par")
    return None if not title or (joins_both and _OF_SOMEBODY.search(title)) else made[-1].end()


def possessed_at(piece: str) -> int | None:
    """Where a name begins behind whose it is and what: "Osk's novel Pearl", "the Osk novel Pearl".

    >>> possessed_at("Ana Osk's second novel Pearl"), possessed_at("Ana Osk's novel")
    (23, None)
    >>> possessed_at("the Ana Osk album Pearl"), possessed_at("the Ana Osk album")
    (18, None)
    """
    whose = _WHOSE.match(piece)
    if whose is not None and kind_said_by(whose["what"]):
        return whose.end()
    made = _MAKER.match(piece)
    return made.end() if made and kind_said_by(made["what"]) is TargetKind.WORK else None


def with_maker_apart(phrase: str) -> str:
    """A phrase with a comma between a title and who made it.

    >>> with_maker_apart("la película Roma de Ana Osk")
    'la película Roma, de Ana Osk'
    """
    at, start = maker_at(phrase), title_at(phrase)
    if at is None or start is None:
        return phrase
    title = phrase[start:at].rstrip()
    if title[:1].isalpha() and title.split()[-1][:1].islower():
        title = f'"{title}"'  # how far it goes is not seen by its capitals
    return f"{phrase[:start]}{title}, {phrase[at:]}"
