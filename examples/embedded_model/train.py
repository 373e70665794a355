"""Trains the embedded model from nothing and writes it into the package.

    python examples/embedded_model/train.py [--out FOLDER] [--resume FOLDER] [--scale 0.01]

Needs two CPU cores and no network. Four stages: the world, then more of strangers and of two
questions at once, then twice copying of unknown names. Seeds are fixed. Prints the exam at its end.
"""

# ruff: noqa: E501

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from checkpoint import END, make_config, make_tokenizer, save
from corpus import Corpus
from mixtures import COPYING, MIXTURE, STRANGERS
from quiz import answer, exam, load, replier, score, table
from torch.nn import functional as F
from torch.optim import _muon
from transformers import LlamaForCausalLM
from worldmaker import SHIPPED

from amnestic.models.embedded.world import World, load_world

THREADS = 2
HALF = any(torch.cpu.get_capabilities().get(kind) for kind in ("avx512_bf16", "amx_bf16"))
"""Whether the processor multiplies in bfloat16; without that it takes twice as long as float32."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the training: how long, how fast, on which conversations."""

    steps: int
    lr: float
    muon_lr: float
    warmup: int
    cooldown: float
    seed: int
    mixture: Mapping[str, float]
    tokens: int = 3072
    weight_decay: float = 0.02


STAGES = (
    Stage(steps=1250, lr=3e-3, muon_lr=4e-3, warmup=60, cooldown=0.4, seed=7, mixture=MIXTURE),
    Stage(steps=450, lr=2e-3, muon_lr=2.5e-3, warmup=30, cooldown=0.8, seed=8, mixture=STRANGERS),
    Stage(steps=360, lr=2e-3, muon_lr=3e-3, warmup=20, cooldown=0.6, seed=9, mixture=COPYING),
    Stage(steps=600, lr=3e-3, muon_lr=4e-3, warmup=20, cooldown=0.6, seed=10, mixture=COPYING),
)


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
    corpus: Corpus, tokenizer: Any, stage: Stage
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Endless batches (ids, mask of learnt tokens), each of conversations of similar length."""
    rng = random.Random(stage.seed)
    while True:
        pool = sorted(
            (encode(tokenizer, corpus.sample()) for _ in range(4000)), key=lambda p: len(p[0])
        )
        groups: list[list[tuple[list[int], list[bool]]]] = [[]]
        for pair in pool:
            if len(pair[0]) * (len(groups[-1]) + 1) > stage.tokens:
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


def optimizers(model: LlamaForCausalLM, stage: Stage) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for embeddings and norms."""
    inner = [p for n, p in model.named_parameters() if p.ndim == 2 and "layers" in n]
    rest = [p for n, p in model.named_parameters() if not (p.ndim == 2 and "layers" in n)]
    adam = torch.optim.AdamW(rest, lr=stage.lr, betas=(0.9, 0.98), weight_decay=0.0)
    if not HALF:
        _muon._zeropower_via_newtonschulz = orthogonal
    muon = torch.optim.Muon(inner, lr=stage.muon_lr, momentum=0.95, weight_decay=stage.weight_decay,
                            adjust_lr_fn="match_rms_adamw")  # fmt: skip
    return [muon, adam]


