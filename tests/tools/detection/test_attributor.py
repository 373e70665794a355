"""The attributor's graph: what it is given, what it gives back, and what it refuses to load."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from amnestic.exceptions import ConfigurationError, RetrievalError
from amnestic.tools.detection.attribution import Mention, Passage
from amnestic.tools.detection.attributor import GraphAttributor, shipped_attributor
from amnestic.tools.detection.calibration import Thresholds
from amnestic.types import ForgetTarget, Span

OSK = ForgetTarget(id="osk", subject="Mirela Osk", kind="person")
LIMITS = {"clean": -1.0, "split": 0.5, "leak": 3.0}
TEXT = "Mirela Osk came from the coast. She wrote a book there."
PASSAGE = Passage(TEXT, "Who came?", OSK, (Mention(Span(0, 10), True),))


def _graph(folder: Path) -> Path:
    """A graph whose log-odds are the type of each token."""
    from onnx import TensorProto, helper, save

    nodes = [
        helper.make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["types", "last"], ["tokens"]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    shape: list[Any] = ["batch", "tokens", 1]
    outputs = [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, shape)]
    constants = [helper.make_tensor("last", TensorProto.INT64, [1], [-1])]
    graph = helper.make_graph(nodes, "types", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path = folder / "attributor.onnx"
    save(model, str(path))
    about = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "limits": LIMITS}
    path.with_suffix(".json").write_text(json.dumps(about), "utf-8")
    return path


def test_it_says_of_each_word_where_it_stands(tmp_path: Path) -> None:
    attributor = GraphAttributor.stored(_graph(tmp_path))
    (words,) = attributor.read([PASSAGE])
    assert attributor.limits == Thresholds(**LIMITS)
    assert "".join(TEXT[word.start : word.end] for word in words) == TEXT.replace(" ", "")
    names = {word.logit for word in words if word.end <= 10}
    assert names.isdisjoint(word.logit for word in words if word.start > 10)


def test_passages_that_are_read_together_are_as_they_are_alone(tmp_path: Path) -> None:
    attributor = GraphAttributor.stored(_graph(tmp_path))
    other = Passage("He left. " * 300, "", OSK, ())
    together = attributor.read([PASSAGE, other, PASSAGE])
    assert together == [attributor.read([one])[0] for one in (PASSAGE, other, PASSAGE)]
    assert len({word[:2] for word in together[1]}) == len(together[1]) == 900


def test_another_graph_than_the_known_one_is_refused(tmp_path: Path) -> None:
    graph = _graph(tmp_path)
    attributor = GraphAttributor.stored(graph)
    graph.write_bytes(graph.read_bytes() + b" ")
    with pytest.raises(ConfigurationError, match=r"attributor at .*SHA-256"):
        attributor.read([PASSAGE])
    with pytest.raises(ConfigurationError, match=r"no attributor at .*absent\.onnx"):
        GraphAttributor(tmp_path / "absent.onnx", "", Thresholds(**LIMITS)).read([PASSAGE])


def test_a_runtime_that_fails_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def run(self, *given: object) -> None:
            raise RuntimeError("out of memory\nat a place")

    monkeypatch.setattr("amnestic.tools.detection.attributor.load_graph", lambda *given: Failing())
    with pytest.raises(RetrievalError, match="amnestic doctor") as caught:
        GraphAttributor.stored(_graph(tmp_path)).read([PASSAGE])
    assert "\n" not in str(caught.value)


def test_the_shipped_one_tells_whose_an_item_of_a_list_is() -> None:
    from amnestic.tools.detection.attributed import AttributedWords

    own = "Her second novel won a prize and was sold in twenty countries."
    other = "His boats were sold to the navy, and he opened a school for sailors."
    text = f"- **Mirela Osk**: novelist. {own}\n- **Tor Vey**: builder of boats. {other}"
    osk = OSK.model_copy(
        update={"description": "Mirela Osk is a novelist who writes about the sea."}
    )
    attributor = shipped_attributor()
    passage = Passage(text, "Who came from the coast?", osk, (Mention(Span(4, 14), True),))
    words = AttributedWords(text, attributor.read([passage])[0])
    told, untold = words.of(own), words.of(other)
    assert told is not None
    assert untold is not None
    assert untold < attributor.limits.clean < told
