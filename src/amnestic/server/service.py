"""What every route works with: the layer, its doors, the upstream, keys and counters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request

from amnestic.integrations.openai import ChatDialect, CompletionsDialect, Door, ResponsesDialect
from amnestic.server.access import Allowance, Keys, Standing
from amnestic.server.bodies import read_object
from amnestic.server.forwarding import going_up
from amnestic.server.history import History
from amnestic.server.metering import Meter
from amnestic.server.metrics import Metrics
from amnestic.server.paths import MODEL
from amnestic.server.recalling import Recall
from amnestic.server.recent import Recent
from amnestic.server.settings import ServerSettings
from amnestic.server.upstream import Channel, UpstreamAPI
from amnestic.types import Receipt

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Service", "opened_spaces"]


@dataclass(frozen=True, slots=True)
class Service:
    """One server."""

    amnesia: Amnesia
    settings: ServerSettings
    keys: Keys
    metrics: Metrics
    upstream: UpstreamAPI | None
    doors: dict[tuple[str, str | None], Door]
    history: History | None
    allowance: Allowance
    recent: Recent

    @classmethod
    def of(cls, amnesia: Amnesia, settings: ServerSettings, history: Path | None = None) -> Service:
        """Put a server's parts together; `history` is the folder that its processes share."""
        keys = Keys(
            settings.caller_keys,
            settings.admin_token,
            settings.namespace_keys,
            settings.check_keys,
            settings.gateway_keys,
            amnesia.registry.keys,
        )
        metrics = Metrics(tells_routes=keys.has_admin, audits=bool(amnesia.settings.audit))
        recent = Recent(history)
        for space in opened_spaces(amnesia, settings):
            _within(amnesia, space)  # from here on it is known, whether it has targets or not
        upstream, kept = UpstreamAPI.of(settings), History.of(settings, history)
        several = settings.processes > 1 or not isinstance(amnesia.settings.db, Path)
        allowance = Allowance(amnesia.registry.rates if several else None)
        return cls(amnesia, settings, keys, metrics, upstream, {}, kept, allowance, recent)

    @property
    def model_name(self) -> str:
        """What the layer's own model is called."""
        return self.amnesia.settings.model

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the doors are."""
        return tuple(_DIALECTS)

    def door(self, path: str, request: Request) -> Door:
        """The door at a path, in the namespace that the caller's key opens."""
        space = self.keys.check_caller(request)
        if (path, space) not in self.doors:
            kind = _DIALECTS[path]
            self.doors[path, space] = Door(
                self.layer(space), kind(), partial(self.note, namespace=space)
            )
        return self.doors[path, space]

    def meter(self, request: Request, body: dict[str, Any]) -> Meter | None:
        """What counts the tokens of a request; `None` for one that shows no key of the registry."""
        found = self.keys.admitted(request)
        if found.key is None:
            return None
        return Meter(found.key, found.shown, self.keys, self.allowance, body, looked=found.at)

    async def aclose(self) -> None:
        """Close the connections to the upstream, and remove what was kept."""
        if self.upstream is not None:
            await self.upstream.aclose()
        if self.history is not None:
            self.history.close()

    def channel(self, path: str, body: dict[str, Any], request: Request) -> Channel | None:
        """Where what a caller asks is sent on; `None` where the layer's own model answers."""
        if self.upstream is None:
            return None
        return self.upstream.channel(path, body, going_up(request.headers, self.settings))

    def layer(self, namespace: str | None) -> Amnesia:
        """The layer, in a namespace that a key opens."""
        return _within(self.amnesia, namespace)

    def open_to(self, who: Standing) -> tuple[str, ...] | None:
        """The namespaces of which somebody may see targets; `None` for all of them."""
        if who.spaces is None:
            return None
        own = self.amnesia.settings.namespace
        return tuple(own if space is None else space for space in who.spaces)

    def note(self, receipt: Receipt, namespace: str | None) -> None:
        """Count a conversation that was reviewed in a namespace, and keep its ids and times."""
        self.metrics.note(receipt)
        self.recent.note(receipt, namespace or self.amnesia.settings.namespace)

    def recall(self, request: Request) -> Recall | None:
        """What the caller of a request may refer to; `None` where nothing is kept."""
        if self.history is None:
            return None
        owner, settings = self.keys.owner(request), self.settings
        most, revision = settings.max_messages, lambda: self.amnesia.registry.revision()
        return Recall(self.history, owner, most, settings.max_body, revision)

    async def body(self, request: Request) -> dict[str, Any]:
        """A caller's request, as a JSON object within its limits; the key is checked first."""
        self.keys.check_caller(request)
        return await self.object_in(request)

    async def object_in(self, request: Request) -> dict[str, Any]:
        """A request whose key has been checked, as a JSON object within its limits."""
        body = read_object(await request.body(), self.settings.max_messages)
        model = request.scope.get(MODEL)
        return body if model is None else {**body, "model": model}


_DIALECTS = {kind.path: kind for kind in (ChatDialect, ResponsesDialect, CompletionsDialect)}


def _within(amnesia: Amnesia, namespace: str | None) -> Amnesia:
    return amnesia if namespace is None else amnesia.within(namespace)


def opened_spaces(amnesia: Amnesia, settings: ServerSettings) -> set[str]:
    """The namespaces that keys open, and those of a gateway's teams."""
    held = (key.namespaces or () for key in amnesia.registry.keys.all() if key.state == "active")
    return {*settings.namespace_keys, *settings.team_namespaces.values(), *chain(*held)}
