"""`amnestic targets`, and what accounts for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from amnestic.cli import common
from amnestic.cli.common import BaseUrl, Db, Json, Model, Namespace, Reason, Which
from amnestic.cli.parts import Ground, Scope, Several, SubjectId, end_or_none
from amnestic.cli.records import record_lines, record_row, show_record, target_line, target_row
from amnestic.exceptions import InvalidRequestError
from amnestic.types import TargetKind, TargetStatus

__all__ = ["app", "trail"]

app = typer.Typer(help="List what is forgotten; show, edit, bring in and take out targets.")

Reveal = Annotated[bool, typer.Option("--reveal", help="Show what is sealed; a key is needed.")]

_ALL = 2**31


@app.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    db: Db = None,
    namespace: Namespace = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that ended, too.")] = False,
    search: Annotated[str, typer.Option(help="Only those with these words in a name.")] = "",
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="How many to show.")] = None,
    as_json: Json = False,
) -> None:
    """List what is forgotten."""
    if context.invoked_subcommand is not None:
        context.obj = (db, namespace)
        return
    with common.administered(db=db, namespace=namespace) as amnesia:
        state = "" if everything else TargetStatus.ACTIVE.value
        found = amnesia.page(offset, limit or _ALL, state=state, search=search)
        unsearched = amnesia.unsearched() if search and not found.total else ""
    if as_json:
        common.emit([target_row(target) for target in found.targets])
        return
    if not found.total:
        typer.echo("nothing is forgotten" if not search else "no target has these words in a name")
        if unsearched:
            typer.echo(unsearched.removeprefix("; "), err=True)
    for target in found.targets:
        typer.echo(target_line(target))
    if len(found.targets) < found.total:
        typer.echo(f"{len(found.targets)} of {found.total}", err=True)


@app.command()
def show(
    context: typer.Context,
    which: Which,
    db: Db = None,
    namespace: Namespace = None,
    versions: Annotated[bool, typer.Option("--versions", help="As it was before, too.")] = False,
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """Show everything that is understood of a target; of a sealed one only with --reveal."""
    with _administered(context, db, namespace) as amnesia:
        target = amnesia.find(which)
        before = amnesia.registry.versions(target.id) if versions else []
    if not reveal:
        target, before = target.masked(), [old.masked() for old in before]
    if as_json:
        row = record_row(target)
        common.emit({**row, "versions": [record_row(t) for t in before]} if versions else row)
        return
    show_record(target)
    for old in before:
        typer.echo(f"version {old.version}")
        for line in record_lines(old):
            typer.echo(f"  {line}")


@app.command()
def edit(
    context: typer.Context,
    which: Which,
    subject: Annotated[str | None, typer.Option(help="Its name.")] = None,
    kind: Annotated[TargetKind | None, typer.Option(help="What sort of thing it is.")] = None,
    description: Annotated[str | None, typer.Option(help="What is told of it.")] = None,
    fact: Annotated[Several, typer.Option("--fact", help="In the place of the told facts.")] = None,
    alias: Annotated[Several, typer.Option("--alias", help="In the place of the aliases.")] = None,
    identifier: Annotated[
        Several, typer.Option("--identifier", help="In the place of the identifiers.")
    ] = None,
    term: Annotated[Several, typer.Option("--term", help="In the place of the terms.")] = None,
    translation: Annotated[
        Several, typer.Option("--translation", help="In the place of the translations.")
    ] = None,
    keep: Annotated[Several, typer.Option("--keep", help="In the place of what stays.")] = None,
    until: Annotated[
        str | None, typer.Option(help="The last day on which it holds; `never` for no end.")
    ] = None,
    scope: Scope = None,
    legal_basis: Ground = None,
    subject_id: SubjectId = None,
    reason: Reason = "",
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Change a target; it becomes a new version, and the old one is kept."""
    given: dict[str, Any] = {
        "subject": subject,
        "kind": kind,
        "description": description,
        "facts": fact,
        "aliases": alias,
        "identifiers": identifier,
        "terms": term,
        "translations": translation,
        "exceptions": keep,
        "scope": scope,
        "legal_basis": legal_basis,
        "subject_id": subject_id,
    }
    changes = {name: told for name, told in given.items() if told is not None}
    if until is not None:
        changes["expires"] = end_or_none(until)
    if not changes:
        raise InvalidRequestError("there is nothing to change: give what shall be otherwise")
    with _administered(context, db, namespace) as amnesia:
        target = amnesia.edit(amnesia.find(which).id, why=reason, **changes).masked()
    if as_json:
        common.emit(record_row(target))
        return
    show_record(target)


