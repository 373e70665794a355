"""The tables of docs/console.md, made of what `benchmarks/console.py --write` measured."""

from __future__ import annotations

from typing import Any

__all__ = ["shown"]

ASKED = 150


def shown(measured: dict[str, Any]) -> str:
    """A table for each database that was measured.

    >>> row = {"page": "trail", "median": 6.2, "p95": 9.9, "processor": 6.0}
    >>> run = {"targets": 9, "machine": "one", "load": 0.5, "rows": [row], "check": [1.5, 1.2]}
    >>> print(shown({"SQLite": run}).splitlines()[-2])
    | trail | 6 ms | 10 ms | 6 ms |
    """
    return "\n\n".join(_table(name, run) for name, run in measured.items())


def _table(database: str, run: dict[str, Any]) -> str:
    took, spent = run["check"]
    lines = [
        f"{run['machine']}, load {run['load']:.1f} at the beginning; asked are {ASKED} ms:",
        "",
        f"| {run['targets']:,} targets, {database} | median | p95 | processor |",
        "|---|---|---|---|",
    ]
    for row in run["rows"]:
        told = " | ".join(f"{row[name]:.0f} ms" for name in ("median", "p95", "processor"))
        lines.append(f"| {row['page']} | {told} |")
    lines.append(f"| the chain checked, in the background | {took:.0f} s | | {spent:.0f} s |")
    return "\n".join(lines)
