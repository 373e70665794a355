"""How forget requests in plain words are read, against the reading of a careful person.

`--data` is a folder with `requests.jsonl`: one request a line with `text`, the `outcome` (`ok`,
`ask`, `refuse`; `outcome_also` lists others that count as right), the `targets` to be stored and
strings that `must_not` become a name; `request_scoring.py` says by which rule the figures are made.

The clock stands at 2026-11-28, or on the `today` of a row.

    python benchmarks/requests.py --data ../shared/data/requests --json requests.json

With a chat model: `--agent-model`, or `--prompts` and `--answers` (`request_recorded.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from request_recorded import NotRecorded, Recorded, answers_in, written
from request_scoring import Outcome, figures, score

from amnestic import Amnesia
from amnestic.agents.requests import Interpreter, LocalInterpreter
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.testing import ScriptedBackend

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "requests"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


async def read_all(rows: Sequence[Mapping[str, Any]], model: Any = None) -> list[Outcome]:
    """Read requests one after the other, without a model where none is given."""
    if model is None:
        return [await read_one(LocalInterpreter(), row) for row in rows]
    recorded = model if isinstance(model, Recorded) else None
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia(
            ScriptedBackend(),
            agent_model=recorded.model if recorded else model,
            db=Path(folder) / "r.db",
        ) as amnesia,
    ):
        interpreter = amnesia.parts.engine.crew.interpreter or LocalInterpreter()
        read = []
        for row in rows:
            if recorded:
                recorded.turn_to(row["id"])
            read.append(await read_one(interpreter, row))
        return read


async def read_one(interpreter: Interpreter, row: Mapping[str, Any]) -> Outcome:
    """Read one request, on the day of its row."""
    today = row.get("today")
    now = datetime.fromisoformat(f"{today}T12:00:00+00:00") if today else NOW
    try:
        reading = await interpreter.aread(row["text"], now=now)
    except NotRecorded:
        return Outcome("not read")
    except NeedsClarificationError as error:
        return Outcome("ask", said=str(error))
    except ForgetRequestError as error:
        return Outcome("refuse", said=str(error))
    outcome = "ask" if reading.doubts else "ok"
    warned = bool(reading.unread or reading.doubts)
    return Outcome(outcome, reading.targets, warned, "; ".join((*reading.doubts, *reading.unread)))


def rows_of(data: Path) -> list[dict[str, Any]]:
    """The requests of a folder."""
    lines = (data / "requests.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def measure(data: Path = DATA, model: Any = None) -> dict[str, Any]:
    """Read every request of a folder, with a chat model where one is given; gives the figures and,
    by kind, what was read wrongly."""
    if not (data / "requests.jsonl").exists():
        return {"requests_skipped": f"{data / 'requests.jsonl'} is missing; give it with --data"}
    rows = rows_of(data)
    read = asyncio.run(read_all(rows, model))
    return figures([score(row, one) for row, one in zip(rows, read, strict=True)])


def prompts_for(data: Path) -> list[dict[str, Any]]:
    """What a model would be asked first of each request of a folder."""
    recorded = Recorded({}, only_asks=True)
    asyncio.run(read_all(rows_of(data), recorded))
    return recorded.asked


def played(data: Path, recorded: Recorded) -> dict[str, Any]:
    """The figures with recorded answers, and how many calls had one."""
    found = measure(data, recorded)
    return {"answered": recorded.answered, "unanswered": len(recorded.asked), **found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with requests.jsonl")
    model = parser.add_mutually_exclusive_group()
    model.add_argument("--agent-model", help="the chat model that reads; none without it")
    model.add_argument("--answers", type=Path, help="what a model answered (JSON Lines)")
    parser.add_argument("--prompts", type=Path, help="write the calls without an answer here")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    if given.prompts and not given.answers:
        given.prompts.write_text(written(prompts_for(given.data)), "utf-8")
        return
    if given.answers:
        recorded = Recorded(answers_in(given.answers))
        found = played(given.data, recorded)
        if given.prompts:
            given.prompts.write_text(written(recorded.asked), "utf-8")
    else:
        found = measure(given.data, given.agent_model)
    text = json.dumps(found, indent=2, ensure_ascii=False)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
