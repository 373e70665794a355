"""`amnestic forget`: the reading is shown, then confirmed, then in force."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnestic.cli import common
from amnestic.cli.common import BaseUrl, Db, Json, Model, Namespace
from amnestic.cli.parts import Ground, Scope, Several, SubjectId, Terms, Translations, end_of
from amnestic.cli.records import (
    NOBODY_ASKED,
    preview_lines,
    proposal,
    record_row,
    show_record,
    target_row,
)
from amnestic.exceptions import (
    ForgetRequestError,
    InvalidRequestError,
    NeedsClarificationError,
)

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.forecasting import Preview
    from amnestic.types import ForgetTarget

__all__ = ["forget"]

Facts = Annotated[Several, typer.Option("--fact", help="A fact, as a sentence; may be repeated.")]
Aliases = Annotated[Several, typer.Option("--alias", help="Another name; may be repeated.")]
Identifiers = Annotated[
    Several,
    typer.Option("--identifier", help="An address, a number, a key; may be repeated."),
]
Keeps = Annotated[Several, typer.Option("--keep", help="What shall stay; may be repeated.")]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it holds.")
]


def forget(
    request: Annotated[str, typer.Argument(help="What to forget, in plain words.")],
    model: Model = None,
    db: Db = None,
    base_url: BaseUrl = None,
    namespace: Namespace = None,
    fact: Facts = None,
    alias: Aliases = None,
    identifier: Identifiers = None,
    term: Terms = None,
    translation: Translations = None,
    keep: Keeps = None,
    until: Until = None,
    scope: Scope = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    requester: Annotated[
        str | None, typer.Option(help="Who wants it forgotten; you unless given.")
    ] = None,
    legal_basis: Ground = None,
    subject_id: SubjectId = None,
    sealed: Annotated[
        bool,
        typer.Option("--sealed", help="A private record: encrypt and mask it, tell no model."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask back.")] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show the reading and what it would match; that is all."),
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="With --dry-run: try it on the lines of a file, too.")
    ] = None,
    elicit: Annotated[
        bool, typer.Option(help="Ask the model what it knows of the subject, and guard that too.")
    ] = True,
    wait: Annotated[
        bool, typer.Option(help="Wait until the model was asked; else the next process asks it.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Forget something, from the next request on.

    The reading is shown first; at a terminal you are asked whether it is right, and what is meant
    where the request leaves that open. A model is asked what it knows only if one is named, by
    --model or a setting.
    """
    if sealed:
        elicit = False
    named = common.names_model(model)
    unnamed, elicit = elicit and not named, elicit and named
    given: dict[str, Any] = {
        "facts": fact,
        "aliases": alias,
        "identifiers": identifier,
        "terms": term,
        "translations": translation,
        "exceptions": keep,
        "expires": until and end_of(until),
        "scope": scope,
        "reason": reason,
        "legal_basis": legal_basis,
        "subject_id": subject_id,
        "sealed": sealed,
        "requester": requester,
    }
    details = {name: told for name, told in given.items() if told}
    opening = (
        common.opened(model=model, db=db, base_url=base_url, namespace=namespace)
        if elicit or (named and common.reads_with_base())
        else common.administered(db=db, namespace=namespace)
    )
    with opening as amnesia:
        if dry_run:
            shown = _preview(amnesia, request, details, _lines(against), elicit=elicit)
            _show_preview(shown, as_json=as_json)
            return
        if not (yes or as_json) and common.at_terminal():
            targets = _confirmed(_understood(amnesia, request, details))
            with common.working("forgetting"):
                targets = amnesia.add(*targets, reason=reason, elicit=elicit)
        else:
            with common.working("forgetting"):
                targets = amnesia.forget_all(request, elicit=elicit, **details)
        if elicit and wait:
            told = "in force; asking the model what it knows (Ctrl-C: ask it later)"
            with common.working(told), suppress(KeyboardInterrupt):
                amnesia.wait_for_elicitation()
            targets = tuple(amnesia.find(target.id) for target in targets)
        if as_json:
            rows = [target_row(target.masked()) for target in targets]
            common.emit(rows[0] if len(rows) == 1 else rows)
            return
        for target in targets:
            _show(target, amnesia.namesakes(target))
        if any(target.is_private and not target.sealed for target in targets):
            typer.echo(proposal(), err=True)
        if unnamed:
            typer.echo(NOBODY_ASKED, err=True)


def _show(target: ForgetTarget, namesakes: Iterable[ForgetTarget]) -> None:
    show_record(target.masked())
    for other in namesakes:
        typer.echo(f"  another target has this name and holds as well: {other.id}", err=True)


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequestError(f"`{path}` cannot be read as text: {error}") from None


def _preview(
    amnesia: Amnesia,
    request: str,
    details: dict[str, Any],
    against: Iterable[str] = (),
    *,
    elicit: bool = False,
) -> Preview:
    with common.working("reading"):
        return amnesia.preview(request, against=against, elicit=elicit, **details)


def _show_preview(shown: Preview, *, as_json: bool) -> None:
    if as_json:
        rows = [record_row(target) for target in shown.targets]
        matched = shown.model_dump(mode="json", exclude={"targets", "namesakes"})
        common.emit({"targets": rows, "namesakes": [n.id for n in shown.namesakes], **matched})
        return
    for line in preview_lines(shown):
        typer.echo(line)
    typer.echo("nothing was stored")


def _understood(amnesia: Amnesia, request: str, details: dict[str, Any]) -> Preview:
    """The reading of a request; what it leaves open is asked, until it is said or left."""
    asked: type[ForgetRequestError] = NeedsClarificationError
    while True:
        try:
            return _preview(amnesia, request, details)
        except asked as error:
            typer.echo(common.shown(str(error)), err=True)
        asked = ForgetRequestError  # also where the answer is no request at all
        told = "The request in other words (nothing: leave it)"
        request = typer.prompt(told, default="", show_default=False)
        if not request.strip():
            typer.echo("nothing was stored")
            raise typer.Exit(1)


def _confirmed(shown: Preview) -> tuple[ForgetTarget, ...]:
    """The targets of a reading that somebody says is right: what was shown is what is stored."""
    for line in preview_lines(shown):
        typer.echo(line)
    if not typer.confirm("Is that right?", default=True):
        typer.echo("nothing was stored")
        raise typer.Exit(1)
    return shown.targets