def orthogonal(
    grad: torch.Tensor, coefficients: tuple[float, float, float], steps: int, eps: float
) -> torch.Tensor:
    """Muon's Newton-Schulz iteration in float32: torch's own is written for bfloat16 alone."""
    a, b, c = coefficients
    wide = grad.size(0) <= grad.size(1)
    found = (grad if wide else grad.T).float()
    found = found / found.norm().clamp(min=eps)
    for _ in range(steps):
        gram = found @ found.T
        found = torch.addmm(found, torch.addmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return found if wide else found.T


def pace(step: int, stage: Stage) -> float:
    """The share of the peak learning rate: warm-up, plateau, then a straight fall to nothing."""
    left = 1 - step / stage.steps
    return min(1.0, (step + 1) / stage.warmup, max(0.01, left / stage.cooldown))


def train(model: LlamaForCausalLM, tokenizer: Any, corpus: Corpus, stage: Stage) -> dict[str, Any]:
    """Trains the model through one stage; returns what it took.

    `seconds` is processor time per thread, what it takes on cores that nobody else uses.
    """
    opts = optimizers(model, stage)
    peaks = [[g["lr"] for g in o.param_groups] for o in opts]
    start, began, seen, average = time.process_time(), time.monotonic(), 0, 0.0
    model.train()
    for step, (ids, learn) in enumerate(batches(corpus, tokenizer, stage)):
        spent = (time.process_time() - start) / torch.get_num_threads()
        if step >= stage.steps:
            break
        for opt, peak in zip(opts, peaks, strict=True):
            for group, lr in zip(opt.param_groups, peak, strict=True):
                group["lr"] = lr * pace(step, stage)
        loss = update(model, opts, ids, learn)
        seen += ids.numel()
        average = loss if step == 0 else 0.9 * average + 0.1 * loss
        if step % 50 == 0:
            rate = seen / max(spent, 1e-3)
            print(
                f"step {step:5d}  {spent / 60:5.1f} min  loss {average:.3f}  {rate:.0f} tokens/s",
                flush=True,
            )
    return {
        "seconds": round(spent), "wall_seconds": round(time.monotonic() - began), "steps": stage.steps,
        "tokens": seen, "loss": round(average, 4), "stage": asdict(stage),
    }  # fmt: skip


def update(
    model: LlamaForCausalLM,
    opts: list[torch.optim.Optimizer],
    ids: torch.Tensor,
    learn: torch.Tensor,
) -> float:
    """One step of every optimizer on one batch; returns the loss."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        loss = loss_of(model, ids, learn)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for opt in opts:
        opt.step()
        opt.zero_grad(set_to_none=True)
    return loss.item()


Corpora = Callable[[int, Mapping[str, float]], Corpus]
"""Makes the conversations of a stage from its seed and its mixture."""


def of_world(seed: int, mixture: Mapping[str, float]) -> Corpus:
    """Conversations about the whole world."""
    return Corpus(load_world(), seed, mixture)


def begin(out: Path, corpora: Corpora = of_world) -> None:
    """Writes the tokenizer and an untrained model."""
    tokenizer = make_tokenizer(corpora(STAGES[0].seed + 1, MIXTURE))
    torch.manual_seed(STAGES[0].seed)
    save(LlamaForCausalLM(make_config(len(tokenizer))), tokenizer, out)


def run(stage: Stage, folder: Path, out: Path, corpora: Corpora = of_world) -> dict[str, Any]:
    """One stage, from the checkpoint in a folder to the one in another."""
    torch.manual_seed(stage.seed)
    model, tokenizer = load(folder)
    took = train(model, tokenizer, corpora(stage.seed, stage.mixture), stage)
    save(model, tokenizer, out)
    return took


def record(out: Path, stages: list[dict[str, Any]]) -> None:
    """Writes what the training took: `training.json`."""
    total = {
        key: sum(s[key] for s in stages) for key in ("seconds", "wall_seconds", "steps", "tokens")
    }
    text = json.dumps({**total, "threads": torch.get_num_threads(), "stages": stages}, indent=1)
    (out / "training.json").write_text(text + "\n", encoding="utf-8")
    print(f"trained {total['steps']} steps, {total['tokens']:,} tokens, in {total['seconds'] / 60:.1f} minutes of "
          f"processor time on each of {torch.get_num_threads()} threads ({total['wall_seconds'] / 60:.1f} minutes by the clock)")  # fmt: skip


def examine(folder: Path, world: World | None = None) -> None:
    """Prints the exam's table and some wrong replies."""
    answered = answer(exam(world or load_world()), replier(*load(folder)))
    wrong = [(q, said) for q, said in answered if not q.right(said)]
    for question, said in wrong[:: max(1, len(wrong) // 25)]:
        print(f"wrong  {question.turns[-1][1]!r} -> {said!r}, expected {question.expected}")
    print(table(score(answered)))


def main() -> None:
    """Trains, saves, and examines what was saved."""
    parser = argparse.ArgumentParser(description="Trains the embedded model.")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder of the checkpoint")
    parser.add_argument(
        "--resume", type=Path, help="continue with the stages that this folder lacks"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="share of the steps, for a trial")
    args = parser.parse_args()
    torch.set_num_threads(THREADS)
    done: list[dict[str, Any]] = []
    if args.resume:
        done = json.loads((args.resume / "training.json").read_text(encoding="utf-8"))["stages"]
    else:
        begin(args.out)
    folder = args.resume or args.out
    for stage in STAGES[len(done) :]:
        done.append(run(replace(stage, steps=int(stage.steps * args.scale)), folder, args.out))
        record(args.out, done)
        folder = args.out
    examine(args.out)


if __name__ == "__main__":
    main()
