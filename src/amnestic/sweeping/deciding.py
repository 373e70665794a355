"""What becomes of a record: it stays, loses what belongs to a target, or goes.

What a record loses is decided as it is for a corpus. Of what is left there: a record of which less
than half of the letters may stay is the target's, and goes as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from amnestic.scrubbing import Judge, Wrapped
from amnestic.scrubbing.records import Leaf, Touch, touched
from amnestic.scrubbing.values import leaves_of, replaced
from amnestic.sweeping.protocol import Record
from amnestic.sweeping.stones import Stones, ToldBy

__all__ = ["Action", "Decision", "decide", "words_of"]

_TEXT, _BESIDE = "text", "metadata"


class Action(StrEnum):
    """What becomes of a record."""

    KEEP = "keep"
    REWRITE = "rewrite"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a record.

    Attributes:
        targets: whose it was, by id.
        new: the record as it may stay, where it is rewritten.
        returned: whether it was removed before, and is back.
        told_by: what told of them, of a record that is removed.
    """

    record: Record
    action: Action = Action.KEEP
    targets: tuple[str, ...] = ()
    new: Record | None = None
    returned: bool = False
    told_by: ToldBy = ToldBy.TEXT


def decide(records: Sequence[Record], judge: Judge, stones: Stones) -> list[Decision]:
    """What becomes of records, which are judged together."""
    wrapped = [_Tree.of(record) for record in records]
    leaves = [list(leaves_of(tree.value)) for tree in wrapped]
    found = touched(leaves, judge)
    named = _named([record.id for record in records], judge)
    return [
        _decided(*each, judge, stones)
        for each in zip(records, wrapped, leaves, found, named, strict=True)
    ]


def words_of(name: str) -> str:
    """A name that a program has made, in words.

    >>> words_of("users/ana_morel-2.MorelAna")
    'users ana morel 2 Morel Ana'
    """
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).split())


@dataclass(frozen=True, slots=True)
class _Tree:
    """A record as one tree: running text has its metadata beside it, as a document does."""

    value: dict[str, Any]
    wrapped: Wrapped | None

    @classmethod
    def of(cls, record: Record) -> _Tree:
        if isinstance(record.text, str):
            wrapped = Wrapped.of(_TEXT, record.text, None, record.metadata)
            return cls(wrapped.record, wrapped)
        return cls({_TEXT: record.text, _BESIDE: dict(record.metadata)}, None)

    def without(self, leaves: Sequence[Leaf], touches: Sequence[Touch]) -> tuple[Any, Any]:
        """The text and the metadata that may stay."""
        new = {(leaves[t.leaf].path, leaves[t.leaf].is_key): t.text for t in touches}
        left = replaced(self.value, new)
        if self.wrapped is not None:
            return left[_TEXT], self.wrapped.metadata_of(left)
        return left[_TEXT], left[_BESIDE]


def _decided(
    record: Record,
    tree: _Tree,
    leaves: Sequence[Leaf],
    touches: Sequence[Touch],
    named: tuple[str, ...],
    judge: Judge,
    stones: Stones,
) -> Decision:
    known = stones.look(record)
    if named:
        return Decision(record, Action.REMOVE, named, returned=known.returned, told_by=ToldBy.ID)
    told = [t for t in touches if not _is_frame(leaves[t.leaf])]
    if not told:
        action = Action.REMOVE if known.removed else Action.KEEP
        return Decision(record, action, known.removed, returned=bool(known.removed))
    targets = tuple(dict.fromkeys(target for touch in told for target in touch.targets))
    text, beside = tree.without(leaves, told)
    before, after = (_letters(part) for part in (record.text, text))
    action = Action.REMOVE if 2 * after < before or not after else Action.REWRITE
    told_by = ToldBy.BESIDE
    if action is Action.REMOVE and any(judge.found(told) for told in _strings(record.text)):
        told_by = ToldBy.TEXT
    new = replace(record, text=text, metadata=beside)
    return Decision(record, action, targets, new, known.returned, told_by)


def _is_frame(leaf: Leaf) -> bool:
    """Whether a leaf is a key of the tree's own, and not of the record."""
    return leaf.is_key and len(leaf.path) == 1 and leaf.path[0] in (_TEXT, _BESIDE)


def _letters(text: Any) -> int:
    return sum(sum(map(str.isalnum, told)) for told in _strings(text))


def _strings(text: Any) -> Iterator[str]:
    """The strings of a tree without its keys, which are the program's."""
    yield from (leaf.text for leaf in leaves_of(text) if not leaf.is_key)


def _named(ids: Sequence[str], judge: Judge) -> list[tuple[str, ...]]:
    """The targets that ids tell of."""
    words = [words_of(name) for name in ids]
    near = judge.sift(words)
    return [judge.found(w) if n else () for w, n in zip(words, near, strict=True)]
