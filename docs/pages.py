"""The pages that are made from the code: settings, commands, errors, clients, compared systems."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
import typer
from clients_page import clients_page
from evaluation_pages import data_page
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from systems_page import systems_page

from amnestic import exceptions
from amnestic.cli.app import app
from amnestic.config import Settings
from amnestic.environment import ALSO_READ, FromEnvironment
from amnestic.places import DatabaseUrl, default_cache_dir, default_db_path
from amnestic.server.settings import ServerSettings

__all__ = ["PAGES", "commands_of", "commands_page", "errors_page", "settings_page"]

MADE = "<!-- made by `python docs/refresh.py`; change the code, not this page -->"
_TOLD: dict[Any, str] = {
    default_db_path: "`registry.db` in the user's data folder",
    default_cache_dir: "`amnestic` in the user's cache folder",
}
_KINDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Path: "path",
    DatabaseUrl: "PostgreSQL URL",
    SecretStr: "secret",
}


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────


def settings_page() -> str:
    """`docs/settings.md`: every setting of the layer and of the server."""
    others = _table(("variable", "what it is for"), [(f"`{n}`", w) for n, w in ALSO_READ.items()])
    return f"""# Settings

{MADE}

Each setting is an argument of `Amnesia(…)` or `Settings(…)`, else an environment variable, else a
line of the file of settings, else its default. Lists and tables in variables are written as JSON. A
variable that is not known is warned of once, with the known one that it is most like.

## The file

`AMNESTIC_CONFIG`, or `--config` of any command, names one file of settings in TOML or YAML. A
setting stands in it under its variable's name without `AMNESTIC_`, in small letters; those of
`amnestic serve` without `AMNESTIC_SERVER_`, in the table `server`:

```toml
db = "/var/lib/amnestic/registry.db"
namespace = "tenant"

[server]
upstream = "https://api.openai.com/v1"
host = "0.0.0.0"
caller_keys = ["a key"]
```

A line that is no setting is an error, with the setting that it is most like. A variable goes
before the whole of a table or a list. Keys may stand in it: a file of keys that others may read is
warned of. `AMNESTIC_UPSTREAM_KEY` goes before `upstream_key` in the file, and that before
`OPENAI_API_KEY`.

## The layer

{_settings_table(Settings)}

## `amnestic serve`

{_settings_table(ServerSettings)}

## Read beside these

{others}
"""


def _settings_table(kind: type[FromEnvironment]) -> str:
    rows = [
        (f"`{kind.variable(name)}`", _values(field), _default(field), _prose(field.description))
        for name, field in kind.model_fields.items()
    ]
    return _table(("variable", "values", "default", "what it does"), rows)


def _values(field: FieldInfo) -> str:
    bounds = [bound for meta in field.metadata if (bound := _bound(meta))]
    return ", ".join([_kind(field.annotation), *bounds])


def _kind(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin in (Union, UnionType):
        return " or ".join(_kind(part) for part in inner if part is not NoneType)
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return "table"
    if origin in (tuple, list):
        return f"list of {_kind(inner[0])}"
    if inspect.isclass(annotation) and issubclass(annotation, Enum):
        return ", ".join(f"`{value.value}`" for value in annotation)
    return _KINDS[annotation]


def _bound(meta: Any) -> str:
    signs = {
        annotated_types.Ge: ("≥", "ge"),
        annotated_types.Gt: (">", "gt"),
        annotated_types.Le: ("≤", "le"),
        annotated_types.Lt: ("<", "lt"),
    }
    sign = signs.get(type(meta))
    return f"{sign[0]} {getattr(meta, sign[1])}" if sign else ""


def _default(field: FieldInfo) -> str:
    if field.default_factory in _TOLD:
        return _TOLD[field.default_factory]
    value = field.get_default(call_default_factory=True)
    assert value is not PydanticUndefined
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Enum):
        return f"`{value.value}`"
    return f"`{value}`"


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────


def commands_page() -> str:
    """`docs/cli.md`: every command with its arguments and options."""
    group: Any = typer.main.get_command(app)
    parts = [f"# The command line\n\n{MADE}\n\n{group.help}\n\n{_parameters(group)}"]
    for name, command in commands_of(group):
        told = inspect.cleandoc(command.help or "")
        parts.append(f"## `amnestic {name}`\n\n{told}\n\n{_parameters(command)}")
    return "\n".join(parts)


def commands_of(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """The commands of a group and of the groups in it, each with the words that call it."""
    for name in sorted(group.commands):
        command = group.commands[name]
        yield f"{before}{name}", command
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{before}{name} ")


def _parameters(command: Any) -> str:
    rows = [
        (", ".join(f"`{o}`" for o in _forms(p)), _prose(getattr(p, "help", "") or ""))
        for p in command.params
    ]
    return _table(("argument", "meaning"), rows) if rows else ""


def _forms(parameter: Any) -> list[str]:
    if parameter.param_type_name == "argument":
        return [parameter.name.upper()]
    return [*parameter.opts, *parameter.secondary_opts]


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────


def errors_page() -> str:
    """`docs/errors.md`: every error, what it means, and what it carries."""
    rows = [
        (f"`{kind.__name__}`", f"`{_parent(kind)}`", _prose(_first(kind)))
        for kind in _errors(exceptions.AmnesticError)
    ]
    return f"""# Errors

{MADE}

```text
{inspect.cleandoc(exceptions.__doc__ or "")}
```

{_table(("error", "is a", "when"), rows)}
"""


def _errors(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for inner in kind.__subclasses__():
        if inner.__module__ == exceptions.__name__:
            yield from _errors(inner)


def _parent(kind: type[Exception]) -> str:
    return kind.__bases__[0].__name__


def _first(kind: type[Exception]) -> str:
    """The first paragraph of a docstring."""
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _prose(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


PAGES = {
    "settings.md": settings_page,
    "cli.md": commands_page,
    "errors.md": errors_page,
    "clients.md": lambda: clients_page(MADE),
    "evaluation_data.md": data_page,
    "evaluation_systems.md": lambda: systems_page(MADE),
}
"""The pages, by their names in `docs/`."""
