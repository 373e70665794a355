"""RWKU-shaped data for the detection benchmarks: targets with drawn facts, probes, plain questions.

The folder holds `rwku/targets.jsonl`, `rwku/passages.jsonl`, `rwku/forget_level{1,2,3}.jsonl`,
`rwku/neighbor_level{1,2}.jsonl`, `benign/queries.jsonl` and `adversarial/templates.jsonl`.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind

__all__ = ["Data", "Person", "Probe", "load"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'“])")
_SHORTEST, _LONGEST = 25, 400


@dataclass(frozen=True, slots=True)
class Probe:
    """A question, its reference answer as the oracle gives it, and what kind of probe it is."""

    id: str
    target_id: str
    kind: str
    question: str
    answer: str
    reply: str
    forget: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A target's plain-words request, and the sentences that an elicitation could find."""

    id: str
    subject: str
    description: str
    sentences: tuple[str, ...]

    def target(self, facts: int, seed: int) -> ForgetTarget:
        """The target with at most `facts` facts, drawn by seed; facet ids are given."""
        draw = random.Random(f"{seed}:{self.id}")
        chosen = draw.sample(self.sentences, min(facts, len(self.sentences)))
        base = zlib.crc32(self.id.encode()) * 1_000
        facets = [Facet(kind=FacetKind.DESCRIPTION, text=self.description)]
        facets += [Facet(kind=FacetKind.FACT, text=text) for text in chosen]
        return ForgetTarget(
            id=self.id,
            subject=self.subject,
            kind=TargetKind.PERSON,
            description=self.description,
            facets=tuple(f.model_copy(update={"id": base + i}) for i, f in enumerate(facets, 1)),
        )


@dataclass(frozen=True, slots=True)
class Data:
    """Everything that is measured on."""

    people: dict[str, Person]
    probes: tuple[Probe, ...]
    benign: tuple[str, ...]
    frames: tuple[str, ...]

    def of(self, target_id: str, *, forget: bool) -> list[Probe]:
        """The probes of one target."""
        return [p for p in self.probes if p.target_id == target_id and p.forget is forget]


def load(folder: Path) -> Data:
    """Read the folder."""
    passages = {r["target_id"]: r["passages"] for r in _rows(folder / "rwku/passages.jsonl")}
    people = {}
    for row in _rows(folder / "rwku/targets.jsonl"):
        name = row["target_id"]
        people[name] = Person(
            name, row["subject"], _description(row), _sentences(passages.get(name, []))
        )
    probes = []
    for part in ("forget_level1", "forget_level2", "forget_level3"):
        probes += [_probe(r, True) for r in _rows(folder / f"rwku/{part}.jsonl")]
    for part in ("neighbor_level1", "neighbor_level2"):
        probes += [_probe(r, False) for r in _rows(folder / f"rwku/{part}.jsonl")]
    benign = tuple(r["query"] for r in _rows(folder / "benign/queries.jsonl"))
    frames = tuple(r["text"] for r in _rows(folder / "adversarial/templates.jsonl"))
    return Data(people, tuple(p for p in probes if p.target_id in people), benign, frames)


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _description(row: dict[str, Any]) -> str:
    """The plain-words request without its "Please forget …." opening."""
    opening = f"Please forget {row['subject']}."
    request = str(row["request"])
    return request.removeprefix(opening).strip() or request


def _sentences(passages: list[str]) -> tuple[str, ...]:
    found = (s.strip() for p in passages for s in _SENTENCE.split(p.strip()))
    return tuple(dict.fromkeys(s for s in found if _SHORTEST <= len(s) <= _LONGEST))


def _probe(row: dict[str, Any], forget: bool) -> Probe:
    question, answer = str(row["query"]), str(row["answer"])
    reply = question.replace("___", answer) if "___" in question else answer
    kind = re.sub(r"cross.lingual \((\w+)\)", r"cross-lingual \1", str(row["type"]))
    return Probe(row["id"], row["target_id"], kind, question, answer, reply, forget)
