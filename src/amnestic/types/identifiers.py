"""Typed identifiers: values that stand for one thing alone, whatever is said around them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MAX_IDENTIFIER_CHARS", "Identifier", "IdentifierType"]

_LEAST_STRONG = 6
_LONGEST_LABEL = 200
MAX_IDENTIFIER_CHARS = 1_000
"""How long a value may be."""


class IdentifierType(StrEnum):
    """What sort of value an identifier is, and so how it may be written otherwise."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    IBAN = "iban"
    CARD = "card"
    URL = "url"
    UUID = "uuid"
    IP = "ip"
    DATE = "date"
    CREDENTIAL = "credential"
    """A password, a key or a token: told letter for letter, or not told."""
    NUMBER = "number"
    """The number of a customer, a case, an order and the like, with letters or without."""


class Identifier(BaseModel):
    """A value that stands for one thing alone, with its type, and the label that it was given.

    >>> Identifier(type="number", value="QX-20417", label="customer no.").told
    'customer no.: QX-20417'
    """

    model_config = ConfigDict(frozen=True)

    type: IdentifierType = IdentifierType.NUMBER
    value: str = Field(min_length=1, max_length=MAX_IDENTIFIER_CHARS)
    label: str = Field(default="", max_length=_LONGEST_LABEL)

    @property
    def told(self) -> str:
        """The identifier as a fact."""
        return f"{self.label}: {self.value}" if self.label else self.value

    @property
    def is_strong(self) -> bool:
        """Whether the value stands for one thing wherever it is met: long, and no date.

        >>> Identifier(type="date", value="12 March 1961").is_strong
        False
        """
        marks = sum(c.isalnum() for c in self.value)
        return marks >= _LEAST_STRONG and self.type is not IdentifierType.DATE

    @property
    def is_personal(self) -> bool:
        """Whether it is of a sort by which a private person is known: an e-mail or street address,
        a telephone, account, card or customer number, a date of birth, a password. A URL is public.

        >>> Identifier(type="url", value="https://tavel.org").is_personal
        False
        """
        return self.type is not IdentifierType.URL
