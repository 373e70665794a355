"""`amnestic eval`: every system on every attack, in a folder that can be gone on with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnestic.cli import common
from amnestic.cli.common import Json, Model
from amnestic.exceptions import InvalidRequestError

if TYPE_CHECKING:
    from amnestic.evaluation.running import Manifest, Request, Step

__all__ = ["evaluate"]

_STOPPED = 130


def evaluate(
    data: Annotated[
        str, typer.Argument(help="A data set by its name, or the path of one.")
    ] = "embedded",
    model: Model = None,
    systems: Annotated[
        str | None,
        typer.Option(
            help="Which, by name, with commas between; `all` for every one that can be made. "
            "Without it: those that train nothing."
        ),
    ] = None,
    families: Annotated[
        str | None, typer.Option(help="Of attacks, with commas between; else all without a model.")
    ] = None,
    held_out: Annotated[
        str | None, typer.Option(help="Families or attacks to keep back, with commas between.")
    ] = None,
    subjects: Annotated[
        int | None, typer.Option(min=1, help="How many are forgotten; all of the data set's.")
    ] = None,
    probes: Annotated[
        int, typer.Option(min=1, help="Of each family of attacks and seed, at most.")
    ] = 25,
    retained: Annotated[
        int, typer.Option(min=0, help="Neighbours, and unrelated questions, of each seed, at most.")
    ] = 100,
    seeds: Annotated[int, typer.Option(min=1, help="How many draws of probes.")] = 3,
    samples: Annotated[
        int, typer.Option(min=1, help="Replies to each probe; over 1 sampled at temperature 1.")
    ] = 1,
    temperature: Annotated[
        float | None, typer.Option(min=0, max=2, help="Of sampling; 0 with one sample.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Of a reply.")] = None,
    parallel: Annotated[int, typer.Option(min=1, help="Questions at a time, at most.")] = 8,
    agent_model: Annotated[
        str | None, typer.Option(help="The model of systems with agents; without one they are out.")
    ] = None,
    never_knew: Annotated[
        str | None, typer.Option(help="The model that was trained without the subjects.")
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="A model that judges leaks beside the match of words.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The folder of a new run.")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="The folder of a run to go on with; all else is its own.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure this layer on a model, against what else could be used, and what each costs.

    Replies are kept in a folder as they come; Ctrl-C stops, and --resume goes on. Exit code 1 where
    a system could not be measured.
    """
    from amnestic.evaluation.running import Request

    if resume is not None:
        if out is not None:
            raise InvalidRequestError("give --out for a new run, or --resume for one to go on with")
        path, asked = resume, _kept_request(resume)
    else:
        path = out or Path("runs") / _name(data)
        _refuse_taken(path)
        warmth = temperature if temperature is not None else float(samples > 1)
        if samples > 1 and not warmth:
            raise InvalidRequestError("several samples at temperature 0 are one: leave out one")
        asked = Request(
            data=data,
            model=model or "embedded",
            systems=_listed(systems),
            families=_listed(families),
            held_out=_listed(held_out),
            subjects=subjects,
            probes=probes,
            retained=retained,
            seeds=tuple(range(seeds)),
            samples=samples,
            temperature=warmth,
            max_tokens=max_tokens,
            parallel=parallel,
            agent_model=agent_model,
            never_knew=never_knew,
            judge=judge,
        )
    manifest = _made(asked, path)
    _show(path, manifest, as_json=as_json)
    if manifest.status != "complete":
        raise typer.Exit(1)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _name(data: str) -> str:
    """The folder of a run that nobody has named: its data set and the time."""
    from datetime import UTC, datetime

    return f"{Path(data).stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


def _refuse_taken(path: Path) -> None:
    if (path / "run.json").exists():
        raise InvalidRequestError(
            f"`{path}` holds a run already: go on with it by --resume, or name another folder"
        )


def _kept_request(path: Path) -> Request:
    from amnestic.evaluation.running import read_run

    return read_run(path).manifest.request


def _made(asked: Request, path: Path) -> Manifest:
    """Make the run, and have it judged; ends the command with a line where it is stopped."""
    from amnestic.evaluation.running import judge_of, judge_run, make_run, plan_of

    with common.working("drawing probes"):
        plan = plan_of(asked)
        judge = judge_of(asked) if asked.judge else None  # before hours of replies for nobody
    try:
        with _progress() as told:
            manifest = asyncio.run(make_run(plan, path, told))
            if judge is not None:
                manifest = asyncio.run(judge_run(path, judge, asked.parallel, told))
    except KeyboardInterrupt:
        common.status.print(
            f"stopped; what was measured is kept. Go on with: amnestic eval --resume {path}",
            style="yellow", highlight=False, markup=False, soft_wrap=True,
        )  # fmt: skip
        raise typer.Exit(_STOPPED) from None
    return manifest


@contextmanager
def _progress() -> Iterator[Any]:
    """Shows how far a run has come, with the time that is left; nothing where it is no screen."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeRemainingColumn(),
    )
    shown = Progress(*columns, console=common.status, disable=not common.status.is_terminal)
    with shown:
        task = shown.add_task("", total=None)

        def told(step: Step) -> None:
            said = f"{step.system} {step.doing}"
            shown.update(task, description=said, completed=step.done, total=step.total)

        yield told


def _show(path: Path, manifest: Manifest, *, as_json: bool) -> None:
    from amnestic.cli.evaluation_table import lines_below, tables
    from amnestic.evaluation.running import read_run
    from amnestic.evaluation.scoring import score

    with common.working("scoring"):
        run = read_run(path)
        scores = score(run.probes, run.records, run.told)
    if as_json:
        told = {"run": str(path), "manifest": manifest.model_dump(mode="json")}
        common.emit({**told, **scores.as_dict(), "below": lines_below(run, scores)})
        return
    for shown in tables(scores):
        common.console.print(shown)
    for line in lines_below(run, scores):
        typer.echo(line)
    typer.echo(f"kept in {path}; `amnestic report {path}` makes a page of it")
