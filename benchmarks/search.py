"""Embedding, searching, adding and revoking: the numbers of the facet index.

    python benchmarks/search.py            20,000 facets, and changes at 10,000 targets
    python benchmarks/search.py --large    1,000,000 facets too; minutes, and about 4 GiB

Facets are sentences about made-up people (`facet_corpus.py`). As many as `--real` are embedded by
the real model and kept in the cache directory; the rest are such vectors, moved a little, so that
every query has more close neighbours than real lists would give it. Recall@10 counts hits whose
score reaches that of the tenth in a full comparison.
"""

from __future__ import annotations

import argparse
import itertools
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

import facet_corpus as corpus
import numpy as np
import numpy.typing as npt
from machine import describe, percentile, resident_mib, table

from amnestic.config import default_cache_dir
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.registry import Registry
from amnestic.types import Facet, FacetKind, ForgetTarget

K = 10
QUERIES = 200
MOVED_BY = 0.35
"""Length of the random step from a real vector to one made from it."""

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    what: str
    p50: float | None
    p95: float | None
    unit: str
    wanted: str
    note: str = ""


def timed(work: Callable[[int], object], rounds: int) -> list[float]:
    """Milliseconds of each round of `work`, after three that are not counted."""
    taken = []
    for i in range(rounds + 3):
        begun = time.perf_counter()
        work(i)
        taken.append((time.perf_counter() - begun) * 1e3)
    return taken[3:]


def line(what: str, taken: list[float], wanted: str, note: str = "") -> Line:
    return Line(what, percentile(taken, 50), percentile(taken, 95), "ms", wanted, note)


# ── Facets ───────────────────────────────────────────────────────────────────────────────────────


def real_vectors(embedder: Embedder, count: int) -> Halves:
    """Vectors of the first `count` sentences of the corpus, embedded once for each embedder."""
    name = blake2b(embedder.identity.encode(), digest_size=6).hexdigest()
    path = default_cache_dir() / "benchmarks" / f"facets-{name}.npy"
    held: Halves = np.load(path) if path.is_file() else np.empty((0, 384), np.float16)
    if len(held) < count:
        missing = itertools.islice(sentences(), len(held), count)
        parts = [held]
        for batch in iter(lambda: list(itertools.islice(missing, 4_000)), []):
            parts.append(embedder.embed(batch).astype(np.float16))
            print(f"\rembedded {sum(map(len, parts)):,} of {count:,}", end="", flush=True)
        print()
        held = np.concatenate(parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, held)
    return held[:count]


def sentences() -> Iterator[str]:
    for _, facets in corpus.targets(10**9):
        yield from facets


def widened(real: Halves, count: int) -> Halves:
    """`count` vectors: the real ones, then those made from them by a random step."""
    if count <= len(real):
        return real[:count]
    rng = np.random.default_rng(5)
    made = np.empty((count, real.shape[1]), dtype=np.float16)
    made[: len(real)] = real
    for start in range(len(real), count, 50_000):
        end = min(start + 50_000, count)
        base = real[rng.integers(0, len(real), end - start)].astype(np.float32)
        step = rng.standard_normal(base.shape, dtype=np.float32)
        base += step * (MOVED_BY / np.sqrt(base.shape[1]))
        made[start:end] = base / np.linalg.norm(base, axis=1, keepdims=True)
    return made


def made_targets(count: int) -> Iterator[ForgetTarget]:
    """Targets of the corpus, with ids for all facets."""
    for i, (name, texts) in enumerate(corpus.targets(count)):
        first = 1 + i * corpus.FACETS_PER_TARGET
        facets = tuple(
            Facet(kind=FacetKind.FACT, text=text, id=first + j) for j, text in enumerate(texts)
        )
        yield ForgetTarget(id=f"t{i}", subject=name, facets=facets)


