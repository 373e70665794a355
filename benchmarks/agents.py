"""What the model-backed agents cost: calls, prompt tokens and wall time.

The chat models are scripted and sleep for a fixed time, so that calls are what is measured. The
detector, the index and the registry are the real ones.

    python benchmarks/agents.py [--json FILE] [--targets 10000] [--sleep 0.5]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import describe, table

from amnestic import Amnesia
from amnestic.graphs.outcome import Outcome
from amnestic.testing import ScriptedBackend
from amnestic.types import Conversation, Facet, FacetKind, ForgetTarget, Message, TargetKind

SUBJECT = "Ondrej Valsoken"
FACTS = (
    f"{SUBJECT} is a cartographer from Brackwater.",
    f"{SUBJECT} drew an atlas of vanished rivers in 1931.",
    f"{SUBJECT} kept bees on the roof of the harbour office.",
)
CLEAR = ("How do tides work?", "The moon pulls the sea, and the earth turns below it.")
CERTAIN = (
    "Tell me something about maps.",
    f"{SUBJECT} drew maps of rivers. Good maps show where north is.",
)
HINT = "A cartographer from Brackwater drew an atlas of vanished rivers in 1931."
WARM_UP = ("Tell me about maps, please.", f"{SUBJECT} drew many. A map has a scale.")
UNCERTAIN = (
    ("Tell me about old atlases.", HINT),
    ("Tell me about old atlases.", f"Ondrej drew an atlas of vanished rivers. {HINT}"),
    ("What is kept on roofs?", "The cartographer from Brackwater kept bees on a roof."),
    ("Who drew the atlas of vanished rivers?", f"{HINT} Paper is made of fibres."),
    ("Which mapmaker drew vanished rivers, and how is paper made?", f"{HINT} Of fibres."),
)

# Counted in ALU's released code (arXiv 2502.00406): five calls on every query, the whole list of
# targets pasted into three of the prompts.
ALU_ADDED_CALLS = 4
ALU_LISTS = 3


# ── Scripted models ──────────────────────────────────────────────────────────────────────────────


def _seal(conversation: Conversation) -> str:
    return re.findall(r'"seal": "([^"]+)"', conversation[0].text)[0]


def _blocks(conversation: Conversation, label: str) -> int:
    return len(re.findall(rf"<<<\w+ {label} \d+>>>", conversation[1].text))


def agent_answer(conversation: Conversation) -> str:
    """An agent model that finds what it is asked to look for, and writes clean candidates."""
    rules = conversation[0].text
    if "snow" in rules:
        return json.dumps({"seal": _seal(conversation), "colour": "white"})
    if rules.startswith("You know a great deal"):
        return json.dumps({"question": [], "draft": []})
    if rules.startswith("You look for"):
        finding = {"text": 1, "target": 1, "kind": "indirect", "quote": "", "probability": 0.9}
        return _sealed(conversation, {"findings": [{**finding, "reason": ""}]})
    if rules.startswith("You judge what"):
        parts = range(1, _blocks(conversation, "part") + 1)
        asked = [{"part": n, "targets": [], "probability": 0.9, "reason": ""} for n in parts]
        return _sealed(conversation, {"parts": asked})
    if rules.startswith("You rewrite"):
        texts = ["Good maps show where north is.", "Paper is made of fibres.", "Tides come twice."]
        return _sealed(conversation, {"candidates": texts})
    marks = {"forgetting": 5, "usefulness": 4, "naturalness": 5, "reason": ""}
    versions = range(1, _blocks(conversation, "version") + 1)
    return _sealed(conversation, {"ratings": [{"candidate": n, **marks} for n in versions]})


def _sealed(conversation: Conversation, fields: Mapping[str, Any]) -> str:
    return json.dumps({"seal": _seal(conversation), **fields})


# ── The layer ────────────────────────────────────────────────────────────────────────────────────


def subject() -> ForgetTarget:
    """The target that the requests are about."""
    facts = tuple(Facet(kind=FacetKind.FACT, text=fact) for fact in FACTS)
    name = Facet(kind=FacetKind.ALIAS, text=SUBJECT)
    told = "A cartographer from Brackwater who drew an atlas of vanished rivers."
    description = Facet(kind=FacetKind.DESCRIPTION, text=told)
    return ForgetTarget(
        id="",
        subject=SUBJECT,
        kind=TargetKind.PERSON,
        description=told,
        facets=(name, description, *facts),
    )


def others(count: int) -> list[ForgetTarget]:
    """Made-up targets of other callings that only fill the list."""
    rng = random.Random(7)
    ones = ("ba", "ke", "lo", "mi", "nu", "ra", "si", "te", "vo", "zu", "dra", "fen", "gol", "hul")
    callings = ("juggler", "brewer", "surgeon", "poet", "diver", "baker", "jurist", "tailor")
    made = []
    for _ in range(count):
        words = ["".join(rng.choices(ones, k=rng.randint(2, 4))).capitalize() for _ in range(2)]
        name, told = " ".join(words), f"A {rng.choice(callings)} in the {rng.randint(1, 99)}th year"
        facets = (
            Facet(kind=FacetKind.ALIAS, text=name),
            Facet(kind=FacetKind.DESCRIPTION, text=told),
        )
        made.append(
            ForgetTarget(
                id="", subject=name, kind=TargetKind.PERSON, description=told, facets=facets
            )
        )
    return made


def layer(db: Path, sleep: float) -> Amnesia:
    """A layer whose agent model takes `sleep` seconds a call."""
    agent = ScriptedBackend(default=agent_answer, name="agent", delay=sleep)
    return Amnesia(ScriptedBackend(), agent_model=agent, db=db, elicit=False)


async def ask(made: Amnesia, question: str, draft: str, sleep: float) -> Outcome:
    """One request to a base model that says `draft` after `sleep` seconds."""
    base = ScriptedBackend(default=draft, name="base", delay=sleep)
    return await made.acomplete((Message.of("user", question),), backend=base)


@dataclass(frozen=True)
class Cost:
    """What one request took."""

    calls: int
    tokens: int
    seconds: float
    route: str


def cost(db: Path, question: str, draft: str, sleep: float = 0.0) -> Cost:
    """What one request costs a layer that is warm: what its agent model can do has been probed on
    a request of other words, so that no verdict is remembered."""
    with layer(db, sleep) as warm:
        asyncio.run(ask(warm, *WARM_UP, sleep=0.0))
        begun = time.perf_counter()
        outcome = asyncio.run(ask(warm, question, draft, sleep))
        seconds = time.perf_counter() - begun
    receipt = outcome.receipt
    return Cost(receipt.agent_calls, receipt.agent_tokens, seconds, receipt.route.value)


def wall(db: Path, question: str, draft: str, sleep: float) -> float:
    """Seconds of one request, base call included: the median of three."""
    return statistics.median(cost(db, question, draft, sleep).seconds for _ in range(3))


def prompt_tokens(db: Path, question: str, draft: str) -> int:
    """Tokens of all agent prompts and answers of one request."""
    return cost(db, question, draft).tokens


def fill(db: Path, count: int) -> None:
    """Put the subject and `count - 1` others on the list."""
    with Amnesia(ScriptedBackend(), db=db, elicit=False) as admin:
        admin.parts.store.add([subject()], actor="benchmark")
        for target in others(count - 1):
            admin.registry.add(target, actor="benchmark")


def alu_tokens(count: int) -> int:
    """What the whole list, pasted as ALU does, would take: names and descriptions, three times."""
    one = statistics.mean(len(f"{t.subject}: {t.description}") / 4 for t in others(200))
    return round(ALU_LISTS * count * one)


def uncertain(db: Path) -> tuple[Cost, str]:
    """The costliest of the uncertain requests, and how many models were called in each."""
    found = [cost(db, *request) for request in UNCERTAIN]
    return max(found, key=lambda c: c.calls), ", ".join(str(c.calls) for c in found)


def measure(targets: int, sleep: float) -> dict[str, Any]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        fill(small, 10)
        fill(large, targets)
        clear, certain = cost(small, *CLEAR), cost(small, *CERTAIN)
        worst, each = uncertain(small)
        timed = max(wall(small, *request, sleep) for request in _flagged())
        return {
            "calls_clear": clear.calls,
            "calls_certain": certain.calls,
            "calls_uncertain": worst.calls,
            "calls_uncertain_each": each,
            "prompt_tokens_10": prompt_tokens(small, *CERTAIN),
            f"prompt_tokens_{targets}": prompt_tokens(large, *CERTAIN),
            "wall_ratio": round(timed / sleep, 3),
            "wall_seconds": round(timed, 3),
            "sleep_seconds": sleep,
            "routes": [clear.route, certain.route, worst.route],
            "alu_calls_computed": ALU_ADDED_CALLS,
            "alu_list_tokens_10_computed": alu_tokens(10),
            f"alu_list_tokens_{targets}_computed": alu_tokens(targets),
        }


def _flagged() -> list[tuple[str, str]]:
    return [CERTAIN, *UNCERTAIN]


def rows(found: Mapping[str, Any], targets: int) -> list[tuple[str, str, str, str]]:
    """The table: what, measured, wanted, and ALU's release (computed, not run)."""
    bound = 4 * found["sleep_seconds"] + 0.1
    computed: Callable[[str], str] = lambda key: f"{found[key]:,} (lists alone)"  # noqa: E731
    return [
        ("calls added, far from all targets", str(found["calls_clear"]), "0", "4"),
        ("calls added, certain evidence", str(found["calls_certain"]), "2", "4"),
        ("calls added, uncertain (most)", str(found["calls_uncertain"]), "3", "4"),
        ("agent tokens at 10 targets", str(found["prompt_tokens_10"]), "",
         computed("alu_list_tokens_10_computed")),
        (f"agent tokens at {targets:,} targets", str(found[f"prompt_tokens_{targets}"]),
         "within 5 %", computed(f"alu_list_tokens_{targets}_computed")),
        (f"wall time of a flagged request, {found['sleep_seconds'] * 1000:.0f} ms a call",
         f"{found['wall_seconds'] * 1000:.0f} ms", f"≤ {bound * 1000:.0f} ms", "5 calls in turn"),
    ]  # fmt: skip


def main() -> None:
    """Measure, print the table, and write the figures where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--targets", type=int, default=10_000, help="length of the long list")
    parser.add_argument("--sleep", type=float, default=0.5, help="seconds that a model takes")
    arguments = parser.parse_args()
    found = measure(arguments.targets, arguments.sleep)
    print(describe())
    headings = ("what", "measured", "wanted", "ALU's release (computed, not run)")
    print(table(headings, rows(found, arguments.targets)))
    print(f"calls of each uncertain request: {found['calls_uncertain_each']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
