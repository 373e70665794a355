"""A plain `openai` script: to put the layer in front, only `base_url` was changed.

amnestic serve --upstream https://api.openai.com/v1     # in another terminal
python examples/openai_script.py "Who wrote The Glass Harbour?"
"""

from __future__ import annotations

import os
import sys

from openai import OpenAI

PROXY = os.environ.get("PROXY_URL", "http://127.0.0.1:8080/v1")
MODEL = os.environ.get("MODEL", "gpt-4o-mini")


def main() -> None:
    """Ask one question, first whole and then as a stream."""
    client = OpenAI(base_url=PROXY, api_key=os.environ.get("OPENAI_API_KEY", "none"))
    messages = [{"role": "user", "content": " ".join(sys.argv[1:]) or "Hello, who are you?"}]

    reply = client.chat.completions.create(model=MODEL, messages=messages)
    print(reply.choices[0].message.content)

    for chunk in client.chat.completions.create(model=MODEL, messages=messages, stream=True):
        if chunk.choices:
            print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()


if __name__ == "__main__":
    main()
