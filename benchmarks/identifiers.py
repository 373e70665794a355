"""How identifiers are found in texts, and their neighbours let be: `make bench-identifiers`.

`benchmarks/data/identifiers.jsonl` holds targets, each with its identifiers, and cases in the style
of ForgetEval: formats, encodings, obfuscation, other languages around, and near misses (a longer
value that begins alike or holds it, another value of the same form) that must not be found. All
targets are in force together, as the intake would store them. A case counts as found where its
target is a direct leak and what is found covers the identifier as it is `written`, and as let be
where no target is found at all. Of the cases, those that are `built` on may be looked at while the
detector is changed; those that are `held` back are scored at the end alone. Those of `later` were
written before they were first scored, and have been worked with since.

    python benchmarks/identifiers.py --half built --show
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from machine import describe, table

from amnestic.config import default_cache_dir
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.names import identifier_of, names_apart
from amnestic.tools.protocols import Context
from amnestic.types import Band, Facet, FacetKind, ForgetTarget, LeakKind, TargetKind

DATA = Path(__file__).parent / "data" / "identifiers.jsonl"
HALVES = ("built", "held", "later")
Row = Mapping[str, Any]


def rows_of(file: Path) -> tuple[list[Row], list[Row]]:
    """The targets and the cases of a file."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [r for r in rows if "target" in r], [r for r in rows if "target" not in r]


def target_of(row: Row) -> ForgetTarget:
    """A target as the intake stores it: its identifiers are told as facts too."""
    identifiers = tuple(identifier_of(value, label) for value, label in row["identifiers"])
    subject = row["subject"]
    told = [f"{subject}, {identifier.told}." for identifier in identifiers]
    texts = [(FacetKind.ALIAS, name) for name in names_apart([subject], identifiers)]
    texts += [(FacetKind.FACT, text) for text in told]
    return ForgetTarget(
        id=row["target"],
        subject=subject,
        kind=TargetKind(row["kind"]),
        description=" ".join(told),
        identifiers=identifiers,
        facets=tuple(Facet(kind=kind, text=text) for kind, text in texts),
    )


def detector_for(targets: Sequence[ForgetTarget]) -> FactDetector:
    """The detector, with these targets in force."""
    embedder = load_embedder("minilm", default_cache_dir())
    index = FacetIndex(embedder)
    number = 0
    for target in targets:
        facets = []
        for facet in target.facets:
            number += 1
            facets.append(facet.model_copy(update={"id": number}))
        stored = target.model_copy(update={"facets": tuple(facets)})
        index.add(stored, embedder.embed([facet.text for facet in facets]))
    return FactDetector(LeakDetector(index, embedder), index)


def fault(case: Row, detector: FactDetector) -> str:
    """What is wrong with what is found in a case; empty where nothing is."""
    text = case["text"]
    leaks = [a for a in detector.audit(text, "", Context()) if a.band is Band.LEAK]
    if not case["found"]:
        return "; ".join(f"finds {a.target_id}: {a.kind}" for a in leaks)
    own = next((a for a in leaks if a.target_id == case["about"]), None)
    if own is None or own.kind is not LeakKind.DIRECT:
        return "is not found" if own is None else f"is {own.kind}"
    if others := [a.target_id for a in leaks if a is not own]:
        return f"also finds {', '.join(others)}"
    written = case.get("written", "")
    if written and written not in (told := [text[s.start : s.end] for s in own.named]):
        return f"is found at {told}"
    return ""


def report(cases: Sequence[Row], faults: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """By class, how many were found and how many neighbours were taken for them; then in all."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for case in cases:
        groups[case["class"]].append(case)
        groups["all"].append(case)
    for name in sorted(groups, key=lambda n: (n == "all", n)):
        wanted = [c for c in groups[name] if c["found"]]
        others = [c for c in groups[name] if not c["found"]]
        found = sum(not faults[c["id"]] for c in wanted)
        wrong = sum(bool(faults[c["id"]]) for c in others)
        right = (found + len(others) - wrong) / len(groups[name])
        yield name, f"{found}/{len(wanted)}", f"{wrong}/{len(others)}", f"{right:.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the file of targets and cases")
    parser.add_argument("--half", choices=HALVES, action="append", help="score these cases only")
    parser.add_argument("--show", action="store_true", help="print each case that is wrong")
    given = parser.parse_args()
    targets, cases = rows_of(given.data)
    detector = detector_for([target_of(row) for row in targets])
    print(describe())
    for half in given.half or HALVES:
        chosen = [case for case in cases if case["half"] == half]
        began = time.perf_counter()
        faults = {case["id"]: fault(case, detector) for case in chosen}
        took = (time.perf_counter() - began) / len(chosen)
        print(f"\n{len(chosen)} cases, {half}; {1000 * took:.1f} ms each\n")
        print(table(("class", "found", "false", "right"), list(report(chosen, faults))))
        for case in chosen if given.show else ():
            if faults[case["id"]]:
                print(f"{case['id']} {case['class']} {case['text']!r}: {faults[case['id']]}")


if __name__ == "__main__":
    main()
