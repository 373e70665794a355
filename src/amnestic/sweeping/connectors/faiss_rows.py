"""Rows of a FAISS index: some are taken out, the others close up, and new ones come behind them."""

from __future__ import annotations

from typing import Any

import numpy as np

from amnestic.exceptions import StoreError

__all__ = ["with_other_rows"]


def with_other_rows(index: Any, kept: list[int], new: Any, address: str) -> Any:
    """A copy of an index with the rows that are kept, in their order, and new ones behind them.

    A flat index closes up by itself. An index of lists (IVF) keeps each vector's number, so that
    its vectors are numbered anew here; a graph (HNSW) is built anew.

    Args:
        index: any index of FAISS to which vectors were added without numbers of their own.
        kept: the rows that stay, in their order.
        new: vectors to be added, one a row, of 32-bit floats.
        address: names the store in errors.

    Raises:
        StoreError: nothing can be removed from an index of this kind, or its numbers are no rows.

    >>> import faiss
    >>> index = faiss.IndexFlatL2(2)
    >>> index.add(np.eye(2, dtype=np.float32))
    >>> with_other_rows(index, [1], np.full((1, 2), 3, np.float32), "faiss:store").reconstruct_n(0)
    array([[0., 1.],
           [3., 3.]], dtype=float32)
    """
    import faiss

    copied = faiss.clone_index(index)
    lists = faiss.try_extract_index_ivf(copied)
    if lists is None:
        _close_up(index, copied, kept, address)
        if len(new):
            copied.add(new)
        return copied
    # Where each row lies is noted of the old rows, and wrongly of rows added to a table of numbers.
    noted = lists.direct_map.type
    lists.set_direct_map_type(lists.direct_map.NoMap)
    _number_anew(copied, lists, kept, address)
    if len(new):
        copied.add(new)
    lists.set_direct_map_type(noted)
    return copied


def _close_up(index: Any, copied: Any, kept: list[int], address: str) -> None:
    """Keep some rows of a copy, whose numbers are their places."""
    import faiss

    try:
        copied.remove_ids(_but(kept))
    except RuntimeError:
        if not isinstance(faiss.downcast_index(index), faiss.IndexHNSWFlat):
            raise _fixed(index, address) from None
        vectors = index.reconstruct_n(0, index.ntotal)
        copied.reset()
        if kept:
            copied.add(np.ascontiguousarray(vectors[kept]))


def _number_anew(index: Any, lists: Any, kept: list[int], address: str) -> None:
    """Keep some rows of an index of lists, and number them from nought."""
    if sorted(row for held in _numbers(lists) for row in held.tolist()) != [*range(index.ntotal)]:
        raise StoreError(
            f"the index of `{address}` numbers its vectors otherwise than its documents, so that "
            "none can be told from the others: build it anew from its sources"
        )
    try:
        index.remove_ids(_but(kept))
    except RuntimeError:
        raise _fixed(index, address) from None
    places = {row: place for place, row in enumerate(kept)}
    for held in _numbers(lists):
        held[:] = [places[row] for row in held.tolist()]


def _but(kept: list[int]) -> Any:
    """Selects every row but some."""
    import faiss

    return faiss.IDSelectorNot(faiss.IDSelectorBatch(np.asarray(kept, dtype=np.int64)))


def _numbers(lists: Any) -> list[Any]:
    """The numbers of the vectors in each list, as they lie in the index."""
    import faiss

    held = lists.invlists
    sizes = [held.list_size(n) for n in range(lists.nlist)]
    return [faiss.rev_swig_ptr(held.get_ids(n), size) for n, size in enumerate(sizes)]


def _fixed(index: Any, address: str) -> StoreError:
    import faiss

    return StoreError(
        f"the index of `{address}` is of a kind from which nothing can be removed "
        f"({type(faiss.downcast_index(index)).__name__}): build it anew from its sources"
    )
