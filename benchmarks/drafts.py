"""Drafts as strong assistants write them, through the whole layer: what leaks, what is lost.

    python benchmarks/drafts.py --data DIR [--mode MODE] [--show ID] [--stream]

All targets of the folder are in force in every case, forgotten in the words of its requests. A
model is played that answers each case with its draft, and, where the layer asks for more, with
what the case says that it would answer then: asked again as one that never heard of the target,
or asked whom a text tells of. `edit` makes no further call, `again` may ask a second time, and
`identify` may ask whom a text tells of as well, of texts near a target, and `identify-always` of
any. With `--stream` each case is asked streamed too: a
streamed reply keeps what was given before the first leak, so that it may be another one.

`--show ID` (or `all`) runs these cases alone and prints what was asked, what the model was shown,
its draft, the reply and the receipt.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from drafts_data import Case, Drafts, load_drafts
from drafts_played import Player
from drafts_scoring import HEADINGS, SHARES, Seen, Verdict, calls_by_purpose, figures, judge
from machine import describe, table

from amnestic import Amnesia
from amnestic.exceptions import ForgetRequestError, SeveralTargetsError
from amnestic.models.deltas import collect
from amnestic.models.purpose import ANSWER
from amnestic.types import Draft, Receipt

Given: TypeAlias = tuple[tuple[Draft, ...], Receipt]
MODES: Mapping[str, Mapping[str, Any]] = {
    "edit": {"rewrite_by": "edit", "identify": "off"},
    "again": {"rewrite_by": "again", "identify": "off"},
    "identify": {"rewrite_by": "again", "identify": "base"},
    "identify-always": {"rewrite_by": "again", "identify": "base", "identify_when": "always"},
}


def forget_all(amnesia: Amnesia, requests: Mapping[str, str]) -> list[str]:
    """Put all targets in force, of a request that names several each of them, as the message says,
    with what the model knows of them; the ids of those that are refused."""
    refused = []
    for name, request in requests.items():
        try:
            _forget(amnesia, request)
        except ForgetRequestError as error:
            print(f"target {name} is not in force: {error}")
            refused.append(name)
    amnesia.wait_for_elicitation()
    return refused


def _forget(amnesia: Amnesia, request: str) -> None:
    try:
        amnesia.forget(request)
    except SeveralTargetsError:
        amnesia.forget_all(request)


def ask(amnesia: Amnesia, player: Player, case: Case, is_streamed: bool) -> Seen:
    """What a case gives; streamed, as the pieces are when they are put together again."""
    player.case = case
    before = len(player.model.calls)
    drafts, receipt = streamed(amnesia, case) if is_streamed else plain(amnesia, case)
    calls = player.model.calls[before:]
    shown = next((call.conversation for call in calls if call.purpose == ANSWER), None)
    return Seen(drafts, receipt, shown, Counter(call.purpose for call in calls))


def plain(amnesia: Amnesia, case: Case) -> Given:
    """The reply in one piece."""
    outcome = amnesia.complete(case.messages)
    return outcome.generation.choices, outcome.receipt


def streamed(amnesia: Amnesia, case: Case) -> Given:
    """The reply piece by piece, and its receipt."""

    async def gathered() -> Given:
        stream = amnesia.astream(case.messages)
        return (await collect(stream)).choices, stream.receipt

    return amnesia.call(gathered)


def run(
    drafts: Drafts, mode: str, is_streamed: bool, told: Callable[[Verdict], None]
) -> tuple[list[Verdict], list[str]]:
    """All cases, one after the other, in one layer; and the targets that could not be forgotten."""
    player = Player(drafts)
    with (
        tempfile.TemporaryDirectory() as name,
        Amnesia(
            player.model, db=Path(name) / "r.db", cache_dir=Path(name), **MODES[mode]
        ) as amnesia,
    ):
        refused = forget_all(amnesia, drafts.requests)
        verdicts = []
        for case in drafts.cases:
            seen = ask(amnesia, player, case, is_streamed=False)
            again = ask(amnesia, player, case, is_streamed=True) if is_streamed else None
            verdicts.append(judge(case, seen, again))
            told(verdicts[-1])
    return verdicts, refused


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────


def show(verdict: Verdict) -> None:
    """Everything of one case, to be read."""
    case, seen = verdict.case, verdict.seen
    print(f"\n{'═' * 100}\n{case.id}  {case.kind}  ({case.group})")
    for message in case.messages:
        print(f"\n── asked, {message['role']}\n{message.get('content')}")
    if seen.shown is None:
        print("\n── the model was not asked")
    elif [m.text for m in seen.shown] != [m.get("content") for m in case.messages]:
        for shown in seen.shown:
            print(f"\n── shown, {shown.role}\n{shown.text}")
    print(f"\n── draft\n{case.draft}")
    if seen.drafts == (Draft(case.draft),):
        print("\n── reply: the draft")
    else:
        for channel, text in seen.drafts[0].channels() if seen.drafts else ():
            print(f"\n── reply, {channel}\n{text}")
    if verdict.differs and verdict.streamed is not None:
        print(f"\n── reply, streamed\n{verdict.streamed.seen.text}")
    print(f"\n── receipt: {receipt_line(seen)}")
    print(f"── {'passes' if verdict.passes else 'FAILS'}: {'; '.join(verdict.reasons) or 'well'}")


def receipt_line(seen: Seen) -> str:
    """What happened, in a line."""
    receipt = seen.receipt
    calls = ", ".join(f"{purpose} {n}" for purpose, n in seen.calls.items()) or "none"
    return (
        f"{receipt.route.value}, {receipt.rounds} rounds, {receipt.scrubbed} scrubbed, "
        f"{receipt.added_ms:.0f} ms, calls: {calls}. {receipt.reason}\n"
        f"   tried: {'; '.join(receipt.tried) or 'nothing'}"
    )


def summary(verdicts: Sequence[Verdict], by: Callable[[Case], str]) -> dict[str, dict[str, Any]]:
    """Figures by a field of the cases, in the order of the data."""
    names = dict.fromkeys(by(v.case) for v in verdicts)
    return {name: figures([v for v in verdicts if by(v.case) == name]) for name in names}


def report(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Print the tables and what fails; the same for a file."""
    whole = {"all": figures(verdicts)}
    tables = {"group": summary(verdicts, lambda case: case.group) | whole,
              "kind": summary(verdicts, lambda case: case.kind)}  # fmt: skip
    for name, rows in tables.items():
        cells = [[k, str(r["cases"]), *(_cell(h, r[h]) for h in HEADINGS)] for k, r in rows.items()]
        print(f"\n{table([name, 'cases', *HEADINGS], cells)}")
    print("\nCases that fail:")
    for verdict in verdicts:
        if verdict.reasons:
            print(f"  {verdict.case.id}: {'; '.join(verdict.reasons)}")
    if others := [verdict.case.id for verdict in verdicts if verdict.differs]:
        print("Streamed replies that are others:", ", ".join(others))
    print("Calls:", ", ".join(f"{k} {n}" for k, n in sorted(calls_by_purpose(verdicts).items())))
    return {"by": tables, "cases": [verdict.as_json() for verdict in verdicts]}


