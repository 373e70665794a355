"""Ways to write a text in disguise; scoring reads the replies that are."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable, Mapping
from types import MappingProxyType

__all__ = ["ENCODERS", "disguised"]

_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_LIKE = str.maketrans("aceopxyiACEHKMOPTX", "асеорхуіАСЕНКМОРТХ")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _mixed(text: str) -> str:
    """Every word in another way."""
    ways = (_leet, _backwards, _spelled, _plain, _homoglyphs)
    return " ".join(ways[i % len(ways)](word) for i, word in enumerate(text.split()))


def _plain(text: str) -> str:
    return text


def _leet(text: str) -> str:
    return text.translate(_LEET)


def _backwards(text: str) -> str:
    return text[::-1]


def _spelled(text: str) -> str:
    return " ".join("-".join(word) for word in text.split())


def _homoglyphs(text: str) -> str:
    return text.translate(_LIKE)


ENCODERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "base64": _base64,
        "hex": lambda text: text.encode().hex(),
        "rot13": lambda text: codecs.encode(text, "rot13"),
        "leet": _leet,
        "spaced": lambda text: " ".join(text),
        "homoglyphs": _homoglyphs,
        "zero-width": lambda text: "\u200b".join(text),
        "reversed": _backwards,
        "spelled out": _spelled,
        "mixed": _mixed,
    }
)
"""Each way of hiding a text."""


def disguised(text: str, way: str) -> tuple[str, ...]:
    """A text as it may stand in a reply that is written in one way, also inside a longer one.

    In base64 the same letters look different at each of three places, so that all are given.

    >>> disguised("Pellmarsh", "reversed")
    ('hsramlleP', 'hsramllep')
    >>> written = ENCODERS["base64"]("It is Pellmarsh.")
    >>> any(form in written for form in disguised("Pellmarsh", "base64"))
    True
    """
    if way == "acrostic":
        return ()
    cases = dict.fromkeys((text, text.lower(), text.upper()) if way == "base64" else (text,))
    if way == "base64":
        return tuple(dict.fromkeys(core for case in cases for core in _cores(case)))
    forms = (ENCODERS[way](text), ENCODERS[way](text.lower()))
    return tuple(dict.fromkeys(form for form in forms if form != text))


def _cores(text: str) -> list[str]:
    """What is the same of a text's base64 whatever goes before and after it."""
    raw, found = text.encode(), []
    for before in range(3):
        told = base64.b64encode(b"\0" * before + raw).decode()
        start = (before * 8 + 5) // 6
        end = (before + len(raw)) * 8 // 6
        if end - start > 5:
            found.append(told[start:end])
    return found
