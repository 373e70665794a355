"""Embeddings of an OpenAI-compatible API, for those who keep their vectors there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from amnestic.exceptions import EmbedderError, RetrievalError
from amnestic.tools.protocols import Vectors

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["OpenAIEmbedder"]

BATCH = 256
MAX_CHARS = 8_000


class OpenAIEmbedder:
    """Embeds texts with `client.embeddings`; the key and the base URL are the client's own.

    The dimension is read from a first call, made when it is first asked for. Raises
    `EmbedderError` when no client can be made, and `RetrievalError` when a call fails.
    """

    def __init__(self, model: str, client: OpenAI | None = None) -> None:
        self._model = model
        self._client = client or _default_client()
        self._dimension = 0

    @property
    def identity(self) -> str:
        """A stamp of the API's address and the model's name."""
        return f"openai:{self._client.base_url}:{self._model}:{MAX_CHARS}"

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        if not self._dimension:
            self._dimension = int(self.embed(["dimension"]).shape[1])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` into a float32 array of shape `(len(texts), dimension)`, rows of length 1.

        Each text is cut after 8,000 characters; an empty one is sent as one space.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        found = [self._call(list(texts[i : i + BATCH])) for i in range(0, len(texts), BATCH)]
        vectors = np.concatenate(found)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled: Vectors = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
        return scaled

    def _call(self, texts: list[str]) -> Vectors:
        from openai import OpenAIError

        clean = [t[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8") or " " for t in texts]
        try:
            reply = self._client.embeddings.create(
                model=self._model, input=clean, encoding_format="float"
            )
        except OpenAIError as error:
            raise RetrievalError(
                f"the embedding model `openai:{self._model}` could not be reached "
                f"({type(error).__name__}); check the key, the base URL and the network"
            ) from None
        if len(reply.data) != len(texts):
            raise RetrievalError(
                f"the embedding model `openai:{self._model}` gave {len(reply.data)} vectors "
                f"for {len(texts)} texts"
            )
        rows = sorted(reply.data, key=lambda row: row.index)
        return np.asarray([row.embedding for row in rows], dtype=np.float32)


def _default_client() -> OpenAI:
    from openai import OpenAI, OpenAIError

    try:
        return OpenAI()
    except OpenAIError as error:
        raise EmbedderError(
            "no key for the embedding model; set OPENAI_API_KEY, or choose the embedder `minilm`"
        ) from error
