"""The verifier by itself, on the people whom it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from detection_data import Data
from detection_rows import KeptEmbedder, unrelated_reply
from detection_tables import holds_name, outright
from sklearn.metrics import roc_auc_score
from told_data import Told, told_rows
from verifier_data import benign_half, halves

from amnestic.tools.detection.cross_encoder import FACTS, CrossEncoder, premise
from amnestic.tools.protocols import Pair
from amnestic.tools.reading import blank_filled, fold_word

__all__ = ["Alone", "alone", "of_replies"]

OVER = (0.01, 0.02, 0.03, 0.05)


@dataclass(frozen=True, slots=True)
class Alone:
    """The verifier by itself: the area under the curve, and recall at each over-forgetting."""

    area: float
    recall: dict[float, tuple[float, float, float, float]]


def alone(
    data: Data, embedder: KeptEmbedder, verifier: CrossEncoder, half: int, facts: int, seed: int
) -> Alone:
    """Each probe of the people who are not in `half` against its own target, and plain questions
    against the target whose description is nearest."""
    ids = halves(data.people)[1 - half]
    known = _Known(data, embedder, facts, seed)
    folded = [fold_word(data.people[i].subject) for i in ids]
    chosen = set(ids)
    probes = [p for p in data.probes if p.target_id in chosen]
    probes = [p for p in probes if p.forget or not outright(p, folded)]
    pairs = [known.pair(p.target_id, blank_filled(p.question, p.reply)) for p in probes]
    described = embedder.embed([data.people[i].description for i in ids])
    for question in (q for q in data.benign if benign_half(q) != half):
        text = blank_filled(question, unrelated_reply(data, question))
        nearest = ids[int(np.argmax(described @ embedder.embed([text])[0]))]
        pairs.append(known.pair(nearest, text))
    told = _once(verifier, pairs)
    mine, plain = told[: len(probes)], told[len(probes) :]
    forget = np.array([p.forget for p in probes])
    named = np.array([holds_name(p, data.people[p.target_id].subject) for p in probes])
    recall = {}
    for over in OVER:
        cut = float(np.quantile(mine[~forget], 1 - over))
        parts = (forget, forget & named, forget & ~named)
        shares = [float((mine[part] > cut).mean()) for part in parts]
        recall[over] = (shares[0], shares[1], shares[2], float((plain > cut).mean()))
    return Alone(float(roc_auc_score(forget, mine)), recall)


def of_replies(
    marked: Sequence[Told], embedder: KeptEmbedder, verifier: CrossEncoder, seed: int
) -> list[str]:
    """How windows of marked replies are told apart, a line for each way of reading them: with what
    stands before them and without; windows that tell of a target against others of its replies, and
    against all."""
    rows = [r for r in told_rows(marked, embedder, seed) if r.pair is not None]
    labels = np.array([r.forget and r.owner == r.target for r in rows])
    own = np.array([r.owner == r.target for r in rows])
    lines = []
    for name in ("alone", "after what stands before"):
        pairs = [r.pair for r in rows if r.pair is not None]
        if name == "alone":
            pairs = [pair._replace(before="") for pair in pairs]
        told = _once(verifier, pairs)
        areas = [float(roc_auc_score(labels[part], told[part])) for part in (own, own | ~own)]
        cut = float(np.quantile(told[~labels], 0.98))
        found = float((told[labels] > cut).mean())
        lines.append(
            f"{labels.sum()} of {len(rows)} windows tell, {name}: area {areas[0]:.4f} own, "
            f"{areas[1]:.4f} all; at 2% of the others {found:.4f}"
        )
    return lines


@dataclass(slots=True)
class _Known:
    """What is known of each target, as a premise for a text."""

    data: Data
    embedder: KeptEmbedder
    facts: int
    seed: int

    def pair(self, target_id: str, text: str) -> Pair:
        person = self.data.people[target_id]
        facts = [str(f) for f in person.target(self.facts, self.seed).facts]
        if facts:
            cosines = self.embedder.embed(facts) @ self.embedder.embed([text])[0]
            facts = [facts[i] for i in np.argsort(-cosines)[:FACTS]]
        return Pair(premise(person.subject, person.description, facts), text)


def _once(verifier: CrossEncoder, pairs: Sequence[Pair]) -> npt.NDArray[np.float32]:
    """The log-odds of pairs, each computed once."""
    unique = list(dict.fromkeys(pairs))
    told = dict(zip(unique, verifier.logits(unique), strict=True))
    return np.array([told[pair] for pair in pairs], np.float32)
