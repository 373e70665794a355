"""Amnestic: a chat model answers as if it had never learned what it was asked to forget.

Public names are loaded when first used, so that `import amnestic` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.config import Settings
    from amnestic.types import ForgetTarget, Receipt, Reply

__all__ = ["Amnesia", "ForgetTarget", "Receipt", "Reply", "Settings"]

__version__ = "0.1.0"

_HOMES = {
    "Amnesia": "amnestic.amnesia",
    "ForgetTarget": "amnestic.types",
    "Receipt": "amnestic.types",
    "Reply": "amnestic.types",
    "Settings": "amnestic.config",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'amnestic' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
