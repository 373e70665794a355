"""Marked replies through the whole layer: what is told of a target and left, what else is lost.

    python benchmarks/told.py [--of reported|held-back|trained] [--targets N] [--show KIND]
                              [--oracle]

Lists of some twenty targets are in force together, and a model is played that gives each reply
(`told_data`) to its question; it is asked nothing else. A marked piece is left where half of its
words stand in what comes out. A reply passes where none is left and nine tenths of the other words
stand; one without marks where it comes out byte for byte; where a question asks for the target and
nothing else, any answer without a piece does. `reported` targets are those that nothing was fitted
on; `--show` prints what fails of a kind, or of `all`, and is for the others. With `--oracle` the
marks stand in the detector's place where replies are read: what fails then is lost behind it.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from unittest.mock import patch

from machine import describe, table
from told_data import Reply, Told, is_held_back, is_reported, lists_of, told_targets
from told_oracle import OracleDetector, ask

from amnestic import Amnesia
from amnestic.testing import PlayedModel

GROUPS = {
    "reported": is_reported,
    "held-back": lambda told: is_held_back(told) and not is_reported(told),
    "trained": lambda told: not is_held_back(told),
}
_WORD = re.compile(r"\w+")
_LEFT, _KEPT = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a reply: of its marked pieces those that are left, and the share of its
    other words that stand."""

    told: Told
    reply: Reply
    text: str
    left: tuple[str, ...]
    kept: float

    @property
    def is_touched(self) -> bool:
        """Whether a reply that tells of no target was altered."""
        return not self.reply.marks and self.text != self.reply.text

    @property
    def is_over_cut(self) -> bool:
        """Whether too little is left of what should stay."""
        return bool(self.reply.marks) and not self.reply.asks_all and self.kept < _KEPT

    @property
    def passes(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.left or self.is_touched or self.is_over_cut)


def outcomes(targets: Sequence[Told], seed: int) -> Iterator[Outcome]:
    """What the layer makes of each reply, list by list."""
    said = {"reply": ""}
    model = PlayedModel(answer=lambda _: said["reply"])
    draw = random.Random(seed)
    for listed in lists_of(targets, draw):
        with tempfile.TemporaryDirectory() as name, Amnesia(
            model, db=Path(name) / "r.db", rewrite_by="edit", identify="off", elicit=False
        ) as amnesia:  # fmt: skip
            for told, facts in listed:
                amnesia.add(told.target(facts, seed))
            for told, _ in listed:
                for reply in told.replies:
                    said["reply"] = reply.text
                    ask(told, reply)
                    asked = [*reply.turns, reply.question]
                    roles = ("user", "assistant") * len(asked)
                    turns = [{"role": r, "content": t} for r, t in zip(roles, asked, strict=False)]
                    yield _outcome(told, reply, amnesia.chat(turns).text)


def _outcome(told: Told, reply: Reply, text: str) -> Outcome:
    words = list(_WORD.finditer(reply.text))
    new = [w.casefold() for w in _WORD.findall(text)]
    match = SequenceMatcher(None, [w[0].casefold() for w in words], new, autojunk=False)
    stands = [False] * len(words)
    for block in match.get_matching_blocks():
        stands[block.a : block.a + block.size] = [True] * block.size
    inside = [next((i for i, mark in enumerate(reply.marks)
                    if mark.start <= w.start() < mark.end), -1) for w in words]  # fmt: skip
    left = []
    for i, mark in enumerate(reply.marks):
        own = [s for s, at in zip(stands, inside, strict=True) if at == i]
        if own and sum(own) >= _LEFT * len(own):
            left.append(reply.text[mark.start : mark.end])
    others = [s for s, at in zip(stands, inside, strict=True) if at < 0]
    return Outcome(told, reply, text, tuple(left), sum(others) / max(1, len(others)))


def figures(found: Sequence[Outcome]) -> list[str]:
    """The cells of a row."""
    marks = sum(len(o.reply.marks) for o in found)
    marked = [o for o in found if o.reply.marks]
    plain = [o for o in found if not o.reply.marks]
    return [
        str(len(found)),
        _share(sum(o.passes for o in found), len(found)),
        _share(sum(len(o.left) for o in found), marks),
        _share(sum(bool(o.left) for o in marked), len(marked)),
        _share(sum(o.is_over_cut for o in marked), len(marked)),
        _share(sum(o.is_touched for o in plain), len(plain)),
    ]


def _share(count: int, of: int) -> str:
    return f"{count / of:.3f}" if of else "-"


def show(outcome: Outcome) -> None:
    """All that is needed to see what went wrong."""
    told, reply = outcome.told, outcome.reply
    print(f"── {told.name} · {reply.kind} · kept {outcome.kept:.2f}")
    print(*(f"  . {turn}" for turn in reply.turns), f"  ? {reply.question}", sep="\n")
    for piece in outcome.left:
        print(f"  left: {piece}")
    if outcome.is_touched or outcome.is_over_cut:
        old, new = reply.text.splitlines(), outcome.text.splitlines()
        for line in (line for line in old if line not in new):
            print(f"  - {line}")
        for line in (line for line in new if line not in old):
            print(f"  + {line}")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--of", choices=GROUPS, default="reported")
    parser.add_argument("--targets", type=int, help="so many of them, drawn by seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", metavar="KIND")
    parser.add_argument("--oracle", action="store_true", help="findings of replies are the marks")
    given = parser.parse_args()
    if given.oracle:
        with patch("amnestic.assembly.FactDetector", OracleDetector):
            _run(given)
    else:
        _run(given)


def _run(given: argparse.Namespace) -> None:
    targets = [told for told in told_targets() if GROUPS[given.of](told)]
    if given.targets is not None:
        drawn = random.Random(given.seed).sample(targets, min(given.targets, len(targets)))
        targets = sorted(drawn, key=lambda told: told.id)
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes(targets, given.seed):
        by_kind[outcome.reply.kind].append(outcome)
        if given.show in (outcome.reply.kind, "all") and not outcome.passes:
            show(outcome)
    rows = [[kind, *figures(found)] for kind, found in by_kind.items()]
    rows.append(["all", *figures([o for found in by_kind.values() for o in found])])
    headings = [
        "kind",
        "replies",
        "pass",
        "pieces left",
        "replies that leak",
        "over-cut",
        "touched",
    ]
    print(f"{len(targets)} targets ({given.of}); {describe()}\n")
    print(table(headings, rows))


if __name__ == "__main__":
    main()