@app.command()
def elicit(
    which: Which,
    model: Model = None,
    base_url: BaseUrl = None,
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Ask the model that is named, by --model or a setting, once more what it knows of a target."""
    if not common.names_model(model):
        raise InvalidRequestError(
            "no model is named to be asked: give it as --model or in AMNESTIC_MODEL"
        )
    with common.opened(model=model, base_url=base_url, db=db, namespace=namespace) as amnesia:
        target = amnesia.elicit(amnesia.find(which).id)
        with common.working("asking the model what it knows (Ctrl-C: ask it later)"):
            amnesia.wait_for_elicitation()
        target = amnesia.find(target.id).masked()
    if as_json:
        common.emit(record_row(target))
        return
    show_record(target)


@app.command("export")
def export_targets(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .jsonl or .csv file to write.")],
    db: Db = None,
    namespace: Namespace = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that ended, too.")] = False,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="The sealed ones too, in clear; a key is needed.")
    ] = False,
) -> None:
    """Write the targets to a file; it holds what must be forgotten. Sealed ones are left out but
    with --reveal."""
    from amnestic.exchange import write_records

    with _administered(context, db, namespace) as amnesia:
        status = None if everything else TargetStatus.ACTIVE
        found = amnesia.targets(status=status) if reveal else amnesia.listed(status=status)
    found = [target for target in found if target.status is not TargetStatus.PURGED]
    told = [target for target in found if reveal or not target.sealed]
    count = write_records(file, told)
    typer.echo(f"{count} targets in {file}")
    if len(told) < len(found):
        left = len(found) - len(told)
        typer.echo(f"{left} sealed ones are not in it; --reveal writes them in clear", err=True)


@app.command("import")
def import_targets(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .jsonl or .csv file with a target a line.")],
    db: Db = None,
    namespace: Namespace = None,
    atomic: Annotated[bool, typer.Option("--atomic", help="All of it or nothing.")] = False,
    embed: Annotated[
        bool, typer.Option(help="Make their vectors now; else whoever serves next does.")
    ] = True,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """Put the targets of a file in force; what was brought in already is passed over.

    Lines that cannot be read are told by their number, and the others are brought in.
    """
    from rich.progress import Progress

    from amnestic.exchange import bring_in, count_lines

    with _administered(context, db, namespace) as amnesia, Progress(console=common.status) as bar:
        task, added = bar.add_task("bringing in", total=count_lines(file)), list[int]()
        try:
            told = bring_in(
                amnesia,
                file,
                atomic=atomic,
                embed=embed,
                reason=reason,
                progress=lambda lines: bar.update(task, completed=lines),
                stored=lambda ids: added.append(len(ids)),
            )
        except BaseException:  # raised again: what is in force by then is said
            if sum(added):
                typer.echo(f"{sum(added)} brought in before that; run it again to go on", err=True)
            raise
    if as_json:
        common.emit(told.as_dict())
    else:
        for problem in told.problems:
            typer.echo(f"line {problem.line}: {problem.message}", err=True)
        typer.echo(f"{told.added} brought in, {told.known} known, {told.failed} not read")
        if told.partly:
            some = f"of {told.partly} of them the text was not read whole"
            typer.echo(f"{some}; `targets show` says what was not", err=True)
    if told.failed:
        raise typer.Exit(1)


def trail(
    which: Annotated[str | None, typer.Argument(help="Only of this target.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say whether anything was changed by hand.")
    ] = False,
    export: Annotated[Path | None, typer.Option(help="Write all of it to a .jsonl file.")] = None,
    reveal: Reveal = False,
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Who did what to which target, when and why. It holds no target's text, and of a sealed one
    who and why only with --reveal."""
    from amnestic.exchange import write_trail

    last = None
    with common.administered(db=db, namespace=namespace) as amnesia:
        target_id = None if which is None else amnesia.find(which).id
        entries = amnesia.registry.trail(target_id, amnesia.settings.namespace)
        if check:
            last = amnesia.registry.check_trail()
        if export is not None:
            write_trail(export, entries)
            typer.echo(f"{len(entries)} lines in {export}", err=True)
        opened = amnesia.registry.opened_trail(entries) if reveal else entries
    entries = opened if reveal else [entry.masked() for entry in entries]
    if check:
        chain = {"lines": last.revision if last else 0, "last": last.chain if last else ""}
        if as_json:
            common.emit({"ok": True, **chain})
        else:
            typer.echo(f"{chain['lines']} lines follow from one another; the last is:")
            typer.echo(chain["last"] or "none")
        return
    if as_json:
        common.emit([entry.as_dict() for entry in entries])
        return
    for e in entries if export is None else []:
        why = f": {common.shown(e.reason)}" if e.reason else ""
        who = common.shown(e.actor)
        typer.echo(f"{e.at:%Y-%m-%d %H:%M:%S}  {who}  {e.action}  {e.target_id}{why}")


def _administered(context: typer.Context, db: str | None, namespace: str | None) -> Any:
    """A layer with the options of the command, or else with those of the group."""
    of_group = context.obj or (None, None)
    return common.administered(db=db or of_group[0], namespace=namespace or of_group[1])
