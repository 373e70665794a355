"""Which store is which: by an address, or by the object that it is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from amnestic.exceptions import AmnesticError, StoreError
from amnestic.sweeping.protocol import Connector, Embed

__all__ = ["SCHEMES", "Opener", "connector_of", "register"]

Opener = Callable[[str, Embed | None], Connector]
"""Opens a store by what stands behind its scheme."""

_HERE = "amnestic.sweeping.connectors"

SCHEMES: dict[str, str | Opener] = {
    "chroma": f"{_HERE}.chroma:open_chroma",
    "faiss": f"{_HERE}.faiss_folder:open_folder",
    "langgraph-postgres": f"{_HERE}.checkpoints:open_postgres",
    "langgraph-sqlite": f"{_HERE}.checkpoints:open_sqlite",
    "llm-cache": f"{_HERE}.llm_cache:open_cache",
    "logs": f"{_HERE}.logs:open_logs",
    "mem0": f"{_HERE}.mem0_memory:open_mem0",
    "pgvector": f"{_HERE}.pgvector:open_pgvector",
    "qdrant": f"{_HERE}.qdrant:open_qdrant",
    "store-postgres": f"{_HERE}.kept_items:open_postgres",
    "store-sqlite": f"{_HERE}.kept_items:open_sqlite",
}
"""By the schemes of addresses, what opens a store: a function, or where one stands."""

_LIVE = (
    f"{_HERE}.vector_stores:connector_for",
    f"{_HERE}.live:connector_for",
    f"{_HERE}.mem0_memory:connector_for",
)
_MOST = 40


def register(scheme: str, opener: Opener) -> None:
    """Have addresses with another scheme opened by a function.

    >>> register("shelf", lambda place, embed: None)
    >>> "shelf" in SCHEMES
    True
    >>> del SCHEMES["shelf"]
    """
    SCHEMES[scheme] = opener


def connector_of(store: Any, embed: Embed | None = None) -> Connector:
    """The connector of a store: of an address, of a live object, or the one that it is itself.
    Raises `StoreError` for what is none of these, or cannot be opened."""
    if isinstance(store, str):
        return _opened(store, embed)
    if all(hasattr(store, name) for name in ("records", "changing", "rewrite", "address")):
        return cast(Connector, store)
    for place in _LIVE:
        found = cast(Connector | None, _function(place)(store, embed))
        if found is not None:
            return found
    raise StoreError(
        f"a `{type(store).__name__}` is no store that can be swept: give an address, a vector "
        "store of LangChain, a checkpointer, store or cache, or a `Connector`"
    )


def _opened(address: str, embed: Embed | None) -> Connector:
    scheme, colon, place = address.partition(":")
    if not colon or scheme not in SCHEMES:
        known = ", ".join(f"{name}:" for name in sorted(SCHEMES))
        told = f"`{scheme[:_MOST]}:`" if colon else "an address without a scheme"
        raise StoreError(f"{told} names no kind of store; those known are {known}")
    if not place:
        raise StoreError(f"`{address}` names no place: write it behind the colon")
    opener = SCHEMES[scheme]
    if isinstance(opener, str):
        opener = cast(Opener, _function(opener))
    try:
        return opener(place, embed)
    except AmnesticError:
        raise
    except Exception as error:  # noqa: BLE001 - a library raises anything, and may tell a password
        raise StoreError(
            f"a store of `{scheme}:` cannot be opened ({type(error).__name__}): it is broken, "
            "cannot be reached, or is of another layout"
        ) from None


def _function(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    return cast(Callable[..., Any], getattr(import_module(module), name))
