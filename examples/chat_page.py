"""A Gradio chat page in front of the proxy: it is an ordinary OpenAI client, and forgets too.

Start the proxy, then the page (`pip install 'amnestic[examples]'`):

    amnestic serve --model embedded
    python examples/chat_page.py --base-url http://127.0.0.1:8080/v1
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from typing import Any

from openai import OpenAI

from amnestic.exceptions import MissingExtraError
from amnestic.extras import require

Messages = list[dict[str, Any]]


def answering(client: OpenAI, model: str) -> Callable[[str, Messages], Iterator[str]]:
    """The page's answers: what has come so far, again and again, as Gradio wants it."""

    def answer(message: str, history: Messages) -> Iterator[str]:
        said = [{"role": m["role"], "content": _text(m["content"])} for m in history]
        stream = client.chat.completions.create(
            model=model,
            messages=[*said, {"role": "user", "content": message}],  # type: ignore[list-item]
            stream=True,
        )
        so_far = ""
        for chunk in stream:
            so_far += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            yield so_far

    return answer


def _text(content: Any) -> str:
    """Gradio keeps a message's content as text or as a list of parts."""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part.get("type") == "text")


def page(client: OpenAI, model: str) -> Any:
    """The chat page."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    require("examples", "the chat page")
    import gradio

    return gradio.ChatInterface(
        answering(client, model), title="A chat that forgets", api_name="chat"
    )


def main() -> None:
    """Serve the page on this machine."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--base-url", default="http://127.0.0.1:8080/v1")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--port", type=int, default=7860)
    given = parser.parse_args()
    client = OpenAI(base_url=given.base_url, api_key=os.environ.get("OPENAI_API_KEY", "none"))
    try:
        shown = page(client, given.model)
    except MissingExtraError as error:
        raise SystemExit(str(error)) from None
    shown.launch(server_name="127.0.0.1", server_port=given.port)


if __name__ == "__main__":
    main()
