"""Typed identifiers: what sort of value one is.

Where a type has a checksum, python-stdnum says whether it holds: a number that fails it is a number
like any other. It is imported with the first value that may be one.
"""

from __future__ import annotations

import re
import uuid

from amnestic.tools.names.dates import dates_in
from amnestic.tools.names.exact_facts import ADDRESSES
from amnestic.tools.names.labels import NUMBERED, families_of
from amnestic.tools.names.phones import is_phone
from amnestic.tools.names.streets import is_built_like_an_address, street_of
from amnestic.tools.names.web_values import emails_in, ips_in
from amnestic.types import Identifier, IdentifierType

__all__ = ["identifier_of"]

_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+|www\.\S+", re.IGNORECASE)
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?:[\s-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_SECRET = re.compile(
    r"pass(?!port)|kennwort|contraseña|secret|token|\bpin\b|code\s?word|combination|(?:door|gate|"
    r"alarm|safe|access|entry)\s+code|(?:api|access|private|secret)\s*key|^key$|mot de passe",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"address|adress|anschrift|dirección|indirizzo|endereço|住所", re.IGNORECASE)
_HOUSE = re.compile(r"(?:str(?:aße|asse|\.)|weg|allee|gasse|platz)\s+\d", re.IGNORECASE)
_LONGEST_LABEL = 200
_CARD_DIGITS = (12, 19)
_DIGITS = re.compile(r"\D")


def identifier_of(value: str, label: str = "") -> Identifier:
    """An identifier with its type: by its form, and where that leaves it open, by its label.

    >>> [identifier_of(v).type.value for v in ("osk@tavel.org", "+44 20 7946 0018", "QX-20417")]
    ['email', 'phone', 'number']
    >>> identifier_of("hunter-22", "password").type.value
    'credential'
    >>> [identifier_of(f"4111 1111 1111 111{last}", "card").type.value for last in (1, 2)]
    ['card', 'number']
    """
    value = value.strip()
    label = label.strip()[:_LONGEST_LABEL].rstrip()
    return Identifier(type=_type(value, label), value=value, label=label)


def _type(value: str, label: str) -> IdentifierType:
    if _SECRET.search(label):
        return IdentifierType.CREDENTIAL
    if found := _by_form(value):
        return found
    digits, families = len(_DIGITS.sub("", value)), families_of(label)
    if ("card" in families or not families) and _is_card(value):
        return IdentifierType.CARD
    if ("phone" in families and digits > 2) or (not families & NUMBERED and is_phone(value)):
        return IdentifierType.PHONE
    if any(span.end - span.start == len(value) for _, span in dates_in(value)):
        return IdentifierType.DATE
    return IdentifierType.ADDRESS if _is_address(value, label) else IdentifierType.NUMBER


def _by_form(value: str) -> IdentifierType | None:
    if _URL.fullmatch(value):
        return IdentifierType.URL
    for kind, finder in ((IdentifierType.EMAIL, emails_in), (IdentifierType.IP, ips_in)):
        if any(span.end - span.start == len(value) for _, span in finder(value)):
            return kind
    if _IBAN.fullmatch(value) and _is_iban(value):
        return IdentifierType.IBAN
    try:
        uuid.UUID(value)
    except ValueError:
        return None
    return IdentifierType.UUID


def _is_iban(value: str) -> bool:
    from stdnum import iban

    return iban.is_valid(value)


def _is_card(value: str) -> bool:
    digits = _DIGITS.sub("", value)
    least, most = _CARD_DIGITS
    if not least <= len(digits) <= most or any(c.isalpha() for c in value):
        return False
    from stdnum import luhn

    return luhn.is_valid(digits)


def _is_address(value: str, label: str) -> bool:
    if any(pattern.match(value) for pattern in ADDRESSES):
        return True
    if not families_of(f"{label} {value}") & NUMBERED and is_built_like_an_address(value):
        return True
    told = _ADDRESS.search(label) or _HOUSE.search(value)
    return bool(told) and " " in value and street_of(value) is not None  # and no MAC address
