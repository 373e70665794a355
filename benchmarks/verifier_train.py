"""Fine-tuning MiniLM into the verifier, and writing it as one int8 graph with its tokenizer."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from encoder_graph import POOLED, Step, encoder_graph, put_on, save_graph
from tokenizers import Tokenizer
from transformers import AutoModel
from verifier_data import Example

from amnestic.tools.detection.cross_encoder import TOKENS, encode, pad
from amnestic.tools.embedding.export import published_minilm

__all__ = ["CrossEncoder", "read_graph", "train", "write_float", "write_graph"]

BATCH = 32
RATE = 1.2e-4
HEAD_RATE = 1e-3
WARM = 0.08
_CONSTANTS = ("head.weight", "head.bias")


class CrossEncoder(torch.nn.Module):
    """MiniLM without its word table in training, and a linear head on its first and mean state."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False)
        self.head = torch.nn.Linear(2 * self.encoder.config.hidden_size, 1)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)
        for weight in self.encoder.embeddings.parameters():
            weight.requires_grad = False

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits of shape (batch,)."""
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        states = states.float()
        weights = mask[:, :, None].float()
        mean = (states * weights).sum(1) / weights.sum(1)
        logits: torch.Tensor = self.head(torch.cat([states[:, 0], mean], dim=1))[:, 0]
        return logits


def train(
    epochs: Sequence[Sequence[Example]], seed: int, out: Path, start: Path | None = None
) -> CrossEncoder:
    """Train on the pairs of each epoch in turn, from the weights of the graph `start` where one is
    given; the float model is kept at `out` after each."""
    torch.manual_seed(seed)
    folder = published_minilm().folder
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = CrossEncoder(folder).train()
    if start is not None:
        read_graph(model, start)
    inner = [p for p in model.encoder.parameters() if p.requires_grad]
    groups = [{"params": inner, "lr": RATE}, {"params": model.head.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    plans = [_batches([encode(tokenizer, e.pair) for e in found], seed) for found in epochs]
    total = sum(map(len, plans))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda i: _rate(i, total))
    done, started, seen = 0, time.monotonic(), 0.0
    for found, plan in zip(epochs, plans, strict=True):
        for rows, places in plan:
            ids, mask = pad(rows)
            labels = torch.tensor([float(found[i].tells) for i in places])
            logits = model(torch.from_numpy(ids), torch.from_numpy(mask))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(inner, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            done, seen = done + 1, 0.95 * seen + 0.05 * float(loss.detach())
            if done % 10 == 0:
                spent = time.monotonic() - started
                print(f"{done}/{total} loss {seen:.4f}, {spent:.0f} s", flush=True)
        write_float(model, out)
    return model.eval()


def write_float(model: CrossEncoder, out: Path) -> None:
    """The float weights, for comparing the int8 graph with them."""
    torch.save(model.state_dict(), out.with_suffix(".pt"))


def _rate(step: int, total: int) -> float:
    warm = max(1, round(WARM * total))
    return min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))


def _batches(rows: list[list[int]], seed: int) -> list[tuple[list[list[int]], list[int]]]:
    """Batches of like length, in random order."""
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(rows))
    pools = [order[i : i + 20 * BATCH] for i in range(0, len(order), 20 * BATCH)]
    plan = []
    for pool in pools:
        ranked = sorted(pool.tolist(), key=lambda i: len(rows[i]))
        parts = [ranked[i : i + BATCH] for i in range(0, len(ranked), BATCH)]
        plan += [parts[i] for i in draw.permutation(len(parts))]
    return [([rows[i] for i in part], part) for part in plan]


def read_graph(model: CrossEncoder, graph: Path) -> None:
    """Give a model the weights of a graph that `write_graph` wrote, as they were rounded."""
    import onnx
    from onnx import numpy_helper

    stored = onnx.load(str(graph), load_external_data=False)
    outside = {t.name for t in stored.graph.initializer if t.data_location}
    known = {t.name: numpy_helper.to_array(t) for t in stored.graph.initializer
             if t.name not in outside}  # fmt: skip
    state = model.state_dict()

    def put(name: str, value: npt.NDArray[Any]) -> None:
        state[name] = torch.from_numpy(np.ascontiguousarray(value, np.float32))

    for i in range(model.encoder.config.num_hidden_layers):
        layer = f"encoder.layer.{i}"
        names = ("query", "key", "value")
        parts = [f"{layer}.attention.self.{part}" for part in names]
        joined = _unrounded(known, f"{layer}.attention.self.joined")
        bias = known[f"{parts[0]}.bias"]
        for part, matrix, own in zip(
            parts, np.split(joined, 3, axis=1), np.split(bias, 3), strict=True
        ):
            put(f"encoder.{part}.weight", matrix.T)
            put(f"encoder.{part}.bias", own)
        for short, long in (("o", "attention.output.dense"), ("up", "intermediate.dense"),
                            ("down", "output.dense")):  # fmt: skip
            put(f"encoder.{layer}.{long}.weight", _unrounded(known, f"{layer}.{short}").T)
            put(f"encoder.{layer}.{long}.bias", known[f"{layer}.{long}.bias"])
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            for kind in ("weight", "bias"):
                put(f"encoder.{layer}.{norm}.{kind}", known[f"{layer}.{norm}.{kind}"])
    put("head.weight", known["head.weight"].T)
    put("head.bias", known["head.bias"])
    model.load_state_dict(state)


def _unrounded(known: Mapping[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float32]:
    matrix: npt.NDArray[np.float32] = known[f"{name}.matrix"].astype(np.float32)
    return matrix * known[f"{name}.scales"]


# ── The graph ────────────────────────────────────────────────────────────────────────────────────


def write_graph(model: CrossEncoder, out: Path) -> None:
    """The int8 graph from token ids and mask to logits; its tokenizer is in its metadata."""
    import onnx

    graph = encoder_graph(model.encoder, TOKENS)
    head = model.head.weight.detach().numpy().T, model.head.bias.detach().numpy()
    steps: list[Step] = [
        *POOLED,
        ("Gemm", ["head.joined", *_CONSTANTS], "head.logit", {}),
        ("Squeeze", ["head.logit", "at.last"], "logit", {}),
    ]
    put_on(graph, dict(zip(_CONSTANTS, head, strict=True)), steps, {"logit": ["batch"]})
    tokenizer = json.loads((published_minilm().folder / "tokenizer.json").read_text("utf-8"))
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    onnx.helper.set_model_props(graph, {"tokenizer": text})
    save_graph(graph, out)
