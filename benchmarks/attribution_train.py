"""Fine-tuning MiniLM into the attributor, and writing it as one int8 graph."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from attribution_data import Labelled
from encoder_graph import Step, coarsened, encoder_graph, put_on, save_graph
from transformers import AutoModel

from amnestic.tools.detection.attribution import TOKENS, TYPES
from amnestic.tools.embedding.export import published_minilm

__all__ = ["LAST_RATES", "RATES", "Attributing", "kept_rows", "stored", "train", "write_graph"]

BATCH = 16
RATES = (1.5e-4, 1.5e-3)
LAST_RATES = (6e-5, 5e-4)
WARM = 0.08
STEPS = 31  # of a weight, on each side of naught
_KEPT_TELLING, _KEPT_SILENT, _KEPT_NAMESAKES = 0.12, 0.06, 0.5
_SAVED = 50  # steps
_NOTHING = -1.0


class Attributing(torch.nn.Module):
    """MiniLM with a type for each kind of token, and a linear head on its states."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        known = self.encoder.embeddings.token_type_embeddings.weight[0].detach()
        types = torch.nn.Embedding(TYPES, width)
        types.weight.data = known + 0.02 * torch.randn(TYPES, width)
        self.encoder.embeddings.token_type_embeddings = types
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        self.tokens = torch.nn.Linear(width, 1)
        self.drop = torch.nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Log-odds of shape (batch, tokens)."""
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder(
                input_ids=ids, token_type_ids=types, attention_mask=mask
            ).last_hidden_state
        logits: torch.Tensor = self.tokens(self.drop(states.float()))[..., 0]
        return logits

    def start_from(self, weights: Path) -> None:
        """Take the encoder's weights from those of another model on MiniLM."""
        given, own = torch.load(weights, weights_only=True), self.state_dict()
        types = "encoder.embeddings.token_type_embeddings.weight"
        for name, value in given.items():
            if name in own and own[name].shape == value.shape:
                own[name] = value
        if given[types].shape != own[types].shape:
            own[types] = given[types][0] + 0.02 * torch.randn(own[types].shape)
        self.load_state_dict(own)


def kept_rows(rows: Sequence[Labelled], seed: int) -> list[Labelled]:
    """The parts of an epoch: of those that do not name their target, a share."""
    draw = random.Random(seed)

    def share(part: Labelled) -> float:
        if part.named == "nowhere":
            return _KEPT_TELLING if part.tells else _KEPT_SILENT
        return _KEPT_NAMESAKES if part.named == "part" and part.of_other else 1.0

    return [part for part in rows if draw.random() < share(part)]


