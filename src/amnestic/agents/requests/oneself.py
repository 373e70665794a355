"""Requests for oneself: whether the writer is meant, and what the writer is called."""

from __future__ import annotations

import re

from amnestic.tools.reading import rank

__all__ = ["I_AM", "asks_for_oneself", "is_self", "writer"]

_WORD = re.compile(r"[^\W_]+")
_SELF = re.compile(
    r"^\W*(?:sie\s+)?(?:(?:me|myself|who\s+i\s+am|mich|moi|mí|mij|meine?r?\s+person|ma\s+personne|mi\s+persona|la\s+mia\s+persona)\b|(?:all\s+|the\s+|any\s+|of\s+|everything\s+about\s+|alle[r]?\s+|al\s+|mes\s+|"
    r"toutes\s+|tutti\s+)*(?:my|meine[nr]?|mes|mis?|(?:i\s+)?miei|mijn)\s+(?:own\s+|personal\s+|private\s+|"
    r"personenbezogenen\s+|persönlichen\s+)*(?:data|information|details|records?|account|profile|history|"
    r"daten|données|datos|dati|(?:persoons)?gegevens)\b)",
    re.IGNORECASE,
)
_ON_ONESELF = re.compile(  # "Osks Briefe über mich" are something else
    r"\W*(?:(?:alle[rn]?|sämtliche[rn]?|angaben|daten|informationen|einträge|personenbezogene[rn]?|gespeicherten|toutes?|tous|les|des|"
    r"données|informations|personnelles|todos|todas|los|las|la|datos|información|personales|tutti|tutte|i|le|dati|"
    r"informazioni|personali|gegevens|informatie|persoonlijke)\s+)*"
    r"(?:(?:zu|über|von)\s+(?:meiner\s+person|mich|mir)|mich\s+betreffend\w*|me\s+concernant|à\s+mon\s+sujet|sur\s+moi|sobre\s+mí|"
    r"su\s+di\s+me|che\s+mi\s+riguarda(?:no)?|over\s+mij)"
    r"(?:\s+(?:gespeicherte|verarbeitete|vorliegende|erhobene|bekannte)[nr]?\s+(?:personenbezogenen\s+)?"
    r"(?:daten|angaben|informationen))?\W*",
    re.I,
)
_FOR_ANOTHER = re.compile(
    r"\b(?:(?:our|my)\s+client|on\s+behalf\s+of|data\s+subject|act\s+for|above-named|unsere[rns]?\s+mandant\w*|"
    r"notre\s+client\w*|nuestr[oa]\s+client\w*)\b",
    re.I,
)
_CONCERNING_ME = re.compile(
    r"\b(?:concerning|about|on|of|regarding|relating\s+to)\s+me\b|\bmy\b.*\bdata\b", re.I
)
_NAME_FIELD = re.compile(
    r"(?:^|\n|[.;,]\s*)\s*(?:full\s+)?(?:name|nom|nombre|nome|naam)\s*[:=]\s*(?P<name>[^\n,;.(]+)",
    re.I,
)
I_AM = re.compile(
    r"\b(?:my\s+name\s+is|i,(?=\s+(?-i:[A-Z]))|i\s+am|i['’]?m|this\s+is|ich\s+bin|mein\s+name\s+ist|ich\s+heiße|je\s+suis|"
    r"je\s+m['’]appelle|soy|me\s+llamo|mi\s+chiamo|sono|mijn\s+naam\s+is|ik\s+ben)\s+"
    r"(?P<name>[^\W\d_][\w'’.-]*(?:\s+(?!and\b|und\b|et\b|y\b|e\b|i\b)[^\W\d_][\w'’-]+){1,4})",
    re.I,
)
"""Where somebody says who they are."""


def is_self(what: str) -> bool:
    """Whether what shall be forgotten is whoever writes.

    >>> is_self("all my personal data"), is_self("whatever you hold on me"), is_self("Ana Morel")
    (True, True, False)
    """
    return (
        _SELF.match(what) is not None
        or re.search(r"^[a-z ]*\b(?:on|about|of)\s+me\W*$", what) is not None
        or _ON_ONESELF.fullmatch(what) is not None
    )


def asks_for_oneself(text: str, wishes: list[str], sender: str) -> bool:
    """Whether somebody who gives a name asks for their own data, and not for a client's."""
    if _FOR_ANOTHER.search(text) or not (sender or _NAME_FIELD.search(text)):
        return False
    return any(is_self(what) or _CONCERNING_ME.search(what) for what in wishes)


def writer(text: str, sender: str) -> str:
    """The name of whoever wrote a text, as told in it, else as signed; empty where neither.

    >>> writer("hi, i'm fenella d'arcy-mohr and i want you to forget me", "")
    "Fenella D'Arcy-Mohr"
    """
    field = _NAME_FIELD.search(text) or I_AM.search(text)
    name = field["name"].strip(" .") if field else ""
    rare = any(rank(w.lower()) is None for w in _WORD.findall(name))
    if not (name and (rare or all(w[:1].isupper() for w in name.split()))):
        return sender
    if name == name.lower():
        return re.sub(r"(?<![\w'’])\w|(?<=['’-])\w(?=\w)", lambda m: m.group().upper(), name)
    return name
