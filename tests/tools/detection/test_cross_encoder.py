"""The verifier: what it reads of a pair, and what it refuses to load."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from amnestic.exceptions import ConfigurationError
from amnestic.tools.detection.cross_encoder import (
    TOKENS,
    CrossEncoder,
    encode,
    premise,
    shipped_verifier,
)
from amnestic.tools.protocols import Pair

VOCABULARY = {word: i for i, word in enumerate(("[PAD]", "[CLS]", "[SEP]", "[UNK]", "osk", "tarn"))}


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(WordPiece(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def _graph(folder: Path) -> Path:
    """A graph whose logit is the mean token id of a pair, less four."""
    from onnx import TensorProto, helper, save

    def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> Any:
        return helper.make_node(kind, inputs, [output], **attributes)

    nodes = [
        node("Cast", ["input_ids"], "ids", to=TensorProto.FLOAT),
        node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT),
        node("ReduceMean", ["ids"], "sum", axes=[1], keepdims=0),
        node("ReduceMean", ["mask"], "count", axes=[1], keepdims=0),
        node("Div", ["sum", "count"], "mean"),
        node("Sub", ["mean", "four"], "logit"),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["batch"])]
    constants = [helper.make_tensor("four", TensorProto.FLOAT, [], [4.0])]
    graph = helper.make_graph(nodes, "mean", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, {"tokenizer": _tokenizer().to_str()})
    path = folder / "verifier.onnx"
    save(model, str(path))
    return path


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def verifier(tmp_path: Path) -> CrossEncoder:
    path = _graph(tmp_path)
    return CrossEncoder(path, _sha256(path))


def test_each_pair_has_the_score_it_has_alone(verifier: CrossEncoder) -> None:
    pairs = [Pair("Osk", "tarn " * (1 + 7 * i % 23) + "osk " * (i % 5)) for i in range(40)]
    together = verifier.logits(pairs)
    alone = np.concatenate([verifier.logits([pair]) for pair in pairs])
    assert together == pytest.approx(alone, abs=1e-6)
    assert len(set(together.tolist())) > 5


def test_a_pair_is_read_once_however_often_it_comes(verifier: CrossEncoder) -> None:
    pairs = [Pair("Osk", "tarn"), Pair("Osk", "osk tarn"), Pair("Osk", "tarn")]
    first = verifier.logits(pairs)
    assert first[0] == first[2] != first[1]
    with patch("amnestic.tools.detection.cross_encoder._run", side_effect=AssertionError):
        assert verifier.logits(pairs[1:]).tolist() == first[1:].tolist()


def test_a_pair_is_read_as_text_then_premise() -> None:
    ids = encode(_tokenizer(), Pair("osk", "tarn tarn"))
    assert ids == [1, 5, 5, 2, 4, 2]


def test_what_was_said_before_is_read_last_and_by_its_end() -> None:
    tokenizer = _tokenizer()
    assert encode(tokenizer, Pair("osk", "tarn", "tarn osk")) == [1, 5, 2, 4, 2, 5, 4, 2]
    ids = encode(tokenizer, Pair("osk " * 900, "tarn " * 900, "osk " * 900 + "tarn"))
    assert len(ids) == TOKENS
    assert ids[-2:] == [VOCABULARY["tarn"], 2]


def test_a_graph_that_was_trained_without_it_reads_nothing_of_what_was_said_before(
    tmp_path: Path,
) -> None:
    path = _graph(tmp_path)
    about = {"sha256": _sha256(path), "tokens": 144}
    path.with_suffix(".json").write_text(json.dumps(about), "utf-8")
    plain, after = CrossEncoder.stored(path).logits([Pair("Osk", "tarn"), Pair("Osk", "tarn", "o")])
    assert plain == after
    reader = CrossEncoder.stored(path)
    reader.logits([Pair("Osk", "tarn", "one")])
    with patch("amnestic.tools.detection.cross_encoder._run", side_effect=AssertionError):
        reader.logits([Pair("Osk", "tarn", "another")])  # known, whatever stands before it
    long = Pair("osk " * 900, "tarn " * 900, "osk " * 900)
    assert len(encode(_tokenizer(), long, 144, 0)) == 144


def test_a_pair_has_another_score_after_something_else(verifier: CrossEncoder) -> None:
    plain, after = verifier.logits([Pair("Osk", "tarn"), Pair("Osk", "tarn", "osk osk osk")])
    assert plain != after


def test_a_pair_of_long_texts_keeps_the_end_of_the_text_and_the_start_of_the_premise() -> None:
    ids = encode(_tokenizer(), Pair("osk " + "x " * 900, "x " * 900 + "tarn"))
    assert len(ids) == TOKENS
    first, second = ids[: ids.index(2)], ids[ids.index(2) + 1 :]
    assert first[-1] == VOCABULARY["tarn"]
    assert second[0] == VOCABULARY["osk"]


@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "🙂" * 10_000], ids=range(4))
def test_any_text_has_a_score(verifier: CrossEncoder, text: str) -> None:
    assert np.isfinite(verifier.logits([Pair(text, text)])).all()


def test_a_damaged_graph_is_refused_and_named(tmp_path: Path) -> None:
    path = _graph(tmp_path)
    expected = _sha256(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ConfigurationError, match=r"verifier\.onnx.*SHA-256"):
        CrossEncoder(path, expected).logits([Pair("osk", "tarn")])


def test_a_missing_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no verifier at .*absent\.onnx"):
        CrossEncoder(tmp_path / "absent.onnx", "").logits([Pair("osk", "tarn")])


def test_a_premise_holds_only_the_nearest_facts_and_no_empty_ones() -> None:
    text = premise("Mirela Osk", "", ["First.", " ", "Third.", "Fourth."])
    assert text == "Mirela Osk: First. Third."


def test_the_shipped_verifier_tells_a_fact_from_its_neighbour() -> None:
    known = premise("Mirela Osk", "Mirela Osk is a novelist.", ["Osk was born in Tarn in 1954."])
    verifier = shipped_verifier()
    own, other = verifier.logits(
        [
            Pair(known, "In which town was the novelist Osk born? Tarn."),
            Pair(known, "How long do eggs have to boil? About eight minutes."),
        ]
    )
    assert own > 0 > other


def test_the_shipped_verifier_is_as_small_as_promised() -> None:
    folder = resources.files("amnestic.tools.detection").joinpath("data")
    assert len(folder.joinpath("verifier.onnx").read_bytes()) <= 25_000_000
