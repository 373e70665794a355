#!/usr/bin/env bash
# DSPy: an answer of one server is given for another, also by another program, days later.
#
# Seen with dspy 3.4.1: answers are kept in memory and on the disk by default, under a key of the
# request without `api_key`, `api_base` and `base_url`. Two servers that have a model of the same
# name are one to it: who moves a program from a model to a proxy in front of it, to a filter, a
# test server or another deployment, and asks what was asked before, gets the first one's answer
# from the disk, and the second is never called. Different `extra_headers` do tell requests apart,
# and so does any setting.
#
# The documentation says that answers are kept, and names the argument by which a key leaves things
# out; it does not say that the address is left out. A change that put it into the key (pull request
# 10006, July 2026) was closed. One would expect the server to be part of the key. `cache=False`,
# another `DSPY_CACHEDIR` or `dspy.configure_cache` help.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dspy==3.4.1
export DSPY_CACHEDIR="$folder/cache" LITELLM_LOCAL_MODEL_COST_MAP=True
cat >"$folder/ask.py" <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

import dspy

name, calls = sys.argv[1], []


class Named(BaseHTTPRequestHandler):
    """A server that answers with its name."""

    def log_message(self, *args):
        pass

    def do_POST(self):
        calls.append(self.rfile.read(int(self.headers["content-length"])))
        message = {"role": "assistant", "content": f"I am the {name} server."}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        head = {"id": "c", "created": 0, "model": "m", "object": "chat.completion"}
        data = json.dumps({**head, "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


server = HTTPServer(("127.0.0.1", 0), Named)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
model = dspy.LM("openai/m", api_base=url, api_key=name)
print(f"dspy {version('dspy')}, the {name} server:", *model("Who are you?"), "Calls:", len(calls))
PY
first=$("$folder/venv/bin/python" "$folder/ask.py" first 2>>"$folder/log")
second=$("$folder/venv/bin/python" "$folder/ask.py" second 2>>"$folder/log")
printf '%s\n' "$first" "$second"
[[ $first == *"I am the first server. Calls: 1" ]]
[[ $second == *"I am the first server. Calls: 0" ]] || { echo "the behaviour has changed"; exit 1; }
echo "as described"
