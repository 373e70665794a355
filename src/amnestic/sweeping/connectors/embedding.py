"""Vectors for rewritten texts: by what the store brings along, or what is given; and whether that
is what the store's other vectors were made with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from amnestic.exceptions import StoreError

__all__ = ["LocalEmbedder", "check_embedder", "vector_of"]

_SAME = 0.995  # cosine of one text's two vectors, made at different times by one embedder


class LocalEmbedder:
    """This layer's embedder (`minilm`, a folder, `openai:<name>`), in LangChain's form.

    Args:
        embedder: gives vectors for texts.
    """

    def __init__(self, embedder: Any) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        return [list(map(float, vector)) for vector in self._embedder.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def vector_of(embed: Any, text: str) -> Any:
    """The vector of a text, as an array of numpy."""
    made = embed.embed_documents([text])[0] if hasattr(embed, "embed_documents") else embed(text)
    return np.asarray(made, dtype=np.float32)


def check_embedder(embed: Any, text: str, vector: Sequence[float], address: str) -> bool:
    """Raise `StoreError` where an embedder is not the one that a stored vector was made with, and
    say whether the store has it at length one."""
    stored, made = np.asarray(vector, dtype=np.float32), vector_of(embed, text)
    if stored.shape != made.shape:
        raise StoreError(
            f"the vectors of `{address}` have {stored.size} numbers, those of the embedder "
            f"{made.size}: give the one that it was made with"
        )
    lengths = float(np.linalg.norm(stored)) * float(np.linalg.norm(made))
    if lengths and float(stored @ made) / lengths < _SAME:
        raise StoreError(
            f"the embedder is not the one that the vectors of `{address}` were made with"
        )
    was, now = float(np.linalg.norm(stored)), float(np.linalg.norm(made))
    return bool(abs(was - 1) < 1e-3 < abs(now - 1))
