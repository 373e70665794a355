"""What the core costs: its size, the time to install it, the first request: `make bench-install`.

The wheel is built and installed into an environment of its own in a temporary folder, which is
removed at the end. Sizes are sums of file sizes, in MiB; pip itself, which the environment's owner
brings, is not counted. The first request is timed from the start of a new process until it has the
reply of an OpenAI-compatible API on loopback, with 1,000 targets and their index kept from before;
the median of several.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from machine import describe, percentile, table

ROOT = Path(__file__).parent.parent
TARGETS = 1_000
MIB = 1024 * 1024
QUESTION = "How does bread rise without yeast? Please explain it in plain words."
ANSWER = "Wild yeasts in the dough make gas. Keep it warm, and wait for half a day."
HEAVY = ("torch", "transformers", "sentence_transformers", "onnx")
BOUNDS = {"core_mb": "≤ 450", "core_s": "", "first_request_s": "≤ 2", "wheel_mb": "≤ 60",
          "torch_absent": "True"}  # fmt: skip

REQUEST = """
from amnestic import Amnesia
import sys
db, cache, url, question = sys.argv[1:]
with Amnesia("openai:any", db=db, cache_dir=cache, base_url=url, api_key="none") as amnesia:
    print(amnesia.chat(question).text, flush=True)
"""


def build(folder: Path) -> Path:
    """The wheel, built from this checkout."""
    code = "import sys, uv_build; uv_build.build_wheel(sys.argv[1])"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = [sys.executable, "-c", code, str(folder)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "PATH": path})
    return next(folder.glob("*.whl"))


def install(wheel: Path, home: Path) -> tuple[Path, float]:
    """The interpreter of a new environment that holds the wheel, and the seconds it took."""
    begun = time.perf_counter()
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run(
        [*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return python, time.perf_counter() - begun


def size_of(home: Path) -> float:
    """MiB of the files of an environment's site-packages."""
    [packages] = home.glob("lib/*/site-packages")
    return sum(f.lstat().st_size for f in packages.rglob("*") if f.is_file()) / MIB


def fill(folder: Path) -> None:
    """Make a registry of 1,000 targets and keep its index; run by the new environment."""
    from speed import target

    from amnestic import Amnesia
    from amnestic.testing import ScriptedBackend

    rng = random.Random(7)
    nobody = ScriptedBackend(default=ANSWER)
    with Amnesia(nobody, db=folder / "r.db", cache_dir=folder / "cache", elicit=False) as amnesia:
        for _ in range(TARGETS):
            amnesia.registry.add(target(rng), actor="benchmark")
        amnesia.parts.store.refresh()


def first_request(python: Path, folder: Path, rounds: int) -> float:
    """Median seconds from the start of a process until it has its first reply."""
    from amnestic.testing import ScriptedChatModel, serve_scripted

    subprocess.run([python, __file__, "--fill", folder], check=True, cwd=folder)
    times = []
    with serve_scripted(ScriptedChatModel.of(*[ANSWER] * (rounds + 1))) as server:
        for _ in range(rounds + 1):
            given = [folder / "r.db", folder / "cache", server.base_url, QUESTION]
            begun = time.perf_counter()
            with subprocess.Popen(
                [python, "-c", REQUEST, *given], stdout=subprocess.PIPE, text=True, cwd=folder
            ) as process:
                assert process.stdout
                told = process.stdout.readline()
                times.append(time.perf_counter() - begun)
            if told.strip() != ANSWER:
                raise SystemExit(f"the first request was answered {told!r}")
    return percentile(times[1:], 50)  # the first of all reads the files from the disk


def measure(rounds: int) -> Mapping[str, Any]:
    """All numbers, by the names in `BOUNDS`."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        wheel = build(folder)
        python, seconds = install(wheel, folder / "core")
        code = f"from importlib.util import find_spec; print(any(map(find_spec, {HEAVY!r})))"
        heavy = subprocess.run(
            [python, "-c", code], check=True, capture_output=True, text=True, cwd=folder
        )
        return {
            "core_mb": round(size_of(folder / "core"), 1),
            "core_s": round(seconds, 1),
            "first_request_s": round(first_request(python, folder, rounds), 2),
            "wheel_mb": round(wheel.stat().st_size / MIB, 1),
            "torch_absent": heavy.stdout.strip() == "False",
        }


def main() -> None:
    """Measure and print; with `--json` write the numbers to a file too."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path, help="write the numbers there")
    parser.add_argument("--rounds", type=int, default=5, help="first requests")
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.fill:
        fill(given.fill)
        return
    found = measure(given.rounds)
    print(describe())
    print(table(["what", "asked", "measured"], [[k, BOUNDS[k], str(v)] for k, v in found.items()]))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
