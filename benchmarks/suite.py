"""What the tests cost, in seconds of processor time: `make bench-suite`, or with tests to run.

Processor time of pytest and of all processes that tests start and wait for, by the file of tests in
which it is spent; it hardly depends on what else the machine does, as wall time would. What is
shared by several files (an encoder, a model, a server) counts for the first of them.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest
from machine import describe, table

ROOT = Path(__file__).parent.parent
ASKED = "≤ 240"


def spent() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class Meter:
    """Counts what is spent in each file of tests."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.tests: dict[str, int] = defaultdict(int)
        self._last = spent()

    def take(self, file: str) -> None:
        """Count what was spent since the last time for `file`."""
        now = spent()
        self.seconds[file] += now - self._last
        self._last = now

    def pytest_collection_finish(self) -> None:
        """Tests are found: imports, for the most part."""
        self.take("(collection)")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """One test has run, with what it had set up and torn down."""
        done = yield
        file = item.nodeid.partition("::")[0]
        self.tests[file] += 1
        self.take(file)
        return done


def main() -> None:
    """Run the tests and print; with `--json` write the numbers to a file too."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tests", nargs="*", help="files and folders; default what `make test` runs")
    parser.add_argument("--most", type=int, default=25, help="files to print, the dearest first")
    parser.add_argument("--json", type=Path, help="write the seconds of every file there")
    given = parser.parse_args()
    meter = Meter()
    status = pytest.main(["-q", "--rootdir", str(ROOT), *given.tests], plugins=[meter])
    meter.take("(the end)")
    files = sorted(meter.seconds, key=lambda file: -meter.seconds[file])
    total = sum(meter.seconds.values())
    print(describe())
    print(
        f"{sum(meter.tests.values())} tests, {total:.0f} core-seconds (asked {ASKED} of them all)"
    )
    rows = [[f, str(meter.tests[f] or ""), f"{meter.seconds[f]:.1f}"] for f in files[: given.most]]
    print(table(["file", "tests", "core-seconds"], rows))
    if given.json:
        found = {file: round(meter.seconds[file], 2) for file in files}
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    raise SystemExit(status)


if __name__ == "__main__":
    main()
