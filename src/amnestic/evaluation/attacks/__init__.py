"""Attacks: probes asked so that what was forgotten may come back, without any chat model.

In: a data set of the contract. Out: its attacked probes (`attacked`), by families (`FAMILIES`), and
the search of an adaptive probe (`search_for`). Attacks change messages and keep the judgement
fair: see `attack.Attack.apply`; `attack.compose` does one after the other, `registry.ATTACKS` has
each by its name.
"""

from __future__ import annotations

from amnestic.evaluation.attacks.registry import FAMILIES, attacked, search_for

__all__ = ["FAMILIES", "attacked", "search_for"]
