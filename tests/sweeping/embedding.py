"""Vectors of texts by their words, so that what is alike lies near."""

from __future__ import annotations

import re
from hashlib import blake2b

import numpy as np
from langchain_core.embeddings import Embeddings

__all__ = ["WordEmbeddings"]


class WordEmbeddings(Embeddings):
    """Each word has a place among a few numbers."""

    def __init__(self, size: int = 64) -> None:
        self._size = size

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector of length one for each text."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a text."""
        vector = np.zeros(self._size, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[int.from_bytes(blake2b(word.encode(), digest_size=4).digest()) % self._size] += 1
        return [float(n) for n in vector / (np.linalg.norm(vector) or 1.0)]
