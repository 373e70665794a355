"""The official clients of the other forms, each installed into a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.server.conftest import CLEAN
from tests.server.running import Proxy

pytestmark = pytest.mark.slow

QUESTIONS = {"far": "Where is Paris?", "leak": "Name poets.", "direct": "Who is Osk?"}
MESSAGES = """
import json, sys, warnings
import anthropic
from pydantic import BaseModel
warnings.simplefilter("ignore")
questions = json.loads(sys.argv[2])
client = anthropic.Anthropic(base_url=sys.argv[1], api_key="any", max_retries=0)
said = {}

def asking(text):
    return {"model": "m", "max_tokens": 99, "messages": [{"role": "user", "content": text}]}

class Poet(BaseModel):
    name: str
    born: int | None

tool = {"name": "find", "description": "Finds.",
        "input_schema": {"type": "object", "properties": {"q": {"type": "string"}}}}
for name, text in questions.items():
    plain = client.messages.create(**asking(text))
    with client.messages.stream(**asking(text)) as stream:
        words = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert (plain.type, plain.role, plain.stop_reason) == ("message", "assistant", "end_turn")
    assert final.stop_reason == plain.stop_reason
    assert final.usage.input_tokens == plain.usage.input_tokens > 0
    assert final.usage.output_tokens > 0
    said[name] = [plain.content[0].text, words, final.content[0].text]
called = client.messages.create(**asking("Call both."), tools=[tool])
with client.messages.stream(**asking("Call both."), tools=[tool]) as stream:
    again = stream.get_final_message()
said["calls"] = [[b.id, b.input] for m in (called, again) for b in m.content]
said["ends"] = [called.stop_reason, again.stop_reason]
block = called.content[0]
history = [*asking("Call both.")["messages"], {"role": "assistant", "content": called.content},
           {"role": "user", "content": [
               {"type": "tool_result", "tool_use_id": block.id, "content": "Osk is a poet."},
               {"type": "text", "text": "Where is Paris?"}]}]
asked = {**asking(""), "messages": history}
said["looped"] = client.messages.create(**asked, tools=[tool]).content[0].text
parsed = client.messages.parse(**asking("Who is Osk?"), output_format=Poet)
said["parsed"] = [parsed.parsed_output.name, parsed.parsed_output.born]
said["tokens"] = client.messages.count_tokens(model="m", messages=history).input_tokens
said["models"] = [model.id for model in client.models.list()]
errors = []
for text in ("Limit", "Fault", "Page"):
    for ask in (client.messages.create, lambda **a: client.messages.stream(**a).__enter__()):
        try:
            ask(**asking(text))
        except anthropic.APIStatusError as error:
            errors.append([type(error).__name__, error.body["error"]["type"]])
try:
    client.messages.create(**asking("a"), container="c1")
except anthropic.BadRequestError as error:
    errors.append(["BadRequestError", error.body["error"]["type"]])
said["errors"] = errors
print(json.dumps(said))
"""
OLLAMA = """
import json, sys
import ollama
questions = json.loads(sys.argv[2])
client = ollama.Client(host=sys.argv[1])
said = {}

def user(text):
    return {"model": "m", "messages": [{"role": "user", "content": text}]}

def find(q: str) -> str:
    '''Find something.

    Args:
        q: what to find
    '''
    return q

for name, text in questions.items():
    chat = client.chat(**user(text))
    chunks = list(client.chat(**user(text), stream=True))
    generated = client.generate(model="m", prompt=text)
    pieces = client.generate(model="m", prompt=text, stream=True)
    assert (chat.done, chat.done_reason, chunks[-1].done) == (True, "stop", True)
    assert chat.prompt_eval_count == chunks[-1].prompt_eval_count > 0
    said[name] = [chat.message.content, "".join(c.message.content for c in chunks),
                  generated.response, "".join(p.response for p in pieces)]
called = client.chat(**user("Call both."), tools=[find])
streamed = list(client.chat(**user("Call both."), tools=[find], stream=True))
calls = [*called.message.tool_calls, *(c for s in streamed for c in s.message.tool_calls or ())]
said["calls"] = [[c.function.name, c.function.arguments] for c in calls]
history = [*user("Call both.")["messages"], called.message,
           {"role": "tool", "tool_name": "find", "content": "Osk is a poet."},
           {"role": "user", "content": "Where is Paris?"}]
said["looped"] = client.chat(model="m", messages=history, tools=[find]).message.content
schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
said["parsed"] = [json.loads(client.chat(**user("Who is Osk?"), format=schema).message.content)]
generated = client.generate(model="m", prompt="Who is Osk?", format=schema)
said["parsed"] += [json.loads(generated.response)]
picture = b"\\x89PNG\\r\\n\\x1a\\n0000"
shown = [{"role": "user", "content": "Where is Paris?", "images": [picture]}]
said["shown"] = client.chat(model="m", messages=shown).message.content
said["models"] = [model.model for model in client.list().models]
errors = []
for text in ("Limit", "Fault", "Page"):
    for stream in (False, True):
        try:
            found = client.chat(**user(text), stream=stream)
            list(found) if stream else None
        except ollama.ResponseError as error:
            errors.append(error.status_code)
try:
    client.show("unknown")
except ollama.ResponseError as error:
    errors.append(error.status_code)
said["errors"] = errors
print(json.dumps(said))
"""


def told(package: str, script: str, url: str, folder: Path) -> Any:
    """What a script says that talks to the proxy with a client."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), package]
    if subprocess.run(pip, capture_output=True, timeout=PATIENCE).returncode != 0:
        pytest.skip(f"{package} cannot be installed here")
    found = subprocess.run(
        [sys.executable, "-c", script, url, json.dumps(QUESTIONS)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def check_words(said: Any) -> None:
    assert set(said["far"]) == {CLEAN}
    assert len(set(said["leak"])) == 1
    assert said["leak"][0].startswith("Marsh sings well.")
    assert len(set(said["direct"])) == 1
    assert said["looped"] == CLEAN
    assert said["models"] == ["scripted"]
    assert "Osk" not in json.dumps(said)


def test_anthropics_client_is_served(proxy: Proxy, tmp_path: Path) -> None:
    said = told("anthropic>=2,<3", MESSAGES, proxy.url, tmp_path)
    check_words(said)
    assert said["calls"] == [["c2", {"q": "Tarn"}]] * 2
    assert said["ends"] == ["tool_use"] * 2
    assert said["parsed"][1] is None
    assert said["tokens"] > 5
    assert said["errors"] == [
        *[["RateLimitError", "rate_limit_error"]] * 2,
        *[["InternalServerError", "api_error"]] * 4,
        ["BadRequestError", "invalid_request_error"],
    ]


def test_ollamas_client_is_served(proxy: Proxy, tmp_path: Path) -> None:
    said = told("ollama>=0.6,<1", OLLAMA, proxy.url, tmp_path)
    check_words(said)
    assert said["calls"] == [["find", {"q": "Tarn"}]] * 2
    assert all(set(parsed) == {"name"} for parsed in said["parsed"])
    assert said["shown"] == CLEAN
    assert said["errors"] == [429, 429, 500, 500, 502, 502, 404]
