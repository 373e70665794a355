"""Benchmarks run by name, and none stands in the way of a library of the same name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from amnestic.evaluation.subjects import forgotten_subjects

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_a_benchmark_hides_no_library() -> None:
    code = "import requests, sys; assert requests.HTTPError; assert requests.__file__; print('it')"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "it"), ran.stderr


def test_the_kept_model_that_never_knew_lacks_the_subjects_of_the_benchmark() -> None:
    card = json.loads((BENCHMARKS / "data/never_knew/never_knew.json").read_text("utf-8"))
    lacks = [entity["id"] for entity in card["never_knew"]]
    assert lacks == [entity.id for entity in forgotten_subjects(card["seed"], card["n"])]
    assert (BENCHMARKS / "data/never_knew/model.safetensors").stat().st_size > 1_000_000
