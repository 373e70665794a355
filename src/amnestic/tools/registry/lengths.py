"""How long what is stored of a target may be."""

from __future__ import annotations

from amnestic.exceptions import InputTooLargeError
from amnestic.types import ForgetTarget

__all__ = ["check_lengths"]

_LONGEST_NAME = 1_000  # letters


def check_lengths(target: ForgetTarget) -> None:
    """Refuse names that nothing is called by: every form of one is looked for in every text, and
    that of a whole book's length takes gigabytes.

    Raises `InputTooLargeError`, which does not tell the name.

    >>> check_lengths(ForgetTarget(id="t", subject="Ada Example" * 100))
    Traceback (most recent call last):
    amnestic.exceptions.InputTooLargeError: a name has 1,100 letters; 1,000 are the most
    """
    longest = max(map(len, target.names), default=0)
    if longest > _LONGEST_NAME:
        raise InputTooLargeError(f"a name has {longest:,} letters; {_LONGEST_NAME:,} are the most")
