"""What somebody is who uses a server."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Role"]


class Role(StrEnum):
    """What somebody is. A caller calls and does nothing else; the others see, change and manage,
    each what the one before may too, and none of them calls."""

    CALLER = "caller"
    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
