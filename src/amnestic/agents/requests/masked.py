"""Refusals that do not repeat what they refuse: that of a sealed target may stand in a log."""

from __future__ import annotations

import re

from amnestic.exceptions import InvalidRequestError

__all__ = ["masked_refusal"]

_MASK = "▮▮▮"
_QUOTED = re.compile(r"""(['"])(.+?)\1(?!\w)""")
_NUMBERED = re.compile(r"(?<!\w)[\w./-]*\d[\w./-]*")


def masked_refusal(error: InvalidRequestError, request: str) -> InvalidRequestError:
    """A refusal of the same kind, without the words of the request that it quotes.

    >>> asked = "Please forget Maria until 3/4/2027."
    >>> refused = InvalidRequestError("who is meant by 'Maria'? 3/4/2027 can be read in two ways")
    >>> print(masked_refusal(refused, asked))
    who is meant by ▮▮▮? ▮▮▮ can be read in two ways
    """
    said = request.casefold()

    def quoted(match: re.Match[str]) -> str:
        return _MASK if match[2].casefold() in said else match[0]

    def numbered(match: re.Match[str]) -> str:
        return _MASK if match[0].casefold() in said else match[0]

    return type(error)(_NUMBERED.sub(numbered, _QUOTED.sub(quoted, str(error))))
