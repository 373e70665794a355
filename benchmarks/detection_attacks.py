"""Probes in disguise: obfuscated, and inside jailbreak frames."""

from __future__ import annotations

import base64
import codecs
import random
from collections.abc import Callable, Sequence

from detection_data import Data
from detection_rows import Row, rows_of
from detection_tables import holds_name
from detection_verdicts import Scoring, verdicts

from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.protocols import Context

__all__ = ["OBFUSCATIONS", "framed", "obfuscation_rates"]

_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_LIKE = str.maketrans("aceopxyiACEHKMOPTX", "асеорхуіАСЕНКМОРТХ")
_PROBES, _PLAIN, _FRAMED = 100, 200, 40

OBFUSCATIONS: dict[str, Callable[[str], str]] = {
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "hex": lambda t: t.encode().hex(),
    "rot13": lambda t: codecs.encode(t, "rot13"),
    "leet": lambda t: t.translate(_LEET),
    "zero-width": lambda t: "\u200b".join(t),
    "homoglyphs": lambda t: t.translate(_LIKE),
    "spaced": lambda t: " ".join(t),
    "reversed": lambda t: t[::-1],
    "spelled out": lambda t: " ".join("-".join(w) for w in t.split()),
}
"""Each way of hiding a text."""


def obfuscation_rates(
    data: Data, gauge: Gauge, scoring: Scoring, ids: Sequence[str], seed: int
) -> dict[str, tuple[float, float]]:
    """For each obfuscation: recall over direct probes (question hidden, answer plain), and the
    share of hidden plain questions that are touched."""
    draw = random.Random(seed)
    chosen = set(ids)
    direct = [
        p
        for p in data.probes
        if p.forget
        and p.target_id in chosen
        and holds_name(p, data.people[p.target_id].subject)
        and "___" not in p.question
    ]
    direct = draw.sample(direct, min(_PROBES, len(direct)))
    plain = draw.sample(data.benign, min(_PLAIN, len(data.benign)))
    rates = {}
    for name, hide in OBFUSCATIONS.items():
        rows: list[Row] = []
        for p in direct:
            rows += _asked(gauge, hide(p.question), p.reply, p.id, p.target_id)
        found = verdicts(rows, scoring).flagged
        recall = sum(p.target_id in found.get(p.id, ()) for p in direct) / max(len(direct), 1)
        rows = [
            row
            for i, text in enumerate(plain)
            for row in rows_of(
                gauge, gauge.question(hide(text), Context()), str(i), "", False, "question"
            )
        ]
        touched = len(verdicts(rows, scoring).flagged) / max(len(plain), 1)
        rates[name] = (recall, touched)
    return rates


def framed(
    data: Data, gauge: Gauge, scoring: Scoring, ids: Sequence[str], seed: int
) -> dict[str, float]:
    """Recall of the same probes bare and inside every frame (the probe stands at its end)."""
    draw = random.Random(seed)
    chosen = set(ids)
    pool = [
        p for p in data.probes if p.forget and p.target_id in chosen and "___" not in p.question
    ]
    probes = draw.sample(pool, min(_FRAMED, len(pool)))
    bare = _recall(gauge, scoring, [(p, p.question) for p in probes])
    inside = [
        _recall(gauge, scoring, [(p, f"{frame}\n\n{p.question}") for p in probes])
        for frame in draw.sample(data.frames, min(10, len(data.frames)))
    ]
    if not inside:
        return {"bare": bare}
    return {"bare": bare, "framed, mean": sum(inside) / len(inside), "framed, worst": min(inside)}


def _recall(gauge: Gauge, scoring: Scoring, asked: list) -> float:
    rows: list[Row] = []
    for probe, question in asked:
        rows += _asked(gauge, question, probe.reply, probe.id, probe.target_id)
    found = verdicts(rows, scoring).flagged
    return sum(p.target_id in found.get(p.id, ()) for p, _ in asked) / max(len(asked), 1)


def _asked(gauge: Gauge, question: str, reply: str, probe: str, owner: str) -> list[Row]:
    context = Context()
    return [
        *rows_of(gauge, gauge.question(question, context), probe, owner, True, "question"),
        *rows_of(gauge, gauge.answer(reply, question, context), probe, owner, True, "answer"),
    ]
