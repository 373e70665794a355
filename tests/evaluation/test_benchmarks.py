"""Benchmarks run by name, and none stands in the way of a library of the same name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
