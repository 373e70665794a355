"""How pages are made: templates, the files beside them, and the headers that all of them have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import jinja2

__all__ = ["HEADERS", "STATIC", "Asset", "asset", "rendered"]

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "strict-origin",  # forms tell where they come from, and no words
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
)
"""Nothing comes from another host, nothing stands in a page that runs, and no page is kept."""

STATIC: Mapping[str, str] = MappingProxyType(
    {
        "console.css": "text/css",
        "htmx.min.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }
)
"""The files that pages load, and their kinds."""

_ROOM = "amnestic.server.console"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages load, and a hash of it, which stands in its address."""

    content: bytes
    kind: str
    version: str


@cache
def asset(name: str) -> Asset:
    """One of `STATIC`."""
    content = files(_ROOM).joinpath("static", name).read_bytes()
    return Asset(content, STATIC[name], sha256(content).hexdigest()[:12])


def rendered(template: str, **context: Any) -> str:
    """A page; what stands in `context` is text, and never markup.

    >>> rendered("said.html", said="<b>", _=str)
    '<p class="said">&lt;b&gt;</p>'
    """
    return _environment().get_template(template).render(**context)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_ROOM),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["moment"] = _moment
    environment.filters["clock"] = _clock
    environment.globals["static"] = lambda name: f"/console/static/{name}?v={asset(name).version}"
    return environment


def _moment(when: datetime | None) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M}" if when else ""


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
