"""What a vet and an audit cost with a thousand invented targets on the list."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import numpy as np

from amnestic.config import Settings, default_cache_dir
from amnestic.tools.detection import LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind

__all__ = ["cost"]

TARGETS, FACTS, REPEATS = 1_000, 40, 120
_WARM_UP = 20

_QUESTION = (
    "I am planning a two week trip by train through the north of Spain in early autumn with my "
    "parents, who like good food and quiet villages. Could you tell me number {n} of the towns "
    "that are worth a stop, what we should eat there, and whether the hotels need booking "
    "ahead?"
)
_REPLY = (
    "A good stop number {n} is a small port on the coast. The old town climbs from the harbour in "
    "narrow lanes, and most of it can be seen in a morning. For lunch, look for grilled sardines "
    "and a plate of peppers, which are in season until the middle of October. In the afternoon "
    "take the coastal path to the lighthouse; it is level and takes about forty minutes. The two "
    "hotels by the station are plain but clean, and in September they rarely fill up before the "
    "weekend. If you would rather stay in the hills, a bus leaves at four and reaches the upper "
    "villages within the hour. There you will find guest houses that serve dinner, mostly lamb "
    "with beans, and breakfast on the terrace. Book those a month ahead, since they have only a "
    "handful of rooms."
)
_STARTS = ("Al", "Bren", "Cor", "Dar", "El", "Fen", "Gal", "Hol", "Ira", "Jor", "Kel", "Lum")
_ENDS = ("a", "vik", "dane", "mont", "sey", "ric", "wen", "tor", "bel", "nar", "loth", "mira")
_ROLES = ("novelist", "chemist", "cyclist", "painter", "judge", "singer", "explorer", "architect")
_FACTS = (
    "{name} was born in the town of {place} in {year}.",
    "In {year} {name} won a prize for a work about {place}.",
    "{name} studied in {place} and later taught there as a {role}.",
    "The {role} {name} lived near {place} with two sisters until {year}.",
    "{name} sold the house in {place} and travelled by train through the north in {year}.",
    "{name} opened a small hotel in {place}, which serves dinner on a terrace.",
)


def cost() -> str:
    """Build the list, and time the two calls on texts that are far from all of it."""
    embedder = load_embedder("minilm", default_cache_dir())
    index = FacetIndex(embedder)
    _fill(index, embedder.embed)
    detector = LeakDetector(index, embedder, Settings())
    context = Context()
    for n in range(_WARM_UP):
        detector.vet(_QUESTION.format(n=-1 - n), context)
    vet = _times(lambda n: detector.vet(_QUESTION.format(n=n), context))
    audit = []
    for n in range(REPEATS):
        question = _QUESTION.format(n=n + REPEATS)
        detector.vet(question, context)
        audit.append(_timed(lambda n=n, q=question: detector.audit(_REPLY.format(n=n), q, context)))
    return (
        f"\n{TARGETS} targets of {FACTS} facts, in milliseconds, p50 / p95\n"
        f"  vet a 60-token question    {np.median(vet):6.1f} /{np.quantile(vet, 0.95):6.1f}\n"
        f"  audit a 150-token reply    {np.median(audit):6.1f} /{np.quantile(audit, 0.95):6.1f}"
    )


def _fill(index: FacetIndex, embed: Callable[[list[str]], np.ndarray]) -> None:
    draw = random.Random(0)
    noise = np.random.default_rng(0)
    words = [a + b for a in _STARTS for b in _ENDS]
    bases = _bases(draw, words)
    vectors = embed(bases)
    for i in range(TARGETS):
        name = f"{draw.choice(words)} {draw.choice(words)}{draw.choice(_ENDS)}"
        picks = draw.sample(range(len(bases)), FACTS)
        texts = [bases[p].replace("NAME", name) for p in picks]
        facets = tuple(
            Facet(kind=FacetKind.FACT, text=text, id=1 + i * FACTS + j)
            for j, text in enumerate(texts)
        )
        rows = vectors[picks] + noise.normal(0, 0.02, (FACTS, vectors.shape[1]))
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        described = f"{name} was a {draw.choice(_ROLES)}."
        target = ForgetTarget(
            id=f"t{i}",
            subject=name,
            kind=TargetKind.PERSON,
            description=described,
            facets=facets,
        )
        index.add(target, rows)


def _bases(draw: random.Random, words: list[str]) -> list[str]:
    return [
        draw.choice(_FACTS).format(
            name="NAME",
            place=draw.choice(words) + "ton",
            year=draw.randint(1850, 2020),
            role=draw.choice(_ROLES),
        )
        for _ in range(600)
    ]


def _times(call: Callable[[int], object]) -> list[float]:
    return [_timed(lambda n=n: call(n)) for n in range(REPEATS)]


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    print(cost())
