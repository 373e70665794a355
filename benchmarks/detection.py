"""How well the detector tells what was to be forgotten from what may stay.

    python benchmarks/detection.py --data DIR [--seed 0 --seed 1 --seed 2] [--json FILE]
    python benchmarks/detection.py fit --data DIR      # writes the weights that the package ships

Targets are split by seed. Whom the verifier was trained on is only fitted on; of the others the
scorers, their calibration and the gate's threshold are fitted on 40 of 100, and every figure is for
the rest, all of them on the list at once. Marked replies (`told_data`) are fitted on as well, but
for the tenth that is reported. The oracle answers each probe with the reference answer, and the
figures are read
from the text that leaves the layer (`detection_end`); the tables by kind of probe and by layer are
of the detector's verdicts alone: the vet certain of the question, or a leak in the answer under the
default policy. A neighbour probe that names a listed target outright is reported apart. Recall at
5 and 10 facts is over a share of the probes, drawn by seed.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from detection_attacks import OBFUSCATIONS, framed, obfuscation_rates
from detection_cost import cost
from detection_data import Data, load
from detection_end import layer_for, measure_end
from detection_fit import fit
from detection_rows import KeptEmbedder, Row, gauge_for, in_share, measure_all, texts_of
from detection_short import ShortAnswers, short_answers
from detection_tables import Figures, by_kind, cosine_gate, figures, keyword
from detection_told import Replies, told_figures
from detection_verdicts import LAYERS, Scoring, verdicts
from detection_verifier import KeptVerifier
from told_data import Told, is_reported, told_rows, told_targets

from amnestic.config import default_cache_dir
from amnestic.tools.detection.weights import TextKind, Weights
from amnestic.tools.embedding import load_embedder

FACTS = 40
FIT_SHARES = {0: 0.5, 5: 0.25, 40: 1.0}
OTHER_FACTS = (0, 5, 10)
OTHER_SHARE = 0.4
STATEMENTS = 0.4
CLIPPED = 0.12
ALPHA = 0.01
SHIPPED = Path(__file__).parents[1] / "src/amnestic/tools/detection/data/detector.json"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", nargs="?", choices=["run", "fit"], default="run")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--kept", type=Path, help="a file that keeps vectors between runs")
    parser.add_argument("--jobs", type=int, default=1, help="processes, one seed each")
    parser.add_argument("--quick", action="store_true", help="the headline only: no further tables")
    given = parser.parse_args()
    data = load(given.data)
    embedder = KeptEmbedder(load_embedder("minilm", default_cache_dir()), given.kept)
    embedder.warm(texts_of(data, data.people))
    embedder.save()
    if given.command == "fit":
        verifier = KeptVerifier(file=_told(given.kept))
        ship(data, embedder, verifier)
        embedder.save()
        verifier.save()
        return
    runs = run_all(data, embedder, given)
    report(runs)
    if given.json is not None:
        given.json.write_text(json.dumps(summary(runs), indent=1) + "\n", "utf-8")


def run_all(data: Data, embedder: KeptEmbedder, given: argparse.Namespace) -> list[dict[str, Any]]:
    """All seeds, in as many processes as asked for."""
    seeds = given.seed or [0, 1, 2]
    if given.jobs < 2:
        verifier = KeptVerifier(file=_told(given.kept))
        runs = [run(data, embedder, verifier, s, quick=given.quick) for s in seeds]
        verifier.save()
        return runs
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(run_alone, given.data, given.kept, s, quick=given.quick) for s in seeds]
        return [job.result() for job in jobs]


def run_alone(folder: Path, kept: Path | None, seed: int, *, quick: bool) -> dict[str, Any]:
    """One seed in a process of its own."""
    embedder = KeptEmbedder(load_embedder("minilm", default_cache_dir()), kept)
    verifier = KeptVerifier(file=_told(kept))
    return run(load(folder), embedder, verifier, seed, quick=quick)


def _told(kept: Path | None) -> Path | None:
    """Where the verifier's scores are kept: beside the vectors."""
    return None if kept is None else kept.with_suffix(".verifier.npz")


def split(data: Data, seed: int, seen: Collection[str]) -> tuple[list[str], list[str]]:
    """Targets to fit on and targets to report: whom the verifier has `seen` and 40 of 100 of the
    others, and the rest."""
    ids = sorted(set(data.people).difference(seen))
    random.Random(seed).shuffle(ids)
    cut = round(0.4 * len(ids))
    return sorted((*ids[:cut], *seen)), sorted(ids[cut:])


def seen_by(verifier: KeptVerifier, data: Data) -> list[str]:
    """The people that the verifier was trained on."""
    return sorted(i for i, p in data.people.items() if verifier.has_seen(p.subject))


