"""An int8 ONNX graph of a BERT encoder, put together by hand from its weights.

A traced graph spends as long on rounding, biases and transposes as on its matrices. Here the
query, key and value matrices are one, attention is one node, and rounding is two passes instead of
five. Weights and activations are rounded as in `quantise`: one scale for each column, one for
each token, so that a text has the same vector in every batch. Neither torch nor transformers is
needed. Architecture: Devlin et al., "BERT", section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.embedding.graph import WORDS, WORDS_FILE
from amnestic.tools.embedding.quantise import per_column

__all__ = ["is_bert", "take_words_out", "write_bert"]

_MS = "com.microsoft"
_OPSET = 17
_IR_VERSION = 9
_INT8_TO_FLOAT = "MatMulIntegerToFloat"
_ONNX_FLOAT, _ONNX_INT32, _ONNX_INT64 = 1, 6, 7


def is_bert(config: Mapping[str, Any]) -> bool:
    """Whether a checkpoint's `config.json` describes what `write_bert` builds.

    >>> is_bert({"model_type": "bert", "hidden_act": "gelu"}), is_bert({"model_type": "mpnet"})
    (True, False)
    """
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
    )


def write_bert(
    folder: Path, config: Mapping[str, Any], destination: Path, *, typed: bool = False
) -> None:
    """Write the graph of the checkpoint in `folder` to `destination`: token ids and mask in, last
    hidden states out; with `typed`, token types go in too, else all have the first.

    Raises `KeyError` where a weight is missing, `SafetensorError` where the file is damaged."""
    import onnx
    from safetensors.numpy import load_file

    found = load_file(folder / "model.safetensors")
    weights = {name.removeprefix("bert."): tensor for name, tensor in found.items()}
    model = _Graph(weights, config, typed).model()
    onnx.checker.check_model(model, full_check=False)
    onnx.save(model, str(destination))


def take_words_out(model: Any) -> npt.NDArray[np.int8]:
    """The word embeddings of an ONNX model made by `write_bert`, which are in it no more: it names
    the file that keeps them in their place (see `graph`)."""
    from onnx import TensorProto, numpy_helper

    tensor = next(t for t in model.graph.initializer if t.name == WORDS)
    words: npt.NDArray[np.int8] = numpy_helper.to_array(tensor)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", WORDS_FILE), ("length", str(words.nbytes))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return words


@dataclass(slots=True)
class _Graph:
    """The nodes and constants made so far; each method adds to them and names its output."""

    weights: Mapping[str, npt.NDArray[Any]]
    config: Mapping[str, Any]
    typed: bool = False
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)

    def model(self) -> Any:
        """The whole encoder."""
        from onnx import helper

        states = self._embeddings()
        for i in range(int(self.config["num_hidden_layers"])):
            states = self._layer(f"encoder.layer.{i}", states)
        self._node("Identity", [states], "hidden")
        names = ("input_ids", "attention_mask", *(["token_type_ids"] if self.typed else []))
        inputs = [
            helper.make_tensor_value_info(name, _ONNX_INT64, ["batch", "tokens"]) for name in names
        ]
        shape = ["batch", "tokens", int(self.config["hidden_size"])]
        outputs = [helper.make_tensor_value_info("hidden", _ONNX_FLOAT, shape)]
        graph = helper.make_graph(
            self.nodes, "encoder", inputs, outputs, list(self.constants.values())
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MS, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    # ── Parts of the encoder ─────────────────────────────────────────────────────────────────

    def _embeddings(self) -> str:
        words = self._look_up("embeddings.word_embeddings.weight", "input_ids")
        types = self._weight("embeddings.token_type_embeddings.weight")
        places = self._weight("embeddings.position_embeddings.weight")
        if self.typed:
            table = self._constant("types", types)
            words = self._node(
                "Add", [words, self._node("Gather", [table, "token_type_ids"], "typed")], "words"
            )
        else:
            places = places + types[0]
        start = self._constant("first", np.array([0], np.int64))
        length = self._node("Shape", ["input_ids"], "length", start=1, end=2)
        table = self._constant("places", places)
        here = self._node("Slice", [table, start, length], "places.here")
        self._node("Cast", ["attention_mask"], "mask", to=_ONNX_INT32)
        return self._norm(self._node("Add", [words, here], "embedded"), "embeddings.LayerNorm")

    def _layer(self, name: str, states: str) -> str:
        attended = self._dense(self._attention(f"{name}.attention.self", states), f"{name}.o", [
            f"{name}.attention.output.dense"
        ])  # fmt: skip
        bias = self._bias([f"{name}.attention.output.dense"])
        states = self._residual(attended, states, bias, f"{name}.attention.output.LayerNorm")
        wide = self._dense(states, f"{name}.up", [f"{name}.intermediate.dense"])
        bias = self._bias([f"{name}.intermediate.dense"])
        wide = self._node("BiasGelu", [wide, bias], f"{name}.gelu", domain=_MS)
        down = self._dense(wide, f"{name}.down", [f"{name}.output.dense"])
        bias = self._bias([f"{name}.output.dense"])
        return self._residual(down, states, bias, f"{name}.output.LayerNorm")

    def _attention(self, name: str, states: str) -> str:
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        joined = self._dense(states, f"{name}.joined", parts)
        width = int(self.config["hidden_size"])
        sizes = self._constant("thirds", np.array([width] * 3, np.int64))
        outputs = [f"{part}.states" for part in parts]
        self._node("Split", [joined, sizes], *outputs, axis=-1)
        heads = int(self.config["num_attention_heads"])
        inputs = [*outputs, self._bias(parts), "mask"]
        return self._node("MultiHeadAttention", inputs, name, domain=_MS, num_heads=heads)

    def _residual(self, states: str, before: str, bias: str, norm: str) -> str:
        kept = self._node("Add", [before, bias], f"{norm}.kept")
        return self._norm(self._node("Add", [states, kept], f"{norm}.sum"), norm)

    def _norm(self, states: str, name: str) -> str:
        scale = self._constant(f"{name}.weight", self._weight(f"{name}.weight"))
        shift = self._constant(f"{name}.bias", self._weight(f"{name}.bias"))
        epsilon = float(self.config.get("layer_norm_eps", 1e-12))
        return self._node(
            "LayerNormalization", [states, scale, shift], name, axis=-1, epsilon=epsilon
        )

    # ── Int8 ─────────────────────────────────────────────────────────────────────────────────

    def _dense(self, states: str, name: str, layers: list[str]) -> str:
        """The product of states with the weights of one layer, or of several side by side."""
        matrix = np.concatenate([self._weight(f"{layer}.weight").T for layer in layers], axis=1)
        rounded, scales = per_column(matrix, axis=0)
        inputs = [
            self._rounded(states),
            self._constant(f"{name}.matrix", rounded),
            self._constant("one", np.float32(1)),
            self._constant(f"{name}.scales", scales[0]),
            self._constant("middle", np.uint8(128)),
        ]
        product = self._node(_INT8_TO_FLOAT, inputs, f"{name}.product", domain=_MS)
        return self._node("Mul", [product, f"{states}.scale"], name)

    def _rounded(self, states: str) -> str:
        """States rounded to uint8 round 128, with one scale for each token."""
        sizes = self._node("Abs", [states], f"{states}.size")
        most = self._node("ReduceMax", [sizes], f"{states}.most", axes=[-1], keepdims=1)
        step = self._constant("step", np.float32(1 / 127))
        least = self._constant("least", np.float32(1e-12))
        scale = self._node("Mul", [most, step], f"{states}.steps")
        scale = self._node("Max", [scale, least], f"{states}.scale")
        even = self._node("Div", [states, scale], f"{states}.even")
        one, middle = self._constant("one", np.float32(1)), self._constant("middle", np.uint8(128))
        return self._node("QuantizeLinear", [even, one, middle], f"{states}.int8")

    def _look_up(self, name: str, ids: str) -> str:
        rounded, scales = per_column(self._weight(name), axis=1)
        rows = self._node("Gather", [self._constant(f"{name}.table", rounded), ids], f"{name}.rows")
        sizes = self._constant(f"{name}.scales", scales)
        steps = self._node("Gather", [sizes, ids], f"{name}.steps")
        wide = self._node("Cast", [rows], f"{name}.wide", to=_ONNX_FLOAT)
        return self._node("Mul", [wide, steps], name)

    # ── Nodes and constants ──────────────────────────────────────────────────────────────────

    def _weight(self, name: str) -> npt.NDArray[np.float32]:
        return np.asarray(self.weights[name], dtype=np.float32)

    def _bias(self, layers: list[str]) -> str:
        joined = np.concatenate([self._weight(f"{layer}.bias") for layer in layers])
        return self._constant(f"{layers[0]}.bias", joined)

    def _constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        if name not in self.constants:
            array = np.ascontiguousarray(value) if np.ndim(value) else np.asarray(value)
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def _node(self, kind: str, inputs: list[str], *outputs: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, list(outputs), **attributes))
        return outputs[0]
