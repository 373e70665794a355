"""A document with a name and metadata as one record, and its metadata back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["Wrapped"]

_ID = "document id"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A document as a record: its metadata are the fields beside what it says. One that has the
    name of what it says stands in a record of its own.

    >>> told = Wrapped.of("text", "It rained.", None, {"text": "Rain"})
    >>> told.record, told.metadata_of(told.record)
    ({'metadata': {'text': 'Rain'}, 'text': 'It rained.'}, {'text': 'Rain'})
    """

    record: dict[str, Any]
    content_key: str
    moved_key: str
    id_key: str

    @classmethod
    def of(
        cls, content_key: str, content: str, name: str | None, metadata: Mapping[Any, Any]
    ) -> Self:
        """The record of a document that says `content`."""
        moved = _free("metadata", metadata)
        id_key = _free(_ID, metadata)
        record = {k: v for k, v in metadata.items() if k != content_key}
        if content_key in metadata:
            record[moved] = {content_key: metadata[content_key]}
        if name is not None:
            record[id_key] = name
        return cls(record | {content_key: content}, content_key, moved, id_key)

    def metadata_of(self, new: Mapping[Any, Any]) -> dict[Any, Any]:
        """The metadata of the record, of which some may have changed."""
        own = (self.content_key, self.id_key, self.moved_key)
        moved: Mapping[Any, Any] = new.get(self.moved_key, {})
        return {key: value for key, value in new.items() if key not in own} | dict(moved)


def _free(key: str, taken: Mapping[Any, Any]) -> str:
    while key in taken:
        key += "_"
    return key
