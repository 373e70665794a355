"""Sentence encoders from local folders: exported once, checked whenever they are read."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from amnestic.config import default_cache_dir
from amnestic.exceptions import EmbedderError
from amnestic.tools.embedding.embedder import MiniLMEmbedder, SentenceEmbedder, load_embedder
from amnestic.tools.embedding.export import (
    MINILM_WEIGHTS,
    SourceModel,
    published_minilm,
    read_or_export,
)
from amnestic.tools.embedding.stored import sha256_of
from tests.tools.embedding.spoiling import cut, flip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _tiny_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture
def exported(tiny: Path, tmp_path: Path) -> tuple[SourceModel, Path]:
    """A source, and a cache of its own that holds its export, so that a test may spoil it."""
    source = SourceModel(tiny, sha256_of(tiny / "model.safetensors"))
    read_or_export(source, tmp_path)
    return source, tmp_path


def _export_home(cache_dir: Path) -> Path:
    (home,) = (p for p in (cache_dir / "embedders").iterdir() if (p / "stamp.json").is_file())
    return home


def _tiny_model(folder: Path, **changes: object) -> Path:
    """A BERT of two small layers with random weights and a tokenizer of a few words."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"a the cat dog sat ran on mat far away".split()]
    tokenizer = Tokenizer(
        models.WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    shape = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(words), intermediate_size=128, max_position_embeddings=40, **shape
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    if changes:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(changes))
    return folder


# ── Exports ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.product
@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "stamp.json"])
@pytest.mark.parametrize("spoil", [cut, flip, Path.unlink])
def test_a_damaged_export_is_made_again(
    exported: tuple[SourceModel, Path],
    spoil: Callable[[Path], None],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, cache = exported
    home = _export_home(cache)
    whole = {path.name: path.read_bytes() for path in home.iterdir()}
    spoil(home / name)
    made = []

    def make(target: Path, source: SourceModel, identity: str) -> None:
        made.append(source.sha256)
        shutil.rmtree(target)
        target.mkdir()
        for part, content in whole.items():
            (target / part).write_bytes(content)

    monkeypatch.setattr("amnestic.tools.embedding.export._make", make)
    assert read_or_export(source, cache).graph == whole["model.onnx"]
    assert made == [source.sha256]


def test_processes_that_export_at_once_make_one_export(
    exported: tuple[SourceModel, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, cache = exported
    home = _export_home(cache)
    kept = home.with_name("kept")
    home.rename(kept)
    made = []

    def make(target: Path, source: SourceModel, identity: str) -> None:
        made.append(source.sha256)
        shutil.copytree(kept, target)

    monkeypatch.setattr("amnestic.tools.embedding.export._make", make)
    start = threading.Barrier(6)

    def load(_: int) -> int:
        start.wait()
        return len(read_or_export(source, cache).graph)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(load, range(6)))) == 1
    assert len(made) == 1


def test_other_weights_than_the_known_ones_are_refused(tmp_path: Path) -> None:
    folder = _tiny_model(tmp_path / "model")
    with pytest.raises(EmbedderError, match=r"SHA-256.*install the model again") as caught:
        read_or_export(SourceModel(folder, MINILM_WEIGHTS), tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "cache" / "embedders").glob("*/stamp.json"))


# ── Models ───────────────────────────────────────────────────────────────────────────────────────


def test_a_local_sentence_encoder_is_exported_and_used(tmp_path: Path) -> None:
    folder = _tiny_model(tmp_path / "model")
    loaded = load_embedder(str(folder), tmp_path / "cache")
    assert loaded.dimension == 64
    assert loaded.identity != load_embedder("minilm", default_cache_dir()).identity
    vectors = loaded.embed(["the cat sat on the mat", "a dog ran far away " * 30])
    assert vectors.shape == (2, 64)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert "mean:40" in loaded.identity  # no more tokens than the model has positions
    again = load_embedder(str(folder), tmp_path / "cache")
    np.testing.assert_allclose(again.embed(["the cat sat on the mat"])[0], vectors[0], atol=1e-5)


def test_the_first_tokens_state_is_taken_where_the_model_asks_for_it(tmp_path: Path) -> None:
    by_mean = _tiny_model(tmp_path / "mean")
    by_first = tmp_path / "first"
    shutil.copytree(by_mean, by_first)
    (by_first / "1_Pooling").mkdir()
    pooling = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (by_first / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    one = load_embedder(str(by_first), tmp_path / "cache")
    other = load_embedder(str(by_mean), tmp_path / "cache")
    assert ":cls:" in one.identity
    assert not np.allclose(one.embed(["the cat"]), other.embed(["the cat"]), atol=1e-3)


def test_a_pooling_that_is_not_known_is_refused(tmp_path: Path) -> None:
    pooling = {"pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}
    folder = _tiny_model(tmp_path / "model", **pooling)
    with pytest.raises(EmbedderError, match="neither `mean` nor `cls`"):
        load_embedder(str(folder), tmp_path / "cache")


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="no embedding model at `no/such/place`"):
        load_embedder("no/such/place", tmp_path)
    (tmp_path / "model.safetensors").write_text("no weights")
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EmbedderError) as caught:
        load_embedder(str(tmp_path), tmp_path / "cache")
    assert "\n" not in str(caught.value)


def test_another_tokenizer_beside_the_same_weights_is_another_embedder(tmp_path: Path) -> None:
    folder = _tiny_model(tmp_path / "model")
    before = load_embedder(str(folder), tmp_path / "cache")
    tokenizer = (folder / "tokenizer.json").read_text("utf-8")
    (folder / "tokenizer.json").write_text(tokenizer.replace('"cat"', '"hen"'), "utf-8")
    after = load_embedder(str(folder), tmp_path / "cache")
    assert before.identity != after.identity
    assert not np.allclose(before.embed(["the hen"]), after.embed(["the hen"]), atol=1e-3)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(EmbedderError, match="AMNESTIC_CACHE_DIR"):
        load_embedder(str(_tiny_model(tmp_path / "model")), tmp_path / "cache")


def test_an_encoder_that_is_no_bert_is_traced_by_torch(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(published_minilm().folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "hidden_act": "gelu_new"}), "utf-8")
    source = SourceModel(folder, sha256_of(folder / "model.safetensors"))
    traced = SentenceEmbedder(read_or_export(source, tmp_path / "cache"))
    built = MiniLMEmbedder()
    text = ["Which river runs through the old mill town?"]
    assert float(traced.embed(text)[0] @ built.embed(text)[0]) > 0.99


def test_weights_that_are_not_the_encoder_s_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(published_minilm().folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 9}), "utf-8")
    source = SourceModel(folder, sha256_of(folder / "model.safetensors"))
    with pytest.raises(EmbedderError, match="not those of the encoder"):
        SentenceEmbedder(read_or_export(source, tmp_path / "cache"))
