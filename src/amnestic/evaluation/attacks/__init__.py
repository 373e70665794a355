"""Attacks: probes asked so that what was forgotten may come back, without any chat model.

In: a data set of the contract. Out: its attacked probes (`attacked`), each attack by name and by
family (`ATTACKS`, `FAMILIES`), two as one (`compose`), the search of an adaptive probe
(`search_for`), and what a reply that was asked for in disguise says to one who reads it so
(`readings`). Attacks change messages and keep the judgement fair: see `Attack.apply`.
"""

from __future__ import annotations

from amnestic.evaluation.attacks.attack import Attack, compose
from amnestic.evaluation.attacks.encodings import readings
from amnestic.evaluation.attacks.registry import ATTACKS, FAMILIES, attacked, search_for

__all__ = ["ATTACKS", "FAMILIES", "Attack", "attacked", "compose", "readings", "search_for"]
