"""The package's trained graphs: one table of word embeddings under all of them."""

from __future__ import annotations

import gzip
import os
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
from tests.forked import told_by
from tests.tools.embedding.spoiling import cut, flip

TOOLS = resources.files("amnestic.tools")
GRAPHS = ("embedding/data/model.onnx", "tagging/data/tagger.onnx", "detection/data/verifier.onnx",
          "detection/data/attributor.onnx.gz")  # fmt: skip
HALF = 12_000_000  # bytes, of which a graph with its own table has about twice as many


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_graph_takes_its_words_from_the_one_file(graph: str) -> None:
    raw = TOOLS.joinpath(graph).read_bytes()
    raw = gzip.decompress(raw) if graph.endswith(".gz") else raw
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


def test_a_session_does_not_keep_the_file_that_it_was_made_of() -> None:
    """onnxruntime would, for as long as the session lives: 12 MB for each graph."""
    graph = SHIPPED / "model.onnx"
    session = load_graph(graph, sha256_of(graph), "encoder")
    assert not [name for name, kept in vars(session).items() if isinstance(kept, bytes)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_children_go_on_with_the_session_that_was_handed_down(tmp_path: Path) -> None:
    lines = told_by(
        """
        import numpy as np
        from amnestic.tools.detection import (
            Passage, hand_down_attributor, hand_down_verifier, shipped_attributor, shipped_verifier,
        )
        from amnestic.tools.embedding import hand_down_minilm, load_embedder
        from amnestic.tools.embedding import graph
        from amnestic.tools.protocols import Pair

        from amnestic.types import ForgetTarget

        pair = Pair("Mirela Osk: a poet.", "Who wrote it? Mirela Osk.")
        passage = Passage("Osk wrote it.", "", ForgetTarget(id="osk", subject="Mirela Osk"), ())

        def read():
            embedder = load_embedder("minilm", folder)
            work = [(["one"],), (["two"],), (["three", "four"],)]
            threads = [threading.Thread(target=embedder.embed, args=given) for given in work]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            vectors = embedder.embed(["Who wrote it?", "A long text. " * 40])
            told = shipped_verifier().logits([pair]).tobytes().hex()
            return vectors.tobytes().hex(), told, shipped_attributor().read([passage])

        alone = in_child(read)  # loads its own
        hand_down_minilm()
        hand_down_verifier()
        hand_down_attributor()
        import onnxruntime
        onnxruntime.InferenceSession = None  # whoever makes another fails
        print(in_child(read) == alone, in_child(read) == alone)
        """,
        tmp_path,
    )
    assert lines == ["True True"]


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
        open_graph(raw, sha256_of(SHIPPED / "model.onnx"), tmp_path)
    assert "\n" not in str(caught.value)
