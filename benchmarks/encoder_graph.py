"""The int8 graph of a fine-tuned MiniLM, and the heads that are put on it."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.embedding.bert import take_words_out, write_bert
from amnestic.tools.embedding.export import published_minilm
from amnestic.tools.embedding.graph import read_words

__all__ = ["POOLED", "Step", "coarsened", "encoder_graph", "put_on", "save_graph"]

Step = tuple[str, list[str], str, dict[str, Any]]
"""A node: its kind, its inputs, its output, its attributes."""

POOLED: tuple[Step, ...] = (
    ("Gather", ["hidden", "at.first"], "head.first", {"axis": 1}),
    ("Cast", ["attention_mask"], "head.mask", {"to": 1}),
    ("Unsqueeze", ["head.mask", "at.last"], "head.wide", {}),
    ("Mul", ["hidden", "head.wide"], "head.kept", {}),
    ("ReduceMean", ["head.kept"], "head.sum", {"axes": [1], "keepdims": 0}),
    ("ReduceMean", ["head.wide"], "head.count", {"axes": [1], "keepdims": 0}),
    ("Div", ["head.sum", "head.count"], "head.mean", {}),
    ("Concat", ["head.first", "head.mean"], "head.joined", {"axis": 1}),
)
"""The first and the mean state of a text, side by side."""


def encoder_graph(encoder: Any, tokens: int, *, typed: bool = False) -> Any:
    """The graph of an encoder for texts of at most so many tokens, without a head."""
    import onnx
    from safetensors.torch import save_file

    config = json.loads((published_minilm().folder / "config.json").read_text("utf-8"))
    weights = {k: v.detach().contiguous() for k, v in encoder.state_dict().items()}
    places = "embeddings.position_embeddings.weight"
    weights[places] = weights[places][:tokens].clone()
    with tempfile.TemporaryDirectory() as work:
        save_file(weights, Path(work) / "model.safetensors")
        write_bert(Path(work), config, Path(work) / "encoder.onnx", typed=typed)
        return onnx.load(str(Path(work) / "encoder.onnx"))


def put_on(
    graph: Any,
    constants: Mapping[str, npt.NDArray[Any]],
    steps: Sequence[Step],
    outputs: Mapping[str, Sequence[str | int]],
) -> None:
    """Put a head on a graph: its weights, its nodes, and the names and shapes that it gives."""
    from onnx import helper, numpy_helper

    for name, value in constants.items():
        array = np.ascontiguousarray(value)
        graph.graph.initializer.append(numpy_helper.from_array(array, name))
    for name, place in (("at.first", 0), ("at.last", [-1])):
        graph.graph.initializer.append(numpy_helper.from_array(np.array(place, np.int64), name))
    for kind, inputs, output, attributes in steps:
        graph.graph.node.append(helper.make_node(kind, inputs, [output], **attributes))
    del graph.graph.output[:]
    for name, shape in outputs.items():
        graph.graph.output.append(helper.make_tensor_value_info(name, 1, shape))


def coarsened(graph: Any, most: int) -> None:
    """Round the int8 matrices of a graph to whole numbers up to `most`, which pack better: of 31
    each weight takes six bits, and the file two thirds of what it took."""
    from onnx import numpy_helper

    tensors = {tensor.name: tensor for tensor in graph.graph.initializer}
    for name, tensor in tensors.items():
        if name.endswith(".matrix"):
            scales = tensors[f"{name.removesuffix('.matrix')}.scales"]
            weights = numpy_helper.to_array(tensor).astype(np.float32) * most / 127
            steps = numpy_helper.to_array(scales) * np.float32(127 / most)
            tensor.CopyFrom(numpy_helper.from_array(np.round(weights).astype(np.int8), name))
            scales.CopyFrom(numpy_helper.from_array(steps, scales.name))


def save_graph(graph: Any, out: Path) -> None:
    """Write a graph, packed where the name ends in `.gz`, without its word embeddings where
    training left them as MiniLM has them: then they are read from the package's own file."""
    import onnx

    onnx.checker.check_model(graph)
    lean = onnx.ModelProto()
    lean.CopyFrom(graph)
    same = np.array_equal(take_words_out(lean), read_words())
    raw = (lean if same else graph).SerializeToString()
    out.write_bytes(gzip.compress(raw, mtime=0) if out.suffix == ".gz" else raw)
