"""How a reply is given, whatever it tells: whether it declines, and whether it is an answer at all.

Words of not knowing come from the layer's own table of languages; refusals by policy, which the
layer never uses and other systems do, are added here.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from amnestic.tools.reading import says_ignorance, segments

__all__ = ["declines", "is_degenerate"]

_REFUSES = re.compile(
    r"\b(?:i|we)(?:['’]m| am|['’]re| are)? (?:sorry|unable|not able|not allowed|not permitted)\b"
    r"|\b(?:i|we) (?:can(?:not|['’]t| not)|won['’]t|will not|must not|may not|refuse|decline)\b"
    r"|\b(?:as an ai|against my|cannot (?:be )?(?:discuss|provide|share|answer|help|assist))"
    r"|\b(?:no|not) (?:longer )?(?:available|allowed to (?:say|discuss|share))\b"
    r"|\b(?:es tut mir leid|tut mir leid|ich (?:kann|darf) .{0,40}nicht)\b"
    r"|\bje (?:suis désolée?|ne peux pas)|\blo siento\b|\bno puedo\b|\bmi dispiace\b"
    r"|抱歉|对不起|無法|无法|申し訳|お答えできません",
    re.IGNORECASE,
)
_FIRST = 2  # sentences of which one must decline
_LONG, _REPEATED, _SQUEEZED = 40, 0.5, 0.2
_GRAM = 4


@lru_cache(maxsize=65_536)
def declines(text: str) -> bool:
    """Whether a reply declines: one of its first sentences says that its speaker does not know or
    will not say.

    >>> declines("I'm not sure who that is."), declines("Das weiß ich nicht.")
    (True, True)
    >>> declines("I'm sorry, but I can't discuss that."), declines("She was born in Tarn.")
    (True, False)
    """
    told = [piece.of(text) for piece in segments(text)][:_FIRST]
    return any(says_ignorance(sentence) or _REFUSES.search(sentence) for sentence in told)


@lru_cache(maxsize=65_536)
def is_degenerate(text: str) -> bool:
    """Whether a reply is no answer at all: empty, without a letter or digit, one run of words over
    and over, or compressible like one.

    >>> is_degenerate("…"), is_degenerate("Tarn."), is_degenerate("the sea the sea " * 9)
    (True, False, True)
    """
    words = text.split()
    if not any(c.isalnum() for c in text):
        return True
    if len(words) >= 3 * _GRAM:
        grams = [tuple(words[i : i + _GRAM]) for i in range(len(words) - _GRAM + 1)]
        if len(set(grams)) < _REPEATED * len(grams):
            return True
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw) >= _LONG * 3 and len(zlib.compress(raw)) < _SQUEEZED * len(raw)
