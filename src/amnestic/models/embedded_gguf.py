"""The embedded model as a GGUF file, for llama.cpp's engine, where torch is not installed.

Nothing of it is converted but its form: the matrices stay as they are, save that the rows of
queries and keys stand in the order in which llama.cpp turns them.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.models.embedded import FOLDER

__all__ = ["write_embedded"]

_MAGIC, _VERSION, _ALIGNMENT = b"GGUF", 3, 32
_UINT, _INT, _FLOAT, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_FLOATS, _HALVES = 0, 1
_WORD, _CONTROL = 1, 3
_OUTSIDE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm"}
_INSIDE = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}

Weights = npt.NDArray[Any]


def write_embedded(file: Path) -> None:
    """Write the model that comes with the package to `file`, as a whole or not at all. Who has a
    former one of that name open goes on reading that. Raises `OSError`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_embedded(Path(folder) / "embedded.gguf")
    ...     (Path(folder) / "embedded.gguf").read_bytes()[:4]
    b'GGUF'
    """
    config = json.loads((FOLDER / "config.json").read_text("utf-8"))
    values = [*_shape(config), *_words()]
    tensors = dict(_tensors(int(config["num_attention_heads"])))
    head = bytearray(_MAGIC + struct.pack("<IQQ", _VERSION, len(tensors), len(values)))
    for key, kind, value in values:
        head += _string(key) + struct.pack("<I", kind) + _packed(kind, value)
    at = 0
    for name, weights in tensors.items():
        kind = _HALVES if weights.dtype == np.float16 else _FLOATS
        size = weights.shape[::-1]
        head += _string(name) + struct.pack(f"<I{len(size)}Q", len(size), *size)
        head += struct.pack("<IQ", kind, at)
        at += _aligned(weights.nbytes)
    handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
    try:
        with open(handle, "wb") as stream:
            stream.write(head.ljust(_aligned(len(head)), b"\0"))
            for weights in tensors.values():
                stream.write(weights.tobytes().ljust(_aligned(weights.nbytes), b"\0"))
        os.replace(beside, file)
    finally:
        Path(beside).unlink(missing_ok=True)


def _shape(config: Mapping[str, Any]) -> Iterator[tuple[str, int, Any]]:
    yield "general.architecture", _STRING, "llama"
    for key, told in (
        ("context_length", "max_position_embeddings"),
        ("embedding_length", "hidden_size"),
        ("block_count", "num_hidden_layers"),
        ("feed_forward_length", "intermediate_size"),
        ("attention.head_count", "num_attention_heads"),
        ("attention.head_count_kv", "num_key_value_heads"),
        ("rope.dimension_count", "head_dim"),
    ):
        yield f"llama.{key}", _UINT, config[told]
    yield "llama.attention.layer_norm_rms_epsilon", _FLOAT, config["rms_norm_eps"]
    yield "llama.rope.freq_base", _FLOAT, config["rope_parameters"]["rope_theta"]


def _words() -> Iterator[tuple[str, int, Any]]:
    """The tokenizer, which cuts texts as GPT-2's does, and the template of a chat."""
    told = json.loads((FOLDER / "tokenizer.json").read_text("utf-8"))
    also = json.loads((FOLDER / "tokenizer_config.json").read_text("utf-8"))
    ids: dict[str, int] = told["model"]["vocab"]
    control = {token["content"]: token["id"] for token in told["added_tokens"]}
    words = sorted({**ids, **control}, key={**ids, **control}.__getitem__)
    kinds = [_CONTROL if word in control else _WORD for word in words]
    merges = [m if isinstance(m, str) else " ".join(m) for m in told["model"]["merges"]]
    yield "tokenizer.ggml.model", _STRING, "gpt2"
    yield "tokenizer.ggml.pre", _STRING, "gpt-2"
    yield "tokenizer.ggml.tokens", _ARRAY, (_STRING, words)
    yield "tokenizer.ggml.token_type", _ARRAY, (_INT, kinds)
    yield "tokenizer.ggml.merges", _ARRAY, (_STRING, merges)
    yield "tokenizer.ggml.eos_token_id", _UINT, control[also["eos_token"]]
    yield "tokenizer.ggml.padding_token_id", _UINT, control[also["pad_token"]]
    yield "tokenizer.ggml.add_bos_token", _BOOL, False
    yield "tokenizer.chat_template", _STRING, also["chat_template"]


def _tensors(heads: int) -> Iterator[tuple[str, Weights]]:
    from safetensors.numpy import load_file

    for name, weights in load_file(FOLDER / "model.safetensors").items():
        part = name.removesuffix(".weight")
        if part in _OUTSIDE:
            called = _OUTSIDE[part]
        else:
            _, _, layer, inner = part.split(".", 3)
            called = f"blk.{layer}.{_INSIDE[inner]}"
        if called.endswith(("attn_q", "attn_k")):
            weights = _turned(weights, heads)
        yield f"{called}.weight", weights if weights.ndim > 1 else weights.astype(np.float32)


def _turned(weights: Weights, heads: int) -> Weights:
    """Rows of queries or keys: the halves of each head, whose rows turn in pairs, in each other."""
    pairs = weights.reshape(heads, 2, -1, weights.shape[1])
    return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(weights.shape)


def _packed(kind: int, value: Any) -> bytes:
    if kind == _ARRAY:
        of, items = value
        return struct.pack("<IQ", of, len(items)) + b"".join(_packed(of, item) for item in items)
    if kind == _STRING:
        return _string(value)
    return struct.pack({_UINT: "<I", _INT: "<i", _FLOAT: "<f", _BOOL: "<?"}[kind], value)


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
