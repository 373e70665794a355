"""Headers between callers and the upstream: which go up, and what every reply carries down."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping

from amnestic.exceptions import ConfigurationError
from amnestic.integrations.openai import IDEMPOTENCY, REQUEST_ID
from amnestic.server.settings import ServerSettings

__all__ = ["check_forwarded", "going_up", "with_request_id"]

_GO_UP = (
    "traceparent",
    "tracestate",
    "openai-organization",
    "openai-project",
    "openai-beta",
    IDEMPOTENCY,
)
_NEVER = re.compile(
    r"authorization|cookie2?|set-cookie2?|host|connection|keep-alive|te|trailer|upgrade|expect|"
    r"transfer-encoding|accept-encoding|content-.*|proxy-.*|x-amnestic-.*|.*(?:api|auth|access)-?key"
    r"|.*(?:token|secret|password).*"
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_VALUE = re.compile(r"[A-Za-z0-9_.:/@=,;+*~%|!#$&^-]{1,512}")
_LIMITS = b"x-ratelimit-"


def going_up(headers: Mapping[str, str], settings: ServerSettings) -> dict[str, str]:
    """Those of a caller's headers that go to the upstream. Nobody reads them there for words, and
    the layer does not read them for names: a value of more than one word stays here.

    >>> going_up({"openai-project": "proj_1", "tracestate": "a=1, b=2", "cookie": "c=3",
    ...           "openai-beta": "tell me of Ada"}, ServerSettings())
    {'tracestate': 'a=1,b=2', 'openai-project': 'proj_1'}
    """
    found = {}
    for name in (*_GO_UP, *(name.lower() for name in settings.forward_headers)):
        value = re.sub(r"[ \t]*,[ \t]*", ",", headers.get(name, "").strip())
        if _VALUE.fullmatch(value):
            found[name] = value
    return found


def check_forwarded(settings: ServerSettings) -> None:
    """Refuse to pass on what is a secret of the caller's, or belongs to one connection; raises
    `ConfigurationError`."""
    for name in settings.forward_headers:
        if not _NAME.fullmatch(name.lower()) or _NEVER.fullmatch(name.lower()):
            raise ConfigurationError(
                f"AMNESTIC_SERVER_FORWARD_HEADERS: {name!r} is never passed on; name headers that "
                "hold no key and do not belong to the connection"
            )


def with_request_id(
    headers: Iterable[tuple[bytes, bytes]], settings: ServerSettings
) -> list[tuple[bytes, bytes]]:
    """The headers of a reply, with limits where they are told, and at their end an id: one that the
    upstream gave, or else one of the server's own."""
    told = [
        (name, value)
        for name, value in headers
        if settings.rate_limits or not name.startswith(_LIMITS)
    ]
    given = [value for name, value in told if name == REQUEST_ID.encode()]
    found = given[0] if given else f"req_{secrets.token_hex(16)}".encode()
    return [*(p for p in told if p[0] != REQUEST_ID.encode()), (REQUEST_ID.encode(), found)]
