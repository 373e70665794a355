"""Writes what documents take from the code and from the demo's output.

    python docs/refresh.py            # write the pages, and run the demos
    python docs/refresh.py --check    # fail where a page is not what the code says
    python docs/refresh.py --scrub    # write the figures of docs/scrubbing.md alone
    python docs/refresh.py --quality  # write the README's table of `make bench-quality` alone
    python docs/refresh.py --local    # write the table of docs/models.md alone
    python docs/refresh.py --clients  # write docs/clients.md alone
    python docs/refresh.py --console  # write the tables of docs/console.md alone

`--check` holds the pages that are made from the code. The demos show measured times, which differ
from run to run, so the README's is checked for the questions that the demo asks. The demo on a real
model is run where `make model` has fetched one. The table of systems is that of
`benchmarks/quality.json`, which `make bench-quality` writes; the figures of docs/scrubbing.md are
those of `benchmarks/scrub.json`, which `make bench-scrub` writes, and those of docs/models.md of
`benchmarks/local_models.json`, which `make bench-local` writes. The tables of
docs/console.md are those of `benchmarks/console.json`, which `make bench-console` writes.
docs/clients.md tells what stands in `tests/clients/results.json`, which `make test-clients` writes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from pages import PAGES

from amnestic.evaluation.demo import DEMO_SUBJECTS, questions_about, request_for
from amnestic.models.embedded.world import load_world

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
MODEL = HERE.parent / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
MARKS = re.compile(r"(?<=<!-- demo -->\n).*?(?=<!-- /demo -->)", re.DOTALL)
REAL_MARKS = re.compile(r"(?<=<!-- real demo -->\n).*?(?=<!-- /real demo -->)", re.DOTALL)
QUALITY_MARKS = re.compile(r"(?<=<!-- quality -->\n).*?(?=<!-- /quality -->)", re.DOTALL)
QUALITY = HERE.parent / "benchmarks" / "quality.json"
SCRUB_MARKS = re.compile(r"(?<=<!-- scrub -->\n).*?(?=<!-- /scrub -->)", re.DOTALL)
SCRUB = HERE.parent / "benchmarks" / "scrub.json"
SCRUBBING = HERE / "scrubbing.md"
LOCAL_MARKS = re.compile(r"(?<=<!-- local -->\n).*?(?=<!-- /local -->)", re.DOTALL)
LOCAL = HERE.parent / "benchmarks" / "local_models.json"
MODELS = HERE / "models.md"
CONSOLE_MARKS = re.compile(r"(?<=<!-- console -->\n).*?(?=<!-- /console -->)", re.DOTALL)
CONSOLE = HERE.parent / "benchmarks" / "console.json"
CONSOLE_PAGE = HERE / "console.md"
KNOWN = ("--check", "--quality", "--scrub", "--local", "--clients", "--console")
MEND = "run `python docs/refresh.py`"


def main() -> None:
    given = sys.argv[1:]
    if given and (len(given) > 1 or given[0] not in KNOWN):
        told = " ".join(given)
        raise SystemExit(f"{told} is not known: give {', '.join(KNOWN)}, or nothing")
    if given == ["--quality"]:
        _put(QUALITY_MARKS, _quality())
        return
    if given == ["--scrub"]:
        _put(SCRUB_MARKS, _scrub(), SCRUBBING)
        return
    if given == ["--local"]:
        _put(LOCAL_MARKS, _local(), MODELS)
        return
    if given == ["--console"]:
        _put(CONSOLE_MARKS, _console(), CONSOLE_PAGE)
        return
    if given == ["--clients"]:
        (HERE / "clients.md").write_text(PAGES["clients.md"](), "utf-8")
        return
    if given:
        if stale := stale_documents():
            raise SystemExit(
                "\n".join(f"{name} is not what the code says: {MEND}" for name in stale)
            )
        return
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), "utf-8")
    _put(QUALITY_MARKS, _quality())
    _put(SCRUB_MARKS, _scrub(), SCRUBBING)
    _put(LOCAL_MARKS, _local(), MODELS)
    _put(CONSOLE_MARKS, _console(), CONSOLE_PAGE)
    _write_demos()


def stale_documents() -> list[str]:
    """The documents that differ from what the code says."""
    stale = [f"docs/{name}" for name, page in PAGES.items() if _read(HERE / name) != page()]
    if SCRUB_MARKS.findall(_read(SCRUBBING)) != [f"\n{_scrub()}\n"]:
        stale.append("docs/scrubbing.md")
    if LOCAL_MARKS.findall(_read(MODELS)) != [f"\n{_local()}\n"]:
        stale.append("docs/models.md")
    if CONSOLE_MARKS.findall(_read(CONSOLE_PAGE)) != [f"\n{_console()}\n"]:
        stale.append("docs/console.md")
    fresh = _asks_the_demos_questions() and _shows_the_quality()
    return stale if fresh else [*stale, "README.md"]


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _asks_the_demos_questions() -> bool:
    """Whether the README shows as many questions as the demo asks, and its requests."""
    world = load_world()
    entities = [world.named(name) for name in DEMO_SUBJECTS]
    count = sum(len(questions_about(world, entity)) for entity in entities)
    shown = "".join(MARKS.findall(_read(README)))
    flat = " ".join(shown.split())
    return f"{count} questions" in shown and all(request_for(e) in flat for e in entities)


def _shows_the_quality() -> bool:
    """Whether the README's table of systems is that of `benchmarks/quality.json`."""
    return QUALITY_MARKS.findall(_read(README)) == [f"\n{_quality()}\n"]


