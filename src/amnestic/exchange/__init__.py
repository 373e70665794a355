"""Targets in files, in and out: JSON Lines and CSV.

In: a file with a target a line. Out: targets in force, and what could not be read by line; or a
file with the targets or the trail.
"""

from __future__ import annotations

from amnestic.exchange.bringing_in import BroughtIn, Problem, bring_in
from amnestic.exchange.reading import count_lines
from amnestic.exchange.writing import write_records, write_trail

__all__ = ["BroughtIn", "Problem", "bring_in", "count_lines", "write_records", "write_trail"]
