"""Settings of the layer, from arguments, then `AMNESTIC_…` variables, a file, then defaults."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from amnestic.environment import FromEnvironment, FromJson
from amnestic.places import RegistryPlace, default_cache_dir, default_db_path
from amnestic.types import Policy, is_namespace

__all__ = [
    "BaseUrl",
    "Settings",
    "default_actor",
    "default_cache_dir",
    "default_db_path",
    "read_settings",
]


def default_actor() -> str:
    """Who asks, for the audit trail, where nobody is named: the user of the machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:  # its own words quote the address, in which there may be a password
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        wanted = "not a base URL; give one such as https://api.openai.com/v1"
        raise PydanticCustomError("base_url", wanted)
    return value


def _namespace(value: str) -> str:
    if not is_namespace(value):
        raise PydanticCustomError("namespace", "has a name, of characters that can be seen")
    return value


BaseUrl = Annotated[str, AfterValidator(_base_url)]
"""The address of an API: `http` or `https`, and a host."""


def _audited(value: Any) -> Any:
    """What is to be audited: only these words and a list are, so that no other turns it on."""
    told = _from_json(value) if isinstance(value, str) and value != "all" else value
    if told == "all" or told is None:
        return told or ()
    if isinstance(told, list | tuple) and all(isinstance(n, str) and n.strip() for n in told):
        return tuple(name.strip() for name in told)
    raise PydanticCustomError("audit", _AUDIT)


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise PydanticCustomError("audit", _AUDIT) from None


_AUDIT = """give `all`, or the namespaces that are only watched as a list such as '["tenant"]'"""
Audited: TypeAlias = Literal["all"] | tuple[str, ...]


