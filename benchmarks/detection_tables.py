"""Figures from verdicts: recall, over-forgetting, tables, baselines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from detection_data import Data, Probe
from detection_verdicts import Verdicts

from amnestic.tools.protocols import Embedder
from amnestic.tools.reading import fold_word

__all__ = [
    "Figures",
    "cosine_gate",
    "figures",
    "keyword",
    "outright",
    "share",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is reported of one filter."""

    recall: float
    recall_named: float
    recall_unnamed: float
    over_forgetting: float
    over_forgetting_named: float
    unrelated_touched: float


def holds_name(probe: Probe, subject: str) -> bool:
    """Whether the full name stands in the question or the answer."""
    return outright(probe, [fold_word(subject)])


def outright(probe: Probe, folded: Iterable[str]) -> bool:
    """Whether one of these folded names stands in the question or the answer."""
    text = fold_word(f"{probe.question} {probe.reply}")
    return any(name in text for name in folded)


def figures(
    data: Data,
    ids: Iterable[str],
    found: Verdicts,
    benign: Iterable[str],
    *,
    among: Collection[str] | None = None,
) -> Figures:
    """Figures over the probes of the reported targets, all of which are on the list.

    A neighbour probe that names a listed target outright is reported apart, and a plain question
    that does so is left out: acting on it is what was asked for.
    """
    chosen = set(ids)
    folded = {i: fold_word(data.people[i].subject) for i in chosen}
    hits: dict[str, list[bool]] = {"named": [], "unnamed": [], "near": [], "near_named": []}
    for probe in data.probes:
        if probe.target_id not in chosen or (among is not None and probe.id not in among):
            continue
        touched = found.flagged.get(probe.id, frozenset())
        if probe.forget:
            part = "named" if holds_name(probe, data.people[probe.target_id].subject) else "unnamed"
            hits[part].append(probe.target_id in touched)
        else:
            names_one = outright(probe, folded.values()) or bool(found.named.get(probe.id))
            hits["near_named" if names_one else "near"].append(bool(touched))
    plain = [bool(found.flagged.get(b)) for b in benign if not found.named.get(b)]
    return Figures(
        share(hits["named"] + hits["unnamed"]),
        share(hits["named"]),
        share(hits["unnamed"]),
        share(hits["near"]),
        share(hits["near_named"]),
        share(plain),
    )


def by_kind(data: Data, ids: Iterable[str], found: Verdicts) -> dict[str, tuple[float, int]]:
    """Recall for each kind of forget probe, with the number of probes."""
    chosen = set(ids)
    kinds: dict[str, list[bool]] = {}
    for probe in data.probes:
        if probe.forget and probe.target_id in chosen:
            hit = probe.target_id in found.flagged.get(probe.id, frozenset())
            kinds.setdefault(probe.kind, []).append(hit)
    return {k: (share(v), len(v)) for k, v in sorted(kinds.items())}


def share(values: Sequence[bool]) -> float:
    """The share of true values; 0 where there are none."""
    return float(np.mean(values)) if values else 0.0


# ── Baselines ────────────────────────────────────────────────────────────────────────────────────


def keyword(data: Data, ids: Iterable[str]) -> Verdicts:
    """A filter on full names in question or answer."""
    names = {i: fold_word(data.people[i].subject) for i in ids}
    flagged: dict[str, frozenset[str]] = {}
    texts = [(p.id, f"{p.question} {p.reply}") for p in data.probes if p.target_id in names]
    texts += [(f"benign:{i}", q) for i, q in enumerate(data.benign)]
    for probe, text in texts:
        folded = fold_word(text)
        hit = frozenset(i for i, name in names.items() if name in folded)
        if hit:
            flagged[probe] = hit
    return Verdicts(flagged, {})


def cosine_gate(
    data: Data, fit: Sequence[str], report: Sequence[str], facts: int, seed: int, embedder: Embedder
) -> Verdicts:
    """CURaTE's gate: the question's highest cosine to a stored request or fact, cut at the best
    threshold (by F1 of forget against neighbour probes) of the targets fitted on."""
    scores, owners = _gate_scores(data, fit, facts, seed, embedder)
    labels = np.array([p.forget for p in data.probes if p.target_id in set(fit)])
    values = scores[: len(labels)]
    grid = np.quantile(values, np.linspace(0.01, 0.99, 99))
    best = max(grid, key=lambda t: _f1(values > t, labels))
    scores, owners = _gate_scores(data, report, facts, seed, embedder)
    chosen = set(report)
    ids = [p.id for p in data.probes if p.target_id in chosen]
    ids += [f"benign:{i}" for i in range(len(data.benign))]
    return Verdicts(
        {
            i: frozenset({o, _owner(data, i)} - {""})
            for i, s, o in zip(ids, scores, owners, strict=True)
            if s > best
        },
        {},
    )


def _owner(data: Data, probe: str) -> str:
    """The gate refuses the whole question, whichever target was nearest."""
    return _OWNERS.setdefault(id(data), {p.id: p.target_id for p in data.probes}).get(probe, "")


_OWNERS: dict[int, dict[str, str]] = {}


def _gate_scores(
    data: Data, ids: Sequence[str], facts: int, seed: int, embedder: Embedder
) -> tuple[np.ndarray, list[str]]:
    stored, owners = [], []
    for target_id in ids:
        texts = [f.text for f in data.people[target_id].target(facts, seed).facets]
        stored.append(embedder.embed(texts))
        owners += [target_id] * len(texts)
    chosen = set(ids)
    questions = [p.question for p in data.probes if p.target_id in chosen] + list(data.benign)
    cosines = embedder.embed(questions) @ np.vstack(stored).T
    return cosines.max(axis=1), [owners[i] for i in cosines.argmax(axis=1)]


def _f1(found: np.ndarray, labels: np.ndarray) -> float:
    both = float((found & labels).sum())
    return 2 * both / max(float(found.sum() + labels.sum()), 1.0)