def filled(embedder: Embedder, vectors: Halves) -> tuple[FacetIndex, float, float]:
    """An index of all `vectors`, filled target by target, and the seconds and MiB that it took."""
    each = corpus.FACETS_PER_TARGET
    targets = list(made_targets(len(vectors) // each))
    before, begun = resident_mib(), time.perf_counter()
    index = FacetIndex(embedder)
    for i, target in enumerate(targets):
        index.add(target, vectors[i * each : (i + 1) * each].astype(np.float32))
    index.settle()
    return index, time.perf_counter() - begun, resident_mib() - before


# ── Measures ─────────────────────────────────────────────────────────────────────────────────────


def embedding(embedder: Embedder) -> list[Line]:
    fresh = sentences()
    one = timed(lambda _: embedder.embed([next(fresh)]), 100)
    many = timed(lambda _: embedder.embed(list(itertools.islice(fresh, 32))), 20)
    return [line("embed one sentence", one, ""), line("embed 32 sentences", many, "")]


def searching(embedder: Embedder, vectors: Halves, real: int, wanted: str) -> list[Line]:
    index, seconds, mib = filled(embedder, vectors)
    asked = corpus.questions(QUERIES, min(len(vectors), real) // corpus.FACETS_PER_TARGET)
    queries = embedder.embed(asked)
    taken = timed(lambda i: index.search(queries[i % QUERIES][None], K), QUERIES)
    batch = timed(lambda i: index.search(queries[i * 10 % 190 :][:10], K), 20)
    note = f"{min(real, len(vectors)):,} embedded, recall@10 {recall(index, queries, vectors):.4f}"
    size = f"{len(vectors):,} facets"
    return [
        line(f"search {size}", taken, wanted, note),
        line(f"search {size}, 10 queries at once", batch, ""),
        Line(f"fill the index with {size}", seconds, None, "s", "", "target by target"),
        Line(f"memory of {size}", mib, None, "MiB", "", "without the targets' texts"),
    ]


def recall(index: FacetIndex, queries: Vectors, vectors: Halves) -> float:
    """The share of the `K` nearest that a search finds, over all queries."""
    best = np.full((len(queries), K), -np.inf, dtype=np.float32)
    for start in range(0, len(vectors), 50_000):
        scores = queries @ vectors[start : start + 50_000].astype(np.float32).T
        best = np.sort(np.concatenate([best, scores], axis=1), axis=1)[:, -K:]
    found = index.search(queries, K)
    right = [
        sum(hit.score >= row[0] - 1e-4 for hit in hits)
        for hits, row in zip(found, best, strict=True)
    ]
    return float(np.sum(right) / (len(queries) * K))


def changing(embedder: Embedder, vectors: Halves) -> list[Line]:
    """Adding and revoking at 10,000 targets: the index alone, and with the registry's commit."""
    index, _, _ = filled(embedder, vectors)
    rows = vectors[:20].astype(np.float32)
    new = [target_with_new_ids(t, f"new{i}") for i, t in enumerate(made_targets(103))]
    added = timed(lambda i: index.add(new[i], rows), 100)
    removed = timed(lambda i: index.remove(new[i].id), 100)
    with tempfile.TemporaryDirectory() as folder, Registry.open(f"{folder}/r.db") as registry:

        def add(i: int) -> None:
            index.add(registry.add(new[i], actor="benchmark"), rows)

        def revoke(i: int) -> None:
            index.remove(registry.revoke(new[i].id, actor="benchmark").id)

        stored, revoked = timed(add, 100), timed(revoke, 100)
    index.close()
    size = f"at {len(vectors) // corpus.FACETS_PER_TARGET:,} targets"
    return [
        line(f"add a target {size}, index", added, "≤ 20 ms"),
        line(f"revoke a target {size}, index", removed, "≤ 20 ms"),
        line(f"add a target {size}, registry and index", stored, "≤ 20 ms"),
        line(f"revoke a target {size}, registry and index", revoked, "≤ 20 ms"),
    ]


def target_with_new_ids(target: ForgetTarget, target_id: str) -> ForgetTarget:
    facets = tuple(f.model_copy(update={"id": secrets.randbits(63)}) for f in target.facets)
    return target.model_copy(update={"id": target_id, "facets": facets})


def written(found: Line) -> list[str]:
    """A line as the table shows it."""
    times = [f"{value:,.2f}" if value is not None else "" for value in (found.p50, found.p95)]
    return [found.what, *times, found.unit, found.wanted, found.note]


def main() -> None:
    parser = argparse.ArgumentParser(description="Embedding, searching, adding and revoking.")
    parser.add_argument("--large", action="store_true", help="1,000,000 facets too; takes minutes")
    parser.add_argument("--real", type=int, help="facets that are embedded by the real model")
    parser.add_argument("--json", type=Path, help="also write the lines to this file")
    parser.add_argument("--append", type=Path, help="also put the table behind a Markdown file")
    given = parser.parse_args()
    real = given.real or (200_000 if given.large else 20_000)
    embedder = load_embedder("minilm", default_cache_dir())
    lines = embedding(embedder)
    vectors = real_vectors(embedder, real)
    lines += searching(embedder, vectors[:20_000], real, "≤ 2 ms, recall ≥ 0.99")
    lines += changing(embedder, widened(vectors, 200_000))
    if given.large:
        wanted = "≤ 15 ms, recall ≥ 0.99"
        lines += searching(embedder, widened(vectors, 1_000_000), real, wanted)
    print(describe(), "\n")
    shown = table(["what", "p50", "p95", "unit", "wanted", "note"], [written(x) for x in lines])
    print(shown)
    if given.append:
        with given.append.open("a", encoding="utf-8") as file:
            file.write(f"\n## Embedding, search and change\n\n{shown}\n")
    if given.json:
        found = {"machine": describe(), "lines": [asdict(x) for x in lines]}
        given.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
