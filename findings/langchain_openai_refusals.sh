#!/usr/bin/env bash
# langchain-openai: a refusal that is streamed is lost.
#
# Seen with langchain-openai 1.7.3 (openai 3.52.0): the API says in `delta.refusal` that and why it
# does not answer. `invoke` gives these words in `additional_kwargs["refusal"]`; `stream` gives
# nothing at all, neither content nor refusal, and ends with finish_reason "stop", like the answer
# of a model that had nothing to say.
#
# One would expect the joined stream to hold what the plain answer holds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check langchain-openai==1.7.3 openai==3.52.0
"$folder/venv/bin/python" - <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

from langchain_openai import ChatOpenAI

HEAD = {"id": "c", "created": 0, "model": "m"}


class Refusing(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if body.get("stream"):
            said = [
                ({"role": "assistant", "refusal": ""}, None),
                ({"refusal": "I will not "}, None),
                ({"refusal": "say that."}, None),
                ({}, "stop"),
            ]
            chunks = [
                {**HEAD, "object": "chat.completion.chunk",
                 "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
                for delta, end in said
            ]
            data = "".join(f"data: {json.dumps(c)}\n\n" for c in chunks) + "data: [DONE]\n\n"
            kind = "text/event-stream"
        else:
            message = {"role": "assistant", "content": None, "refusal": "I will not say that."}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            data = json.dumps({**HEAD, "object": "chat.completion", "choices": [choice]})
            kind = "application/json"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data.encode())))
        self.end_headers()
        self.wfile.write(data.encode())


server = HTTPServer(("127.0.0.1", 0), Refusing)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}/v1"
model = ChatOpenAI(model="m", base_url=url, api_key="k", max_retries=0)
plain = model.invoke("Say it.")
whole = None
for chunk in model.stream("Say it."):
    whole = chunk if whole is None else whole + chunk
print("langchain-openai", version("langchain-openai"), "openai", version("openai"))
print("plain:", repr(plain.content), plain.additional_kwargs)
print("streamed:", repr(whole.content), whole.additional_kwargs, whole.response_metadata)
assert plain.additional_kwargs["refusal"] == "I will not say that."
assert "refusal" not in whole.additional_kwargs and not whole.content
assert whole.response_metadata["finish_reason"] == "stop"
PY
echo "as described"
