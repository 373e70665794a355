"""Real targets and real exchanges for `real_speed.py` and `same_verdicts.py`.

The targets are the people of RWKU with the sentences of their passages as facts; where more are
asked for, the people of K-Bench follow, and after them invented ones.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from detection_data import load
from speed import exchange
from speed import target as invented

from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind

__all__ = ["FACTS", "Exchange", "exchanges", "targets"]

FACTS = 40
_WORDS = 300
_SHORT = ("42", "A dog", "Yes.", "Blue", "About ten minutes", "No", "The second one", "1969")
_LAST_NUMBER = re.compile(r"\d[\d,.]*(?=\D*$)")

Exchange = tuple[str, str]
"""A question and the reply to it."""


def targets(folder: Path, count: int, seed: int = 0) -> list[ForgetTarget]:
    """The first `count` targets of `FACTS` facts each, with facet ids of their own."""
    data, rng = load(folder), random.Random(seed)
    chosen = [person.target(FACTS, seed) for person in data.people.values()][:count]
    chosen += [_of_record(r) for r in _rows(folder / "kbench/people.jsonl")][: count - len(chosen)]
    chosen += [invented(rng, FACTS) for _ in range(count - len(chosen))]
    return list(_numbered(chosen))


def exchanges(folder: Path, count: int, seed: int = 0) -> dict[str, list[Exchange]]:
    """By kind, exchanges of which none comes twice; at most `count` of a kind. Of the mathematics
    every other question is answered by its result alone."""
    rng, data = random.Random(seed), load(folder)
    replies = _rows(folder / "benign/replies.jsonl")
    far = list(dict.fromkeys(exchange(rng) for _ in range(2 * count)))
    maths = [(r["question"], r["reply"]) for r in replies if r["kind"] == "gsm8k"]
    cases = [r for r in _rows(folder / "drafts/cases.jsonl") if r["group"] == "unrelated"]
    unrelated = [(r["messages"][-1]["content"], r["draft"]) for r in cases]
    unrelated += [(r["question"], r["reply"]) for r in replies if r["kind"] != "gsm8k"]
    near = [(p.question, p.reply) for p in data.probes if p.forget]
    return {
        "60-token question, 150-token reply": far[:count],
        "60-token question, short answer": [
            (question, short)
            for (question, _), short in zip(far[count : 2 * count], cycle(_SHORT), strict=False)
        ],
        "worked mathematics answer": maths[::2][:count],
        "mathematics, the result alone": list(_results(maths[1::2]))[:count],
        f"unrelated answer, {_WORDS} words": list(_joined(unrelated))[:count],
        "near: forget probe": rng.sample(near, min(count, len(near))),
    }


def _results(worked: Sequence[Exchange]) -> Iterator[Exchange]:
    """Questions with the last number of their answers."""
    for question, reply in worked:
        if found := _LAST_NUMBER.search(reply):
            yield question, found[0].rstrip(",.")


def _joined(short: Sequence[Exchange]) -> Iterator[Exchange]:
    """Answers in a row as one answer of some hundred words, to the question of the first."""
    asked, told, words = "", [], 0
    for question, reply in short:
        asked = asked or question
        told.append(reply)
        words += len(reply.split())
        if words >= _WORDS:
            yield asked, "\n\n".join(told)
            asked, told, words = "", [], 0


def _of_record(row: dict[str, str]) -> ForgetTarget:
    name = row["name"]
    texts = [s.strip() for s in row["bio"].split(". ") if s.strip()]
    texts += [
        f"{name}'s {field.replace('_', ' ')} is {row[field]}."
        for field in ("date_of_birth", "address", "occupation", "employer")
    ]
    facets = [Facet(kind=FacetKind.DESCRIPTION, text=texts[0])]
    facets += [Facet(kind=FacetKind.FACT, text=text) for text in texts[1 : FACTS + 1]]
    return ForgetTarget(
        id="",
        subject=name,
        kind=TargetKind.PERSON,
        description=texts[0],
        facets=tuple(facets),
    )


def _numbered(chosen: Sequence[ForgetTarget]) -> Iterator[ForgetTarget]:
    number = 0
    for i, target in enumerate(chosen):
        facets = []
        for facet in target.facets:
            number += 1
            facets.append(facet.model_copy(update={"id": number}))
        yield target.model_copy(update={"id": f"t{i}", "facets": tuple(facets)})


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        parts = "rwku, kbench, benign and drafts"
        raise SystemExit(f"{path} is missing: --data names a folder that holds {parts}")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
