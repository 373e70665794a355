"""Who may call: keys of the settings, compared in constant time, and keys of the registry."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from fastapi import Request
from pydantic import SecretStr

from amnestic.server.access.outages import telling_outages
from amnestic.server.access.roles import Right, Standing, standing_of
from amnestic.server.access.showing import chosen_space, digest, is_one_of, shown_in
from amnestic.server.errors import ServerError
from amnestic.tools.offload import Crew
from amnestic.tools.registry import is_access_key
from amnestic.types.roles import Role

if TYPE_CHECKING:
    from amnestic.tools.registry import AccessKey, AccessKeys

__all__ = ["Admitted", "Keys"]

_lookups = Crew("lookups", 8)
_ADMITTED = "amnestic.admitted"
"""Where in a request's scope it stands who sent it."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who sent a request, as far as its key tells: where they stand, the registry's key that they
    showed, whether callers need one at all, whether any key sees targets, what was shown, and when
    (`time.monotonic`)."""

    standing: Standing | None
    key: AccessKey | None
    asks: bool
    sees: bool
    shown: str = field(repr=False)
    at: float = field(default_factory=time.monotonic)


class Keys:
    """The digests of the keys that the settings name, which are not kept themselves, and the keys
    of the registry, which is asked each time: what is made or revoked there holds at once."""

    def __init__(
        self,
        callers: Sequence[SecretStr],
        admin: SecretStr | None,
        spaces: Mapping[str, Sequence[SecretStr]] | None = None,
        checkers: Sequence[SecretStr] = (),
        gateways: Sequence[SecretStr] = (),
        registry: AccessKeys | None = None,
    ) -> None:
        opening: list[tuple[SecretStr, str | None]] = [(key, None) for key in callers]
        opening += [(key, space) for space, keys in (spaces or {}).items() for key in keys]
        self._callers = tuple((digest(key.get_secret_value()), space) for key, space in opening)
        self._checkers = tuple(digest(key.get_secret_value()) for key in checkers)
        self._gateways = tuple(digest(key.get_secret_value()) for key in gateways)
        self._admin = digest(admin.get_secret_value()) if admin else None
        self._registry = registry
        self._asking = bool(self._callers)
        self._seeing = self._admin is not None

    @property
    def has_admin(self) -> bool:
        """Whether anybody can see targets and metrics: there is an admin token, or a key for it."""
        return self._seeing or self._look()[1]

    @property
    def has_callers(self) -> bool:
        """Whether callers need a key: there is one in the settings, or ever was in the registry,
        since a door does not open because its last key was revoked."""
        return self._asking or self._look()[0]

    @property
    def has_checkers(self) -> bool:
        """Whether there is a key that may ask for checks."""
        return bool(self._checkers) or self.has_admin

    @property
    def has_gateways(self) -> bool:
        """Whether there is a key of a gateway."""
        return bool(self._gateways)

    # ── Who it is ────────────────────────────────────────────────────────────────────────────

    def standing(self, key: str) -> Standing | None:
        """Who shows a key; `None` for one that is not known or does not hold any more. Raises
        `ServerError` (503) where the registry cannot tell."""
        return self._admitted(key.strip()).standing

    def recalled(self, proof: str) -> Standing | None:
        """The same of a key of which no more was kept than `proof_of` gives."""
        key_id, _, told = proof.partition(":")
        if (own := self._own(bytes.fromhex(told))) is not None:
            return own
        if self._registry is None or not key_id:
            return None
        with telling_outages():
            key = self._registry.recalled(key_id, told)
        return standing_of(key) if key else None

    async def admit(self, request: Request) -> Admitted:
        """Find out who sent a request, once; whatever else asks of it is told the same. Raises
        `ServerError` (503) where the registry cannot tell."""
        shown = shown_in(request)
        found = await _lookups.run(self._admitted, shown) if self._looks_up(shown) else None
        request.scope[_ADMITTED] = found or self._admitted(shown)
        return self.admitted(request)

    def admitted(self, request: Request) -> Admitted:
        """Who sent a request. Raises `ServerError` (503) where the registry cannot tell."""
        found = request.scope.get(_ADMITTED)
        return found if isinstance(found, Admitted) else self._admitted(shown_in(request))

    def asks(self, request: Request) -> bool:
        """Whether callers need a key, as far as is known without asking the registry once more."""
        found = request.scope.get(_ADMITTED)
        return found.asks if isinstance(found, Admitted) else self._asking

    async def holds(self, key: AccessKey, shown: str) -> bool:
        """Whether a key of the registry that was shown still opens anything. Raises `ServerError`
        (503) where that cannot be told."""
        found = (await _lookups.run(self._admitted, shown)).key
        return found is not None and found.id == key.id

    def _looks_up(self, shown: str) -> bool:
        """Whether the registry has to be asked: it is what tells whose a key of its own is, and
        whether callers who show none need one by now. Where these do, whoever shows a key of the
        settings is known without."""
        if self._registry is None:
            return False
        known = self._asking and (self._seeing or self._own(digest(shown)) is not None)
        return not known or is_access_key(shown)

    def _admitted(self, shown: str) -> Admitted:
        if (own := self._own(digest(shown))) is not None:
            with suppress(ServerError):  # an operator looks at a server whose registry is away
                _ = self.has_callers
            return Admitted(own, None, self._asking, self._seeing, shown)
        with telling_outages():
            key = self._registry.find(shown) if self._registry is not None else None
        self._asking |= key is not None and key.role is Role.CALLER  # there is one, then
        asks, sees = (True, True) if self._asking and key is not None else self._look()
        return Admitted(
            standing_of(key) if key else None, key, asks, sees or key is not None, shown
        )

    def _own(self, shown: bytes) -> Standing | None:
        """Who shows a key of the settings."""
        if self._admin is not None and hmac.compare_digest(shown, self._admin):
            return Standing("admin", "admin", Role.ADMIN, None)
        if spaces := self._spaces(shown):
            return Standing("caller", "caller", Role.CALLER, tuple(spaces))
        return None

    def _spaces(self, shown: bytes) -> list[str | None]:
        """The namespaces that a caller key of the settings opens."""
        opened = list[str | None]()
        for known, space in self._callers:  # all of them, whichever fits
            if hmac.compare_digest(shown, known):
                opened.append(space)
        return opened

    def _look(self) -> tuple[bool, bool]:
        """Whether callers need a key, and whether any key sees targets: what there once was of
        either stays, and the registry is asked for both at once, until it has both."""
        if self._registry is not None and not (self._asking and self._seeing):
            with telling_outages():
                callers, seers = self._registry.were_made(Role.CALLER, _SEEING)
            self._asking, self._seeing = self._asking or callers, self._seeing or seers
        return self._asking, self._seeing

    # ── What they may ────────────────────────────────────────────────────────────────────────

    def check(self, request: Request, right: Right) -> Standing:
        """Who asks, who must have a right.

        Raises `ServerError`: 401 for a key that is not known, and 403 for one whose role has not
        that right, or where nobody has it.
        """
        found = self.admitted(request)
        if found.standing is not None and found.standing.may(right):
            return found.standing
        if found.key is not None:
            raise _not_for(found.key)
        if right is not Right.CALL and not found.sees:
            raise ServerError(
                403,
                "no admin token is set: start the server with AMNESTIC_SERVER_ADMIN_TOKEN, or make "
                "a key with `amnestic keys create --role admin`",
            )
        raise ServerError(
            401,
            "incorrect admin token: send it as 'Authorization: Bearer …'",
            code="invalid_api_key",
        )

    def knows(self, request: Request) -> bool:
        """Whether a request's body is worth reading: it shows a key that opens something, or none
        is needed. What the key opens is checked where it is asked for."""
        found = self.admitted(request)
        known = (*self._checkers, *self._gateways)
        return not found.asks or found.standing is not None or is_one_of(digest(found.shown), known)

    def check_caller(self, request: Request) -> str | None:
        """The namespace that the caller is in; `None` for the layer's own. A key that opens several
        names one in the header `X-Amnestic-Namespace`, and is in the first of them without.

        Raises `ServerError` (401) unless the request shows a caller's key, where there are keys,
        and 403 where that key does not open what it names, or is no caller's.
        """
        found = self.admitted(request)
        if not found.asks:
            return chosen_space(request, (None,))
        own = self._spaces(digest(found.shown))
        if not own and found.key is not None:
            if found.standing is None or not found.standing.may(Right.CALL):
                raise _not_for(found.key)
            own = list(found.standing.spaces or ())
        if not own:
            raise ServerError(
                401,
                "incorrect API key: send a caller key as 'Authorization: Bearer …', "
                "in 'x-api-key' or in 'api-key'",
                code="invalid_api_key",
            )
        return chosen_space(request, own)

    def owner(self, request: Request) -> bytes:
        """Whose that is which is kept for a request: of its key, rotated or not, within its
        namespace. Raises `ServerError` like `check_caller`."""
        space = self.check_caller(request)
        return sha256(self._whose(request) + repr(space).encode()).digest()

    def check_checker(self, request: Request) -> tuple[bytes, str | None]:
        """Who asks for a check, as one counts them, and the namespace that their key opens.

        Raises `ServerError` (401, or 403 where nobody may) for keys without that permission.
        """
        found = self.admitted(request)
        shown = digest(found.shown)
        if found.standing is not None and found.standing.may(Right.SEE):
            named = request.headers.get("x-amnestic-namespace")
            return self._whose(request), found.standing.space(named)
        if found.key is not None:
            raise _not_for(found.key)
        if not (self._checkers or found.sees):
            raise ServerError(
                403, "no key may ask for checks: start the server with AMNESTIC_SERVER_CHECK_KEYS"
            )
        if not is_one_of(shown, self._checkers):
            raise ServerError(
                401,
                "this key may not ask for checks: send one that may as 'Authorization: Bearer …'",
                code="invalid_api_key",
            )
        opened = self._spaces(shown)
        return shown, chosen_space(request, opened) if opened else None

    def check_gateway(self, request: Request) -> tuple[bytes, str | None]:
        """Which gateway asks, by the digest of its key, and the namespace that the key opens. The
        key is shown as callers show theirs.

        Raises `ServerError` (401, or 403 where there are none) for any other key.
        """
        if not self._gateways:
            raise ServerError(
                403, "no gateway may ask: start the server with AMNESTIC_SERVER_GATEWAY_KEYS"
            )
        shown = digest(self.admitted(request).shown)
        if not is_one_of(shown, self._gateways):
            raise ServerError(
                401,
                "this key is no gateway's: send one that is as 'Authorization: Bearer …'",
                code="invalid_api_key",
            )
        opened = self._spaces(shown)
        return shown, chosen_space(request, opened) if opened else None

    def _whose(self, request: Request) -> bytes:
        found = self.admitted(request)
        return digest(found.shown if found.key is None else f"key {found.key.id}")


_SEEING = (Role.VIEWER, Role.EDITOR, Role.ADMIN)


def _not_for(key: AccessKey) -> ServerError:
    return ServerError(
        403, f"this key's role is {key.role}, which does not open this", code="wrong_role"
    )
