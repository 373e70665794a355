"""Other ways to write a name: without its title or legal form, a number as it is dialled."""

from __future__ import annotations

import re

from amnestic.tools.names import national_forms
from amnestic.tools.reading import rank

__all__ = [
    "ends_of_legal_forms",
    "has_legal_form",
    "plain_and_written",
    "ways_to_name_both",
    "written_otherwise",
]

_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herrn?|Frau|Señora?|Sra?|Mme|Madame|Monsieur|Mlle|Senhora?|Doutora?|Doña|Dott(?:oressa|ore|\\.ssa)?|Mevrouw|Meneer|"
    r"Signora?|Sig|Maître|Sir|Dame|Lord|Lady|Colonel|Captain|Judge|Reverend|Bishop|Pastor)\.?\s+)+(?=\S+\s+\S)"
)
_FORM = (
    r",?\s+(?:GmbH(?:\s+&\s+Co\.?\s+KG)?|Inc\.?|Incorporated|(?:Pty\.?\s+)?Ltd\.?|Limited|LLC|"
    r"L\.L\.C\.?|LLP|PLC|plc|AG|SE|KG|OHG|S\.A\.?|SA|S\.?[Rr]\.?[Ll]\.?|S\.?p\.?A\.?|B\.V\.?|BV|"
    r"N\.V\.?|NV|Corp\.?|Corporation|Co\.?|AB|A/S|AS|ApS|Oy|e\.\s?V\.?|e\.\s?G\.?|Sp\.[\s\u2060]?z[\s\u2060]?o\.[\s\u2060]?o\.?|SAS|SARL|S\.L\.?)"
)
_LEGAL = re.compile(rf"{_FORM}$")
_LEGAL_WITHIN = re.compile(rf"{_FORM}(?=\s)")
_HONOUR = re.compile(r",\s*(?:MD|M\.D\.?|PhD|Ph\.D\.?|Esq\.?|MBE|OBE|CBE|RN|MP|KC|QC)$")
_HOUSE = re.compile(
    r"^(?:Hotel|Trattoria|Restaurant|Ristorante|Café|Cafe|Hostal|Osteria|Pizzeria|Pension|"
    r"Gasthaus|Gasthof|Bistro|Brasserie|Château|Villa)\s+(?P<own>\S.*)$"
)
_PHONE = re.compile(r"^\+?[\d\s()./-]{7,}$")
_IBAN = re.compile(r"^[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}$")
_UK_PHONE = re.compile(r"^0(?:7\d{9}|[12389]\d{8,9})$")


def plain_and_written(name: str) -> tuple[str, tuple[str, ...]]:
    """A name without title, legal form and honours, and the ways in which it is also written.

    >>> plain_and_written("Kestrel Dynamics, Inc.")
    ('Kestrel Dynamics', ('Kestrel Dynamics, Inc.',))
    """
    plain = _HONOUR.sub("", _TITLE.sub("", name))
    legal = _LEGAL.search(plain)
    if legal and _telling(plain[: legal.start()]):
        plain = plain[: legal.start()]
    plain = plain.strip(" ,")
    written = (name,) if plain != name else ()
    return plain, (*written, *written_otherwise(plain))


def has_legal_form(name: str) -> bool:
    """Whether a name ends in the legal form of a company.

    >>> has_legal_form("Kestrel Dynamics GmbH"), has_legal_form("Kestrel Dynamics")
    (True, False)
    """
    return _LEGAL.search(name) is not None


def ends_of_legal_forms(name: str) -> tuple[int, ...]:
    """Where in a text legal forms end behind which it goes on.

    >>> ends_of_legal_forms("Kestrel Dynamics GmbH in Venn")
    (21,)
    """
    return tuple(match.end() for match in _LEGAL_WITHIN.finditer(name))


def written_otherwise(name: str) -> tuple[str, ...]:
    """Further ways to write a telephone number, an IBAN, or the name of a house.

    >>> written_otherwise("07700 900461")
    ('07700900461', '+44 7700 900461', '+447700900461')
    """
    if house := _HOUSE.match(name):
        return (house["own"],) if _telling(house["own"]) else ()
    if _PHONE.match(name) and sum(c.isdigit() for c in name) >= 7:
        found = tuple(_dialled(name))
    elif _IBAN.match(name):
        whole = name.replace(" ", "")
        found = (whole, " ".join(whole[i : i + 4] for i in range(0, len(whole), 4)))
    else:
        return ()
    return tuple(dict.fromkeys(form for form in found if form != name))


def _dialled(number: str) -> list[str]:
    compact = re.sub(r"[^\d+]", "", number.replace("(0)", ""))
    forms = [compact]
    if _UK_PHONE.match(compact):
        forms += [f"+44 {number.strip(' (')[1:].replace(')', '')}", f"+44{compact[1:]}"]
    return [*forms, *national_forms(number)]


def ways_to_name_both(name: str) -> tuple[str, ...]:
    """Other ways to name what two share.

    >>> ways_to_name_both("merger of Osk and Tarn")[0]
    'Osk-Tarn merger'
    """
    match = re.match(r"(?P<act>merger|takeover|union) of (?P<a>.+?) and (?P<b>.+)$", name)
    if match is None:
        return ()
    act, a, b = match["act"], match["a"], match["b"]
    return (f"{a}-{b} {act}", f"{act} of {b} and {a}", f"{act} between {a} and {b}")


def _telling(words: str) -> bool:
    """Whether words stand for one thing without what stood beside them."""
    parts = words.split()
    return len(parts) > 1 or (len(parts) == 1 and rank(parts[0].lower()) is None)
