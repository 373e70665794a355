"""What a user asks, apart from the documents that were pasted around the question."""

from __future__ import annotations

from collections.abc import Callable

from amnestic.tools.segments import segments

__all__ = ["is_request", "own_words"]

_ASKING = (
    "who whom whose what which when where why how is are was were did does do can could would "
    "will should tell name list give explain describe write complete fill translate summarize "
    "summarise answer please question use"
)
_ASKING_WORDS = frozenset(_ASKING.split())


def is_request(piece: str) -> bool:
    """Whether a sentence asks for something rather than telling it.

    >>> is_request("Who cast the bell?"), is_request("Osk cast the bell.")
    (True, False)
    """
    words = piece.strip().lower().split(maxsplit=1)
    return "?" in piece or (bool(words) and words[0].strip("\"'“(:,") in _ASKING_WORDS)


def own_words(text: str, leaks: Callable[[str], bool]) -> str:
    """The requests in `text`, where documents are pasted around them of which some tell of a
    target and some do not: then the leaking ones are scrubbed, and what is asked is what is left
    to judge. Any other text is given back as it is.

    >>> leaks = lambda s: "Osk" in s
    >>> own_words("Osk casts bells. Tarn makes clocks. What does Tarn make?", leaks)
    'What does Tarn make?'
    >>> own_words("Osk casts bells. What does Osk cast?", leaks)
    'Osk casts bells. What does Osk cast?'
    """
    pieces = [s.of(text) for s in segments(text) if s.of(text).strip()]
    asked = [p for p in pieces if is_request(p)]
    told = [p for p in pieces if not is_request(p) and len(p.split()) > 2]
    if not asked or len(told) < 2:
        return text
    leaking = [p for p in told if leaks(p)]
    return "".join(asked).strip() if leaking and len(leaking) < len(told) else text
