"""Who is logged in: an encrypted cookie, with a limit to idleness, and the tokens of its forms."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from amnestic.tools.registry import decrypted, derived, encrypted

if TYPE_CHECKING:
    from amnestic.tools.registry import Board

__all__ = ["LONGEST", "Session", "Sessions"]

LONGEST = 12 * 3_600.0
"""Seconds after which somebody logs in again, however busy."""

_ENDED = "ended session"
_COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser: who has logged in with it, if anybody, when, and when it was seen last.

    `proof` is the digest of the key that was shown, by which it is asked at each request whether
    that still opens anything, or the name that a proxy told; `way` says which.
    """

    id: str
    begun: float
    seen: float
    way: str = ""
    proof: str = ""


class Sessions:
    """Cookies that only this server can have made and reads, or a replica of it with the same
    secret. They hold no key: a digest of one.

    Args:
        secret: what the keys of cookies and of forms are derived from.
        idle: seconds without a request that end a session.
        board: where all processes are told of a session that was ended.
        clock: tells the time.

    >>> import tempfile
    >>> from amnestic.tools.registry import Registry
    >>> folder = tempfile.TemporaryDirectory()
    >>> registry = Registry.open(f"{folder.name}/r.db")
    >>> sessions = Sessions(b"0" * 32, 60.0, registry.board)
    >>> session = sessions.begin("key", "digest")
    >>> sessions.read(sessions.cookie(session)).proof, sessions.read("x.y")
    ('digest', None)
    >>> sessions.end(session); sessions.is_over(session)
    True
    >>> registry.close(); folder.cleanup()
    """

    def __init__(
        self, secret: bytes, idle: float, board: Board, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = derived(secret, "console sessions", "the console")
        self._forms = derived(secret, "console forms", "the console")
        self._idle = idle
        self._board = board
        self._clock = clock

    def begin(self, way: str = "", proof: str = "") -> Session:
        """A session of its own, of nobody unless told."""
        now = self._clock()
        return Session(secrets.token_urlsafe(18), now, now, way, proof)

    def cookie(self, session: Session) -> str:
        """What a browser keeps of a session."""
        told = replace(session, begun=round(session.begun), seen=round(session.seen))
        return _encoded(encrypted(self._key, json.dumps(asdict(told)).encode(), _COOKIE))

    def read(self, cookie: str) -> Session | None:
        """The session that a cookie holds; `None` where it is none of ours, was changed, is old or
        has been idle for too long. Whether it was ended `is_over` says."""
        try:
            told = decrypted(self._key, _decoded(cookie), _COOKIE)
        except ValueError:
            return None
        session = Session(**json.loads(told))
        now = self._clock()
        alive = now - session.seen <= self._idle and now - session.begun <= LONGEST
        return session if alive else None

    def is_over(self, session: Session) -> bool:
        """Whether somebody has logged out of a session, at whichever replica. Raises
        `RegistryError` where that cannot be told."""
        return self._board.get(_ENDED, session.id) is not None

    def touched(self, session: Session) -> Session:
        """The session, seen just now."""
        return replace(session, seen=self._clock())

    def end(self, session: Session) -> None:
        """Let a session's cookie open nothing from now on, for as long as it could. Raises
        `RegistryError`."""
        self._board.put(_ENDED, session.id, b"", lasting=LONGEST)

    def token(self, session: Session) -> str:
        """What each form of a session holds, and no page of another origin can know."""
        return _encoded(hmac.new(self._forms, session.id.encode(), sha256).digest())

    def holds(self, session: Session, token: str) -> bool:
        """Whether a form was one of a session's."""
        return hmac.compare_digest(self.token(session).encode(), token.encode("utf-8", "replace"))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
