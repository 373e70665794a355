"""Speed on real material: `make bench-real` (real people with their facts, real answers).

Three times are taken of every exchange, one after the other:

* layer: the whole layer round a model that answers at once (`acomplete`);
* detector: a vet of the question and an audit of the reply, no more;
* floor: embedding the sentences of both once, in one call.

Each has an embedder and a verifier of its own, and no exchange comes twice, so that nothing kept
from an earlier text flatters a later one. The layer comes first, since it is what is promised.

    python benchmarks/real_speed.py --data ../shared/data [--targets 100 1000] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from machine import describe, percentile, resident_mib, table
from real_data import FACTS, Exchange, exchanges, targets

from amnestic import Amnesia
from amnestic.config import Settings
from amnestic.models.fixed import FixedBackend
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.detection.cross_encoder import CrossEncoder
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Embedder
from amnestic.tools.reading import segments
from amnestic.types import Draft, Generation

WARM_UP = 5


class Counting:
    """A verifier that counts the exchanges that it was asked about."""

    def __init__(self) -> None:
        folder = resources.files("amnestic.tools.detection").joinpath("data")
        self._inner = CrossEncoder.stored(Path(str(folder.joinpath("verifier.onnx"))))
        self.pairs = 0

    def logits(self, pairs: Any) -> Any:
        """The log-odds of the pairs."""
        self.pairs += len(pairs)
        return self._inner.logits(pairs)


@dataclass(slots=True)
class Times:
    """Milliseconds by what was measured, how often the verifier was read, and what was altered."""

    layer: list[float] = field(default_factory=list)
    detector: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    asked: int = 0
    altered: int = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """A layer and a detector with the same targets, and an embedder beside them."""

    amnesia: Amnesia
    detector: FactDetector
    verifier: Counting
    embedder: Embedder
    loop: asyncio.Runner

    def times(self, texts: list[Exchange], warm_up: list[Exchange]) -> Times:
        """The times of one kind of exchange."""
        found = Times()
        for exchange in warm_up:
            self._once(exchange, Times())
        for exchange in texts:
            self._once(exchange, found)
        return found

    def _once(self, exchange: Exchange, found: Times) -> None:
        question, reply = exchange
        backend = FixedBackend(Generation((Draft(text=reply),)))
        asking = self.amnesia.acomplete(question, backend=backend)
        outcome, took = _timed(lambda: self.loop.run(asking))
        found.layer.append(took)
        found.altered += outcome.text != reply
        before = self.verifier.pairs
        found.detector.append(_timed(lambda: self._detect(question, reply))[1])
        found.asked += self.verifier.pairs > before
        sentences = [s.of(t).strip() for t in exchange for s in segments(t)]
        found.floor.append(_timed(lambda: self.embedder.embed(sentences))[1])

    def _detect(self, question: str, reply: str) -> None:
        self.detector.vet(question, Context())
        self.detector.audit(reply, question, Context())


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    given = work()
    return given, (time.perf_counter() - begun) * 1000


def rows_of(data: Path, count: int, requests: int) -> Iterator[list[str]]:
    """The table's rows for one number of targets."""
    wanted = targets(data, count)
    cache, settings = Settings().cache_dir, Settings()
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia("embedded", db=Path(folder) / "bench.db", cache_dir=cache, elicit=False) as amnesia,
        asyncio.Runner() as loop,  # one for all, as a server has, and whoever calls `chat`
    ):
        stored = [amnesia.registry.add(target, actor="benchmark").id for target in wanted]
        amnesia.parts.store.refresh()
        amnesia.parts.index.settle()
        index = FacetIndex(load_embedder("minilm", cache))
        for target, name in zip(wanted, stored, strict=True):
            index.add(target, amnesia.parts.index.vectors_of(name).vectors)
        verifier = Counting()
        leaks = LeakDetector(index, load_embedder("minilm", cache), settings, verifier=verifier)
        facts = FactDetector(leaks, index)
        bench = Bench(amnesia, facts, verifier, load_embedder("minilm", cache), loop)
        warm_up = next(iter(exchanges(data, WARM_UP, seed=1).values()))
        for kind, texts in exchanges(data, requests).items():
            found = bench.times(texts, warm_up)
            yield [f"{count:,}", f"{kind} ({len(texts)})", *_cells(found)]
    yield [f"{count:,}", "resident memory, the three together", f"{resident_mib():.0f} MiB"] + [
        ""
    ] * 5


def _cells(found: Times) -> list[str]:
    count = len(found.layer)
    share = percentile(found.layer, 50) / percentile(found.floor, 50)
    return [
        *(
            f"{percentile(taken, 50):.1f} / {percentile(taken, 95):.1f}"
            for taken in (found.layer, found.detector, found.floor)
        ),
        f"{share:.2f}",
        f"{found.asked / count:.0%}",
        f"{found.altered / count:.1%}",
    ]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--targets", type=int, nargs="+", default=[100])
    parser.add_argument("--requests", type=int, default=100, help="exchanges of a kind, at most")
    parser.add_argument("--json", type=Path, help="a JSON file for the rows")
    given = parser.parse_args()
    rows = [r for count in given.targets for r in rows_of(given.data, count, given.requests)]
    headings = ("targets", "exchange", "layer", "detector", "floor", "layer / floor")
    headings = (*headings, "verifier read", "altered")
    print(f"{describe()}\n\nMilliseconds, p50 / p95; {FACTS} facts a target at most.\n")
    print(table(headings, rows))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
