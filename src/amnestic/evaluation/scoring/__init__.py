"""From replies to figures, with their intervals.

In: the probes and records of a run, and what a judge said of them, if one was asked. Out: `score`,
the `Scores` of a run: `Figures` of each system on each family of probes, comparisons of systems, a
summary; `shortfalls`, where this project is not the best; `judge_all`, every record held to its
probe; `Judge`, a model that says whether a reply tells what is forbidden; `nearness`
and `as_read`, how near a reply came and what it says in disguise, for attacks that learn; `stands`,
the match by which leaks are counted.
"""

from __future__ import annotations

from amnestic.evaluation.scoring.comparing import is_ours
from amnestic.evaluation.scoring.figures import ALL, Comparison, Estimate, Figures, Scores
from amnestic.evaluation.scoring.judge import Judge
from amnestic.evaluation.scoring.judged import BARE, Judged, as_read, judge_all, nearness
from amnestic.evaluation.scoring.matching import stands
from amnestic.evaluation.scoring.membership import KIND, LISTED, STRANGER
from amnestic.evaluation.scoring.overlap import rouge_l
from amnestic.evaluation.scoring.scores import score
from amnestic.evaluation.scoring.shortfalls import shortfalls

__all__ = [
    "ALL",
    "BARE",
    "KIND",
    "LISTED",
    "STRANGER",
    "Comparison",
    "Estimate",
    "Figures",
    "Judge",
    "Judged",
    "Scores",
    "as_read",
    "is_ours",
    "judge_all",
    "nearness",
    "rouge_l",
    "score",
    "shortfalls",
    "stands",
]
