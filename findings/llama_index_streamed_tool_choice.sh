#!/usr/bin/env bash
# llama-index: a structured answer is asked for with a required tool, the same one streamed without.
#
# Seen with llama-index-core 0.14.25, llama-index-llms-openai-like 0.8.1 and openai 2.54.0:
# `structured_predict` sends `tool_choice: "required"`, `stream_structured_predict` sends "auto",
# though both want nothing but the object. A model that answers in words, as "auto" lets it, is an
# error in the first; the second gives objects whose every field is None, and no error.
#
# One would expect both to require the tool, and both to fail where it is not called.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  llama-index-core==0.14.25 llama-index-llms-openai==0.8.3 llama-index-llms-openai-like==0.8.1 \
  openai==2.54.0
"$folder/venv/bin/python" - <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

from llama_index.core.prompts import PromptTemplate
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

CHOICES = []


class Prose(BaseHTTPRequestHandler):
    """A model that answers in words."""

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        CHOICES.append(body["tool_choice"])
        head = {"id": "c", "created": 0, "model": "m"}
        message = {"role": "assistant", "content": "I do not know."}
        if body.get("stream"):
            choice = {"index": 0, "delta": message, "finish_reason": "stop"}
            chunk = {**head, "object": "chat.completion.chunk", "choices": [choice]}
            data = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
        else:
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = {**head, "object": "chat.completion", "choices": [choice]}
            data = json.dumps(whole).encode()
        self.send_response(200)
        kind = "text/event-stream" if body.get("stream") else "application/json"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Answer(BaseModel):
    """An answer."""

    name: str


server = HTTPServer(("127.0.0.1", 0), Prose)
threading.Thread(target=server.serve_forever, daemon=True).start()
model = OpenAILike(
    model="m",
    api_base=f"http://127.0.0.1:{server.server_port}/v1",
    api_key="any",
    max_retries=0,
    is_chat_model=True,
    is_function_calling_model=True,
)
prompt = PromptTemplate("Who?")
print("llama-index-core", version("llama-index-core"))
try:
    model.structured_predict(Answer, prompt)
    plain = "no error"
except ValueError as error:
    plain = "ValueError"
streamed = [piece.model_dump() for piece in model.stream_structured_predict(Answer, prompt)]
print("plain:", CHOICES[0], plain)
print("streamed:", CHOICES[-1], streamed)
assert (CHOICES[0], plain) == ("required", "ValueError"), "the behaviour has changed"
assert (CHOICES[-1], streamed) == ("auto", [{"name": None}]), "the behaviour has changed"
PY
echo "as described"