def fit_rows(
    data: Data, embedder: KeptEmbedder, ids: Sequence[str], seed: int, marked: Sequence[Told]
) -> list[Row]:
    """Measures to fit on: with many, few and no facts, strangers thinned out; marked replies."""
    draw = random.Random(seed)
    rows = list(told_rows(marked, embedder, seed))
    for facts, share in FIT_SHARES.items():
        gauge = gauge_for(data, embedder, ids, facts, seed)
        benign = draw.sample(data.benign, round(0.5 * share * len(data.benign)))
        found = measure_all(
            data,
            gauge,
            ids,
            facts,
            seed,
            benign,
            share=share,
            statements=STATEMENTS,
            clipped=CLIPPED,
        )
        rows += [r for r in found if r.owner in (r.target, "") or r.named or draw.random() < 0.35]
    return rows


def ship(data: Data, embedder: KeptEmbedder, verifier: KeptVerifier) -> None:
    """Fit on everyone and write the package's weights."""
    marked = told_targets()
    seen = {*seen_by(verifier, data), *(t.id for t in marked if verifier.has_seen(t.name))}
    fitted = fit(fit_rows(data, embedder, sorted(data.people), 0, marked), 0)
    weights = fitted.weights(embedder.identity, verifier, seen)
    SHIPPED.write_text(json.dumps(weights, separators=(",", ":")) + "\n", "utf-8")
    print(
        f"wrote {SHIPPED.name}: {SHIPPED.stat().st_size / 1e6:.1f} MB, {len(data.people)} targets, "
        f"verification {weights['verification']}"
    )


def run(
    data: Data, embedder: KeptEmbedder, verifier: KeptVerifier, seed: int, *, quick: bool
) -> dict[str, Any]:
    """Everything for one seed."""
    started = time.monotonic()
    marked = [t for t in told_targets() if not is_reported(t)]
    seen = seen_by(verifier, data)
    fitted_on, reported = split(data, seed, seen)
    fitted = fit(fit_rows(data, embedder, fitted_on, seed, marked), seed)
    known = {*seen, *(t.id for t in marked if verifier.has_seen(t.name))}
    scoring = Scoring(Weights.from_json(fitted.weights("", verifier, known)), verifier, ALPHA)
    alone = replace(scoring, weights=Weights.from_json(fitted.weights("")))
    benign = [f"benign:{i}" for i in range(len(data.benign))]
    gauge = gauge_for(data, embedder, reported, FACTS, seed)
    rows = measure_all(data, gauge, reported, FACTS, seed, data.benign)
    found = verdicts(rows, scoring)
    out: dict[str, Any] = {"seed": seed, "targets": reported}
    out["verification"] = {k: asdict(v) for k, v in scoring.weights.verification.items()}
    for name, chosen in (("ours", scoring), ("without_verifier", alone)):
        layer = layer_for(data, embedder, reported, FACTS, seed, chosen)
        out[name] = measure_end(data, layer, reported)
        if name == "ours":
            out["short"] = short_answers(data, layer, reported, fitted_on, seed)
    reported_told = [t for t in told_targets() if is_reported(t)]
    out["replies"] = told_figures(reported_told, embedder, scoring, seed)
    out["verdicts"] = figures(data, reported, found, benign)
    out["kinds"] = by_kind(data, reported, found)
    out["calibration"] = calibration(data, reported, rows, scoring)
    out["facts"] = {FACTS: out["ours"]}
    for facts in OTHER_FACTS:
        bare = layer_for(data, embedder, reported, facts, seed, scoring)
        share = 1.0 if facts == 0 else OTHER_SHARE
        among = {p.id for p in data.probes if in_share(p.id, share, seed)}
        out["facts"][facts] = measure_end(data, bare, reported, among=among)
    out["keyword"] = figures(data, reported, keyword(data, reported), benign)
    gate = cosine_gate(data, fitted_on, reported, FACTS, seed, embedder)
    out["cosine_gate"] = figures(data, reported, gate, benign)
    bare_gate = cosine_gate(data, fitted_on, reported, 0, seed, embedder)
    out["cosine_gate_no_facts"] = figures(data, reported, bare_gate, benign).recall
    everyone = layer_for(data, embedder, sorted(data.people), FACTS, seed, scoring)
    out["unrelated"] = measure_end(data, everyone, (), data.benign).unrelated_touched
    out["ours"] = replace(out["ours"], unrelated_touched=out["unrelated"])
    print(f"seed {seed}: {asdict(out['ours'])}, unrelated {out['unrelated']:.4f}", flush=True)
    print(f"seed {seed}: {out['short']}", flush=True)
    print(f"seed {seed}: {out['replies']}", flush=True)
    print(f"seed {seed}: without the verifier {asdict(out['without_verifier'])}", flush=True)
    if not quick:
        out["layers"] = {
            name: figures(data, reported, verdicts(rows, scoring, name), benign) for name in LAYERS
        }
        out["layers"]["verifier"] = figures(data, reported, verdicts(rows, alone), benign)
        out["obfuscations"] = obfuscation_rates(data, gauge, scoring, reported, seed)
        out["frames"] = framed(data, gauge, scoring, reported, seed)
    out["seconds"] = time.monotonic() - started
    return out


