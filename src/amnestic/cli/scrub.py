"""`amnestic scrub`: a corpus without what belongs to a target."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from amnestic.cli import common
from amnestic.cli.common import Db, Json, Namespace

if TYPE_CHECKING:
    from amnestic.scrubbing import ScrubSummary

__all__ = ["ScrubCommand", "scrub"]

_SHOWN = 12


class ScrubCommand(TyperCommand):
    """The command, in which `--ray` may stand without an address: at the end, or before another
    option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What the arguments say."""
        ends = args.index("--") if "--" in args else len(args)
        behind = [*args[1:], "-"]
        told = [
            "--ray=auto" if arg == "--ray" and new.startswith("-") else arg
            for arg, new in zip(args[:ends], behind, strict=False)
        ]
        return super().parse_args(ctx, [*told, *args[ends:]])


def scrub(
    corpus: Annotated[Path, typer.Argument(metavar="IN", help="A file, or a folder of files.")],
    out: Annotated[
        Path | None,
        typer.Argument(metavar="OUT", help="A folder; of one file also a file's name."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and write nothing.")
    ] = False,
    only_find: Annotated[
        bool, typer.Option("--only-find", help="Say where targets stand, and write nothing.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes; as many as there are cores unless given.")
    ] = 0,
    encoding: Annotated[
        str | None, typer.Option(help="Of files that are not UTF-8; windows-1252 unless given.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="[ADDRESS]",
            help="A Ray cluster whose machines judge: a running one where no address is given; "
            "`local` begins one here.",
        ),
    ] = None,
    snapshot_file: Annotated[
        Path | None,
        typer.Option("--snapshot", help="Targets in a file of `Snapshot.save`: no registry."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write what went where, as JSON Lines: ids and places, no text."),
    ] = None,
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Write files without what belongs to a target; the rest stays byte for byte.

    Reads JSON Lines, JSON, CSV, TSV, Parquet, text, Markdown, HTML and XML, also with .gz, .bz2,
    .xz or .zst. A run that was stopped goes on where it was when it is started again. It holds to
    the targets that are in force when it begins. Exit 1 where a file was left out or failed.
    """
    from amnestic.exceptions import InvalidRequestError
    from amnestic.scrubbing import ScrubOptions, Snapshot, scrub_files

    writes = not (dry_run or only_find)
    if writes and out is None:
        raise InvalidRequestError("say where to: give OUT, or --dry-run")
    options = ScrubOptions(workers, encoding, writes=writes, only_find=only_find, ray=ray)
    if snapshot_file is not None:
        if db is not None or namespace is not None:
            raise InvalidRequestError("a snapshot has its targets: give no --db, no --namespace")
        snapshot = Snapshot.read(snapshot_file)
    else:
        layer = common.administered(db=db, namespace=namespace)
        with common.working("reading the targets"), layer as amnesia:
            snapshot = Snapshot.of(amnesia)
    with _progress() as advance:
        summary = scrub_files(snapshot, corpus, out, options, advance)
    if report is not None:
        _write_report(report, summary)
    if as_json:
        common.emit(_row(summary))
    else:
        for line in _lines(summary, writes=writes):
            typer.echo(line)
    raise typer.Exit(0 if summary.is_whole else 1)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error with the time that is left; nothing where it is no screen."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("scrubbing"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    disable = not common.status.is_terminal
    with Progress(*columns, console=common.status, disable=disable, transient=True) as bar:
        task = bar.add_task("scrubbing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _write_report(report: Path, summary: ScrubSummary) -> None:
    from amnestic.private_files import writing_private

    with writing_private(report) as stream:
        head = {"revision": summary.revision, "position": summary.position}
        for row in (head, *summary.journal.rows()):
            stream.write(json.dumps(row) + "\n")


def _row(summary: ScrubSummary) -> dict[str, Any]:
    return {
        "revision": summary.revision,
        "position": summary.position,
        "files": summary.files,
        "resumed": summary.resumed,
        "records": summary.records,
        "broken": summary.broken,
        "places": summary.places,
        "targets": summary.targets,
        "seconds": round(summary.seconds, 3),
        "left_out": [
            {"file": e.file, "state": e.state, "reason": e.reason} for e in _left_out(summary)
        ],
    }


def _lines(summary: ScrubSummary, *, writes: bool) -> Iterator[str]:
    files = ", ".join(f"{count} {state}" for state, count in sorted(summary.files.items()))
    yield f"registry revision {summary.revision}; files: {files}"
    if summary.resumed:
        yield f"{summary.resumed} of them were done before"
    verb = "went" if writes else "would go"
    yield f"{summary.records:,} records read; in {summary.places:,} places something {verb}"
    if summary.broken:
        yield f"{summary.broken:,} broken lines were read as plain text"
    for target, count in list(summary.targets.items())[:_SHOWN]:
        yield f"  {target}  {count:,}"
    if len(summary.targets) > _SHOWN:
        yield f"  and {len(summary.targets) - _SHOWN} targets more"
    for entry in _left_out(summary):
        yield f"{entry.state}: {common.shown(entry.file)}: {entry.reason}"


def _left_out(summary: ScrubSummary) -> list[Any]:
    entries = sorted(summary.journal.entries.values(), key=lambda e: e.file)
    return [entry for entry in entries if entry.reason]
