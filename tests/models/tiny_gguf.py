"""A GGUF file with random weights: the real format, really loaded, meaningless words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter
from gguf.constants import TokenType

__all__ = ["CONTEXT", "TEMPLATE", "write_tiny"]

CONTEXT = 256
TEMPLATE = (
    "{% for m in messages %}<|start|>{{ m.role }}\n{{ m.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
_WIDTH, _HEADS, _LAYERS, _INNER = 32, 4, 2, 64
_CONTROL = ("<|pad|>", "<|start|>", "<|end|>")


def write_tiny(
    path: Path,
    *,
    template: str | None = TEMPLATE,
    architecture: str = "llama",
    precision: type[np.floating[Any]] = np.float32,
) -> Path:
    """Write a model that answers with letters and spaces, and never ends by itself."""
    writer = GGUFWriter(path, architecture)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    _add_tokenizer(writer)
    if template is not None:
        writer.add_chat_template(template)
    _add_weights(writer, precision)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _bytes() -> list[str]:
    """GPT-2's letters for the 256 bytes."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = (b for b in range(256) if b not in shown)
    letters = {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}
    return [letters[b] for b in range(256)]


def _add_tokenizer(writer: GGUFWriter) -> None:
    tokens = [*_CONTROL, *_bytes(), "th"]
    kinds = [TokenType.CONTROL] * len(_CONTROL) + [TokenType.NORMAL] * 257
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(["t h"])
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)


def _add_weights(writer: GGUFWriter, precision: type[np.floating[Any]]) -> None:
    random = np.random.default_rng(0)
    vocabulary = len(_CONTROL) + 257

    def add(name: str, rows: int, columns: int) -> None:
        weights = random.normal(size=(rows, columns)) / np.sqrt(columns)
        if name == "output.weight":  # letters and spaces alone are ever the likeliest
            readable = [len(_CONTROL) + b for b in range(256) if chr(b) in "abcdefghij "]
            kept = np.zeros((rows, 1), dtype=np.float32)
            kept[readable] = 1
            weights = weights * kept
        writer.add_tensor(name, weights.astype(precision))

    add("token_embd.weight", vocabulary, _WIDTH)
    add("output.weight", vocabulary, _WIDTH)
    writer.add_tensor("output_norm.weight", np.ones(_WIDTH, dtype=np.float32))
    for i in range(_LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{i}.{norm}.weight", np.ones(_WIDTH, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{i}.{part}.weight", _WIDTH, _WIDTH)
        for part, shape in (
            ("ffn_gate", (_INNER, _WIDTH)),
            ("ffn_up", (_INNER, _WIDTH)),
            ("ffn_down", (_WIDTH, _INNER)),
        ):
            add(f"blk.{i}.{part}.weight", *shape)