def calibration(
    data: Data, reported: Sequence[str], rows: Sequence[Row], scoring: Scoring
) -> dict[str, Any]:
    """The bound asked against the rate seen on retained answers of targets not fitted on."""
    mine = [r for r in rows if r.kind is TextKind.ANSWER and r.text == "answer" and not r.forget]
    named = {r.probe for r in mine if r.named}
    mine = [r for r in mine if r.owner and r.probe not in named]
    chosen = set(reported)
    probes = [p for p in data.probes if p.target_id in chosen and not p.forget]
    count = max(sum(p.id not in named for p in probes), 1)
    table = {}
    for alpha in (0.01, 0.05):
        judged = replace(scoring, alpha=alpha)
        limit = judged.limits(TextKind.ANSWER).leak
        raws = judged.raws(TextKind.ANSWER, mine)
        over = {r.probe for r, raw in zip(mine, raws, strict=True) if raw > limit}
        seen = len(over) / count
        error = float(np.sqrt(max(seen, alpha) * (1 - alpha) / count))
        table[str(alpha)] = {"seen": seen, "standard_error": error, "n": count}
    return table


def report(runs: Sequence[dict[str, Any]]) -> None:
    """Print the tables: mean and spread over the seeds."""
    count = len(runs[0]["targets"])
    print(f"{count} targets reported, {len(runs)} seeds, {FACTS} facts; mean (lowest-highest)\n")
    for name in Figures.__dataclass_fields__:
        cells = [_cell([getattr(r[k], name) for r in runs]) for k in _SHOWN]
        print(f"{name:24s}" + "".join(f"{c:>26s}" for c in cells))
    print(f"{'':24s}" + "".join(f"{k:>26s}" for k in _SHOWN))
    print(f"\nunrelated touched, all targets on the list: {_cell([r['unrelated'] for r in runs])}")
    print("\nthe detector's verdicts alone")
    for name in Figures.__dataclass_fields__:
        print(f"  {name:28s}{_cell([getattr(r['verdicts'], name) for r in runs])}")
    for name in ShortAnswers.__dataclass_fields__:
        print(f"  surnames alone: {name:17s}{_cell([getattr(r['short'], name) for r in runs])}")
    for name in Replies.__dataclass_fields__:
        print(f"  marked replies: {name:18s}{_cell([getattr(r['replies'], name) for r in runs])}")
    _table("recall by facts", runs, "facts", lambda f: f.recall)
    _table("recall unnamed by facts", runs, "facts", lambda f: f.recall_unnamed)
    _table("over-forgetting by facts", runs, "facts", lambda f: f.over_forgetting)
    _table("recall by kind of probe", runs, "kinds", lambda k: k[0])
    _table("retained over the bound (alpha)", runs, "calibration", lambda c: c["seen"])
    _table("two standard errors", runs, "calibration", lambda c: 2 * c["standard_error"])
    if "layers" in runs[0]:
        _table("recall with a layer switched off", runs, "layers", lambda f: f.recall)
        _table("over-forgetting with it switched off", runs, "layers", lambda f: f.over_forgetting)
        _table("recall of obfuscated probes", runs, "obfuscations", lambda o: o[0])
        _table("obfuscated plain questions touched", runs, "obfuscations", lambda o: o[1])
        _table("in jailbreak frames: recall", runs, "frames", float)
    for run_ in runs:
        print(f"seed {run_['seed']}: {run_['seconds']:.0f} s")
    print(cost())


_FILTERS = ("ours", "keyword", "cosine_gate")
_SHOWN = ("ours", "without_verifier", "keyword", "cosine_gate")


def _table(title: str, runs: Sequence[dict[str, Any]], key: str, value: Any) -> None:
    print(f"\n{title}")
    names = dict.fromkeys(n for r in runs for n in r[key])
    for name in names:
        print(f"  {name!s:28s}{_cell([value(r[key][name]) for r in runs if name in r[key]])}")


def _cell(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{np.mean(values):.4f} ({low:.3f}-{high:.3f})"


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The means of each filter, and the targets reported for each seed."""
    out: dict[str, Any] = {}
    for name in _FILTERS:
        means = {k: float(np.mean([asdict(r[name])[k] for r in runs])) for k in _KEYS}
        out[name] = means
    out["ours"]["recall_no_facts"] = float(np.mean([r["facts"][0].recall for r in runs]))
    out["ours"]["unrelated_touched"] = float(np.mean([r["unrelated"] for r in runs]))
    out["keyword"]["recall_no_facts"] = out["keyword"]["recall"]
    gate = [r["cosine_gate_no_facts"] for r in runs]
    out["cosine_gate"]["recall_no_facts"] = float(np.mean(gate))
    out["targets"] = {str(r["seed"]): r["targets"] for r in runs}
    return out


_KEYS = ("recall", "recall_named", "recall_unnamed", "over_forgetting", "unrelated_touched")

__all__ = ["OBFUSCATIONS", "main"]

if __name__ == "__main__":
    main()
