"""The tokens of an encoder, within its limit."""

from __future__ import annotations

from collections.abc import Callable

from amnestic.exceptions import ConfigurationError
from amnestic.extras import require
from amnestic.tools.embedding.word_pieces import WordPieces

__all__ = ["ids_within"]


def ids_within(written: str, limit: int) -> Callable[[str], list[int]]:
    """What makes ids of a text, `limit` of them at the most, by a tokenizer that is written as
    JSON. One that is none of BERT's word pieces is run by `tokenizers`, which comes with the extra
    `local`: `MissingExtraError` without it.
    """
    try:
        pieces = WordPieces(written)
    except ConfigurationError:
        return _by_library(written, limit)

    def ids(text: str) -> list[int]:
        found = pieces.encode(text).ids
        return found if len(found) <= limit else [*found[: limit - 1], found[-1]]

    return ids


def _by_library(written: str, limit: int) -> Callable[[str], list[int]]:
    require("local", "an embedding model with a tokenizer of its own", _OTHERWISE)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(written)
    tokenizer.enable_truncation(limit)
    tokenizer.no_padding()

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer.encode(text).ids
        return found

    return ids


_OTHERWISE = ", or set AMNESTIC_EMBEDDER=minilm"
