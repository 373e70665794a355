"""Runs: everybody asked everything, kept as it comes.

In: a `Request` (what is asked for, by names). Out: `plan_of`, which puts it together, `make_run`,
which makes it in a folder or goes on with one and tells each `Step`, `judge_run` and `judge_of` for
a model that judges the replies, and `read_run`, the `Run` that a folder holds with its `Manifest`.
"""

from __future__ import annotations

from amnestic.evaluation.running.assembling import judge_of, plan_of
from amnestic.evaluation.running.folder import Run, read_run
from amnestic.evaluation.running.judging import judge_run
from amnestic.evaluation.running.manifest import Manifest, Request
from amnestic.evaluation.running.plan import Step
from amnestic.evaluation.running.run import make_run

__all__ = [
    "Manifest",
    "Request",
    "Run",
    "Step",
    "judge_of",
    "judge_run",
    "make_run",
    "plan_of",
    "read_run",
]
