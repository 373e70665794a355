"""What the words of a forget request can be, and how that is told token by token."""

from __future__ import annotations

from typing import Final

__all__ = ["KINDS", "LINK", "NAMES", "OUTCOMES", "ROLES", "Layout", "begin_inside"]

NAMES: Final = ("subject", "alias", "identifier")
"""Words that name: what shall be forgotten, another name of it, a number or address of it."""

ROLES: Final = ("fact", "keep", "until", "scope", "reason", "wish")
"""Words that tell of it, that say what stays, until when, where, why, and that it shall go."""

KINDS: Final = (
    "person",
    "organisation",
    "work",
    "place",
    "event",
    "topic",
    "skill",
    "product",
    "project",
    "secret",
    "record",
    "other",
)
"""What a subject can be; finer than what is stored."""

OUTCOMES: Final = ("ok", "ask", "refuse")
"""What a careful person does with a text: stores, asks back, or does nothing."""

LINK: Final = 48
"""Numbers in each of a token's two link vectors: whose it is, and what it says of others."""


def begin_inside(names: tuple[str, ...]) -> tuple[str, ...]:
    """The token labels of span labels: outside, then begin and inside of each (Ramshaw and Marcus,
    "Text Chunking using Transformation-Based Learning", section 2).

    >>> begin_inside(("alias",))
    ('O', 'B-alias', 'I-alias')
    """
    return ("O", *(f"{place}-{name}" for name in names for place in "BI"))


class Layout:
    """Where each head stands in a token's outputs, side by side.

    >>> Layout.KINDS, Layout.WIDTH
    (slice(7, 19, None), 128)
    """

    NAMES: Final = slice(0, 1 + 2 * len(NAMES))
    KINDS: Final = slice(NAMES.stop, NAMES.stop + len(KINDS))
    ROLES: Final = slice(KINDS.stop, KINDS.stop + 1 + 2 * len(ROLES))
    ASKS: Final = slice(ROLES.stop, ROLES.stop + LINK)
    ANSWERS: Final = slice(ASKS.stop, ASKS.stop + LINK)
    WIDTH: Final = ANSWERS.stop
