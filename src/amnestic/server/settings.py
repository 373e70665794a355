"""Settings of the server: from arguments, `AMNESTIC_SERVER_…` variables, a file, defaults."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from amnestic.config import BaseUrl
from amnestic.environment import FromJson
from amnestic.exceptions import ConfigurationError
from amnestic.server.console_settings import ConsoleSettings
from amnestic.types.roles import Role

if TYPE_CHECKING:
    from amnestic.tools.registry import AccessKeys

__all__ = ["ServerSettings", "check_binding", "check_keys", "check_workers", "is_loopback"]

_MOST_PROCESSES = 4  # unless more are asked for: each takes some hundred megabytes


class ServerSettings(ConsoleSettings):
    """How the server behaves. Keys are secrets: they are compared in constant time, never logged.

    >>> ServerSettings(port=9000).host
    '127.0.0.1'
    """

    model_config = SettingsConfigDict(env_prefix="AMNESTIC_SERVER_")

    called: ClassVar[str] = "server setting"
    table: ClassVar[str | None] = "server"
    also: ClassVar[Mapping[str, str]] = {"upstream_key": "AMNESTIC_UPSTREAM_KEY"}

    host: str = "127.0.0.1"
    """Address to bind; loopback unless told otherwise."""

    port: int = Field(default=8080, ge=0, le=65535)
    """Port to bind; 0 takes a free one."""

    workers: int | None = Field(default=None, ge=1, le=64)
    """Processes that serve; each holds the embedding model, and the layer's own chat model where
    there is one. With more than one, a further process replaces those that die. Unless given: one
    for each processor, four at most, in front of an upstream, and one for a model of the layer's
    own."""

    upstream: BaseUrl | None = None
    """Base URL of the OpenAI-compatible API behind, such as `https://api.openai.com/v1`; none
    serves the layer's own model."""

    upstream_key: SecretStr | None = Field(
        default_factory=lambda: _secret("AMNESTIC_UPSTREAM_KEY") or _secret("OPENAI_API_KEY")
    )
    """The upstream's key."""

    caller_keys: Annotated[tuple[SecretStr, ...], NoDecode, FromJson] = ()
    """Keys that callers may show; none lets everyone call who can reach the address, unless the
    registry holds callers' keys (`amnestic keys`)."""

    namespace_keys: Annotated[Mapping[str, tuple[SecretStr, ...]], NoDecode, FromJson] = Field(
        default_factory=dict
    )
    """Further caller keys by the namespace that they open: `{"tenant": ["key"]}`. A key may stand
    in several; the header `X-Amnestic-Namespace` says which, the first where it is missing. Callers
    with any other key are in the layer's own namespace."""

    check_keys: Annotated[tuple[SecretStr, ...], NoDecode, FromJson] = ()
    """Keys that open `/v1/checks`, which says of any name whether it is on the list; none leaves it
    to the admin. One that is a caller's key too checks in the namespace that it opens."""

    check_rate: int = Field(default=60, ge=1)
    """Checks that one key may ask for in a minute, in each process."""

    gateway_keys: Annotated[tuple[SecretStr, ...], NoDecode, FromJson] = ()
    """Keys of gateways that have what they are asked and what they answer cleaned (LiteLLM's
    generic guardrail API); none closes that door. One that is a caller's key too works in the
    namespace that it opens."""

    team_namespaces: Annotated[Mapping[str, str], NoDecode, FromJson] = Field(default_factory=dict)
    """The namespace of each of a gateway's teams, by the team's id: `{"team-1": "tenant"}`. Teams
    that are not named are in the namespace of the gateway's key."""

    admin_token: SecretStr | None = None
    """The token that targets, keys and full metrics ask for; none leaves them to those who have a
    key of the registry (`amnestic keys`)."""

    log: Literal["console", "json", "off"] = "console"
    """What is written to standard error: a line for each request (its id, endpoint, status, way,
    times, and the ids of targets that it touched) and for each start, for a reader or as JSON;
    `off` leaves warnings and errors. No line holds a word of a request, a reply or a target."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode, FromJson] = ()
    """Further names of this server, where it asks for no keys: behind a proxy that passes its own
    name on. A request for any other host than these, `HOST` and this machine's own is refused."""

    cors_origins: Annotated[tuple[str, ...], NoDecode, FromJson] = ()
    """Origins, such as `https://chat.example.org`, whose pages may call from a browser; `*` stands
    for every page, and needs caller keys. None answers no preflight."""

    forward_headers: Annotated[tuple[str, ...], NoDecode, FromJson] = ()
    """Headers of callers that go to the upstream beside `traceparent`, `tracestate`,
    `OpenAI-Organization`, `OpenAI-Project`, `OpenAI-Beta` and `Idempotency-Key`. Values go up that
    are one word of letters, digits and signs."""

    rate_limits: bool = True
    """Whether callers are given the upstream's `x-ratelimit-…` headers. The layer's own further
    calls near a target count in them too, so that with them a lone caller may tell what is near
    one."""

    logprobs: bool = True
    """Whether callers are given the logprobs that they ask for. Near a target no answer has any, so
    that with them callers can tell what is near one."""

    stored_responses: int = Field(default=10_000, ge=0)
    """Replies of `/v1/responses`, and conversations, that are kept to be referred to later
    (`previous_response_id`, `conversation`, item references), and questions of gateways, of all
    callers together. Where there are too many, the least used go of whoever has most. 0 keeps
    none."""

    stored_bytes: int = Field(default=256_000_000, ge=1_000)
    """Bytes that they take in all, in a private file that is gone when the server stops."""

    stored_seconds: float = Field(default=86_400.0, gt=0)
    """Seconds that one of them is kept after it was used last."""

    max_body: int = Field(default=8_000_000, ge=1_000)
    """Bytes of a request's body."""

    max_messages: int = Field(default=2_000, ge=1)
    """Messages or items of a request."""

    max_concurrent: int = Field(default=1_500, ge=1)
    """Requests served at once; more are told to come again (429)."""

    retry_after: int = Field(default=1, ge=1)
    """Seconds after which those that are told to come again shall."""

    idle_timeout: float = Field(default=75.0, gt=0)
    """Seconds after which a connection that had its answer and is not used is closed. A balancer in
    front must let go of it earlier (many do after 60), else it sends a request into the closing."""

    header_timeout: float = Field(default=20.0, gt=0)
    """Seconds in which the head of a request must have arrived; the connection is closed else."""

    body_timeout: float = Field(default=20.0, gt=0)
    """Seconds in which a request's body must have arrived."""

    request_timeout: float = Field(default=300.0, gt=0)
    """Seconds that a request may take in all, its stream included."""

    ping: float = Field(default=10.0, gt=0)
    """Seconds of silence after which a stream says a comment, to keep its connection."""

    stream_grace: float = Field(default=30.0, gt=0)
    """Seconds that a stream waits for the upstream to begin its answer, so that an error is told as
    an HTTP error, with its status and `Retry-After`. After that the caller is told 200 and comments
    keep the connection; set it below what a proxy in front waits for a reply's head."""

    shutdown_grace: int = Field(default=60, ge=0)
    """Seconds that running requests have to finish when the server stops."""

    @property
    def processes(self) -> int:
        """How many processes serve."""
        if self.workers is not None:
            return self.workers
        forks = hasattr(os, "fork")
        return min(_processors(), _MOST_PROCESSES) if forks and self.upstream is not None else 1


