"""Parsers in native code, behind a cap on the size and a limit on the time."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

__all__ = ["Parsed", "parsed"]

_LONGEST = 400_000
_SECONDS = 2.0
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Parsed:
    """A syntax tree, and where in the text each of its places is: the parser counts bytes."""

    root: Any
    _chars: tuple[int, ...] | None

    def at(self, byte: int) -> int:
        """The place in the text of a place in its bytes."""
        return byte if self._chars is None else self._chars[byte]


def parsed(text: str, grammar: str) -> Parsed | None:
    """The syntax tree of `text` by the grammar of a name ("markdown", "toml", "python"); `None`
    where the text is too long, or takes too long.

    >>> tree = parsed("Zürich\\n\\nTavel\\n", "markdown")
    >>> [tree.at(node.start_byte) for node in tree.root.children[0].children]
    [0, 8]
    """
    if len(text) > _LONGEST:
        return None
    data = text.encode("utf-8", "surrogatepass")
    until = time.monotonic() + _SECONDS
    try:
        tree = _parser(grammar).parse(_reader(data), progress_callback=_watch(until))
    except ValueError:  # the time is up
        return None
    return Parsed(tree.root_node, _chars(text, data))


def _reader(data: bytes) -> Callable[[int, Any], bytes]:
    """The text piece by piece: only then does the parser ask whether to go on."""
    return lambda at, _point: data[at : at + _CHUNK]


def _watch(until: float) -> Callable[..., bool]:
    return lambda *_: time.monotonic() > until


def _chars(text: str, data: bytes) -> tuple[int, ...] | None:
    if len(data) == len(text):
        return None
    places = [0] * (len(data) + 1)
    sizes = (1 if c < "\x80" else 2 if c < "\u0800" else 3 if c < "\U00010000" else 4 for c in text)
    for char, byte in enumerate(accumulate(sizes, initial=0)):
        places[byte] = char
    for byte in range(1, len(places)):
        places[byte] = places[byte] or places[byte - 1]
    return tuple(places)


def _parser(grammar: str) -> Any:
    """A parser of its own for every text: one that was stopped would go on where it stopped."""
    from tree_sitter import Parser

    return Parser(_language(grammar))


@cache
def _language(grammar: str) -> Any:
    from tree_sitter import Language

    return Language(importlib.import_module(f"tree_sitter_{grammar}").language())
