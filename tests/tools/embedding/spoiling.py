"""Ways in which a file of an encoder can be damaged."""

from __future__ import annotations

from pathlib import Path

__all__ = ["cut", "flip"]


def cut(path: Path) -> None:
    """Leave the end of a file out."""
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)