def check_keys(settings: ServerSettings) -> None:
    """Refuse keys that open nothing, or the layer's own namespace and another; raises
    `ConfigurationError`."""
    spaces = settings.namespace_keys
    if empty := [space for space, keys in spaces.items() if not keys or not space.strip()]:
        raise ConfigurationError(f"AMNESTIC_SERVER_NAMESPACE_KEYS: no key for {empty[0]!r}")
    groups = [settings.caller_keys, *spaces.values()]
    told = [[key.get_secret_value() for key in keys] for keys in groups]
    shown = [key for keys in told for key in keys]
    checking = [key.get_secret_value() for key in (*settings.check_keys, *settings.gateway_keys)]
    if not all(key.strip() for key in (*shown, *checking)):
        raise ConfigurationError("a caller key, a check key or a gateway key is empty")
    if (token := settings.admin_token) and token.get_secret_value().isspace():
        raise ConfigurationError("the admin's token is blank: give one, or leave it out")
    if settings.gateway_keys and settings.stored_responses == 0:
        raise ConfigurationError(
            "AMNESTIC_SERVER_GATEWAY_KEYS needs AMNESTIC_SERVER_STORED_RESPONSES over 0: what a "
            "gateway's model answers is judged with its question, which has to be kept"
        )
    if any(len(set(keys)) < len(keys) for keys in told):
        raise ConfigurationError("a caller key is given twice in one list")
    if own := set(told[0]) & {key for keys in told[1:] for key in keys}:
        raise ConfigurationError(
            f"{len(own)} of AMNESTIC_SERVER_CALLER_KEYS stand in AMNESTIC_SERVER_NAMESPACE_KEYS "
            "too; give those who may use both a key of their own for each"
        )


def check_binding(settings: ServerSettings, keys: AccessKeys | None = None) -> None:
    """Refuse to bind beyond loopback without caller keys, in the settings or among the registry's
    `keys`; raises `ConfigurationError`."""
    if is_loopback(settings.host) or settings.caller_keys or settings.namespace_keys:
        return
    if keys is not None and keys.were_made(Role.CALLER)[0]:
        return
    raise ConfigurationError(
        f"refusing to bind {settings.host} without keys: set AMNESTIC_SERVER_CALLER_KEYS "
        "(such as '[\"key\"]') or --caller-key-file, make one with `amnestic keys create`, or bind "
        "127.0.0.1"
    )


def check_workers(settings: ServerSettings) -> None:
    """Refuse several workers where processes cannot be forked; raises `ConfigurationError`."""
    if settings.processes > 1 and not hasattr(os, "fork"):
        raise ConfigurationError(
            f"{settings.processes} workers cannot serve on this system, which does not fork; "
            "set --workers 1"
        )


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own, which no other machine answers to.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("example.org")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _processors() -> int:
    """Those that this process may use, which in a container are not all."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _secret(name: str) -> SecretStr | None:
    value = os.environ.get(name)
    return SecretStr(value) if value else None
