"""Points of a vector store with a payload: as a document where it is LangChain's, else as a record
of fields; and which of its strings the vector was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.embedding import vector_of
from amnestic.sweeping.protocol import Record

__all__ = ["embedded_field", "payload_of", "record_of", "strings_of"]

_SAME = 0.995  # cosine of one text's two vectors, made at different times by one embedder
_CONTENT, _METADATA = "page_content", "metadata"


def record_of(name: str, payload: Mapping[str, Any], key: Any = None) -> Record:
    """The record of a payload.

    >>> record_of("1", {"page_content": "Rain.", "metadata": {"n": 1}}).metadata
    {'n': 1}
    >>> record_of("1", {"data": "Rain."}).text
    {'data': 'Rain.'}
    """
    if _is_document(payload):
        beside = payload.get(_METADATA) or {}
        return Record(name, payload[_CONTENT], beside, key)
    return Record(name, dict(payload), {}, key)


def payload_of(record: Record) -> dict[str, Any]:
    """The payload of a record, again."""
    if isinstance(record.text, str):
        return {_CONTENT: record.text, _METADATA: dict(record.metadata)}
    return dict(record.text)


def embedded_field(record: Record, vector: Sequence[float], embed: Any, address: str) -> str:
    """Of which of a record's strings its vector was made. Raises `StoreError` where none of them
    gives the vector: the embedder is another one."""
    stored = np.asarray(vector, dtype=np.float32)
    for name, text in strings_of(record).items():
        made = vector_of(embed, text)
        if made.shape != stored.shape:
            raise StoreError(
                f"the vectors of `{address}` have {stored.size} numbers, those of the embedder "
                f"{made.size}: give the one that it was made with"
            )
        lengths = float(np.linalg.norm(stored)) * float(np.linalg.norm(made))
        if lengths and float(stored @ made) / lengths >= _SAME:
            return name
    raise StoreError(f"the embedder is not the one that the vectors of `{address}` were made with")


def _is_document(payload: Mapping[str, Any]) -> bool:
    content, beside = payload.get(_CONTENT), payload.get(_METADATA)
    only_these = set(payload) <= {_CONTENT, _METADATA}
    return only_these and isinstance(content, str) and isinstance(beside, Mapping | None)


def strings_of(record: Record) -> dict[str, str]:
    """The strings of a record that a vector may have been made of, the longest first."""
    if isinstance(record.text, str):
        return {_CONTENT: record.text}
    told = {k: v for k, v in record.text.items() if isinstance(v, str) and v.strip()}
    return dict(sorted(told.items(), key=lambda item: -len(item[1])))
