"""Whether the verifier earns its place: figures on the people whom it has never seen.

Trees, calibration and verifier come from the people trained on. Of the others, ten drawn by seed
choose the band and the cut, and the figures are for the rest, all of them on the list. A row in the
band is one whose trees' score so few retained texts reach (`band`); in it the verifier's
probability decides in the trees' place.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from detection import ALPHA, fit_rows
from detection_data import Data
from detection_fit import fit
from detection_rows import KeptEmbedder, Row, gauge_for, rows_of, unrelated_reply
from detection_tables import Figures, Verdicts, figures, holds_name, outright
from verifier_data import halves, is_trained_benign
from verifier_model import FACTS, Pair, Verifier, premise

from amnestic.tools.gauge import Gauge, Measure
from amnestic.tools.normalise import fold_word
from amnestic.tools.passages import blank_filled
from amnestic.tools.protocols import Context
from amnestic.tools.weights import TextKind, Weights, restates
from amnestic.types import Band

__all__ = ["Alone", "Fused", "Rule", "Scored", "alone", "choose", "fused", "scored", "weights_of"]

CHOOSERS = 10
WIDEST = 0.4
BANDS = (0.03, 0.05, 0.1, 0.2, WIDEST)
TOPS = (0.0, 0.002, 0.005, 0.01)
CUTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
MOST_NEAR, MOST_PLAIN = 0.03, 0.001
OVER = (0.01, 0.02, 0.03, 0.05)


@dataclass(frozen=True, slots=True)
class Rule:
    """The verifier decides where at most `band` and at least `top` of the retained texts score
    higher: a leak from `cut` upwards."""

    band: float
    top: float
    cut: float


@dataclass(frozen=True, slots=True)
class Scored:
    """Measured rows, each with the trees' verdict, the share of retained texts that score higher,
    and the verifier's probability (not a number where it is not asked)."""

    rows: tuple[Row, ...]
    sure: npt.NDArray[np.bool_]
    trees: npt.NDArray[np.bool_]
    above: npt.NDArray[np.float64]
    told: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Alone:
    """The verifier by itself: the area under the curve, and recall at each over-forgetting."""

    area: float
    recall: dict[float, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Fused:
    """One split of the people: the rule chosen, and the figures without and with it."""

    rule: Rule | None
    without: Figures
    with_it: Figures


def weights_of(data: Data, embedder: KeptEmbedder, seed: int) -> Weights:
    """Trees and calibration fitted on the people that the verifier was trained on."""
    trained, _ = halves(data.people)
    return Weights.from_json(fit(fit_rows(data, embedder, trained, seed), "", seed))


def scored(
    data: Data, embedder: KeptEmbedder, weights: Weights, verifier: Verifier, facts: int, seed: int
) -> Scored:
    """Measure every probe of the people never seen, and ask the verifier in the widest band."""
    _, ids = halves(data.people)
    found = list(_measured(data, gauge_for(data, embedder, ids, facts, seed), ids))
    rows = tuple(row for row, _ in found)
    raw, above = _raw_scores(rows, weights)
    sure = np.array([r.named or restates(r.kind, r.features) for r in rows])
    trees = np.array([_is_leak(r, s, weights) for r, s in zip(rows, raw, strict=True)])
    asked = [
        i
        for i, r in enumerate(rows)
        if r.text == "answer" and r.kind is not TextKind.QUESTION
        if not sure[i] and above[i] <= WIDEST
    ]
    known = _Known(data, embedder, facts, seed)
    pairs = [known.pair(rows[i].target, blank_filled(*_texts(found[i][1]))) for i in asked]
    told = np.full(len(rows), np.nan, np.float32)
    told[asked] = _once(verifier, pairs)
    return Scored(rows, sure, trees, above, told)


def alone(data: Data, embedder: KeptEmbedder, verifier: Verifier, facts: int, seed: int) -> Alone:
    """The verifier by itself: each probe against its own target, plain questions against the
    target whose description is nearest."""
    from sklearn.metrics import roc_auc_score

    _, ids = halves(data.people)
    known = _Known(data, embedder, facts, seed)
    folded = [fold_word(data.people[i].subject) for i in ids]
    chosen = set(ids)
    probes = [p for p in data.probes if p.target_id in chosen]
    probes = [p for p in probes if p.forget or not outright(p, folded)]
    pairs = [known.pair(p.target_id, blank_filled(p.question, p.reply)) for p in probes]
    described = embedder.embed([data.people[i].description for i in ids])
    for question in (q for q in data.benign if not is_trained_benign(q)):
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


def fused(data: Data, found: Scored, seed: int) -> Fused:
    """Choose the rule on ten people and give the figures for the rest."""
    _, ids = halves(data.people)
    random.Random(seed).shuffle(ids)
    choosers, reported = sorted(ids[:CHOOSERS]), sorted(ids[CHOOSERS:])
    rule = choose(data, found, choosers)
    without = _figures(data, found, reported, None)
    return Fused(rule, without, _figures(data, found, reported, rule))


def choose(data: Data, found: Scored, ids: Sequence[str]) -> Rule | None:
    """The rule with the most recall less over-forgetting, within the bounds; `None` if none is."""
    chosen = set(ids)
    kept = np.array([r.target in chosen for r in found.rows])
    found = _only(found, kept)
    best, most = None, -1.0
    for band, top, cut in itertools.product(BANDS, TOPS, CUTS):
        rule = Rule(band, top, cut)
        seen = _figures(data, found, ids, rule)
        gain = seen.recall - seen.over_forgetting
        within = seen.over_forgetting <= MOST_NEAR and seen.unrelated_touched <= MOST_PLAIN
        if within and gain > most:
            best, most = rule, gain
    return best


def _only(found: Scored, kept: npt.NDArray[np.bool_]) -> Scored:
    rows = tuple(row for row, keep in zip(found.rows, kept, strict=True) if keep)
    parts = (found.sure, found.trees, found.above, found.told)
    return Scored(rows, *(part[kept] for part in parts))


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────


def _measured(data: Data, gauge: Gauge, ids: Iterable[str]) -> Iterable[tuple[Row, Measure]]:
    chosen = set(ids)
    texts = [
        (p.id, p.target_id, p.forget, p.question, p.reply)
        for p in data.probes
        if p.target_id in chosen
    ]
    texts += [
        (f"benign:{i}", "", False, q, unrelated_reply(data, q))
        for i, q in enumerate(data.benign)
        if not is_trained_benign(q)
    ]
    for probe, owner, forget, question, reply in texts:
        asked = gauge.question(question, Context())
        answered = gauge.answer(reply, question, Context())
        for text, measures in (("question", asked), ("answer", answered)):
            rows = rows_of(measures, probe, owner, forget, text)
            yield from zip(rows, measures, strict=True)


def _texts(measure: Measure) -> tuple[str, str]:
    return measure.question, measure.window


def _raw_scores(
    rows: Sequence[Row], weights: Weights
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The trees' scores, and for each the share of retained texts that score higher."""
    raw, above = np.zeros(len(rows)), np.ones(len(rows))
    for kind in TextKind:
        places = [i for i, r in enumerate(rows) if r.kind is kind]
        if places:
            features = np.array([rows[i].features for i in places], dtype=np.float64)
            raw[places] = weights.scorers[kind].margins(features)
            retained = np.sort(weights.calibration.retained[kind])
            above[places] = 1 - np.searchsorted(retained, raw[places]) / len(retained)
    return raw, above


def _is_leak(row: Row, raw: float, weights: Weights) -> bool:
    limits = weights.thresholds(ALPHA)[row.kind]
    if row.kind is TextKind.QUESTION:
        return limits.band(float(raw)) is Band.LEAK
    return limits.band(float(raw)) is not Band.CLEAN and limits.scaled(float(raw)) >= 0.5


def _figures(data: Data, found: Scored, ids: Sequence[str], rule: Rule | None) -> Figures:
    leaks = found.trees
    if rule is not None:
        asked = ~np.isnan(found.told) & (found.above <= rule.band) & (found.above >= rule.top)
        leaks = np.where(asked, found.told >= rule.cut, leaks)
    chosen = set(ids)
    flagged: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    for row, leak in zip(found.rows, leaks | found.sure, strict=True):
        if row.target in chosen and leak:
            flagged.setdefault(row.probe, set()).add(row.target)
        if row.target in chosen and row.named:
            named.setdefault(row.probe, set()).add(row.target)
    verdicts = Verdicts(
        {k: frozenset(v) for k, v in flagged.items()}, {k: frozenset(v) for k, v in named.items()}
    )
    plain = (f"benign:{i}" for i, q in enumerate(data.benign) if not is_trained_benign(q))
    return figures(data, ids, verdicts, plain)


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


def _once(verifier: Verifier, pairs: Sequence[Pair]) -> npt.NDArray[np.float32]:
    """The probabilities of pairs, each computed once."""
    unique = list(dict.fromkeys(pairs))
    told = dict(zip(unique, verifier.probabilities(unique), strict=True))
    return np.array([told[pair] for pair in pairs], np.float32)
