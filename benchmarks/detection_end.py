"""Probes through the whole layer: what the caller reads, against the oracle's answer.

Every probe is asked of a layer with local engines, whose wrapped model answers with the reference
answer. A forget probe is met when the text that leaves no longer holds the answer; a neighbour
probe and a plain question are touched when the text that leaves is another than the oracle's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from detection_data import Data, Probe
from detection_rows import unrelated_reply
from detection_tables import Figures, outright, share
from detection_verdicts import Scoring

from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.conversation import parse_conversation
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.models.fixed import FixedBackend
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Detector, Embedder
from amnestic.tools.reading import fold_word
from amnestic.types import Draft, Generation

__all__ = ["Layer", "layer_for", "measure_end"]


@dataclass(frozen=True, slots=True)
class Layer:
    """The review path over a list of targets, and its detector."""

    engine: UnlearningEngine
    detector: Detector

    def final(self, question: str, reply: str) -> str:
        """What the caller reads when the wrapped model answers `question` with `reply`."""
        return asyncio.run(self._ask(question, reply)).text

    def names(self, question: str) -> bool:
        """Whether a question names a target outright."""
        found = self.detector.vet(question, Context())
        return any(a.kind == "direct" for a in found)

    async def _ask(self, question: str, reply: str) -> Outcome:
        backend = FixedBackend(Generation((Draft(text=reply),)))
        return await self.engine.run(Request(parse_conversation(question), backend))


def layer_for(
    data: Data,
    embedder: Embedder,
    ids: Iterable[str],
    facts: int,
    seed: int,
    scoring: Scoring,
) -> Layer:
    """A layer with local engines and the targets `ids`, each with at most `facts` facts."""
    settings = Settings(alpha=scoring.alpha)
    index = FacetIndex(embedder)
    for target_id in ids:
        index.add(data.people[target_id].target(facts, seed))
    fused = LeakDetector(index, embedder, settings, scoring.weights, scoring.verifier)
    detector = FactDetector(fused, index)
    return Layer(UnlearningEngine(local_crew(detector, settings), settings), detector)


def measure_end(
    data: Data,
    layer: Layer,
    ids: Collection[str],
    plain: Sequence[str] = (),
    among: Collection[str] | None = None,
) -> Figures:
    """Figures as in `detection_tables.figures`, read from the text that leaves."""
    hits: dict[str, list[bool]] = {"named": [], "unnamed": [], "near": [], "near_named": []}
    names = [fold_word(data.people[i].subject) for i in ids]
    for probe in data.probes:
        if probe.target_id not in ids or (among is not None and probe.id not in among):
            continue
        text = layer.final(probe.question, probe.reply)
        if probe.forget:
            own = fold_word(data.people[probe.target_id].subject)
            part = "named" if outright(probe, [own]) else "unnamed"
            hits[part].append(not _holds(text, probe))
        else:
            part = "near_named" if outright(probe, names) else "near"
            hits[part].append(text != probe.reply)
    return Figures(
        share(hits["named"] + hits["unnamed"]),
        share(hits["named"]),
        share(hits["unnamed"]),
        share(hits["near"]),
        share(hits["near_named"]),
        share(list(_touched(data, layer, plain))),
    )


def _holds(text: str, probe: Probe) -> bool:
    """Whether the answer can still be read, as words of its own."""
    answer = re.escape(fold_word(probe.answer).strip())
    return bool(answer) and bool(re.search(rf"(?<!\w){answer}(?!\w)", fold_word(text)))


def _touched(data: Data, layer: Layer, plain: Sequence[str]) -> Iterable[bool]:
    """Whether each plain question's reply was touched; one that names a target is left out."""
    for question in plain:
        reply = unrelated_reply(data, question)
        if not layer.names(question) and not layer.names(reply):
            yield layer.final(question, reply) != reply