class Settings(FromEnvironment):
    """How the layer behaves. There is no setting that lets text pass on error.

    >>> Settings(rounds=1).rounds
    1
    """

    table: ClassVar[str | None] = ""

    model: str = "embedded"
    """Spec of the wrapped model: `embedded`, `hf:<path or repo>`, `gguf:<path>`,
    `openai:<name>`."""

    agent_model: str | None = None
    """Spec of the model that judges and rewrites; without one the agents keep to their local
    engines."""

    db: RegistryPlace = Field(default_factory=default_db_path)
    """The registry's database: the path of a SQLite file, or a URL such as
    `postgresql+psycopg://user@host/database` (extra `postgres`), which no message shows whole. A
    password is better left to `PGPASSWORD` or a password file."""

    cache_dir: Path = Field(default_factory=default_cache_dir)
    """Where files are kept that can be made anew: the index, and exports of your own embedders."""

    embedder: str = "minilm"
    """What makes vectors of sentences: `minilm`, which ships with the package, the path of a
    model's folder, or `openai:<name>`."""

    base_url: BaseUrl | None = None
    """Base URL of an OpenAI-compatible API for `openai:` models."""

    api_key: SecretStr | None = None
    """Key for `openai:` models; `OPENAI_API_KEY` serves too."""

    namespace: Annotated[
        str, StringConstraints(strip_whitespace=True), AfterValidator(_namespace)
    ] = "default"
    """Whose targets are in force: each namespace has its own."""

    audit: Annotated[Audited, NoDecode, BeforeValidator(_audited)] = ()
    """Audit mode: `all`, or a list of namespaces in which nothing is changed or withheld. Requests
    are reviewed, receipts, log and metrics say what would have become of them, and callers get the
    wrapped model's own reply, **with everything that was to be forgotten**."""

    policy: Policy = Policy.BALANCED
    """How the uncertain band is read without an agent model."""

    alpha: float = Field(default=0.01, gt=0, lt=0.5)
    """Bound on the share of retained text over the leak threshold (split conformal)."""

    rounds: int = Field(default=2, ge=1, le=8)
    """Rewriting rounds before the layer abstains."""

    rewrite_by: Literal["again", "edit"] | None = None
    """Who mends a leaking answer first. `again` asks the wrapped model for the whole answer once
    more, as one that never heard of the target (one call, two at most), and cuts only what is left
    when that cannot be had; `edit` only cuts, without any further call. `again` unless given; the
    embedded model, which reads no notes, is never asked again."""

    candidates: int = Field(default=3, ge=1, le=20)
    """Rewrites made in each round."""

    agent_timeout: float = Field(default=30.0, gt=0)
    """Seconds that one agent may take."""

    agent_models: Annotated[Mapping[str, str], NoDecode, FromJson] = Field(default_factory=dict)
    """Specs of single agents' own models, by agent: `vetter`, `auditor`, `rewriter`, `critic`,
    `composer`; the others use `agent_model`."""

    agent_call_timeout: float | None = Field(default=None, gt=0)
    """Seconds that one call of an agent's model may take; half of `agent_timeout` unless given."""

    agent_retries: int = Field(default=2, ge=0, le=10)
    """Further tries of an agent's call after a lost connection, a rate limit, a server's own error
    or a time-out."""

    agent_concurrency: int = Field(default=8, ge=1)
    """Calls of agents' models at the same time."""

    agent_tokens: int = Field(default=60_000, ge=1_000)
    """Tokens, read and written, that the agents of one request may use."""

    interpret: Literal["off", "agent", "base"] = "agent"
    """Which model reads forget requests, checked by the local readers: `agent`, the vetter's, where
    there is one; `base`, the wrapped model itself, which sees the request then; `off`, none."""

    identify: Literal["off", "agent", "base"] = "agent"
    """Which model is asked whom a text tells of that is near a target and names nobody: `agent`,
    the auditor's, where there is one; `base`, the wrapped model itself. The question holds no
    target, and its answer is matched locally."""

    identify_when: Literal["near", "always"] = "near"
    """Of which texts that is asked: `near`, those near a target; `always`, all that say something,
    since what tells of a target in words of its own may be like nothing that is known of it. One
    call more for each answer, and a stream is held until it was asked about."""

    compose: int = Field(default=0, ge=0, le=20)
    """How many of the best accepted rewrites are merged; 0 and 1 take the best as it is."""

    model_timeout: float = Field(default=120.0, gt=0)
    """Seconds that the wrapped model may take."""

    threads: int | None = Field(default=None, ge=1, le=256)
    """Threads that a local model (`hf:`, `gguf:`) works with; one core fewer than there are unless
    given, 8 at most, since the layer reads along while the model writes."""

    context: int = Field(default=4_096, ge=256)
    """Tokens of conversation and answer that a `gguf:` model keeps ready, if it was trained for as
    many; memory grows with them."""

    max_chars: int = Field(default=500_000, ge=1_000)
    """Characters of a conversation over which a request is refused."""

    on_failure: Literal["abstain", "raise"] = "abstain"
    """What a failure near a target gives: an abstention, or `WithheldError`."""

    abstention: Literal["worded", "counterfactual"] = "worded"
    """How the layer speaks when it does not answer. `worded` takes one of its own sentences, at
    once; `counterfactual` asks the wrapped model the same about somebody invented and gives what
    that says of not knowing, so that neither words, length nor time tell a listed subject from one
    that the model does not know. The server's default is `counterfactual`."""

    direct: Literal["abstain", "ask"] = "abstain"
    """What becomes of a request that asks for nothing but a target. `abstain` answers at once and
    spares the call; `ask` makes the wrapped model's call all the same and throws its answer away,
    so that neither a model that is down, nor the tokens, nor the time of a plain reply tells a
    listed subject from an unknown one. The server's default is `ask`."""

    elicit: bool = True
    """Ask the wrapped model what it knows about a new target, and index it. The target is in force
    before; the model is asked in the background."""

    elicit_tokens: int = Field(default=96, ge=8, le=4_096)
    """Tokens that one answer about a new target may take."""

    elicit_timeout: float = Field(default=120.0, gt=0)
    """Seconds that all answers about one new target may take; what was said by then is kept."""

    signing_key: Path | None = None
    """The file of the Ed25519 key with which verifications are signed; `signing.key` beside the
    database unless given, and made when it is not there."""

    seal_key_file: Path | None = None
    """The file of the keys of sealed targets, which only its owner may read; `amnestic key new`
    makes one. The first key in it seals, all of them open."""

    seal_key: SecretStr | None = None
    """A key of sealed targets, or several with spaces between, in the place of a file or before
    its keys."""

    telemetry: Literal["off", "otel"] = "off"
    """`otel` tells OpenTelemetry of each request and each call of a model, by its conventions for
    generative AI and without any text (extra `otel`): to the providers that the program has set up.
    `amnestic serve` sets up some itself, told by the `OTEL_…` variables."""

    prompts_dir: Path | None = None
    """A folder whose Markdown files take the place of single prompts."""

    def only_watches(self, namespace: str) -> bool:
        """Whether requests of a namespace are in audit mode.

        >>> Settings(audit=["tenant"]).only_watches("tenant"), Settings().only_watches("tenant")
        (True, False)
        """
        return self.audit == "all" or namespace in self.audit


def read_settings(settings: Settings | None, overrides: Mapping[str, Any]) -> Settings:
    """`settings`, or those of the environment, with `overrides` in their places. Raises
    `ConfigurationError` for a setting that does not exist or cannot be."""
    if settings is None:
        return Settings(**overrides)
    return type(settings)(**{**settings.model_dump(), **overrides})
