"""The libraries that stores come from, each of which is only needed for its own."""

from __future__ import annotations

from importlib.util import find_spec

from amnestic.exceptions import StoreError

__all__ = ["needs"]


def needs(scheme: str, module: str, package: str) -> None:
    """Raise `StoreError` unless a library is installed, with the command that brings it.

    >>> needs("logs", "json", "json")
    """
    try:
        if find_spec(module) is not None:
            return
    except ModuleNotFoundError:
        pass
    raise StoreError(f"`{scheme}:` needs {package}: run pip install {package}")
