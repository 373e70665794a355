"""Sentence vectors: the encoder that comes with the package, others, and batches over callers.

In: texts. Out: an `Embedder`, which gives one vector of length 1 for each; for the other trained
graphs of the package, their sessions and tokenizer.
"""

from __future__ import annotations

from amnestic.tools.embedding.batching import BatchingEmbedder
from amnestic.tools.embedding.embedder import (
    hand_down_minilm,
    load_ahead,
    load_embedder,
    refuse_sealed,
)
from amnestic.tools.embedding.graph import hand_down, load_graph, shipped_tokenizer
from amnestic.tools.embedding.spreading import Begun, like_lengths, spread

__all__ = [
    "BatchingEmbedder",
    "Begun",
    "hand_down",
    "hand_down_minilm",
    "like_lengths",
    "load_ahead",
    "load_embedder",
    "load_graph",
    "refuse_sealed",
    "shipped_tokenizer",
    "spread",
]
