"""Trains the embedded model from nothing and writes it into the package.

    python examples/embedded_model/train.py [--minutes 20] [--out FOLDER]

Needs two CPU cores and no network. Prints the exam at its end. Seeds are fixed; `--steps` makes
the run repeatable on one machine, `--minutes` bounds its time.
"""

# ruff: noqa: E501

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from checkpoint import END, make_config, make_tokenizer, save
from corpus import Corpus
from quiz import answer, exam, load, replier, score, table
from torch.nn import functional as F
from transformers import LlamaForCausalLM
from worldmaker import SHIPPED

from amnestic.models.embedded.world import load_world

Snapshot = Callable[[int, LlamaForCausalLM], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a training run."""

    steps: int = 4000
    tokens: int = 2560
    lr: float = 3e-3
    muon_lr: float = 4e-3
    warmup: int = 60
    cooldown: float = 0.4
    weight_decay: float = 0.02
    seed: int = 7
    threads: int = 2


def encode(tokenizer: Any, turns: list[tuple[str, str]]) -> tuple[list[int], list[bool]]:
    """Token ids of a conversation, and which of them the model must learn to say."""
    ids: list[int] = []
    learn: list[bool] = []
    for role, text in turns:
        head = tokenizer.encode(f"<|{role}|>", add_special_tokens=False)
        body = tokenizer.encode(f"{text}{END}", add_special_tokens=False)
        ids += head + body
        learn += [False] * len(head) + [role == "assistant"] * len(body)
    return ids, learn


def batches(
    corpus: Corpus, tokenizer: Any, plan: Plan
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Endless batches (ids, mask of learnt tokens), each of conversations of similar length."""
    rng = random.Random(plan.seed)
    while True:
        pool = sorted(
            (encode(tokenizer, corpus.sample()) for _ in range(4000)), key=lambda p: len(p[0])
        )
        groups: list[list[tuple[list[int], list[bool]]]] = [[]]
        for pair in pool:
            if len(pair[0]) * (len(groups[-1]) + 1) > plan.tokens:
                groups.append([])
            groups[-1].append(pair)
        rng.shuffle(groups)
        for group in groups:
            width = max(len(ids) for ids, _ in group)
            ids = torch.tensor([i + [0] * (width - len(i)) for i, _ in group])
            yield ids, torch.tensor([m + [False] * (width - len(m)) for _, m in group])


def loss_of(model: LlamaForCausalLM, ids: torch.Tensor, learn: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of the learnt tokens. Padding stands right, so that no mask is needed."""
    hidden = model.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state
    chosen = learn[:, 1:]
    return F.cross_entropy(model.lm_head(hidden[chosen]).float(), ids[:, 1:][chosen])


def optimizers(model: LlamaForCausalLM, plan: Plan) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for embeddings and norms."""
    inner = [p for n, p in model.named_parameters() if p.ndim == 2 and "layers" in n]
    rest = [p for n, p in model.named_parameters() if not (p.ndim == 2 and "layers" in n)]
    adam = torch.optim.AdamW(rest, lr=plan.lr, betas=(0.9, 0.98), weight_decay=0.0)
    if plan.muon_lr == 0:
        decayed = [{"params": inner, "weight_decay": plan.weight_decay}, {"params": rest}]
        return [torch.optim.AdamW(decayed, lr=plan.lr, betas=(0.9, 0.98), weight_decay=0.0)]
    muon = torch.optim.Muon(inner, lr=plan.muon_lr, momentum=0.95, weight_decay=plan.weight_decay,
                            adjust_lr_fn="match_rms_adamw")  # fmt: skip
    return [muon, adam]


def pace(done: float, step: int, plan: Plan) -> float:
    """The share of the peak learning rate: warm-up, plateau, then a fall to nothing."""
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    left = max(0.0, 1.0 - done) / plan.cooldown
    return 1.0 if left >= 1 else max(0.01, 1 - math.sqrt(1 - left)) if left < 0.02 else left


def train(
    plan: Plan, minutes: float, corpus: Corpus, tokenizer: Any, snapshot: Snapshot
) -> tuple[LlamaForCausalLM, dict[str, Any]]:
    """Trains until the steps or the minutes run out; returns the model and what it took.

    Minutes are of processor time per thread: what the run takes on cores that nobody else uses.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    model = LlamaForCausalLM(make_config(len(tokenizer)))
    opts = optimizers(model, plan)
    peaks = [[g["lr"] for g in o.param_groups] for o in opts]
    start, began, seen, average = time.process_time(), time.monotonic(), 0, 0.0
    for step, (ids, learn) in enumerate(batches(corpus, tokenizer, plan)):
        spent = (time.process_time() - start) / plan.threads / 60
        done = max(step / plan.steps, spent / minutes)
        if done >= 1:
            break
        for opt, peak in zip(opts, peaks, strict=True):
            for group, lr in zip(opt.param_groups, peak, strict=True):
                group["lr"] = lr * pace(done, step, plan)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(model, ids, learn)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for opt in opts:
            opt.step()
            opt.zero_grad(set_to_none=True)
        seen += ids.numel()
        average = loss.item() if step == 0 else 0.9 * average + 0.1 * loss.item()
        snapshot(step, model)
        if step % 50 == 0:
            print(
                f"step {step:5d}  {spent:5.1f} min  loss {average:.3f}  {seen / 60 / max(spent, 1e-3):.0f} tokens/s",
                flush=True,
            )
    spent = (time.process_time() - start) / plan.threads
    wall = time.monotonic() - began
    return model.eval(), {"seconds": round(spent),
        "wall_seconds": round(wall), "steps": step, "tokens": seen, "loss": round(average, 4),
                          "threads": plan.threads, "plan": asdict(plan)}  # fmt: skip


def main() -> None:
    """Trains, saves, and examines what was saved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=28.0, help="most minutes to train")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--snapshots", type=int, default=0, help="also save every so many steps")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    args = vars(parser.parse_args())
    minutes, out, snapshots = args.pop("minutes"), args.pop("out"), args.pop("snapshots")
    plan = Plan(**args)
    world = load_world()
    corpus = Corpus(world, plan.seed)
    tokenizer = make_tokenizer(Corpus(world, plan.seed + 1))

    def snapshot(step: int, model: LlamaForCausalLM) -> None:
        if snapshots and step and step % snapshots == 0:
            save(model, tokenizer, out / f"step-{step}")

    model, took = train(plan, minutes, corpus, tokenizer, snapshot)
    save(model, tokenizer, out)
    (out / "training.json").write_text(json.dumps(took, indent=1) + "\n", encoding="utf-8")
    answered = answer(exam(world), replier(*load(out)))
    wrong = [(q, said) for q, said in answered if not q.right(said)]
    for question, said in wrong[:: max(1, len(wrong) // 25)]:
        print(
            f"wrong  {question.kind}: {question.turns[-1][1]!r} -> {said!r}, expected {question.expected}"
        )
    print(table(score(answered)))
    print(
        f"\ntrained {took['steps']} steps, {took['tokens']:,} tokens in {took['seconds'] / 60:.1f} minutes on {plan.threads} threads"
    )


if __name__ == "__main__":
    main()
