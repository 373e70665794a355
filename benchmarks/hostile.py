"""What a megabyte of hostile text costs: `make bench-hostile`.

Each pattern of `hostile_patterns` is read, searched for a hundred names and put to the whole
detector, at a megabyte of UTF-8 and at two: where time is linear, twice the text takes about twice
the time. The search includes the reading. Times are the processor's, of one process, so that
a busy machine shows the same figures; the table is in seconds.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from hostile_patterns import GIVEN_NAMES, PATTERNS, SURNAMES, text_of
from machine import describe, table

from amnestic.config import Settings, default_cache_dir
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.names import NameMatcher, forms_of, identifier_of
from amnestic.tools.protocols import Context
from amnestic.tools.reading import read
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind

TARGETS = 100
SIZE = 1_000_000
LIMIT = 1.0
QUESTION = "What do you know about the people on this list?"

Subject = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """What a pattern costs one subject: at one size and at twice that size, in seconds."""

    pattern: str
    once: float
    twice: float

    @property
    def ratio(self) -> float:
        """How the time grows where the text doubles; about 2 where it is linear."""
        return self.twice / max(self.once, 1e-9)


def targets() -> list[ForgetTarget]:
    """A hundred invented people with ordinary names."""
    found = []
    for i in range(TARGETS):
        given, surname = GIVEN_NAMES[i % len(GIVEN_NAMES)], SURNAMES[i % len(SURNAMES)]
        fact = f"{given} {surname} moved to the coast in {1900 + i}."
        found.append(
            ForgetTarget(
                id=f"t{i}",
                subject=f"{given} {surname}",
                kind=TargetKind.PERSON,
                description=f"{given} {surname} is a surveyor.",
                identifiers=(
                    identifier_of(f"{given}.{surname}{i}@example.org".lower()),
                    identifier_of(f"{48213 + i}-K", "customer no."),
                    identifier_of(f"+44 20 7946 0{i:03}", "phone"),
                ),
                facets=(Facet(kind=FacetKind.FACT, text=fact, id=i + 1),),
            )
        )
    return found


def searcher() -> Subject:
    """Reading, and the search for every name."""
    matcher = NameMatcher()
    for target in targets():
        matcher.add(target.id, forms_of(target))
    return lambda text: matcher.find(read(text))


def detectors() -> tuple[Subject, Subject]:
    """The whole detector's vet and audit, as a layer makes it."""
    embedder = load_embedder("minilm", default_cache_dir())
    index = FacetIndex(embedder)
    for target in targets():
        index.add(target, embedder.embed([f.text for f in target.facets]))
    detector = FactDetector(LeakDetector(index, embedder, Settings()), index)
    here = Context()
    return (
        lambda text: detector.vet(text, here),
        lambda text: detector.audit(text, QUESTION, here),
    )


def timed(subject: Subject, text: str, tries: int = 1) -> float:
    """Seconds of processor time that `subject` takes; the least of `tries`."""
    taken = []
    for _ in range(tries):
        gc.collect()
        start = time.process_time()
        subject(text)
        taken.append(time.process_time() - start)
    return min(taken)


def rows(subject: Subject, names: Sequence[str], size: int, tries: int) -> list[Row]:
    """A row for each pattern, the dearest first."""
    found = []
    for name in names:
        texts = (text_of(name, size), text_of(name, 2 * size))
        found.append(Row(name, *(timed(subject, text, tries) for text in texts)))
    return sorted(found, key=lambda row: -row.once)


def report(title: str, found: Sequence[Row]) -> str:
    """The table of one subject, with the worst pattern and the count over the limit."""
    cells = [(r.pattern, f"{r.once:.2f}", f"{r.twice:.2f}", f"{r.ratio:.1f}") for r in found]
    over = sum(row.once > LIMIT for row in found)
    growth = float(np.median([row.ratio for row in found]))
    worst = found[0]
    return "\n".join(
        (
            f"\n## {title}\n",
            table(("pattern", "once", "twice", "ratio"), cells),
            f"\n{title}: worst {worst.once:.2f} s ({worst.pattern}), {over} of {len(found)} over "
            f"{LIMIT:g} s; twice the text takes {growth:.2f} times as long (median)",
        )
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="bytes of the shorter text")
    parser.add_argument("--tries", type=int, default=1, help="the least of so many is taken")
    parser.add_argument("--only", default="", help="patterns whose name holds this")
    parser.add_argument("--quick", action="store_true", help="leave the detector out")
    options = parser.parse_args()
    names = [name for name in PATTERNS if options.only in name]
    subjects: list[tuple[str, Subject]] = [("Reading", read), ("Reading and names", searcher())]
    if not options.quick:
        vet, audit = detectors()
        subjects += [("The detector's vet", vet), ("The detector's audit", audit)]
    print(f"{describe()}\n\n{len(names)} patterns of {options.size:,} bytes, {TARGETS} targets")
    for title, subject in subjects:
        subject("Who is there?")
        print(report(title, rows(subject, names, options.size, options.tries)), flush=True)


if __name__ == "__main__":
    main()
