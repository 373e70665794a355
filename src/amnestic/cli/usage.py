"""What the agents have cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import typer

from amnestic.cli import common
from amnestic.config import read_settings
from amnestic.tools.registry import Spent, UsageStore, usage_path

__all__ = ["show_usage", "usage_rows"]

_COLUMNS = ("day", "agent", "model", "calls", "input_tokens", "output_tokens")


def usage_rows(db: str | None = None, days: int | None = None) -> list[Spent]:
    """What was spent by the layer with the registry `db`, in the last `days` days or ever."""
    settings = read_settings(None, {} if db is None else {"db": db})
    return UsageStore(usage_path(settings.db)).since(_first_day(days))


def show_usage(*, db: str | None, days: int | None, as_json: bool) -> None:
    """Print calls and tokens by day, agent and model, and their sum."""
    spent = usage_rows(db, days)
    total = _total(spent)
    if as_json:
        rows = [dict(zip(_COLUMNS, _row(s), strict=True)) for s in spent]
        common.emit({"usage": rows, "total": total})
        return
    if not spent:
        typer.echo("no agent has called a model yet")
        return
    for s in spent:
        day, agent, model, calls, read, written = _row(s)
        typer.echo(f"{day}  {agent:<9} {model:<28} {calls:>8} calls  {read:>10} + {written} tokens")
    typer.echo(
        f"total: {total['calls']} calls, {total['input_tokens']} + {total['output_tokens']} tokens"
    )


def _first_day(days: int | None) -> date | None:
    return None if days is None else datetime.now(UTC).date() - timedelta(days=days - 1)


def _row(spent: Spent) -> tuple[Any, ...]:
    return (
        spent.day.isoformat(),
        spent.agent,
        spent.model,
        spent.calls,
        spent.input_tokens,
        spent.output_tokens,
    )


def _total(spent: list[Spent]) -> dict[str, int]:
    return {key: sum(getattr(s, key) for s in spent) for key in _COLUMNS[3:]}
