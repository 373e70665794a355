"""Names that are words of the language: whom or what a text means by them.

    python benchmarks/homonyms.py [--data DIR] [--file NAME] [--show ID] [--json FILE]

A folder of JSON Lines files, by default `benchmarks/data/homonyms`, each line a target whose name
is an everyday word ("Switch", "Shell", "Prince") with replies about it (`own`) and replies that use
its name in another sense (`other`). All targets of a file are in force in every case, and a model
is played that answers with the case's reply. `found` is the share of the first that leave the layer
changed, `touched` the share of the others that do. With `--bare` the targets are known by their
names alone, without a description or facts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import describe, table

from amnestic import Amnesia
from amnestic.testing import PlayedModel
from amnestic.types import Facet, FacetKind, ForgetTarget, Receipt, TargetKind

DATA = Path(__file__).parent / "data" / "homonyms"


@dataclass(frozen=True, slots=True)
class Case:
    """A question and its reply; `own` says that the reply is about the target."""

    id: str
    own: bool
    how: str
    question: str
    reply: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What left the layer."""

    case: Case
    given: str
    receipt: Receipt

    @property
    def changed(self) -> bool:
        """Whether it is another text than the reply."""
        return self.given != self.case.reply


def targets_of(rows: Sequence[Mapping[str, Any]], *, bare: bool) -> list[ForgetTarget]:
    """The targets of a file, as a careful person would store them; facet ids are given."""
    return [_target(row, 100 * number, bare) for number, row in enumerate(rows)]


def _target(row: Mapping[str, Any], base: int, bare: bool) -> ForgetTarget:
    told = [] if bare else [(FacetKind.DESCRIPTION, row["description"])]
    told += [] if bare else [(FacetKind.FACT, fact) for fact in row["facts"]]
    texts = [(FacetKind.ALIAS, row["subject"]), *(t for t in told if t[1])]
    return ForgetTarget(
        id=row["id"],
        subject=row["subject"],
        kind=TargetKind(row["kind"]),
        description="" if bare else row["description"],
        facets=tuple(
            Facet(kind=kind, text=text, id=base + i) for i, (kind, text) in enumerate(texts, 1)
        ),
    )


def cases_of(rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    """The cases of a file: each reply with a question that does not say the name, and with one
    that does."""
    return [
        Case(f"{c['id']}{mark}", c["sense"] == "own", c["how"], c[question], c["reply"])
        for row in rows
        for c in row["cases"]
        for question, mark in (("question", ""), ("naming", "n"))
    ]


def run(rows: Sequence[Mapping[str, Any]], only: str | None, *, bare: bool) -> list[Outcome]:
    """Every case through one layer, by local rewriting."""
    cases = [c for c in cases_of(rows) if only in (None, "all", c.id)]
    replies = {case.question: case.reply for case in cases}
    current = [""]
    model = PlayedModel(answer=lambda _: current[0])
    found = []
    with (
        tempfile.TemporaryDirectory() as name,
        Amnesia(
            model,
            db=Path(name) / "r.db",
            cache_dir=Path(name),
            rewrite_by="edit",
            identify="off",
            elicit=False,
        ) as amnesia,
    ):
        for target in targets_of(rows, bare=bare):
            amnesia.add(target)
        for case in cases:
            current[0] = replies[case.question]
            outcome = amnesia.complete([{"role": "user", "content": case.question}])
            found.append(Outcome(case, outcome.generation.choices[0].text, outcome.receipt))
    return found


def shares(outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    """The two figures of a set, and of how many each is."""
    own = [o.changed for o in outcomes if o.case.own]
    other = [o.changed for o in outcomes if not o.case.own]
    return {
        "found": round(sum(own) / max(len(own), 1), 4),
        "own": len(own),
        "touched": round(sum(other) / max(len(other), 1), 4),
        "other": len(other),
    }


def by_how(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """A row for each way in which a name is used."""
    ways = sorted({(not o.case.own, o.case.how) for o in outcomes})
    rows = []
    for is_other, how in ways:
        some = [o for o in outcomes if (not o.case.own, o.case.how) == (is_other, how)]
        changed = sum(o.changed for o in some)
        rows.append(["other" if is_other else "own", how, str(len(some)), str(changed)])
    return rows


def show(outcome: Outcome) -> None:
    """One case, to be read."""
    case = outcome.case
    print(f"\n{'═' * 80}\n{case.id}  {'own' if case.own else 'other'}  {case.how}")
    print(f"── asked\n{case.question}\n── reply\n{case.reply}")
    print(f"── given\n{outcome.given if outcome.changed else '(the reply)'}")
    print(f"── {outcome.receipt.route.value}: {outcome.receipt.reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--file", help="one file of the folder, by its stem")
    parser.add_argument("--bare", action="store_true", help="targets by their names alone")
    parser.add_argument("--show", metavar="ID", help="a case, or `all`, to be read")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    files = sorted(args.data.glob(f"{args.file or '*'}.jsonl"))
    if not files:
        parser.error(f"{args.data}: holds no {args.file or '*'}.jsonl")
    measured = {}
    print(describe())
    for file in files:
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        outcomes = run(rows, args.show, bare=args.bare)
        if args.show:
            for outcome in outcomes:
                show(outcome)
            continue
        measured[file.stem] = shares(outcomes)
        print(f"\n{file.stem}: {measured[file.stem]}")
        print(table(["sense", "how", "cases", "changed"], by_how(outcomes)))
        print("touched:", *(o.case.id for o in outcomes if o.changed and not o.case.own))
        print("missed:", *(o.case.id for o in outcomes if not o.changed and o.case.own))
    if args.json:
        args.json.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
