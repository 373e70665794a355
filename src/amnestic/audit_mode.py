"""Audit mode: which namespaces are only watched, and that nobody watches by accident."""

from __future__ import annotations

import logging
from collections.abc import Collection
from difflib import get_close_matches

from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError
from amnestic.tools.registry import Registry

__all__ = ["check_audit"]

_log = logging.getLogger("amnestic.audit")


def check_audit(settings: Settings, registry: Registry, spaces: Collection[str]) -> None:
    """Warn that a layer withholds nothing where its settings say so. Raises `ConfigurationError`
    for a namespace that is none of `spaces` and has no target: one that is misspelt would leave the
    right one to be changed, or worse, the other way round."""
    if not settings.audit:
        return
    if settings.audit == "all":
        _log.warning("AUDIT MODE: nothing is withheld from anybody; AMNESTIC_AUDIT says `all`")
        return
    known = sorted({settings.namespace, *spaces, *registry.namespaces()})
    for name in settings.audit:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]!r}?" if near else "give one that has targets or a key"
            raise ConfigurationError(f"AMNESTIC_AUDIT: {name!r} is no namespace here; {meant}")
    _log.warning("AUDIT MODE: nothing is withheld in %s", ", ".join(map(repr, settings.audit)))
