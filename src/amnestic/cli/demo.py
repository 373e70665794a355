"""Showing the demo on a screen or as JSON."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from rich.table import Table
from rich.text import Text

from amnestic.amnesia import Amnesia
from amnestic.assembly import index_dir
from amnestic.cli import common
from amnestic.evaluation.asking import DemoReport, DemoRow
from amnestic.evaluation.demo import run_demo
from amnestic.evaluation.real_world import load_real_world, run_real_demo
from amnestic.models.embedded.world import load_world

__all__ = ["show_demo"]


def show_demo(model: str = "embedded", *, as_json: bool) -> int:
    """Run the demo on a database of its own; 0 when nothing leaked and nothing was lost.

    The embedded model is asked about its own made-up world, every other one about the real world.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        common.working(f"loading {model}") as status,
        Amnesia(model, db=Path(folder) / "demo.db", elicit=model == "embedded") as amnesia,
    ):
        if model == "embedded":
            report = run_demo(amnesia, load_world(), progress=status.update)
        else:
            report = run_real_demo(amnesia, load_real_world(), progress=status.update)
        kept = index_dir(amnesia.settings)
    shutil.rmtree(kept, ignore_errors=True)
    if as_json:
        common.emit(report.as_dict())
    else:
        _print(report)
    return 0 if report.passed else 1


def _print(report: DemoReport) -> None:
    for request in report.requests:
        common.console.print(Text(f"> {request}", style="bold"))
    table = Table(show_lines=True)
    for heading in ("asked", "question", "before", "after", "route"):
        table.add_column(heading, overflow="fold")
    table.add_column("added ms", justify="right")
    table.add_column("calls", justify="right")
    for row in report.rows:
        table.add_row(
            row.question.category.value,
            Text(row.question.text),
            Text(row.before),
            Text(row.after, style=_style(row)),
            row.route,
            f"{row.added_ms:.1f}",
            str(row.model_calls),
        )
    common.console.print(table)
    left_out = f", {report.left_out} not known and left out" if report.left_out else ""
    held = f", {report.only_held} asked to see that they stay" if report.only_held else ""
    common.console.print(
        f"{report.asked} questions, {report.known} known before{left_out}{held}: "
        f"{report.leaked} leaked, {report.touched} wrongly touched, "
        f"median {report.median_added_ms:.1f} ms added"
    )
    common.console.print(
        f"counting every name, also one that a reply only repeats from its question to say that it "
        f"does not know: {report.named} leaked"
    )
    if report.proves:
        common.console.print(
            f"the leaks rest on {report.at_stake} answers that the model knew of what it was to "
            f"forget: a rate of up to {report.leak_bound:.0%} is not ruled out (95 % confidence)"
        )
    else:
        common.console.print("the model knew too little of what was forgotten: nothing is proven")


def _style(row: DemoRow) -> str:
    if row.leaked or row.touched:
        return "red"
    if row.named:
        return "yellow"
    return "" if row.before == row.after else "green"
