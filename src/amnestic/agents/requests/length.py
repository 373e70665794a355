"""How long a forget request may be."""

from __future__ import annotations

from amnestic.exceptions import ForgetRequestError

__all__ = ["MAX_REQUEST_CHARS", "refuse_long"]

MAX_REQUEST_CHARS = 8_000
"""The most characters of a request that are read, at every door, with and without a model."""


def refuse_long(text: str) -> None:
    """Raise `ForgetRequestError` for a request that is too long to be read.

    >>> refuse_long("Please forget Ana Morel." * 400)
    Traceback (most recent call last):
    ...
    amnestic.exceptions.ForgetRequestError: the forget request has 9,600 characters; at most 8,000 \
are read: shorten it, or bring many in as a file
    """
    if len(text) > MAX_REQUEST_CHARS:
        raise ForgetRequestError(
            f"the forget request has {len(text):,} characters; at most {MAX_REQUEST_CHARS:,} are "
            "read: shorten it, or bring many in as a file"
        )
