"""The package's trained graphs: one table of word embeddings under all of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from amnestic.exceptions import ConfigurationError
from amnestic.tools.embedding.graph import (
    SHIPPED,
    WORDS_FILE,
    load_graph,
    open_graph,
    read_words,
)
from amnestic.tools.embedding.stored import sha256_of
from tests.tools.embedding.spoiling import cut, flip

TOOLS = resources.files("amnestic.tools")
GRAPHS = ("embedding/data/model.onnx", "tagging/data/tagger.onnx", "detection/data/verifier.onnx")
HALF = 12_000_000  # bytes, of which a graph with its own table has about twice as many


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_graph_takes_its_words_from_the_one_file(graph: str) -> None:
    raw = TOOLS.joinpath(graph).read_bytes()
    assert len(raw) < HALF
    assert WORDS_FILE.encode() in raw


def test_sessions_read_the_very_same_words() -> None:
    assert read_words() is read_words()
    assert not read_words().flags.writeable


def test_a_graph_with_its_own_words_runs_as_the_one_without(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    lean = SHIPPED / "model.onnx"
    whole = onnx.load(str(lean))  # with the words, which lie beside it
    assert whole.ByteSize() > 2 * HALF - 1_000_000
    kept = tmp_path / "whole.onnx"
    kept.write_bytes(whole.SerializeToString())
    ids = np.array([[101, 13330, 7861, 102]], np.int64)
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    sessions = [load_graph(path, sha256_of(path), "encoder") for path in (lean, kept)]
    found = [session.run(None, given)[0] for session in sessions]
    assert np.array_equal(*found)


@pytest.mark.parametrize("spoil", [cut, flip, Path.unlink])
def test_damaged_words_are_refused_in_one_line(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    (tmp_path / WORDS_FILE).write_bytes((SHIPPED / WORDS_FILE).read_bytes())
    spoil(tmp_path / WORDS_FILE)
    raw = (SHIPPED / "model.onnx").read_bytes()
    with pytest.raises(
        ConfigurationError, match=r"table of word embeddings.*install Amnestic again"
    ) as caught:
        open_graph(raw, tmp_path)
    assert "\n" not in str(caught.value)
