"""Whether what the tagger takes for an exception is one: a list stays as a whole, or nothing of it
does.

"Erase it: plot, characters, whatever there is" lists what goes; of one piece alone the tagger may
be sure that it stays.
"""

from __future__ import annotations

import re

from amnestic.tools.tagging import Span, Tagged

__all__ = ["surely_stays"]

_CERTAIN = 0.75  # an exception weakens the guard, a missing one is seen in the reading
_COMMA = re.compile(r"\s*,\s*")


def surely_stays(seen: Tagged, span: Span) -> bool:
    """Whether a piece surely stays, and with it all that it is listed with.

    >>> plot, cast = Span(0, 4, "keep", 0.9), Span(6, 10, "keep", 0.3)
    >>> surely_stays(Tagged("plot, cast", (plot,), (1.0, 0.0, 0.0)), plot)
    True
    >>> surely_stays(Tagged("plot, cast", (plot, cast), (1.0, 0.0, 0.0)), plot)
    False
    """
    if span.certainty < _CERTAIN:
        return False
    unsure = [s for s in seen.labelled("keep") if s.certainty < _CERTAIN]
    return not any(_are_listed(seen.text, *sorted((span, s), key=_start)) for s in unsure)


def _start(span: Span) -> int:
    return span.start


def _are_listed(text: str, first: Span, second: Span) -> bool:
    return _COMMA.fullmatch(text, first.end, max(first.end, second.start)) is not None
