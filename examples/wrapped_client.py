"""The same without a proxy: the client of an existing script is wrapped, in one line.

python examples/wrapped_client.py "Who wrote The Glass Harbour?"
"""

from __future__ import annotations

import os
import sys

from openai import OpenAI

from amnestic import Amnesia

MODEL = os.environ.get("MODEL", "gpt-4o-mini")


def main() -> None:
    """Ask one question through a wrapped client."""
    with Amnesia(f"openai:{MODEL}", elicit=False) as amnesia:
        client = amnesia.wrap(OpenAI())  # the one line
        reply = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": " ".join(sys.argv[1:]) or "Hello"}],
        )
        print(reply.choices[0].message.content)


if __name__ == "__main__":
    main()
