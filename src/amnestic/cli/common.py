"""What the commands share: their options, opening a layer, and printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.exceptions import AmnesticError

__all__ = ["AgentModel", "BaseUrl", "Db", "Json", "Model", "Namespace", "Reason", "Which",
           "administered", "at_terminal", "console", "emit", "names_model", "opened",
           "reads_with_base", "shown", "status", "told", "working"]  # fmt: skip

console = Console()
status = Console(stderr=True)

Model = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="embedded, hf:<path or repo>, gguf:<path> or openai:<name>."
    ),
]
AgentModel = Annotated[
    str | None,
    typer.Option("--agent-model", help="A model that judges and rewrites; none by default."),
]
Db = Annotated[
    str | None,
    typer.Option("--db", metavar="PLACE", help="The registry: a file, or a PostgreSQL URL."),
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", help="Base URL of an OpenAI-compatible API.")
]
Namespace = Annotated[str | None, typer.Option("--namespace", help="Whose targets are in force.")]
Which = Annotated[str, typer.Argument(help="The target's id, or a name that it has alone.")]
Reason = Annotated[str, typer.Option(help="Why, for the trail.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def opened(**settings: Any) -> Iterator[Amnesia]:
    """A layer with the settings that were given; it is closed at the end. What a command does
    before it asks the model does not wait for the weights."""
    from amnestic.amnesia import Amnesia

    given = {name: value for name, value in settings.items() if value is not None}
    with closing(Amnesia(**given)) as amnesia:
        yield amnesia


@contextmanager
def administered(**settings: Any) -> Iterator[Amnesia]:
    """A layer for what asks no model: whatever model the settings name, none is needed for it."""
    from amnestic.models.fixed import FixedBackend
    from amnestic.types import Draft, Generation

    nobody = FixedBackend(Generation((Draft(text=""),)))
    with opened(model=nobody, elicit=False, **settings) as amnesia:
        yield amnesia


@contextmanager
def working(message: str) -> Iterator[Any]:
    """A spinner on standard error while something takes its time; nothing where it is no screen."""
    with status.status(message) as spinner:
        yield spinner


def names_model(model: str | None) -> bool:
    """Whether a model is named, by an option or a setting: only such a one is asked what it knows
    of a target, and not the one that stands there where none is."""
    from amnestic.config import Settings

    return bool(model) or "model" in Settings().model_fields_set


def reads_with_base() -> bool:
    """Whether the wrapped model reads forget requests."""
    from amnestic.config import Settings

    return Settings().interpret == "base"


def at_terminal() -> bool:
    """Whether somebody can be asked: a process may also be started without any input."""
    return sys.stdin is not None and sys.stdin.isatty()


def emit(value: Any) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def shown(text: str) -> str:
    """A text that somebody else wrote, for a terminal: control characters as their escapes.

    >>> shown("withdrawn\\n2026-11-28 eve revoke\\x1b[2J")
    'withdrawn\\\\n2026-11-28 eve revoke\\\\x1b[2J'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def told(error: AmnesticError) -> str:
    """An error in one line; a provider's with the id that its support asks for.

    >>> from amnestic.exceptions import ModelError
    >>> told(ModelError("HTTP 503", hint="try again later", request_id="req_7f3a"))
    'HTTP 503: try again later (request id req_7f3a)'
    """
    request_id = getattr(error, "request_id", None)
    return f"{error} (request id {request_id})" if request_id else f"{error}"
