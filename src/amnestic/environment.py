"""What settings share that are read from environment variables: their errors, and a warning of
variables that nothing reads. Neither ever tells a value, which may be a key."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, get_args

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from amnestic.config_file import CONFIG, check_names, config_in, has_password, warn_of_keys
from amnestic.exceptions import ConfigurationError

__all__ = ["ALSO_READ", "FromEnvironment", "FromJson", "known_variables"]

_log = logging.getLogger("amnestic.config")

_OURS = "AMNESTIC_"
_SERVER = "AMNESTIC_SERVER_"

ALSO_READ = MappingProxyType(
    {
        CONFIG: "A file of settings, in TOML or YAML; the same as `--config`.",
        "AMNESTIC_UPSTREAM_KEY": "The key of the API behind `amnestic serve`.",
        "OPENAI_API_KEY": "Key for `openai:` models and for the upstream, where none of the above "
        "is set.",
        "OPENAI_BASE_URL": "Base URL for `openai:` models, where `AMNESTIC_BASE_URL` is not set.",
    }
)
"""Variables that are read and are not named after a setting, with what they are for."""


class FromEnvironment(BaseSettings):
    """Settings from arguments, then environment variables, then the file that `AMNESTIC_CONFIG`
    names, then defaults; frozen, and each described by the words below its field.

    Raises `ConfigurationError` for a setting that does not exist or cannot be.

    >>> class Sizes(FromEnvironment):
    ...     most: int = 3
    >>> Sizes(most="many")
    Traceback (most recent call last):
        ...
    amnestic.exceptions.ConfigurationError: setting 'most': Input should be a valid integer, ...
    """

    model_config = SettingsConfigDict(
        env_prefix=_OURS,
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    called: ClassVar[str] = "setting"
    """What an error calls one of these."""

    table: ClassVar[str | None] = None
    """The table of the file in which they stand; `""` outside of all, `None` in no file."""

    also: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Further variables of settings, which go before the file as their own do."""

    def __init__(self, **values: Any) -> None:
        _warn_of_unknown_variables()
        unknown = sorted(n for n in values if n not in type(self).model_fields and n[:1] != "_")
        if unknown:
            where = f"{type(self).__module__}.{type(self).__qualname__}"
            raise ConfigurationError(f"unknown {self.called} {unknown[0]!r}; see {where}")
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise ConfigurationError(self._told(error, given=values)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, those first that go before others."""
        given = init_settings()
        in_file = {n: v for n, v in cls._in_file().items() if n not in given and not cls._is_set(n)}
        return init_settings, env_settings, InitSettingsSource(settings_cls, in_file)

    @classmethod
    def _is_set(cls, field: str) -> bool:
        """Whether a variable goes before what the file says of a field: as a whole, since tables
        would be put together else."""
        names = {cls.variable(field), cls.also.get(field)}
        return any(value and name.upper() in names for name, value in os.environ.items())

    @classmethod
    def _in_file(cls) -> dict[str, Any]:
        """What the file of settings says of these."""
        if cls.table is None or not (name := os.environ.get(CONFIG)):
            return {}
        file = Path(name).expanduser()
        told, tables = config_in(file), _tables()
        check_names(file, {n: v for n, v in told.items() if n != "server" or n in tables}, tables)
        own = told.get(cls.table, {}) if cls.table else told
        values = {n: v for n, v in own.items() if n in cls.model_fields and v is not None}
        fields = cls.model_fields
        if any(_is_secret(fields[n].annotation) or has_password(v) for n, v in values.items()):
            warn_of_keys(file)
        return values

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable of a field."""
        return f"{cls.model_config['env_prefix']}{field}".upper()

    @classmethod
    def _told(cls, error: ValidationError, given: dict[str, Any]) -> str:
        first = error.errors(include_url=False, include_input=False)[0]
        if (field := str(first["loc"][0])) in given:
            return f"{cls.called} {'.'.join(map(str, first['loc']))!r}: {first['msg']}"
        if not cls._is_set(field) and field in cls._in_file():
            name = f"{cls.table}.{field}".lstrip(".")
            return f"`{os.environ[CONFIG]}`: {name}: {first['msg']}; see docs/settings.md"
        return f"{cls.variable(field)}: {first['msg']}; see docs/settings.md"


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        wanted = (
            """not JSON; write a list as '["one", "two"]' and an object as '{"name": "value"}'"""
        )
        raise PydanticCustomError("json", wanted) from None


FromJson = BeforeValidator(_from_json)
"""With `NoDecode`: a list or an object that a variable gives as JSON."""


def known_variables() -> frozenset[str]:
    """The variables that are read, of all settings that are loaded.

    >>> from amnestic.config import Settings
    >>> Settings.variable("alpha") in known_variables()
    True
    """
    kinds = list(_kinds(FromEnvironment))
    return frozenset(ALSO_READ).union(k.variable(f) for k in kinds for f in k.model_fields)


def _tables() -> dict[str, set[str]]:
    """The settings that a file may hold, by table; of a server that is not loaded, anything."""
    kinds = [kind for kind in _kinds(FromEnvironment) if kind.table is not None]
    return {str(kind.table): set(kind.model_fields) for kind in kinds}


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))


def _kinds(of: type[FromEnvironment]) -> Iterator[type[FromEnvironment]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _warn_of_unknown_variables() -> None:
    """The server's variables count once its settings are loaded: before, they are not for us."""
    known = known_variables()
    serving = any(name.startswith(_SERVER) for name in known)
    for name in os.environ:
        upper = name.upper()
        for_us = upper.startswith(_OURS) and (serving or not upper.startswith(_SERVER))
        if for_us and upper not in known:
            _warn_of(name)


@cache
def _warn_of(name: str) -> None:
    """Once in a process."""
    nearest = _nearest(name.upper())
    meant = f"did you mean {nearest}? " if nearest else ""
    _log.warning("%r is no setting and changes nothing; %ssee docs/settings.md", name, meant)


def _nearest(name: str) -> str | None:
    """The known variable that is spelt most like it, also where `SERVER_` was left out."""
    from difflib import get_close_matches

    known = sorted(known_variables())
    spelt = {k.removeprefix(_SERVER): k for k in known} | {k.removeprefix(_OURS): k for k in known}
    found = get_close_matches(name.removeprefix(_OURS), spelt, n=1)
    return spelt[found[0]] if found else None
