"""Who may call: keys and tokens, compared in constant time."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from fastapi import Request
from pydantic import SecretStr

from amnestic.server.access.roles import Right, Standing
from amnestic.server.errors import ServerError
from amnestic.types.roles import Role

__all__ = ["Keys"]

_HEADERS = ("x-api-key", "api-key")  # Anthropic's and Azure's clients


class Keys:
    """The digests of caller keys and of the admin token; the keys themselves are not kept."""

    def __init__(
        self,
        callers: Sequence[SecretStr],
        admin: SecretStr | None,
        spaces: Mapping[str, Sequence[SecretStr]] | None = None,
        checkers: Sequence[SecretStr] = (),
        gateways: Sequence[SecretStr] = (),
    ) -> None:
        opening: list[tuple[SecretStr, str | None]] = [(key, None) for key in callers]
        opening += [(key, space) for space, keys in (spaces or {}).items() for key in keys]
        self._callers = tuple((_digest(key.get_secret_value()), space) for key, space in opening)
        self._checkers = tuple(_digest(key.get_secret_value()) for key in checkers)
        self._gateways = tuple(_digest(key.get_secret_value()) for key in gateways)
        self._admin = _digest(admin.get_secret_value()) if admin else None

    @property
    def has_admin(self) -> bool:
        """Whether there is an admin token at all."""
        return self._admin is not None

    @property
    def has_callers(self) -> bool:
        """Whether callers need a key."""
        return bool(self._callers)

    @property
    def has_checkers(self) -> bool:
        """Whether there is a key that may ask for checks."""
        return bool(self._checkers or self._admin)

    @property
    def has_gateways(self) -> bool:
        """Whether there is a key of a gateway."""
        return bool(self._gateways)

    def standing(self, key: str) -> Standing | None:
        """Who shows a key, which is compared in constant time; `None` for one that is not known."""
        return self._standing(_digest(key.strip()))

    def check(self, request: Request, right: Right) -> Standing:
        """Who asks, who must have a right.

        Raises `ServerError`: 401 for a key that is not known or has not that right, and 403 where
        nobody has it.
        """
        if self._admin is None and right is not Right.CALL:
            raise ServerError(
                403, "no admin token is set: start the server with AMNESTIC_SERVER_ADMIN_TOKEN"
            )
        found = self._standing(_shown(request))
        if found is None or not found.may(right):
            raise ServerError(
                401,
                "incorrect admin token: send it as 'Authorization: Bearer …'",
                code="invalid_api_key",
            )
        return found

    def _standing(self, shown: bytes) -> Standing | None:
        if self._admin is not None and hmac.compare_digest(shown, self._admin):
            return Standing("admin", "admin", Role.ADMIN, None)
        if spaces := self._spaces(shown):
            return Standing("caller", "caller", Role.CALLER, tuple(spaces))
        return None

    def knows(self, request: Request) -> bool:
        """Whether a request's body is worth reading: it shows a key that opens something, or none
        is needed. What the key opens is checked where it is asked for."""
        known = [*(digest for digest, _ in self._callers), *self._checkers, *self._gateways]
        known += [self._admin] if self._admin else []
        return not self._callers or _is_one_of(_shown(request), known)

    def check_caller(self, request: Request) -> str | None:
        """The namespace that the caller is in; `None` for the layer's own. A key that opens several
        names one in the header `X-Amnestic-Namespace`, and is in the first of them without.

        Raises `ServerError` (401) unless the request shows a caller's key, where keys are set, and
        403 where that key does not open what it names.
        """
        if not self._callers:
            return _chosen(request, (None,))
        found = self._spaces(_shown(request))
        if not found:
            raise ServerError(
                401,
                "incorrect API key: send a caller key as 'Authorization: Bearer …', "
                "in 'x-api-key' or in 'api-key'",
                code="invalid_api_key",
            )
        return _chosen(request, found)

    def owner(self, request: Request) -> bytes:
        """Whose that is which is kept for a request: of its key, within its namespace. Raises
        `ServerError` like `check_caller`."""
        space = self.check_caller(request)
        return sha256(_shown(request) + repr(space).encode()).digest()

    def check_checker(self, request: Request) -> tuple[bytes, str | None]:
        """Who asks for a check, by the digest of the key, and the namespace that the key opens.

        Raises `ServerError` (401, or 403 where nobody may) for keys without that permission.
        """
        known = (*self._checkers, *([self._admin] if self._admin else ()))
        if not known:
            raise ServerError(
                403, "no key may ask for checks: start the server with AMNESTIC_SERVER_CHECK_KEYS"
            )
        shown = _shown(request)
        if not _is_one_of(shown, known):
            raise ServerError(
                401,
                "this key may not ask for checks: send one that may as 'Authorization: Bearer …'",
                code="invalid_api_key",
            )
        opened = self._spaces(shown)
        return shown, _chosen(request, opened) if opened else None

    def check_gateway(self, request: Request) -> tuple[bytes, str | None]:
        """Which gateway asks, by the digest of its key, and the namespace that the key opens. The
        key is shown as callers show theirs.

        Raises `ServerError` (401, or 403 where there are none) for any other key.
        """
        if not self._gateways:
            raise ServerError(
                403, "no gateway may ask: start the server with AMNESTIC_SERVER_GATEWAY_KEYS"
            )
        shown = _shown(request)
        if not _is_one_of(shown, self._gateways):
            raise ServerError(
                401,
                "this key is no gateway's: send one that is as 'Authorization: Bearer …'",
                code="invalid_api_key",
            )
        opened = self._spaces(shown)
        return shown, _chosen(request, opened) if opened else None

    def _spaces(self, shown: bytes) -> list[str | None]:
        """The namespaces that a key opens."""
        opened = list[str | None]()
        for digest, space in self._callers:  # all of them, whichever fits
            if hmac.compare_digest(shown, digest):
                opened.append(space)
        return opened


def _chosen(request: Request, opened: Sequence[str | None]) -> str | None:
    """The namespace that a request names, of those that its key opens."""
    named = request.headers.get("x-amnestic-namespace")
    if named is None:
        return opened[0]
    if named not in opened:
        raise ServerError(
            403, "this key does not open the namespace that X-Amnestic-Namespace names"
        )
    return named


def _shown(request: Request) -> bytes:
    """The key that a request shows, where any of the clients puts it."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    shown = [key if scheme.lower() == "bearer" else "", *map(request.headers.get, _HEADERS)]
    return _digest(next((key.strip() for key in shown if key), ""))


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


def _is_one_of(shown: bytes, known: Sequence[bytes]) -> bool:
    found = False
    for digest in known:  # all of them, whichever fits
        found |= hmac.compare_digest(shown, digest)
    return found