def train(
    epochs: Sequence[Sequence[Labelled]],
    seed: int,
    out: Path,
    start: Path | None = None,
    rates: tuple[float, float] = RATES,
) -> Attributing:
    """Train on the parts of each epoch in turn, with the rates of the encoder and of the head. The
    float weights are kept at `out` every fifty steps, with what is needed to go on from there: a
    run that was ended goes on."""
    torch.manual_seed(seed)
    model = Attributing(published_minilm().folder).train()
    if start is not None:
        model.start_from(start)
    inner = [p for p in model.encoder.parameters() if p.requires_grad]
    groups = [{"params": inner, "lr": rates[0]},
              {"params": model.tokens.parameters(), "lr": rates[1]}]  # fmt: skip
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    plans = [_batches([len(p.row.ids) for p in rows], seed + i) for i, rows in enumerate(epochs)]
    steps = [[rows[i] for i in places] for rows, plan in zip(epochs, plans, strict=True)
             for places in plan]  # fmt: skip
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda i: _rate(i, len(steps)))
    done, started, seen = _resumed(out, model, optimiser, schedule), time.monotonic(), 0.0
    for count, parts in enumerate(steps[done:], 1):
        loss = _loss(model, parts)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(inner, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        done, seen = done + 1, 0.97 * seen + 0.03 * float(loss.detach())
        if done % 20 == 0:
            spent = time.monotonic() - started
            print(f"{done}/{len(steps)} {seen / (1 - 0.97**count):.4f} {spent:.0f} s", flush=True)
        if done % _SAVED == 0 or done == len(steps):
            _save(out, model, optimiser, schedule, done)
    return model.eval()


def _resumed(out: Path, model: Attributing, optimiser: Any, schedule: Any) -> int:
    """How many steps an earlier run at the same place has made, whose state is taken on."""
    state, weights = out.with_suffix(".state"), out.with_suffix(".pt")
    if not (state.exists() and weights.exists()):
        return 0
    known = torch.load(state)
    model.load_state_dict(torch.load(weights, weights_only=True))
    optimiser.load_state_dict(known["optimiser"])
    schedule.load_state_dict(known["schedule"])
    print(f"goes on after {known['done']} steps", flush=True)
    return int(known["done"])


def _save(out: Path, model: Attributing, optimiser: Any, schedule: Any, done: int) -> None:
    told = {
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
        "done": done,
    }
    for suffix, value in ((".pt", model.state_dict()), (".state", told)):
        fresh = out.with_suffix(f"{suffix}.new")
        torch.save(value, fresh)
        fresh.replace(out.with_suffix(suffix))


def stored(weights: Path) -> Attributing:
    """The model of float weights that `train` kept."""
    model = Attributing(published_minilm().folder)
    model.load_state_dict(torch.load(weights, weights_only=True))
    return model.eval()


def _loss(model: Attributing, rows: Sequence[Labelled]) -> torch.Tensor:
    """Each text counts by the root of its length."""
    width = max(len(r.row.ids) for r in rows)
    ids, types, mask = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
    labels = torch.full((len(rows), width), _NOTHING)
    for i, marked in enumerate(rows):
        length = len(marked.row.ids)
        ids[i, :length] = torch.tensor(marked.row.ids)
        types[i, :length] = torch.tensor(marked.row.types)
        mask[i, :length] = 1
        labels[i, 1 : 1 + len(marked.labels)] = torch.tensor(marked.labels, dtype=torch.float)
    logits, counts = model(ids, types, mask), (labels >= 0).float()
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, labels.clamp(min=0), reduction="none"
    )
    lengths = counts.sum(1).clamp(min=1)
    weights = lengths.sqrt()
    return ((entropy * counts).sum(1) / lengths * weights).sum() / weights.sum()


def _rate(step: int, total: int) -> float:
    warm = max(1, round(WARM * total))
    return min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))


def _batches(lengths: Sequence[int], seed: int) -> list[list[int]]:
    """Batches of like length, in random order."""
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(lengths))
    plan: list[list[int]] = []
    for i in range(0, len(order), 20 * BATCH):
        ranked = sorted(order[i : i + 20 * BATCH].tolist(), key=lambda k: lengths[k])
        plan += [ranked[k : k + BATCH] for k in range(0, len(ranked), BATCH)]
    return [plan[i] for i in draw.permutation(len(plan))]


def write_graph(model: Attributing, out: Path) -> None:
    """The int8 graph from token ids, types and mask to the log-odds of each token; its word
    embeddings are those of the package's encoder, which lie in one file (`encoder_graph`)."""
    graph = encoder_graph(model.encoder, TOKENS, typed=True)
    constants = {
        "tokens.weight": model.tokens.weight.T.detach().numpy(),
        "tokens.bias": model.tokens.bias.detach().numpy(),
    }
    steps: list[Step] = [
        ("MatMul", ["hidden", "tokens.weight"], "tokens.product", {}),
        ("Add", ["tokens.product", "tokens.bias"], "tokens", {}),
    ]
    put_on(graph, constants, steps, {"tokens": ["batch", "tokens", 1]})
    coarsened(graph, STEPS)
    save_graph(graph, out)