def _cell(heading: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0%}" if heading in SHARES else f"{value:g}"


def chosen(drafts: Drafts, ids: Sequence[str], seed: int | None) -> Drafts:
    """The cases that are asked for, in the order of the data or, with a seed, in another."""
    known = {case.id for case in drafts.cases}
    if strange := sorted(set(ids) - known - {"all"}):
        raise SystemExit(f"there is no case {strange[0]!r}: --show takes an id of the data, or all")
    cases = [case for case in drafts.cases if not ids or case.id in ids or "all" in ids]
    if seed is not None:
        random.seed(seed)
        random.shuffle(cases)
    return Drafts(drafts.requests, drafts.known, tuple(cases))


def main() -> None:
    """Run and print; with `--json` write all of it to a file too."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="targets.json and cases.jsonl")
    parser.add_argument("--json", type=Path, help="write all of it there")
    parser.add_argument("--mode", choices=MODES, default="edit", help="what may be asked")
    parser.add_argument("--show", action="append", default=[], metavar="ID", help="print a case")
    parser.add_argument("--seed", type=int, help="another order of the cases, and other chances")
    parser.add_argument("--stream", action="store_true", help="ask each case streamed as well")
    given = parser.parse_args()
    drafts = chosen(load_drafts(given.data), given.show, given.seed)
    print(describe())
    tell = show if given.show else lambda _: None
    verdicts, refused = run(drafts, given.mode, given.stream, tell)
    found = {"mode": given.mode, "refused": refused} | report(verdicts)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
