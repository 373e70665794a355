"""Where a layer has the keys of its sealed targets from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amnestic.config import Settings
    from amnestic.tools.registry import Seals

__all__ = ["seals_of"]


def seals_of(settings: Settings) -> Seals:
    """The keys that the settings name. Raises `ConfigurationError` where one of them is none."""
    from amnestic.tools.registry import read_seals

    told = settings.seal_key
    return read_seals(settings.seal_key_file, told.get_secret_value() if told else None)
