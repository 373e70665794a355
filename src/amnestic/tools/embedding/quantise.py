"""Int8 weights and activations for an ONNX encoder, with one scale for each token.

onnxruntime's own dynamic quantisation takes one scale for a whole batch, so that a text's vector
depends on its neighbours in the batch (cosine down to 0.99 between two calls). Here each token's
state has its own scale: a text has one vector, closer to the float model's, at the same speed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["quantise"]

WIDE_ENOUGH = 64
"""Tables and matrices with fewer rows than this stay as they are."""


def quantise(source: Path, destination: Path) -> None:
    """Rewrite the graph at `source`: int8 in place of its matrices and its lookup tables."""
    import onnx

    model = onnx.load(str(source))
    _Rewrite(model.graph).run()
    onnx.checker.check_model(model)
    onnx.save(model, str(destination))


def per_column(weights: npt.NDArray[np.float32], axis: int) -> tuple[Any, npt.NDArray[np.float32]]:
    """Round `weights` to int8 with one scale for each place along the other axis.

    >>> rounded, scales = per_column(np.array([[1.0, -4.0], [0.5, 2.0]], dtype=np.float32), axis=0)
    >>> rounded.tolist(), (scales * 127).tolist()
    ([[127, -127], [64, 64]], [[1.0, 4.0]])
    """
    scales = np.maximum(np.abs(weights).max(axis=axis, keepdims=True), 1e-12) / np.float32(127)
    rounded = np.clip(np.round(weights / scales), -127, 127).astype(np.int8)
    return rounded, scales.astype(np.float32)


class _Rewrite:
    """One pass over a graph; keeps what it has made so that shared inputs are rounded once."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        self._nodes: list[Any] = []
        self._rounded: dict[str, str] = {}

    def run(self) -> None:
        self._constant("int8.per_127", np.float32(1 / 127))
        self._constant("int8.least", np.float32(1e-12))
        self._constant("int8.middle", np.float32(128))
        self._constant("int8.zero", np.uint8(128))
        for node in self._graph.node:
            weights = self._weights(node)
            if weights is None:
                self._nodes.append(node)
            elif node.op_type == "MatMul":
                self._multiply(node, weights)
            else:
                self._look_up(node, weights)
        del self._graph.node[:]
        self._graph.node.extend(self._nodes)
        used = {name for node in self._nodes for name in node.input}
        for tensor in [t for t in self._graph.initializer if t.name not in used]:
            self._graph.initializer.remove(tensor)

    def _weights(self, node: Any) -> npt.NDArray[np.float32] | None:
        """The float table or matrix that a node reads, if it is one to round."""
        from onnx import numpy_helper

        place = {"MatMul": 1, "Gather": 0}.get(node.op_type)
        if place is None or node.input[place] not in self._tensors:
            return None
        found: npt.NDArray[np.float32] = numpy_helper.to_array(self._tensors[node.input[place]])
        if found.dtype != np.float32 or found.ndim != 2 or len(found) < WIDE_ENOUGH:
            return None
        return found

    def _multiply(self, node: Any, weights: npt.NDArray[np.float32]) -> None:
        states = self._round(node.input[0])
        name = node.output[0]
        rounded, scales = per_column(weights, axis=0)
        self._constant(f"{name}.weights", rounded)
        self._constant(f"{name}.scales", scales[0])
        self._node("MatMulInteger", [f"{states}.q", f"{name}.weights", "int8.zero"], f"{name}.i")
        self._node("Cast", [f"{name}.i"], f"{name}.f", to=1)
        # Two products, not one: onnxruntime fuses `scale * scale` as if it were a single number.
        self._node("Mul", [f"{name}.f", f"{states}.s"], f"{name}.p")
        self._node("Mul", [f"{name}.p", f"{name}.scales"], name)

    def _round(self, states: str) -> str:
        """Round a node's input to uint8 round 128, with one scale for each token."""
        if states in self._rounded:
            return self._rounded[states]
        name = self._rounded[states] = f"{states}.int8"
        self._node("Abs", [states], f"{name}.a")
        self._node("ReduceMax", [f"{name}.a"], f"{name}.m", axes=[-1], keepdims=1)
        self._node("Mul", [f"{name}.m", "int8.per_127"], f"{name}.t")
        self._node("Max", [f"{name}.t", "int8.least"], f"{name}.s")
        self._node("Div", [states, f"{name}.s"], f"{name}.d")
        self._node("Round", [f"{name}.d"], f"{name}.r")
        self._node("Add", [f"{name}.r", "int8.middle"], f"{name}.u")
        self._node("Cast", [f"{name}.u"], f"{name}.q", to=2)
        return name

    def _look_up(self, node: Any, weights: npt.NDArray[np.float32]) -> None:
        name = node.output[0]
        rounded, scales = per_column(weights, axis=1)
        self._constant(f"{name}.table", rounded)
        self._constant(f"{name}.scales", scales)
        self._node("Gather", [f"{name}.table", node.input[1]], f"{name}.g")
        self._node("Gather", [f"{name}.scales", node.input[1]], f"{name}.h")
        self._node("Cast", [f"{name}.g"], f"{name}.f", to=1)
        self._node("Mul", [f"{name}.f", f"{name}.h"], name)

    def _constant(self, name: str, value: Any) -> None:
        from onnx import numpy_helper

        self._graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
