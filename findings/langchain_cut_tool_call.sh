#!/usr/bin/env bash
# LangChain: a tool call that the token limit cut off is refused by `invoke`, and run when streamed.
#
# Seen with langchain-core 1.8.3, langchain-openai 1.7.3 and langgraph 1.2.22: an answer ends with
# finish_reason "length" within the arguments of a call. A plain answer has it among
# `invalid_tool_calls`. The chunks of a stream are joined by a parser that closes open strings,
# lists and objects, of the last chunk too, so that the same answer is a valid call with what had
# been said so far: a path cut short, a list without its end. A chat model that is invoked within a
# graph streams where the graph is streamed with `stream_mode="messages"`; so the same agent,
# unchanged, runs the cut call or does not, by how its caller listens.
#
# The documentation says that calls of single chunks are parsed as far as they go; of the joined
# message it shows complete ones. The maintainers were told (issue 39275, August 2026, closed). One
# would expect the joined stream to hold what the plain answer holds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  langchain-core==1.8.3 langchain-openai==1.7.3 openai==3.52.0 \
  langgraph==1.2.22 langgraph-prebuilt==1.1.3
"$folder/venv/bin/python" - <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

HEAD = {"id": "c", "created": 0, "model": "m"}
SAID = '{"folder": "/srv/old", "except_for": ["letters", "phot'
RUN = []


class Cut(BaseHTTPRequestHandler):
    """A model whose tokens are spent within a call."""

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        call = {"id": "c1", "type": "function", "function": {"name": "remove", "arguments": SAID}}
        message = {"role": "assistant", "content": None}
        if body.get("stream"):
            begin = {**call, "index": 0, "function": {"name": "remove", "arguments": ""}}
            deltas = [{**message, "tool_calls": [begin]}]
            for part in (SAID[:20], SAID[20:]):
                deltas.append({"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
            ends = [(delta, None) for delta in deltas] + [({}, "length")]
            chunks = [
                {**HEAD, "object": "chat.completion.chunk",
                 "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
                for delta, end in ends
            ]
            data = "".join(f"data: {json.dumps(c)}\n\n" for c in chunks) + "data: [DONE]\n\n"
        else:
            choice = {"index": 0, "message": {**message, "tool_calls": [call]}}
            choice["finish_reason"] = "length"
            data = json.dumps({**HEAD, "object": "chat.completion", "choices": [choice]})
        self.send_response(200)
        kind = "text/event-stream" if body.get("stream") else "application/json"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data.encode())


@tool
def remove(folder: str, except_for: list[str]) -> str:
    """Remove what is in a folder, except for some."""
    RUN.append((folder, except_for))
    return "removed"


server = HTTPServer(("127.0.0.1", 0), Cut)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
model = ChatOpenAI(model="m", base_url=url, api_key="k", max_retries=0).bind_tools([remove])
builder = StateGraph(MessagesState)
builder.add_node("model", lambda state: {"messages": [model.invoke(state["messages"])]})
builder.add_node("tools", ToolNode([remove]))
builder.add_edge(START, "model")
builder.add_conditional_edges("model", tools_condition)
graph = builder.compile()
asked = {"messages": "Clear it, except for letters, photographs and music."}

print("langchain-core", version("langchain-core"), "langgraph", version("langgraph"))
(called,) = graph.invoke(asked)["messages"][-1].invalid_tool_calls
print("invoked: invalid:", called["args"], "run:", RUN)
assert called["args"] == SAID and not RUN
for _ in graph.stream(asked, stream_mode="messages"):
    pass
print("streamed: run:", RUN)
assert RUN == [("/srv/old", ["letters", "phot"])], "the behaviour has changed"
PY
echo "as described"
