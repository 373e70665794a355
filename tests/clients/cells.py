"""The clients, the cells that each of them says it has, and whether a cell is as it should be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from .expected import EXPECTED
from .upstream import NEAR, OWN_WORDS, SECRETS

__all__ = ["CLIENTS", "Cell", "Client", "cells_of"]


@dataclass(frozen=True, slots=True)
class Client:
    """A client: the environment and the script that it runs in, whether it can be handed a wrapped
    client of OpenAI's or a wrapped model, and whether it speaks another API than OpenAI's, so that
    it cannot ask the upstream itself."""

    script: str
    environment: str = "openai3"
    wrapped: bool = False
    foreign: bool = False


CLIENTS = {
    "openai-python": Client("openai_python.py"),
    "openai-node": Client("openai_node.mjs", "node"),
    "openai-agents": Client("openai_agents.py", wrapped=True),
    "langchain-openai": Client("langchain_openai_.py", wrapped=True),
    "pydantic-ai": Client("pydantic_ai_.py", wrapped=True),
    "llama-index": Client("llama_index_.py", "openai2", wrapped=True),
    "instructor": Client("instructor_.py", "openai2", wrapped=True),
    "litellm": Client("litellm_.py"),
    "dspy": Client("dspy_.py"),
    "AI SDK": Client("ai_sdk.mjs", "node"),
    "anthropic": Client("anthropic_.py", foreign=True),
    "ollama": Client("ollama_.py", foreign=True),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one question: why it is not as it should be, if it is not, and why that is
    expected, if it is."""

    client: str
    form: str
    door: str
    kind: str
    wrong: str | None

    @property
    def excuse(self) -> str | None:
        """Why it may be wrong."""
        name = f"{self.client} | {self.form} | {self.door} | {self.kind}"
        return next((why for pattern, why in EXPECTED.items() if fnmatch(name, pattern)), None)

    @property
    def mark(self) -> str:
        """How it is told in a table."""
        if self.wrong is None:
            return "passes" if self.excuse is None else "passes now"
        return "FAILS" if self.excuse is None else "expected"


def cells_of(client: str, told: Sequence[Any]) -> Iterator[Cell]:
    """The cells of what a client's script printed."""
    direct = {(c["form"], c["kind"]): c for c in told if c["door"] == "direct"}
    for found in told:
        if found["door"] == "direct":
            continue
        own = direct.get((found["form"], found["kind"]))
        wrong = _wrong(found, own, foreign=CLIENTS[client].foreign)
        yield Cell(client, found["form"], found["door"], found["kind"], wrong)


def _wrong(found: Any, own: Any, *, foreign: bool) -> str | None:
    if error := found.get("error"):
        return f"raises {error}"
    if own is None and not foreign:
        return "was not asked directly"
    if own and (error := own.get("error")):
        return f"cannot be compared: asked directly, the client raises {error}"
    if found["kind"] == "near":
        if own and not _secrets(own["whole"]):
            return "cannot tell anything: the upstream's own answer holds nothing of the target"
        held = _secrets(found["whole"])
        return f"holds {held}: {found['whole'][:2000]}" if held else None
    if foreign:
        return None if found["told"] in OWN_WORDS else f"gives {found['told']}"
    told, wanted = _without_id(found["told"]), _without_id(own["told"])
    return None if told == wanted else f"gives {told}, not {wanted}"


def _without_id(told: Any) -> Any:
    """What was told without the id of its request: the upstream gives none, and the proxy does."""
    if isinstance(told, dict):
        return {k: _without_id(v) for k, v in told.items() if k != "_request_id"}
    return [_without_id(inner) for inner in told] if isinstance(told, list) else told


def _secrets(text: str) -> list[str]:
    """What a text holds of the target beside the question, which a client may repeat."""
    rest = text.replace(NEAR, "")
    return [name for name in SECRETS if re.search(rf"\b{name}\b", rest)]
