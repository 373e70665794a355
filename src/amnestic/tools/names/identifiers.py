"""Typed identifiers: what sort of value one is."""

from __future__ import annotations

import re
import uuid
from ipaddress import ip_address

from amnestic.tools.names.exact_facts import ADDRESSES, facts_in
from amnestic.tools.names.phones import is_phone
from amnestic.types import Identifier, IdentifierType

__all__ = ["identifier_of"]

_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+|www\.\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}")
_SECRET = re.compile(
    r"pass|kennwort|contraseña|secret|token|\bpin\b|code\s?word|combination|(?:door|gate|alarm|safe|"
    r"access|entry)\s+code|(?:api|access|private|secret)\s*key|^key$|mot de passe",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"phone|tel(?:\b|e)|mobil|cell|handy|fax|móvil|portable|cellulare|手机|电话", re.IGNORECASE
)
_CARD = re.compile(r"\bcard|karte|tarjeta|carte|carta", re.IGNORECASE)
_DIGITS = re.compile(r"\D")


def identifier_of(value: str, label: str = "") -> Identifier:
    """An identifier with its type: by its form, and where that leaves it open, by its label.

    >>> [identifier_of(v).type.value for v in ("osk@tavel.org", "+44 20 7946 0018", "QX-20417")]
    ['email', 'phone', 'number']
    >>> identifier_of("hunter-22", "password").type.value
    'credential'
    """
    value = value.strip()
    return Identifier(type=_type(value, label), value=value, label=label.strip())


def _type(value: str, label: str) -> IdentifierType:
    if _SECRET.search(label):
        return IdentifierType.CREDENTIAL
    if found := _by_form(value):
        return found
    digits = len(_DIGITS.sub("", value))
    if _CARD.search(label) and digits >= 12:
        return IdentifierType.CARD
    if (_PHONE.search(label) and digits > 2) or is_phone(value):
        return IdentifierType.PHONE
    if any(fact.weak and fact.span.end - fact.span.start == len(value) for fact in facts_in(value)):
        return IdentifierType.DATE
    if any(pattern.match(value) for pattern in ADDRESSES):
        return IdentifierType.ADDRESS
    return IdentifierType.NUMBER


def _by_form(value: str) -> IdentifierType | None:
    for kind, pattern in (
        (IdentifierType.URL, _URL),
        (IdentifierType.EMAIL, _EMAIL),
        (IdentifierType.IBAN, _IBAN),
    ):
        if pattern.fullmatch(value):
            return kind
    for kind, read in ((IdentifierType.UUID, uuid.UUID), (IdentifierType.IP, ip_address)):
        try:
            read(value)
        except ValueError:
            continue
        return kind
    return None
