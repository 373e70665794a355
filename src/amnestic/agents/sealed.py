"""Which targets are sealed, and so named to no model."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from amnestic.exceptions import TargetNotFoundError
from amnestic.tools.protocols import Detector

__all__ = ["any_sealed"]


def any_sealed(detector: Detector, target_ids: Iterable[str]) -> bool:
    """Whether one of the targets is sealed; one that was revoked in the meantime is not."""
    for target_id in target_ids:
        with suppress(TargetNotFoundError):
            if detector.target(target_id).sealed:
                return True
    return False
