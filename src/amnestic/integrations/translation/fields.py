"""Reading the fields of a request strictly: what cannot be translated is refused by its name, since
what is passed on unread would go past the review."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.openai import Json

__all__ = ["fields", "image_url", "items", "no_type", "number", "switch", "text", "whole_number"]

THE_REQUEST = "the request"
"""The place of what is in no other object."""

_MOST_QUOTED = 64


def fields(
    value: Any, place: str, known: Collection[str], dropped: Collection[str] = ()
) -> dict[str, Any]:
    """The fields of an object that are set; those `dropped` go no further.

    Raises `InvalidRequestError` for what is no object, `UnsupportedContentError` for a field that
    is neither and holds something.

    >>> fields({"text": "Hi.", "cache": {"ttl": 1}, "more": None}, "it", ("text",), ("cache",))
    {'text': 'Hi.'}
    >>> fields({"a": "x"}, "it", ("text",))
    Traceback (most recent call last):
    amnestic.exceptions.UnsupportedContentError: it has 'a', which cannot be read here; leave it out
    """
    if not isinstance(value, Mapping):
        raise InvalidRequestError(f"{place} must be an object")
    for name, held in value.items():
        if held and name not in known and name not in dropped:
            raise UnsupportedContentError(
                f"{place} has {name[:_MOST_QUOTED]!r}, which cannot be read here; leave it out",
                name[:_MOST_QUOTED] if place == THE_REQUEST else None,
            )
    return {name: held for name, held in value.items() if name in known and held is not None}


def text(value: Any, place: str) -> str:
    """A string; raises `InvalidRequestError` for anything else."""
    if not isinstance(value, str):
        raise InvalidRequestError(f"{place} must be a string")
    return value


def items(value: Any, place: str) -> list[Any]:
    """A list; raises `InvalidRequestError` for anything else."""
    if not isinstance(value, list):
        raise InvalidRequestError(f"{place} must be a list")
    return value


def number(value: Any, place: str) -> float:
    """A number; raises `InvalidRequestError` for anything else.

    >>> number(0.5, "'min_p'")
    0.5
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidRequestError(f"{place} must be a number")
    return value


def whole_number(value: Any, place: str, least: int | None = None) -> int:
    """A whole number, of at least `least`; raises `InvalidRequestError` for anything else."""
    number(value, place)
    if not isinstance(value, int) or (least is not None and value < least):
        wanted = "a whole number" if least is None else f"a whole number from {least} on"
        raise InvalidRequestError(f"{place} must be {wanted}")
    return value


def switch(value: Any, place: str) -> bool:
    """True or false; raises `InvalidRequestError` for anything else."""
    if not isinstance(value, bool):
        raise InvalidRequestError(f"{place} must be true or false")
    return value


def image_url(url: str) -> Json:
    """An image as a part of a chat message.

    >>> image_url("https://a.example/b.png")
    {'type': 'image_url', 'image_url': {'url': 'https://a.example/b.png'}}
    """
    return {"type": "image_url", "image_url": {"url": url}}


def no_type(kind: Any, place: str) -> UnsupportedContentError:
    """The error for something of a type that cannot be translated."""
    shown = kind[:_MOST_QUOTED] if isinstance(kind, str) else type(kind).__name__
    return UnsupportedContentError(
        f"{place} is of the type {shown!r}, which cannot be read here; leave it out"
    )
