"""The page of the real clients, made from what `make test-clients` found."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["clients_page"]

_TESTS = Path(__file__).parent.parent / "tests" / "clients"


def clients_page(made: str) -> str:
    """`docs/clients.md`, which says of itself how it is `made`."""
    sys.path.insert(0, str(_TESTS))
    from results import page, read

    return page(made, read())
