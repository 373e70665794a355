"""TOFU's forget10 on a small real model: each weight method before and after rounding to four bits
and relearning, and Amnestic's layer beside it.

It fine-tunes the model of a folder (made for SmolLM2-135M-Instruct) on all rows, forgets the last
authors by each method, and writes a JSON table with the name of the card. Made for one card of the
H200's class and under eight minutes there; it runs on a CPU too, for hours.

    python scripts/tofu_smollm2.py MODEL_FOLDER full.json --out tofu.json

`full.json` is TOFU's file of 4,000 lines, each an object with `question` and `answer`, twenty lines
for each author, as the repository of the data set holds it. The last 20 authors are forget10. The
learning rate of a method is chosen on a tenth of the forget rows and on retained rows that are not
asked afterwards (`amnestic.evaluation.weights`); the table asks the other rows. ROUGE-L is recall.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from amnestic import Amnesia
from amnestic.evaluation.scoring import rouge_l
from amnestic.evaluation.weights import WEIGHT_METHODS
from amnestic.evaluation.weights.development import answers
from amnestic.evaluation.weights.encoding import encode, score
from amnestic.evaluation.weights.quantisation import quantise
from amnestic.evaluation.weights.rows import TrainingRow, TrainingRows
from amnestic.evaluation.weights.trainer import Deadline, Training, train
from amnestic.evaluation.weights.unlearning import copied, relearn, unlearn_from
from amnestic.exceptions import AmnesticError, ForgetRequestError
from amnestic.models.checkpoint import load_checkpoint
from amnestic.testing import ScriptedBackend

_NAME = re.compile(r"(?:[A-Z][\w'’.-]*[ ]?){2,}")


def main() -> None:
    args = _arguments()
    try:
        Run(args).all()
    except (AmnesticError, OSError) as error:
        sys.exit(f"tofu_smollm2: {error}")


class Run:
    """One run: the rows, the model, and the table as far as it is measured."""

    def __init__(self, args: argparse.Namespace) -> None:
        import torch

        torch.manual_seed(args.seed)
        torch.set_float32_matmul_precision("high")
        self.args, self.begun = args, time.perf_counter()
        self.authors = read_authors(args.data, args.per_author)
        self.forgotten = self.authors[-args.forget :]
        if len(self.authors) <= args.forget:
            sys.exit(f"{args.data} holds {len(self.authors)} authors and {args.forget} are to be "
                     "forgotten: nobody would be left")  # fmt: skip
        self.rows, self.ask_forget, self.ask_retain = self._split()
        self.checkpoint = load_checkpoint(str(args.model))
        self.checkpoint.model.float()
        self.training = Training(
            learning_rates=tuple(args.learning_rates),
            steps=args.steps,
            checks=2,
            batch=16,
            answer_tokens=args.tokens,
        )
        self.card = torch.cuda.get_device_name() if torch.cuda.is_available() else "no card: CPU"
        self.table: list[dict[str, Any]] = []

    def all(self) -> None:
        """Measure everything, and write the table after each line."""
        self._fine_tune()
        base = self._measured("none", self.checkpoint.model, 0.0, {})
        rounded = copied(self.checkpoint.model)
        self._measured("none 4-bit", rounded, 0.0, quantise(rounded))
        self._layer(base)
        for place, method in enumerate(self.args.methods):
            try:
                self._method(method, len(self.args.methods) - place)
            except AmnesticError as error:
                self._add({"system": method, "error": str(error)})

    def _split(self) -> tuple[TrainingRows, list[TrainingRow], list[TrainingRow]]:
        """The rows to train on and to choose by, and those that are asked for the table."""
        rng = random.Random(self.args.seed)
        forget = [row for author in self.forgotten for row in author]
        retain = [row for author in self.authors[: -self.args.forget] for row in author]
        rng.shuffle(retain)
        held = rng.sample(forget, max(1, len(forget) // 10))
        asked = [row for row in forget if row not in held]
        few = max(1, min(40, len(retain) // 10))
        sample = min(self.args.sample, len(retain) // 2)
        rows = TrainingRows(
            forget=tuple(forget),
            retain=tuple(retain[few + sample :]),
            forget_development=tuple(held),
            retain_development=tuple(retain[:few]),
        )
        return rows, asked, retain[few : few + sample]

    def _fine_tune(self) -> None:
        """Teach the model all rows, as TOFU does before anything is forgotten (2401.06121)."""
        told = [row for author in self.authors for row in author]
        encoded = [encode(self.checkpoint, row) for row in told]
        rng = random.Random(self.args.seed)
        steps = max(1, self.args.epochs * len(encoded) // self.args.batch)
        model = self.checkpoint.model

        def losses() -> Iterator[Any]:
            while True:
                order = rng.sample(encoded, len(encoded))
                for i in range(0, len(order), self.args.batch):
                    yield score(model, order[i : i + self.args.batch]).nll

        rate, limit = self.args.fine_tuning_rate, Deadline(self.args.limit / 4)
        done = sum(1 for _ in train(model, losses(), self.training, rate, steps, limit))
        print(f"fine-tuned on {len(encoded)} rows, {done} of {steps} steps, {self._passed:.0f} s")

    @property
    def _passed(self) -> float:
        return time.perf_counter() - self.begun

    def _method(self, method: str, left: int) -> None:
        """One method: as it is, in four bits, and after relearning."""
        from dataclasses import replace

        share = max(1.0, (self.args.limit - self._passed) / left * 0.7)
        training = replace(self.training, time_limit=share)
        made = unlearn_from(self.checkpoint, method, self.rows, training, self.args.seed)
        self._measured(method, made.model, made.detail["seconds"], made.detail)
        rounded = copied(made.model)
        self._measured(f"{method} 4-bit", rounded, 0.0, quantise(rounded))
        again, count = copied(made.model), min(20, len(self.rows.forget))
        told = relearn(self.checkpoint, again, self.rows, count, training, self.args.seed)
        self._measured(f"{method} relearned-{count}", again, told["seconds"], told)

    def _measured(
        self, name: str, model: Any, seconds: float, detail: dict[str, Any]
    ) -> list[list[str]]:
        said = [
            answers(self.checkpoint, model, rows, self.args.tokens)
            for rows in (self.ask_forget, self.ask_retain)
        ]
        self._add({"system": name, "seconds": round(seconds, 1), **self._rouge(said),
                   "detail": detail})  # fmt: skip
        return said

    def _rouge(self, said: Sequence[Sequence[str]]) -> dict[str, float]:
        forget, retain = (
            sum(rouge_l(reply, row.answer).recall for row, reply in zip(rows, replies, strict=True))
            / len(rows)
            for rows, replies in zip((self.ask_forget, self.ask_retain), said, strict=True)
        )
        return {"forget_rouge": round(forget, 4), "retain_rouge": round(retain, 4)}

    def _layer(self, base: Sequence[Sequence[str]]) -> None:
        """Amnestic around the fine-tuned model, cutting without a further call: the model's own
        answers are played to it, since they were just made. It is told what the weights are trained
        on: whom to forget, and the forgotten answers as facts."""
        played = {
            row.messages[0].text: reply
            for rows, replies in zip((self.ask_forget, self.ask_retain), base, strict=True)
            for row, reply in zip(rows, replies, strict=True)
        }
        backend = ScriptedBackend(default=lambda asked: played[asked[-1].text])
        how: dict[str, Any] = {"elicit": False, "rewrite_by": "edit", "identify": "off"}
        begun, unread = time.perf_counter(), 0
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            with Amnesia(backend, db=place / "r.db", cache_dir=place / "c", **how) as amnesia:
                for author in self.forgotten:
                    try:
                        amnesia.forget(
                            f"Please forget the author {name_of(author)}.",
                            facts=[row.answer for row in author],
                        )
                    except ForgetRequestError:
                        unread += 1
                seconds = time.perf_counter() - begun
                replies = [
                    [amnesia.chat(row.messages[0].text) for row in rows]
                    for rows in (self.ask_forget, self.ask_retain)
                ]
        added = sorted(reply.receipt.added_ms for part in replies for reply in part)
        said = [[reply.text for reply in part] for part in replies]
        same = sum(a == b for a, b in zip(said[1], base[1], strict=True)) / len(said[1])
        detail = {"added_p50_ms": round(added[len(added) // 2], 1), "unread_requests": unread,
                  "retain_unchanged": round(same, 4)}  # fmt: skip
        self._add({"system": "amnestic edit", "seconds": round(seconds, 1), **self._rouge(said),
                   "detail": detail})  # fmt: skip

    def _add(self, line: dict[str, Any]) -> None:
        self.table.append(line)
        shown = {k: v for k, v in line.items() if k != "detail"}
        print(f"{self._passed:5.0f} s  {json.dumps(shown)}", flush=True)
        whole = {
            "card": self.card,
            "model": self.args.model.name,
            "seconds": round(self._passed, 1),
            "forgotten_authors": len(self.forgotten),
            "authors": len(self.authors),
            "asked": {"forget": len(self.ask_forget), "retain": len(self.ask_retain)},
            "seed": self.args.seed,
            "systems": self.table,
        }
        written = self.args.out.with_suffix(".part")
        written.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
        written.replace(self.args.out)


def read_authors(path: Path, per_author: int) -> list[list[TrainingRow]]:
    """The rows of each author; a wrong file ends in one line that says where."""
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            rows.append(TrainingRow.of(str(told["question"]), str(told["answer"])))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            sys.exit(
                f"{path}, line {number}: {type(error).__name__} {error}; each line must be an "
                "object with `question` and `answer`"
            )
    if not rows or len(rows) % per_author:
        sys.exit(
            f"{path} holds {len(rows)} rows, which is no multiple of {per_author} an author: give "
            "TOFU's full.json, or --per-author"
        )
    return [rows[i : i + per_author] for i in range(0, len(rows), per_author)]


def name_of(author: Sequence[TrainingRow]) -> str:
    """The author's name: the capitalised words, two or more in a row, of the most rows; of equal
    ones the longest."""
    found: Counter[str] = Counter()
    for row in author:
        inside: set[str] = set()
        for run in _NAME.findall(f"{row.messages[0].text} {row.answer}"):
            words = [re.sub(r"['’]s?$|[.,]$", "", word) for word in run.split()]
            inside |= {
                " ".join(words[i:j])
                for i in range(len(words))
                for j in range(i + 2, min(len(words), i + 5) + 1)
            }
        found.update(inside)
    return max(found, key=lambda name: (found[name], len(name)), default="")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("data", type=Path, help="TOFU's full.json")
    parser.add_argument("--out", type=Path, required=True, help="where the table is written")
    parser.add_argument("--forget", type=int, default=20, help="authors to forget, the last ones")
    parser.add_argument("--per-author", type=int, default=20, help="rows of one author")
    parser.add_argument("--epochs", type=int, default=5, help="of fine-tuning")
    parser.add_argument("--batch", type=int, default=32, help="rows of a step of fine-tuning")
    parser.add_argument("--fine-tuning-rate", type=float, default=1e-4)
    parser.add_argument("--learning-rates", type=float, nargs="+", default=[2e-5, 1e-4])
    parser.add_argument("--steps", type=int, default=60, help="of each unlearning")
    parser.add_argument("--tokens", type=int, default=64, help="of an answer")
    parser.add_argument("--sample", type=int, default=300, help="retained rows that are asked")
    parser.add_argument("--methods", nargs="+", default=list(WEIGHT_METHODS), metavar="METHOD")
    parser.add_argument("--limit", type=float, default=440.0, help="seconds for all of it")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if unknown := set(args.methods) - set(WEIGHT_METHODS):
        parser.error(f"unknown methods {sorted(unknown)}: use some of {', '.join(WEIGHT_METHODS)}")
    return args


if __name__ == "__main__":
    main()