def _quality() -> str:
    """The table of the last `make bench-quality`."""
    sys.path.insert(0, str(QUALITY.parent))
    from quality import shown

    if not QUALITY.is_file():
        return "Not measured yet: `make bench-quality` fills this table.\n"
    return f"{shown(json.loads(_read(QUALITY)))}\n"


def _scrub() -> str:
    """The tables of the last `make bench-scrub`."""
    sys.path.insert(0, str(SCRUB.parent))
    from scrub_report import shown

    if not SCRUB.is_file():
        return "Not measured yet: `make bench-scrub` fills these tables.\n"
    return f"{shown(json.loads(_read(SCRUB)))}\n"


def _local() -> str:
    """The table of the last `make bench-local`."""
    sys.path.insert(0, str(LOCAL.parent))
    from local_models import shown

    if not LOCAL.is_file():
        return "Not measured yet: `make bench-local` fills this table.\n"
    return f"{shown(json.loads(_read(LOCAL)))}\n"


def _console() -> str:
    """The tables of the last `make bench-console`."""
    sys.path.insert(0, str(CONSOLE.parent))
    from console_report import shown

    if not CONSOLE.is_file():
        return "Not measured yet: `make bench-console` fills these tables.\n"
    return f"{shown(json.loads(_read(CONSOLE)))}\n"


def _write_demos() -> None:
    _put(MARKS, _block(_demo()))
    if MODEL.is_file():
        shown = _demo("--model", f"gguf:{os.path.relpath(MODEL)}")
        (HERE / "real_demo.md").write_text(
            "# A real model forgets\n\nWhat `amnestic demo --model gguf:…` printed with "
            f"SmolLM2-135M-Instruct, put here by `python docs/refresh.py`.\n\n{_block(shown)}",
            "utf-8",
        )
        _put(REAL_MARKS, _block(_one_of_each(shown)))


def _demo(*options: str) -> str:
    """What the demo prints on a screen of 132 columns."""
    env = {**os.environ, "COLUMNS": "132", "TERM": "dumb"}
    run = [sys.executable, "-m", "amnestic", "demo", *options]
    output = subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout
    return "\n".join(line.rstrip() for line in output.rstrip().splitlines())


def _one_of_each(shown: str) -> str:
    """What a demo prints, with the first row alone of each way of asking."""
    head, *rows = re.split(r"^├.*\n", shown, flags=re.MULTILINE)
    begun, ruled, first = head.rpartition("┩\n")
    *others, last = [first, *rows]
    last, closed, summary = last.partition("└")
    kept = {row.split()[1]: row for row in reversed([*others, last])}
    border = next(line for line in shown.splitlines(keepends=True) if line.startswith("├"))
    rows = [row for row in (*others, last) if row in kept.values()]
    return f"{begun}{ruled}{border.join(rows)}{closed}{summary}"


def _put(marks: re.Pattern[str], shown: str, document: Path = README) -> None:
    text = _read(document)
    if not marks.search(text):
        raise SystemExit(f"{document.name} has lost its marks {marks.pattern}")
    document.write_text(marks.sub(lambda _: f"\n{shown}\n", text), "utf-8")


def _block(shown: str) -> str:
    return f"```text\n{shown}\n```\n"


if __name__ == "__main__":
    main()
