#!/usr/bin/env bash
# langchain-openai: two chat models that know nothing of each other share their connections, so that
# one which is asked from another event loop breaks the other.
#
# Seen with langchain-openai 1.7.4 and openai 3.57.0: models of one base URL share one asynchronous
# HTTP client, which is kept for the whole process. Where one model has been asked on an event loop
# that is still running in a thread, a second one, made anew and asked on a loop of its own, finds
# that loop's connections and raises a RuntimeError.
#
# One would expect a model that is made anew to have connections of its own, as two clients of
# OpenAI's own library have. `http_async_client=` gives it some.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  langchain-openai==1.7.4 openai==3.57.0
"$folder/venv/bin/python" - <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import openai
from langchain_openai import ChatOpenAI


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        message = {"role": "assistant", "content": "Hello."}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        reply = {"id": "c", "object": "chat.completion", "created": 0, "model": "m"}
        data = json.dumps({**reply, "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
given = {
    "model": "m",
    "base_url": f"http://127.0.0.1:{server.server_port}/v1",
    "api_key": "k",
    "max_retries": 0,
}
other = asyncio.new_event_loop()
threading.Thread(target=other.run_forever, daemon=True).start()


def asked(**more):
    """What becomes of a question to a model of its own, on a loop of its own."""

    async def ask():
        return (await ChatOpenAI(**given, **more).ainvoke("Hi.")).text

    try:
        return asyncio.run(ask())
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:120]


many = [
    asyncio.run_coroutine_threadsafe(ChatOpenAI(**given).ainvoke("Hi."), other) for _ in range(3)
]
[one.result(timeout=60) for one in many]
shared, own = asked(), asked(http_async_client=openai.DefaultAsyncHttpxClient())
print(version("langchain-openai"), version("openai"))
print("a model made anew, on another loop:", shared)
print("one with a client of its own:      ", own)
assert shared != "Hello.", "the models no longer share their connections"
assert own == "Hello."
PY
