"""Puts the demo's real output into the README, between its two marks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
MARKS = re.compile(r"(?<=<!-- demo -->\n).*?(?=<!-- /demo -->)", re.DOTALL)


def main() -> None:
    env = {**os.environ, "COLUMNS": "132", "TERM": "dumb"}
    run = [sys.executable, "-m", "amnestic", "demo"]
    output = subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout
    text = README.read_text("utf-8")
    if not MARKS.search(text):
        raise SystemExit("the README has lost its demo marks")
    lines = "\n".join(line.rstrip() for line in output.rstrip().splitlines())
    README.write_text(MARKS.sub(lambda _: f"\n```text\n{lines}\n```\n\n", text), "utf-8")


if __name__ == "__main__":
    main()
