"""What each token of a tokenizer adds to a text, in an order in which beginnings are found fast."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from amnestic.models.letters import Kind, fold, kind_of

__all__ = ["Vocabulary", "decoded", "token_texts"]

_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_LAST = chr(0x10FFFF)


class Vocabulary:
    """The tokens of a tokenizer as folded texts.

    Args:
        texts: what each token adds to a text: characters; bytes, where it holds a part of one;
            `None` where nobody can tell.

    >>> words = Vocabulary([" Row", "ling", b"\\xc3", " row"])
    >>> words.folded[words.ids.index(1)], sorted(words.within(*words.beginning(" ro")))
    ('ling', [0, 3])
    """

    def __init__(self, texts: list[str | bytes | None]) -> None:
        self.texts = [fold(text) if isinstance(text, str) else text for text in texts]
        whole = sorted((text, i) for i, text in enumerate(self.texts) if isinstance(text, str))
        self.folded = [text for text, _ in whole]
        self.ids = [i for _, i in whole]
        self.parts = [(i, text) for i, text in enumerate(self.texts) if isinstance(text, bytes)]
        self.unknown = [i for i, text in enumerate(self.texts) if text is None]

    def beginning(self, start: str, low: int = 0, high: int | None = None) -> tuple[int, int]:
        """The places of the folded texts that begin with `start`, as first and end."""
        high = len(self.folded) if high is None else high
        return (
            bisect_left(self.folded, start, low, high),
            bisect_right(self.folded, start + _LAST, low, high),
        )

    def within(self, low: int, high: int) -> list[int]:
        """The ids of the tokens at some places."""
        return self.ids[low:high]

    def holding(self, text: str) -> Iterator[int]:
        """The places of the folded texts in which a text stands."""
        joined, starts = self._joined
        at = joined.find(text)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            yield place
            at = joined.find(text, starts[place + 1])

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        starts, length = [0], 0
        for text in self.folded:
            length += len(text) + 1
            starts.append(length)
        return "".join(text + _LAST for text in self.folded), starts

    @cached_property
    def gaps(self) -> list[str]:
        """The characters between words that some token holds."""
        held = set().union(*map(set, self.folded))
        return sorted(char for char in held if kind_of(char) is Kind.GAP)


def decoded(data: bytes) -> tuple[str, bytes]:
    """The characters that bytes hold, and the bytes of one that has only begun.

    >>> decoded(b"a\\xc3")
    ('a', b'\\xc3')
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return decoder.decode(data), decoder.getstate()[0]


def token_texts(tokenizer: Any, size: int) -> list[str | bytes | None]:
    """What each of the first `size` tokens adds to a text behind a letter; special ones nothing."""
    ids = tokenizer.encode("a", add_special_tokens=False)[-1:]
    plain = {"skip_special_tokens": True, "clean_up_tokenization_spaces": False}
    known = min(size, len(tokenizer))
    before = tokenizer.decode(ids, **plain)
    after = tokenizer.batch_decode([[*ids, token] for token in range(known)], **plain)
    texts: list[str | bytes | None] = [text[len(before) :] for text in after]
    broken = [i for i, text in enumerate(after) if _UNREADABLE in text]
    for i, piece in zip(broken, tokenizer.convert_ids_to_tokens(broken), strict=True):
        texts[i] = _bytes_of(piece)
    return [*texts, *[""] * (size - known)]  # weights are padded with tokens that are nothing


def _bytes_of(piece: str) -> bytes | None:
    """The bytes of a token as byte-level tokenizers and those with bytes to fall back on write
    them."""
    if found := _BYTE.fullmatch(piece):
        return bytes([int(found[1], 16)])
    letters = _byte_letters()
    if all(char in letters for char in piece):
        return bytes(letters[char] for char in piece)
    return None


def _byte_letters() -> dict[str, int]:
    """GPT-2's letters for the 256 bytes."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {chr(byte): byte for byte in shown}
    return letters | {chr(256 + i): byte for i, byte in enumerate(hidden)}
