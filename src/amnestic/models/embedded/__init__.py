"""The embedded chat model and its made-up world: `FOLDER` is a plain transformers checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["FOLDER"]

FOLDER: Final[Path] = Path(__file__).resolve().parent
