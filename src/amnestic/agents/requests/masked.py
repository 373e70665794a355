"""Refusals that do not repeat what they refuse: that of a sealed target may stand in a log."""

from __future__ import annotations

import re

from amnestic.exceptions import InvalidRequestError
from amnestic.tools.reading import rank

__all__ = ["masked_refusal"]

_MASK = "▮▮▮"
_QUOTED = re.compile(r"""(['"])(.+?)\1(?!\w)""")
_NUMBERED = re.compile(r"(?<!\w)[\w./-]*\d[\w./-]*")
_WORD = re.compile(r"[^\W\d_]+")


def masked_refusal(error: InvalidRequestError, request: str) -> InvalidRequestError:
    """A refusal of the same kind, without what it repeats of the request: quotations, numbers and
    words that are not everyday ones.

    >>> asked = "Please forget Quenby until 3/4/2027."
    >>> refused = InvalidRequestError("who is 'Quenby'? 3/4/2027 can be read in two ways")
    >>> print(masked_refusal(refused, asked))
    who is ▮▮▮? ▮▮▮ can be read in two ways
    """
    said = request.casefold()

    def hidden(match: re.Match[str]) -> str:
        return _MASK if match[match.lastindex or 0].casefold() in said else match[0]

    def rare(match: re.Match[str]) -> str:
        return match[0] if rank(match[0].lower()) is not None else hidden(match)

    told = _NUMBERED.sub(hidden, _QUOTED.sub(hidden, str(error)))
    return type(error)(_WORD.sub(rare, told))
