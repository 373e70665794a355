"""Who may enter the console: whoever shows a key that sees targets, or is named by a proxy."""

from __future__ import annotations

import ipaddress

from fastapi import Request

from amnestic.server.access import Keys, Right, Role, Standing
from amnestic.server.console.sessions import Session
from amnestic.server.settings import ServerSettings

__all__ = ["KEY", "PROXY", "People"]

KEY, PROXY = "key", "proxy"
"""The ways in: a key that was shown, and the word of a proxy."""

_ANYBODY = "*"
_LONGEST_NAME = 200


class People:
    """Says who somebody is. It is asked at each request, so that a key that is revoked opens
    nothing any more."""

    def __init__(self, keys: Keys, settings: ServerSettings) -> None:
        self._keys = keys
        self._header = settings.console_header
        self._users = settings.console_users
        self._proxies = [ipaddress.ip_network(n, strict=False) for n in settings.console_proxies]

    @property
    def needs_key(self) -> bool:
        """Whether somebody can only enter with a key."""
        return not self._header

    def shows(self, key: str) -> Standing | None:
        """Who shows a key; `None` where it is not known, or may not see anything here."""
        return _who_sees(self._keys.standing(key))

    def of(self, session: Session | None) -> Standing | None:
        """Who a session is, if they still may be here."""
        if session is None:
            return None
        if session.way == KEY:
            return _who_sees(self._keys.recalled(session.proof))
        return self._named(session.proof) if session.way == PROXY else None

    def told(self, request: Request) -> str:
        """The name that a proxy tells with a request; empty where none does, or where there are
        several, of which one may be the browser's."""
        if not self._header or not self._is_proxy(request):
            return ""
        told = request.headers.getlist(self._header)
        name = told[0].strip() if len(told) == 1 else ""
        return name if len(name) <= _LONGEST_NAME and name.isprintable() else ""

    def _named(self, name: str) -> Standing | None:
        role = self._users.get(name) or self._users.get(_ANYBODY)
        return Standing(f"user:{name}", name, Role(role), None) if role else None

    def _is_proxy(self, request: Request) -> bool:
        """Whether a request came straight from a proxy: by its connection, not by its words."""
        if request.client is None:
            return False
        try:
            address = ipaddress.ip_address(request.client.host)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)


def _who_sees(standing: Standing | None) -> Standing | None:
    return standing if standing is not None and standing.may(Right.SEE) else None
