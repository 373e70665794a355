"""Settings of the console, which are a part of the server's."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import NoDecode

from amnestic.environment import FromEnvironment, FromJson
from amnestic.exceptions import ConfigurationError

__all__ = ["ConsoleSettings", "check_console"]

_LEAST_SECRET = 32


class ConsoleSettings(FromEnvironment):
    """Whether there is a console, for how long somebody stays logged in, and who may be let in by a
    proxy."""

    console: bool = True
    """Whether there is a console at `/console`."""

    console_idle: float = Field(default=1_800.0, ge=60)
    """Seconds without a request after which somebody is logged out of the console; twelve hours
    after the login they are in any case."""

    console_secret: SecretStr | None = None
    """What the console's cookies are signed with, 32 characters at least; drawn at each start
    unless given. Replicas behind one address need the same."""

    console_header: str = Field(default="", pattern=r"^([A-Za-z0-9][A-Za-z0-9-]*)?$")
    """The header in which a proxy names who has logged in with it (OpenID Connect), such as
    `X-Auth-Request-Email`; it is read from `console_proxies` alone. None unless given."""

    console_proxies: Annotated[tuple[str, ...], NoDecode, FromJson] = ()
    """The addresses of such proxies, or their networks: `["10.0.0.7", "10.1.0.0/16"]`."""

    console_users: Annotated[
        Mapping[str, Literal["viewer", "editor", "admin"]], NoDecode, FromJson
    ] = Field(default_factory=dict)
    """What those are whom a proxy names, `viewer`, `editor` or `admin`: `{"ana@example.org":
    "editor"}`; `*` stands for everybody else. Who is not named may not enter."""


def check_console(settings: ConsoleSettings) -> None:
    """Refuse a secret that can be guessed, and a header that nobody or anybody could send; raises
    `ConfigurationError`."""
    secret = settings.console_secret
    if secret is not None and len(secret.get_secret_value()) < _LEAST_SECRET:
        raise ConfigurationError(
            f"AMNESTIC_SERVER_CONSOLE_SECRET: under {_LEAST_SECRET} characters can be guessed; "
            "make one with `openssl rand -hex 32`"
        )
    for told in settings.console_proxies:
        try:
            ipaddress.ip_network(told, strict=False)
        except ValueError:
            raise ConfigurationError(
                f"AMNESTIC_SERVER_CONSOLE_PROXIES: {told!r} is no address and no network"
            ) from None
    if settings.console_header and not settings.console_proxies:
        raise ConfigurationError(
            "AMNESTIC_SERVER_CONSOLE_HEADER: anybody could send it; name the proxies that may in "
            "AMNESTIC_SERVER_CONSOLE_PROXIES"
        )
