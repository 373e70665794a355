"""Whether two versions of the code give the same verdicts on the same real texts.

    python benchmarks/same_verdicts.py write FILE --data DIR [--share 0.2] [--policy strict]
    python benchmarks/same_verdicts.py compare BEFORE AFTER

`write` judges every text of the sets with real targets on the list: plain questions (each with
another one for a reply), real replies, drafts, probes of forgotten and of neighbouring people,
sentences of the people's passages. `compare` says by set how many verdicts differ in anything (a
target, a band, a span, a score by more than a millionth), and how many in what is done about a
text: whether a question is certain, whether an answer counts under each policy.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from detection_data import load
from detection_rows import unrelated_reply
from machine import table
from real_data import exchanges, targets

from amnestic.config import Settings
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Policy

TOLERANCE = 1e-6
HALF = 0.5

Verdict = Mapping[str, Sequence[Sequence[Any]]]


def texts_of(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Set, question and reply of everything that is judged; an empty question for a statement."""
    data = load(folder)
    for query in data.benign:
        yield "plain questions", query, unrelated_reply(data, query)
    for line in (folder / "benign/replies.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield f"replies: {row['kind']}", row["question"], row["reply"]
    for line in (folder / "drafts/cases.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield "drafts", row["messages"][-1]["content"], row["draft"]
    for question, reply in exchanges(folder, 200)["60-token question, 150-token reply"]:
        yield "far exchanges", question, reply
    for probe in data.probes:
        yield "forget" if probe.forget else "neighbour", probe.question, probe.reply
    for person in data.people.values():
        for sentence in person.sentences:
            yield "sentences", "", sentence
    for probe in data.probes:
        subject = data.people[probe.target_id].subject
        for called in (subject.split()[0], subject.split()[-1]):
            if probe.forget and subject in f"{probe.question} {probe.reply}":
                question = probe.question.replace(subject, called)
                reply = probe.reply.replace(subject, called)
                yield "forget, by one name", question, reply


def write(file: Path, folder: Path, count: int, share: float, policy: str, only: str) -> None:
    """Judge the texts, and write a line for each."""
    embedder = load_embedder("minilm", Settings().cache_dir)
    index = FacetIndex(embedder)
    for target in targets(folder, count):
        index.add(target)
    settings = Settings(policy=Policy(policy))
    detector = FactDetector(LeakDetector(index, embedder, settings), index)
    context = Context()
    with file.open("w", encoding="utf-8") as out:
        for i, (group, question, reply) in enumerate(texts_of(folder)):
            if only not in group or random.Random(i).random() >= share:
                continue
            told = {
                "vet": _plain(detector.vet(question, context)),
                "audit": _plain(detector.audit(reply, question, context)),
                "near": [
                    [n.target_id, n.likeness, [(s.start, s.end) for s in n.spans]]
                    for n in detector.near(reply, question, context)
                ],
            }
            out.write(json.dumps({"set": group, "text": i, **told}) + "\n")


def _plain(found: Sequence[Assessment]) -> list[list[Any]]:
    return [
        [
            a.target_id,
            a.score,
            a.band,
            a.kind,
            [(s.start, s.end) for s in a.spans],
            [(s.start, s.end) for s in a.named],
        ]
        for a in found
    ]


def compare(before: Path, after: Path) -> list[list[str]]:
    """By set: texts, those with other verdicts, and those about which something else is done."""
    ours, theirs = _read(before), _read(after)
    counts: dict[str, list[int]] = {}
    for text in ours.keys() & theirs.keys():
        a, b = ours[text], theirs[text]
        row = counts.setdefault(a["set"], [0] * 8)
        row[0] += 1
        row[1] += not (_same(a["vet"], b["vet"]) and _same(a["audit"], b["audit"]))
        row[2] += not _same(a["near"], b["near"])
        for at, policy in ((3, "balanced"), (5, "strict")):
            acts = [_acts(a, policy), _acts(b, policy)]
            row[at] += acts[1] and not acts[0]
            row[at + 1] += acts[0] and not acts[1]
        row[7] += _acts(a, "balanced")
    return [[name, *map(str, row)] for name, row in sorted(counts.items())]


def _same(a: Any, b: Any) -> bool:
    """Whether two values are equal, numbers within the tolerance; lists of targets in any order."""
    if isinstance(a, list) and isinstance(b, list):
        if (
            len(a) == len(b)
            and a
            and all(isinstance(x, list) and x and isinstance(x[0], str) for x in (*a, *b))
        ):
            a, b = (sorted(rows, key=lambda r: str(r[0])) for rows in (a, b))
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= TOLERANCE
    return bool(a == b)


def _acts(verdict: Mapping[str, Any], policy: str) -> bool:
    """Whether a question is certain, or an answer counts under the policy."""
    asked = any(row[2] == "leak" for row in verdict["vet"])
    least = HALF if policy == "balanced" else 0.0
    return asked or any(row[2] == "leak" or row[1] >= least for row in verdict["audit"])


def _read(file: Path) -> dict[int, dict[str, Any]]:
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return {row["text"]: row for row in rows}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, dest="command")
    writing = commands.add_parser("write")
    writing.add_argument("file", type=Path)
    writing.add_argument("--data", type=Path, required=True)
    writing.add_argument("--targets", type=int, default=100)
    writing.add_argument("--share", type=float, default=1.0, help="of the texts, drawn")
    writing.add_argument("--only", default="", help="sets with this in their name")
    writing.add_argument("--policy", choices=list(Policy), default=Policy.BALANCED)
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    given = parser.parse_args()
    if given.command == "write":
        write(given.file, given.data, given.targets, given.share, given.policy, given.only)
        return
    headings = ("set", "texts", "verdicts differ", "near differs")
    headings = (
        *headings,
        "more acted on",
        "fewer",
        "more under strict",
        "fewer",
        "acted on before",
    )
    print(table(headings, compare(given.before, given.after)))


if __name__ == "__main__":
    main()
