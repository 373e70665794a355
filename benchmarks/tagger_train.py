"""Fine-tuning MiniLM into the tagger of forget requests, and writing it as one int8 graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from encoder_graph import POOLED, Step, encoder_graph, put_on, save_graph
from tagger_data import NOTHING, Marked, Row, Varied, padded, row_of
from tokenizers import Tokenizer
from transformers import AutoModel

from amnestic.tools.embedding.export import published_minilm
from amnestic.tools.tagging.labels import OUTCOMES, Layout
from amnestic.tools.tagging.tokens import SHAPES, TOKENS

__all__ = ["Tagger", "plain_tokenizer", "train", "write_graph"]

BATCH = 8
RATE = 1.5e-4
HEAD_RATE = 1.5e-3
WARM = 0.08
_HEADS = ("tokens.weight", "tokens.bias", "outcome.weight", "outcome.bias")


class Tagger(torch.nn.Module):
    """MiniLM with a type for each shape of a word, and linear heads on its states."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        width = self.encoder.config.hidden_size
        known = self.encoder.embeddings.token_type_embeddings.weight[0].detach()
        types = torch.nn.Embedding(SHAPES, width)
        types.weight.data = known + 0.02 * torch.randn(SHAPES, width)
        self.encoder.embeddings.token_type_embeddings = types
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        self.tokens = torch.nn.Linear(width, Layout.WIDTH)
        self.outcome = torch.nn.Linear(2 * width, len(OUTCOMES))
        self.drop = torch.nn.Dropout(0.1)

    def forward(
        self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs of shape (batch, tokens, `Layout.WIDTH`) and (batch, 3)."""
        states = self.encoder(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        states = self.drop(states)
        weights = mask[:, :, None].float()
        mean = (states * weights).sum(1) / weights.sum(1)
        return self.tokens(states), self.outcome(torch.cat([states[:, 0], mean], dim=1))


def plain_tokenizer() -> Any:
    """The encoder's tokenizer, which cuts and fills nothing."""
    tokenizer = Tokenizer.from_file(str(published_minilm().folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def train(rows: Sequence[Marked], epochs: int, seed: int, start: Path | None = None) -> Tagger:
    """Train on requests, told otherwise in each epoch; from the weights at `start`, where given."""
    torch.manual_seed(seed)
    tokenizer = plain_tokenizer()
    model = Tagger(published_minilm().folder).train()
    if start is not None:
        model.load_state_dict(torch.load(start, weights_only=True))
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    inner = [p for p in model.encoder.parameters() if p.requires_grad]
    groups = [{"params": inner, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    varied, draw = Varied(rows, seed), np.random.default_rng(seed)
    total = epochs * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda i: _rate(i, total))
    started, seen = time.monotonic(), 0.0
    for epoch in range(epochs):
        told = [row_of(tokenizer, varied(row) if epoch < epochs - 1 else row) for row in rows]
        for places in _batches([len(t.ids) for t in told], draw):
            loss = _loss(model, [told[i] for i in places])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            seen = 0.98 * seen + 0.02 * float(loss.detach())
        print(f"epoch {epoch + 1}/{epochs} loss {seen:.3f}, {time.monotonic() - started:.0f} s",
              flush=True)  # fmt: skip
    return model.eval()


def _loss(model: Tagger, rows: Sequence[Row]) -> torch.Tensor:
    lengths = [len(r.ids) for r in rows]
    ids = torch.from_numpy(padded([r.ids for r in rows], 0))
    types = torch.from_numpy(padded([r.types for r in rows], 0))
    mask = torch.from_numpy(padded([[1] * n for n in lengths], 0))
    tokens, outcome = model(ids, types, mask)
    entropy = torch.nn.functional.cross_entropy
    loss = 0.5 * entropy(outcome, torch.tensor([r.outcome for r in rows]), label_smoothing=0.05)
    for head, wanted in (
        (Layout.NAMES, [r.names for r in rows]),
        (Layout.ROLES, [r.roles for r in rows]),
        (Layout.KINDS, [r.kinds for r in rows]),
    ):
        labels = torch.from_numpy(padded(wanted, NOTHING))
        labels[:, 0] = NOTHING
        if (labels != NOTHING).any():
            loss = loss + entropy(tokens[:, :, head].transpose(1, 2), labels, ignore_index=NOTHING)
    links = []
    for i, row in enumerate(rows):
        if row.linked:
            asks = torch.stack([tokens[i, a:b, Layout.ASKS].mean(0) for a, b in row.subjects])
            said = torch.stack([tokens[i, a:b, Layout.ANSWERS].mean(0) for a, b, _ in row.linked])
            links.append(entropy(said @ asks.T / 4, torch.tensor([t for *_, t in row.linked])))
    if links:
        loss = loss + 0.3 * torch.stack(links).mean()
    return loss


def _rate(step: int, total: int) -> float:
    warm = max(1, round(WARM * total))
    return min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))


def _batches(lengths: Sequence[int], draw: np.random.Generator) -> list[list[int]]:
    """Batches of like length, in random order."""
    order = draw.permutation(len(lengths))
    plan: list[list[int]] = []
    for i in range(0, len(order), 10 * BATCH):
        ranked = sorted(order[i : i + 10 * BATCH].tolist(), key=lambda k: lengths[k])
        plan += [ranked[k : k + BATCH] for k in range(0, len(ranked), BATCH)]
    return [plan[i] for i in draw.permutation(len(plan))]


# ── The graph ────────────────────────────────────────────────────────────────────────────────────


def write_graph(model: Tagger, out: Path) -> None:
    """The int8 graph from token ids, types and mask to the scores of tokens and text."""
    graph = encoder_graph(model.encoder, TOKENS, typed=True)
    heads = (model.tokens.weight.T, model.tokens.bias, model.outcome.weight.T, model.outcome.bias)
    constants = {n: v.detach().numpy() for n, v in zip(_HEADS, heads, strict=True)}
    steps: list[Step] = [
        ("MatMul", ["hidden", _HEADS[0]], "tokens.product", {}),
        ("Add", ["tokens.product", _HEADS[1]], "tokens", {}),
        *POOLED,
        ("Gemm", ["head.joined", *_HEADS[2:]], "outcome", {}),
    ]
    shapes = {"tokens": ["batch", "tokens", Layout.WIDTH], "outcome": ["batch", len(OUTCOMES)]}
    put_on(graph, constants, steps, shapes)
    save_graph(graph, out)
