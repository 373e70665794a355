"""`amnestic report`: one page and a Markdown file of what came of evaluations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amnestic.cli import common
from amnestic.cli.common import Json

__all__ = ["report"]


def report(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN…", help="Folders that `amnestic eval` has made.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="A folder to write to; needed for several runs, else the run's own."),
    ] = None,
    without_text: Annotated[
        bool,
        typer.Option("--without-text", help="Leave out questions, replies and names."),
    ] = False,
    megabytes: Annotated[
        float, typer.Option(min=0.1, max=100, help="Of replies in the page, at most.")
    ] = 4.0,
    as_json: Json = False,
) -> None:
    """Make a page of one or several evaluations: report.html, and report.md with the same tables.

    The page holds all that it needs, and each number leads to the questions and replies behind it.
    """
    from amnestic.evaluation.reporting import write_report

    with common.working("writing the report"):
        written = write_report(runs, out, with_text=not without_text, megabytes=megabytes)
    if as_json:
        files = {"page": str(written.page), "markdown": str(written.markdown)}
        verdicts = [{"run": label, "verdict": line} for label, line in written.verdicts]
        common.emit({**files, "verdicts": verdicts, "missing": written.missing,
                     "runs": written.scores})  # fmt: skip
        return
    for label, line in written.verdicts:
        typer.echo(f"{label}: {line}" if len(written.verdicts) > 1 else line)
    for line in written.missing:
        typer.echo(line, err=True)
    typer.echo(f"{written.page}\n{written.markdown}")
