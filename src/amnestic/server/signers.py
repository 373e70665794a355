"""The key that a server signs verifications with: all replicas of one registry sign with one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from amnestic.exceptions import AmnesticError, ConfigurationError, InvalidRequestError
from amnestic.places import DatabaseUrl
from amnestic.server.errors import note_failure
from amnestic.tools.offload import offload

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.verifying import SigningKey

__all__ = ["Signers"]

_NOTE = "signing key"
_EVERY = 300.0  # seconds between two tellings
_COUNTS = 900.0  # seconds for which one counts
_SHOWN = 12  # letters of a public key by which one tells it from another
_log = logging.getLogger(__name__)


class Signers:
    """Tells the other replicas of a registry which key this one signs with, and hears theirs. Of a
    registry in a file there is one: its key lies beside it.

    Args:
        amnesia: the layer.
    """

    def __init__(self, amnesia: Amnesia) -> None:
        self._amnesia = amnesia
        self._shared = isinstance(amnesia.settings.db, DatabaseUrl)
        self._warned: tuple[str, ...] = ()

    def key(self) -> SigningKey:
        """The key to sign with. Raises `InvalidRequestError` where it would be this replica's
        alone, or cannot be used: why, and where it is, stands in the log."""
        from amnestic.verifying import SigningKey, signing_key_file

        settings = self._amnesia.settings
        file = signing_key_file(settings)
        try:
            if self._shared and settings.signing_key is None and not file.exists():
                raise InvalidRequestError(
                    "replicas share this registry, and each would make a signing key of its own: "
                    "give all of them one, in the file that AMNESTIC_SIGNING_KEY names"
                )
            key = SigningKey(file)
        except (ConfigurationError, OSError) as error:
            _log.error("%s", error)
            raise InvalidRequestError(
                "the signing key of this server cannot be used; its log says why"
            ) from None
        if self.others(key.public):
            raise InvalidRequestError(
                "another replica of this registry signs with another key: give all of them one, in "
                "the file that AMNESTIC_SIGNING_KEY names; a replica that has stopped is forgotten "
                "after a quarter of an hour"
            )
        return key

    def others(self, public: str) -> tuple[str, ...]:
        """Tell which key this replica has, and give those of the others that are not the same.
        Raises `RegistryError`."""
        if not self._shared:
            return ()
        board = self._amnesia.registry.board
        board.put(_NOTE, public, b"", lasting=_COUNTS)
        return tuple(other for other in board.ids(_NOTE) if other != public)

    async def run(self) -> None:
        """Tell it again and again, until cancelled."""
        while self._shared:
            await offload(self.look)
            await asyncio.sleep(_EVERY)

    def look(self) -> None:
        """Tell it once, if there is a key, and warn of others."""
        from amnestic.verifying import SigningKey, signing_key_file

        file = signing_key_file(self._amnesia.settings)
        try:
            if not file.exists():
                return
            public = SigningKey.public_of(file)
            others = self.others(public)
        except (AmnesticError, OSError) as error:  # the next time, or when it is to be used
            note_failure(error)
            return
        if others and others != self._warned:
            _log.warning(
                "replicas of this registry sign with different keys (%s here, %s elsewhere): "
                "nothing is verified until all have one in AMNESTIC_SIGNING_KEY",
                public[:_SHOWN],
                ", ".join(other[:_SHOWN] for other in others),
            )
        self._warned = others
